"""Weights of 8 bits: how a network is kept in half the bytes of 16-bit floats.

A tensor `NAME` of int8 levels and a tensor `NAME.scale` beside it in the same file stand for the float tensor
levels * scale. The scale has as many dimensions as the levels, each of size 1 or of theirs: one scale for each slice
(Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
Inference", 2018, section 2.1, without zero points). Networks compute with the floats; only the file is smaller.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

SCALE = ".scale"  # of a name
LARGEST_LEVEL = 127
LEAST = 4096  # numbers in a tensor that is worth it
LEAST_SLICE = 32  # numbers that share a scale, where slices of several dimensions have one each


def quantize(tensor: Tensor, dimensions: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Levels and scales of a tensor, symmetric about 0.

    Args:
        tensor: finite floats, of at least two dimensions.
        dimensions: some, not all, whose slices have a scale each; (0,) for one of each tensor[i].

    Returns:
        int8 of the same shape, -127 to 127, and float32 of size 1 in all other dimensions. Their product is within half
        a scale of the tensor.
    """
    others = [number for number in range(tensor.ndim) if number not in dimensions]
    scale = tensor.float().abs().amax(others, keepdim=True) / LARGEST_LEVEL
    levels = (tensor.float() / scale.clamp_min(torch.finfo(torch.float32).tiny)).round()
    return levels.clamp(-LARGEST_LEVEL, LARGEST_LEVEL).to(torch.int8), scale


def dequantize(levels: Tensor, scale: Tensor) -> Tensor:
    """The float32 tensor that levels and scales stand for. Raises RuntimeError where a scale is no number."""
    if not scale.isfinite().all():
        raise RuntimeError("a scale of 8-bit weights is not finite")
    return levels.float() * scale


def quantized(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a network for the disk: large floats of two and more dimensions as levels with scales; smaller
    ones as float16, gains, biases and statistics as they are. Scales are of slices of the first dimension, of the
    second, or of the first few where these are large enough, whichever loses least."""
    stored: dict[str, Tensor] = {}
    for name, tensor in state.items():
        tensor = tensor.detach().cpu()
        if tensor.ndim < 2 or not tensor.is_floating_point():
            stored[name] = tensor.contiguous()
        elif tensor.numel() < LEAST:
            stored[name] = tensor.to(torch.float16).contiguous()
        else:
            few = [range(count) for count in range(2, tensor.ndim) if math.prod(tensor.shape[count:]) >= LEAST_SLICE]
            ways = [quantize(tensor, dimensions) for dimensions in ((0,), (1,), *few)]
            levels, scale = min(ways, key=lambda way: float((dequantize(*way) - tensor).square().sum()))
            stored[name], stored[name + SCALE] = levels.contiguous(), scale.contiguous()
    return stored


def is_scale(name: str, types: Mapping[str, str]) -> bool:
    """Whether a tensor of a file is the scale of another, by the types of all as safetensors names them."""
    return name.endswith(SCALE) and types.get(name.removesuffix(SCALE)) == "I8"


def dequantized(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """The tensors of a file, or of a network's state, in which levels and scales have become floats again; the state
    itself where there are none."""
    types = {name: "I8" for name, value in state.items() if isinstance(value, Tensor) and value.dtype == torch.int8}
    if not types:
        return state
    return {
        name: dequantize(value, state[name + SCALE]) if name in types and name + SCALE in state else value
        for name, value in state.items()
        if not is_scale(name, types)
    }


def stored_shapes(file: Path) -> dict[str, list[int]]:
    """The shapes that the tensors of a file have once they are read, from its head alone: scales that fit their levels
    are no tensors of the network. Raises SafetensorError, OSError."""
    with safe_open(file, framework="pt") as content:
        slices = {name: content.get_slice(name) for name in content.keys()}  # noqa: SIM118
        shapes = {name: list(part.get_shape()) for name, part in slices.items()}
        types = {name: part.get_dtype() for name, part in slices.items()}
    for name, kind in types.items():
        if kind == "I8" and types.get(name + SCALE) not in ("F32", "F16"):
            raise SafetensorError(f"{name} is stored in 8 bits without a scale of floats")
    return {
        name: shape
        for name, shape in shapes.items()
        if not (is_scale(name, types) and fits(shape, shapes[name.removesuffix(SCALE)]))
    }


def stored_in_8_bits(file: Path) -> bool:
    """Whether some tensor of a file is. Raises SafetensorError, OSError."""
    with safe_open(file, framework="pt") as content:
        names = set(content.keys())
        return any(name + SCALE in names and content.get_slice(name).get_dtype() == "I8" for name in names)


def fits(scale: list[int], levels: list[int]) -> bool:
    """Whether a scale of this shape stretches to levels of that one, and not beyond."""
    pairs = zip(scale, levels, strict=False)
    return len(scale) == len(levels) and all(size in (1, whole) for size, whole in pairs)


class Network(nn.Module):
    """A module that reads tensors of 8 bits as well, however they come: by `models.load` or by `from_pretrained`."""

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """As any module does it, after levels and scales have become floats."""
        return super().load_state_dict(dequantized(state_dict), strict=strict, assign=assign)
