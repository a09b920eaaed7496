"""Published generators after DCGAN: from the files of others' code to our own generator.

Read are chains of transposed convolutions of 4 x 4, each but the last with batch normalisation, under any names: the
DCGAN of PyTorch's examples (https://github.com/pytorch/examples/tree/main/dcgan, `main.0.weight`), HugGAN's
(https://github.com/huggingface/community-events, huggan/pytorch/dcgan, `model.0.weight`), and what was written after
them. A bias before a normalisation is taken off its running mean, which is the same; a last convolution without a bias
gets zeros.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import torch

from models.checkpoints.files import ACCEPTED, Tensors, another_architecture, differing, filled
from models.errors import InvalidInput, NetworkUnavailable
from models.gan import SMALLEST, Generator, GeneratorConfig

STATISTICS = ("running_mean", "running_var", "num_batches_tracked")
Layers = dict[str, Tensors]  # by the layer's name: its tensors by theirs


def is_dcgan(tensors: Tensors) -> bool:
    """Whether tensors are such a chain."""
    return bool(chain(layers_of(tensors))[0])


def layers_of(tensors: Tensors) -> Layers:
    """Tensors by layer."""
    layers: Layers = defaultdict(dict)
    for key, part in tensors.items():
        layer, _, name = key.rpartition(".")
        layers[layer][name] = part
    return layers


def in_numbers(names: Iterable[str]) -> list[str]:
    """Names in the order of the numbers in them; a file of safetensors has them by the alphabet."""
    return sorted(names, key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)])


def chain(layers: Layers) -> tuple[list[Tensors], list[Tensors]]:
    """The transposed convolutions and the normalisations between them, in order; nothing where they are no chain."""
    found = [name for name, parts in layers.items() if "weight" in parts and parts["weight"].ndim == 4]
    norms = [name for name, parts in layers.items() if "running_mean" in parts and "weight" in parts]
    if len(found) < 2 or len(found) + len(norms) != len(layers) or len(norms) != len(found) - 1:
        return [], []
    for order in (list, in_numbers):
        convolutions, between = ([layers[name] for name in order(names)] for names in (found, norms))
        if fits(convolutions, between):
            return convolutions, between
    return [], []


def fits(convolutions: Sequence[Tensors], norms: Sequence[Tensors]) -> bool:
    """Whether each convolution makes as many feature maps as its normalisation and the next one take."""
    widths = [part["weight"].shape[1] for part in convolutions[:-1]]  # a transposed one is (inputs, outputs, 4, 4)
    return (
        widths == [part["weight"].shape[0] for part in convolutions[1:]]
        and widths == [len(part["running_mean"].flatten()) for part in norms]
        and all(part["weight"].shape[2:] == (SMALLEST, SMALLEST) for part in convolutions)
    )


def read_dcgan(tensors: Tensors, name: str) -> Generator:
    """The generator in a published file's tensors, in evaluation mode.

    Args:
        tensors: by their names.
        name: of the file, for messages.

    Raises:
        NetworkUnavailable: it is another network.
    """
    config, parts = recognised(tensors, name)
    return filled(lambda: Generator(config), parts)


def recognised(tensors: Tensors, name: str) -> tuple[GeneratorConfig, Tensors]:
    """The architecture and, by the names of ours, the tensors of a file, of which only shapes are looked at. Raises
    NetworkUnavailable unless all fit."""
    convolutions, norms = chain(layers_of(tensors))
    weights = [part["weight"] for part in convolutions]
    try:
        config = GeneratorConfig(
            resolution=SMALLEST * 2 ** (len(weights) - 1),
            channels=weights[-1].shape[1],
            latent_size=weights[0].shape[0],
            width=weights[-1].shape[0],
        )
    except InvalidInput as error:
        raise another_architecture(name, error) from error
    parts: Tensors = {}
    for number, (convolution, norm) in enumerate(zip(convolutions, norms, strict=False)):
        parts[f"layers.{3 * number}.weight"] = convolution["weight"]
        norm = {"num_batches_tracked": torch.tensor(0), **norm}
        if "bias" in convolution:
            norm["running_mean"] = norm["running_mean"] - convolution["bias"]
        parts |= {f"layers.{3 * number + 1}.{key}": part for key, part in norm.items()}
    last = f"layers.{3 * len(norms)}"
    parts[f"{last}.weight"] = weights[-1]
    parts[f"{last}.bias"] = convolutions[-1].get("bias", torch.zeros(weights[-1].shape[1]))
    with torch.device("meta"):
        expected = {key: part.shape for key, part in Generator(config).state_dict().items()}
    wrong = differing(parts, expected)
    if wrong:
        widths = ", ".join(str(weight.shape[0]) for weight in weights[1:])
        raise NetworkUnavailable(
            f"{name} is a chain like DCGAN's, but of {widths} feature maps, where each has to have half as many as the "
            f"one before. {ACCEPTED}"
        )
    return config, parts
