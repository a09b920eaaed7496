"""The layers of our networks as nodes of a graph. Batch norms are folded into the convolutions before them."""

import math
from collections.abc import Iterable

import numpy as np
from onnx import TensorProto
from torch import nn

from models.architectures.fastgan import UpsampledConvolution
from models.infogan.decoder import Decoder, Modulated
from trainer.graphs.builder import Graph, Value

Convolution = nn.Conv2d | nn.ConvTranspose2d | UpsampledConvolution
SIMPLE = {nn.ReLU: "Relu", nn.Tanh: "Tanh", nn.Sigmoid: "Sigmoid"}


def sequence(graph: Graph, x: Value, layers: Iterable[nn.Module]) -> Value:
    """Layers one after the other, in evaluation mode."""
    rest = list(layers)
    while rest:
        layer = rest.pop(0)
        if isinstance(layer, Convolution):
            norm = rest.pop(0) if rest and isinstance(rest[0], nn.BatchNorm2d) else None
            x = convolution(graph, x, layer, norm)
        elif isinstance(layer, nn.Linear):
            x = linear(graph, x, layer)
        elif isinstance(layer, nn.LeakyReLU):
            x = graph.apply("LeakyRelu", x, alpha=layer.negative_slope)
        elif isinstance(layer, nn.SiLU):
            x = silu(graph, x)
        elif isinstance(layer, nn.GLU):
            x = glu(graph, x)
        elif isinstance(layer, nn.Flatten):
            x = graph.apply("Flatten", x)
        else:
            x = graph.apply(SIMPLE[type(layer)], x)
    return x


def linear(graph: Graph, x: Value, layer: nn.Linear) -> Value:
    """(N, inputs) → (N, outputs)."""
    return graph.apply("Gemm", x, graph.tensor(layer, "weight"), graph.tensor(layer, "bias"), transB=1)


def silu(graph: Graph, x: Value) -> Value:
    """x σ(x)."""
    return graph.apply("Mul", x, graph.apply("Sigmoid", x))


def glu(graph: Graph, x: Value) -> Value:
    """Half of the channels (N, 2C, H, W), times a sigmoid of the other half."""
    half, gate = graph.halves(x)
    return graph.apply("Mul", half, graph.apply("Sigmoid", gate))


# --- convolutions ------------------------------------------------------------------------------------------------


def convolution(graph: Graph, x: Value, layer: Convolution, norm: nn.Module | None = None) -> Value:
    """(N, inputs, H, W) → (N, outputs, H', W'), with the batch norm after it."""
    forward = isinstance(layer, nn.Conv2d)
    weight = kernel(graph, layer) if isinstance(layer, UpsampledConvolution) else graph.tensor(layer, "weight")
    bias = None if getattr(layer, "bias", None) is None else graph.tensor(layer, "bias")
    if norm is not None:
        gain, shift = gain_and_shift(graph, norm)
        weight = graph.apply("Mul", weight, graph.unsqueeze(gain, 1, 2, 3) if forward else graph.unsqueeze(gain, 1, 2))
        bias = graph.apply("Add", graph.apply("Mul", bias, gain), shift) if bias else shift
    if isinstance(layer, UpsampledConvolution):
        sides, stride, padding = (4, 4), (2, 2), (1, 1)
    else:
        sides, stride, padding = layer.kernel_size, layer.stride, layer.padding  # type: ignore[assignment]
    inputs = [x, weight, bias] if bias else [x, weight]
    return graph.apply(
        "Conv" if forward else "ConvTranspose",
        *inputs,
        kernel_shape=list(sides),
        strides=list(stride),
        pads=[*padding, *padding],
    )


def kernel(graph: Graph, layer: UpsampledConvolution) -> Value:
    """As UpsampledConvolution.kernel: (inputs, outputs, 4, 4)."""
    outputs, inputs = layer.weight.shape[:2]
    taps = layer.taps.numpy()
    summed = graph.constant(np.einsum("ar,bs->rsab", taps, taps).reshape(9, 16))
    weight = graph.apply("MatMul", graph.reshape(graph.tensor(layer, "weight"), -1, 9), summed)
    return graph.apply("Transpose", graph.reshape(weight, outputs, inputs, 4, 4), perm=[1, 0, 2, 3])


def gain_and_shift(graph: Graph, norm: nn.Module) -> tuple[Value, Value]:
    """What a batch norm multiplies each channel by, and what it adds: (C,) each."""
    gain = graph.apply("Mul", graph.tensor(norm, "weight"), inverse_deviation(graph, norm))
    moved = graph.apply("Mul", graph.tensor(norm, "running_mean"), gain)
    return gain, graph.apply("Sub", graph.tensor(norm, "bias"), moved)


def inverse_deviation(graph: Graph, norm: nn.Module) -> Value:
    """1 / √(variance + ε) of a batch norm: (C,)."""
    assert isinstance(norm, nn.BatchNorm2d)
    variance = graph.apply("Add", graph.tensor(norm, "running_var"), graph.constant(norm.eps))
    return graph.apply("Reciprocal", graph.apply("Sqrt", variance))


# --- the decoder of scenes and sprites ---------------------------------------------------------------------------


def decode(graph: Graph, groups: list[Value], decoder: Decoder) -> Value:
    """As Decoder.draw, from the numbers of each group: (N, channels, 64, 64), before the bound."""
    styles = [sequence(graph, group, network) for group, network in zip(groups, decoder.styles, strict=True)]  # type: ignore[arg-type]
    style = graph.apply("Sum", *styles)  # (N, S)
    x = graph.reshape(linear(graph, style, decoder.start), 0, -1, 4, 4)
    for number, modulation in enumerate(decoder.modulations):
        if number:
            x = convolution(graph, x, decoder.convolutions[number - 1])  # type: ignore[arg-type]
        assert isinstance(modulation, Modulated)
        x = modulate(graph, x, style, modulation)
    return convolution(graph, x, decoder.finish)


def modulate(graph: Graph, x: Value, style: Value, layer: Modulated) -> Value:
    """As Modulated. The norm's deviation is taken into the layer that makes the gain, and its mean into the bias, so
    that each feature map is multiplied once and added to once."""
    inverse = inverse_deviation(graph, layer.norm)
    weight = graph.apply("Mul", graph.tensor(layer.gain, "weight"), graph.unsqueeze(inverse, 1))
    bias = graph.apply("Add", graph.tensor(layer.gain, "bias"), graph.constant(1))
    gain = graph.apply("Gemm", style, weight, graph.apply("Mul", bias, inverse), transB=1)  # (N, C)
    moved = graph.apply("Mul", gain, graph.tensor(layer.norm, "running_mean"))
    shift = graph.apply("Sub", linear(graph, style, layer.bias), moved)
    scaled = graph.apply("Mul", x, graph.unsqueeze(gain, 2, 3))
    return graph.apply("LeakyRelu", graph.apply("Add", scaled, graph.unsqueeze(shift, 2, 3)), alpha=0.2)


# --- the border: pixels and codes --------------------------------------------------------------------------------


def to_pictures(graph: Graph, x: Value) -> Value:
    """As models.pixels.to_pictures: (N, C, H, W) in [-1, 1] → uint8 (N, H, W, C)."""
    levels = graph.apply("Mul", graph.apply("Add", x, graph.constant(1)), graph.constant(127.5))
    levels = graph.apply("Clip", graph.apply("Round", levels), graph.constant(0), graph.constant(255))
    return graph.apply("Cast", graph.apply("Transpose", levels, perm=[0, 2, 3, 1]), to=TensorProto.UINT8)


def to_network(graph: Graph, pictures: Value) -> Value:
    """As models.pixels.to_network: uint8 (N, H, W, C) → (N, C, H, W) in [-1, 1]."""
    levels = graph.apply("Transpose", graph.apply("Cast", pictures, to=TensorProto.FLOAT), perm=[0, 3, 1, 2])
    return graph.apply("Sub", graph.apply("Div", levels, graph.constant(127.5)), graph.constant(1))


def feature(graph: Graph, code: Value, kind: str, categories: int) -> Value:
    """One code (N, 1) as the features of models.infogan.codes: (N, 1, 2 or the number of categories)."""
    if kind == "uniform":
        return code
    if kind == "circular":
        angle = graph.apply("Mul", code, graph.constant(math.pi))
        return graph.apply("Concat", graph.apply("Cos", angle), graph.apply("Sin", angle), axis=1)
    whole = graph.constant(np.arange(categories)[None])
    return graph.apply("Cast", graph.apply("Equal", graph.apply("Round", code), whole), to=TensorProto.FLOAT)
