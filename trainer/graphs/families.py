"""The graph of each family: what a page asks of the network, in one piece.

Every function adds to a graph what the network's own inference function computes, from the numbers that a visitor
chooses to pixels, and returns what a page has to know beside the shapes of inputs and outputs.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from onnx import TensorProto
from torch import nn

from models.architectures.fastgan import EXCITED, SMALLEST, Excitation, FastGANGenerator
from models.conditional import Conditional
from models.faces.latent_transformer import LatentTransformer
from models.factors import FactorNetwork
from models.gan import Generator
from models.infogan.codes import categories
from models.infogan.decoder import SIDE
from models.infogan.network import InfoGAN
from models.infogan.palette import CELLS, QUICK, PaletteGenerator
from models.infogan.spatial_transformer import BACKGROUND, FRAME, STRETCH, TransformedGenerator
from models.sliders import PLAIN, REACH
from trainer.graphs.builder import Graph, Value
from trainer.graphs.layers import (
    convolution,
    decode,
    feature,
    gain_and_shift,
    glu,
    linear,
    sequence,
    silu,
    to_network,
    to_pictures,
)

Facts = dict[str, Any]


def pictures_out(graph: Graph, x: Value, resolution: int, channels: int) -> Facts:
    """The output of everything that draws, and its size."""
    graph.output(to_pictures(graph, x), "pictures", ["N", resolution, resolution, channels], "uint8")
    return {"resolution": resolution, "channels": channels}


# --- InfoGAN -----------------------------------------------------------------------------------------------------


def infogan(graph: Graph, network: InfoGAN) -> Facts:
    """Inputs: `codes` as sliders have them and, for a network that has some, `noise`, N(0, 1)."""
    config, generator = network.config, network.generator
    codes = graph.input("codes", ["N", len(config.codes)])
    turned = graph.split(graph.apply("Sub", codes, graph.tensor(network, "turns")), [1] * len(config.codes), axis=1)
    groups = [feature(graph, code, kind, categories(kind)) for code, kind in zip(turned, config.codes, strict=True)]
    if config.noise_size:
        groups.append(graph.input("noise", ["N", config.noise_size]))
    if isinstance(generator, PaletteGenerator):
        x = painted(graph, groups, generator)
    elif isinstance(generator, TransformedGenerator):
        x = transformed(graph, groups, generator)
    else:
        x = graph.apply("Tanh", decode(graph, groups, generator))
    ends = [(0, categories(kind) - 1) if categories(kind) else (-1, 1) for kind in config.codes]
    codes_told = [
        {"kind": kind, "low": low, "high": high} for kind, (low, high) in zip(config.codes, ends, strict=True)
    ]
    return pictures_out(graph, x, SIDE, config.channels) | {"world": config.world, "codes": codes_told}


def painted(graph: Graph, groups: list[Value], generator: PaletteGenerator) -> Value:
    """As PaletteGenerator."""
    paints = [group for group, paint in zip(groups, generator.paints, strict=True) if paint]
    forms = [group for group, paint in zip(groups, generator.paints, strict=True) if not paint]
    logits = []  # of the colours, (N, channels, 1) each
    for group, layers in zip(paints, generator.colours, strict=True):
        ends = [sequence(graph, end, layers) for end in (group, graph.apply("Neg", group))]  # type: ignore[arg-type]
        logits.append(graph.unsqueeze(graph.apply("Sub", *ends), 2))
    palette = graph.apply("Sigmoid", graph.apply("Concat", *logits, axis=2))  # (N, channels, P)
    quick = graph.constant(QUICK)
    fixed = graph.apply("Sigmoid", graph.apply("Mul", graph.tensor(generator, "fixed"), quick))  # (channels, FIXED)
    count, fixed_count = len(paints), generator.fixed.shape[1]
    canvas = graph.apply(
        "Resize",
        graph.apply("Mul", graph.tensor(generator, "canvas"), quick),
        "",
        graph.constant([1, 1, SIDE // CELLS, SIDE // CELLS]),
        mode="linear",
    )
    x = graph.apply("Add", decode(graph, forms, generator.decoder), canvas)
    maps, brightness = graph.split(x, [count + fixed_count, 1], axis=1)
    shares = graph.apply("Softmax", maps, axis=1)
    shown, rest = graph.split(shares, [count, fixed_count], axis=1)
    lit = graph.apply("Mul", shown, graph.apply("Abs", brightness))
    mixed = graph.apply(
        "Add",
        graph.apply("MatMul", palette, graph.reshape(lit, 0, 0, -1)),
        graph.apply("MatMul", fixed, graph.reshape(rest, 0, 0, -1)),
    )  # (N, channels, 64 * 64)
    doubled = graph.apply("Mul", graph.reshape(mixed, 0, 0, SIDE, SIDE), graph.constant(2))
    return graph.apply("Sub", doubled, graph.constant(1))


def transformed(graph: Graph, groups: list[Value], generator: TransformedGenerator) -> Value:
    """As TransformedGenerator. The place (u, v) in the frame of a place (x, y) in the picture is that less the shift,
    turned back and scaled."""
    still = [group for number, group in enumerate(groups) if number not in generator.moves]
    across, down, size, turn = (groups[number] for number in generator.moves)  # (N, 1) three times, (N, 2)
    places = (2 * np.arange(SIDE) + 1) / SIDE - 1  # of the pixels, from -1 to 1
    shift = graph.apply("Mul", graph.apply("Concat", across, down, axis=1), graph.tensor(generator, "travel"))
    right, lower = (graph.unsqueeze(part, 2) for part in graph.split(shift, [1, 1], axis=1))  # (N, 1, 1)
    x = graph.apply("Sub", graph.constant(places[None, None]), right)  # (N, 1, 64)
    y = graph.apply("Sub", graph.constant(places[None, :, None]), lower)  # (N, 64, 1)
    grown = graph.apply("Exp", graph.apply("Mul", size, graph.constant(-STRETCH)))
    scaled = graph.apply("Div", graph.apply("Mul", turn, grown), graph.constant(FRAME))
    cosine, sine = (graph.unsqueeze(part, 2) for part in graph.split(scaled, [1, 1], axis=1))  # (N, 1, 1)
    u = graph.apply("Add", graph.apply("Mul", cosine, x), graph.apply("Mul", sine, y))  # (N, 64, 64)
    v = graph.apply("Sub", graph.apply("Mul", cosine, y), graph.apply("Mul", sine, x))
    grid = graph.apply("Concat", graph.unsqueeze(u, 3), graph.unsqueeze(v, 3), axis=3)
    background = graph.constant(BACKGROUND)
    drawn = graph.apply("Sub", decode(graph, still, generator.decoder), background)
    moved = graph.apply("GridSample", drawn, grid, mode="bilinear", padding_mode="zeros", align_corners=0)
    return graph.apply("Tanh", graph.apply("Add", moved, background))


# --- generators of faces -----------------------------------------------------------------------------------------


def gan(graph: Graph, network: Generator) -> Facts:
    """Inputs: `latents`, N(0, 1), and `truncation`, one number from 0 to 1."""
    latents, truncation = latents_and_truncation(graph, network.config.latent_size)
    layers = list(network.layers)
    x = sequence(graph, graph.unsqueeze(latents, 2, 3), layers[:3])
    x = sequence(graph, truncated(graph, x, mean_activation(graph, network), truncation), layers[3:])
    config = network.config
    facts = pictures_out(graph, x, config.resolution, config.channels) | {"latent_size": config.latent_size}
    return {**facts, "plain_sliders": {"count": PLAIN, "reach": REACH}}


def latents_and_truncation(graph: Graph, latent_size: int) -> tuple[Value, Value]:
    """The inputs of every generator of faces."""
    return graph.input("latents", ["N", latent_size]), graph.input("truncation", [])


def truncated(graph: Graph, x: Value, mean: Value, truncation: Value) -> Value:
    """The first feature map (N, C, 4, 4), pulled towards its mean."""
    return graph.apply("Add", mean, graph.apply("Mul", graph.apply("Sub", x, mean), truncation))


def mean_activation(graph: Graph, network: Generator) -> Value:
    """As Generator.mean_activation: (C, 4, 4), computed from the weights when the graph is loaded."""
    first, norm = network.layers[0], network.layers[1]
    gain, shift = gain_and_shift(graph, norm)
    mean = graph.unsqueeze(shift, 1, 2)  # (C, 1, 1)
    weight = graph.tensor(first, "weight")
    norms = graph.apply("ReduceL2", weight, graph.constant([0], np.int64), keepdims=0)
    deviation = graph.apply("Mul", norms, graph.unsqueeze(graph.apply("Abs", gain), 1, 2))  # (C, 4, 4)
    ratio = graph.apply("Div", mean, graph.apply("Max", deviation, graph.constant(1e-12)))
    error = graph.apply("Erf", graph.apply("Div", ratio, graph.constant(math.sqrt(2))))
    share = graph.apply("Div", graph.apply("Add", error, graph.constant(1)), graph.constant(2))  # Φ(m / s)
    power = graph.apply("Div", graph.apply("Mul", ratio, ratio), graph.constant(-2))
    density = graph.apply("Div", graph.apply("Exp", power), graph.constant(math.sqrt(2 * math.pi)))
    return graph.apply("Add", graph.apply("Mul", mean, share), graph.apply("Mul", deviation, density))


def fastgan(graph: Graph, network: FastGANGenerator) -> Facts:
    """Inputs: as of `gan`."""
    config = network.config
    latents, truncation = latents_and_truncation(graph, config.latent_size)
    x = glu(graph, sequence(graph, graph.unsqueeze(normalised(graph, latents), 2, 3), network.first))
    x = truncated(graph, x, graph.constant(network.centre().numpy()), truncation)
    maps = {SMALLEST: x}
    for side, block in zip(config.sides[1:], network.blocks, strict=True):
        x = sequence(graph, x, block)  # type: ignore[arg-type]
        if str(side) in network.excitations:
            source = side // EXCITED
            factors = excitation(graph, maps[source], network.excitations[str(side)], source)
            x = graph.apply("Mul", x, factors)
        maps[side] = x
    x = graph.apply("Tanh", convolution(graph, x, network.to_picture))
    return pictures_out(graph, x, config.resolution, config.channels) | {"latent_size": config.latent_size}


def normalised(graph: Graph, latents: Value) -> Value:
    """Latents (N, L) at unit RMS."""
    axis = graph.constant([1], np.int64)
    mean = graph.apply("ReduceMean", graph.apply("Mul", latents, latents), axis)
    return graph.apply("Div", latents, graph.apply("Sqrt", graph.apply("Add", mean, graph.constant(1e-8))))


def excitation(graph: Graph, small: Value, layer: nn.Module, side: int) -> Value:
    """As Excitation, for a feature map (N, C, side, side)."""
    assert isinstance(layer, Excitation)
    cell = side // SMALLEST
    if cell > 1:
        small = graph.apply("AveragePool", small, kernel_shape=[cell, cell], strides=[cell, cell])
    return sequence(graph, small, list(layer.layers)[1:])


def sliders(graph: Graph, network: LatentTransformer) -> Facts:
    """Inputs: `latents` and `amounts`, from -1 to 1 for each slider; output: the `moved` latents, which are those of
    the generator's graph."""
    config = network.config
    count = len(config.names)
    unit = normalised(graph, graph.input("latents", ["N", config.latent_size]))
    amounts = graph.input("amounts", ["N", count])
    if config.reach:
        amounts = graph.apply("Mul", amounts, graph.constant(config.reach))
    ends = [graph.unsqueeze(graph.apply("Relu", end), 2) for end in (amounts, graph.apply("Neg", amounts))]
    shares = graph.reshape(graph.apply("Concat", *ends, axis=2), 0, 1, 2 * count)
    ways = graph.tensor(network, "ways")  # (2K, latent_size)
    if config.width:
        first = graph.unsqueeze(linear(graph, unit, network.first), 1)
        hidden = silu(graph, graph.apply("Add", first, graph.tensor(network, "which")))  # (N, 2K, width)
        hidden = silu(graph, along(graph, hidden, network.second))
        ways = graph.apply("Add", ways, along(graph, hidden, network.last))  # (N, 2K, latent_size)
    way = graph.reshape(graph.apply("MatMul", shares, ways), 0, config.latent_size)
    graph.output(normalised(graph, graph.apply("Add", unit, way)), "moved", ["N", config.latent_size])
    return {"latent_size": config.latent_size, "sliders": list(config.names)}


def along(graph: Graph, x: Value, layer: nn.Linear) -> Value:
    """A linear layer along the last axis of (N, M, inputs)."""
    weight = graph.apply("Transpose", graph.tensor(layer, "weight"), perm=[1, 0])
    return graph.apply("Add", graph.apply("MatMul", x, weight), graph.tensor(layer, "bias"))


# --- labels and factors ------------------------------------------------------------------------------------------


def conditional(graph: Graph, network: Conditional) -> Facts:
    """Inputs: `labels`, whole numbers as floats, and `noise`, N(0, 1)."""
    config, generator = network.config, network.generator
    labels = graph.apply("Cast", graph.input("labels", ["N", len(config.sizes)]), to=TensorProto.INT64)
    groups = [
        graph.reshape(graph.apply("Gather", graph.tensor(embedding, "weight"), label), -1, config.embedding)
        for embedding, label in zip(
            generator.embeddings, graph.split(labels, [1] * len(config.sizes), axis=1), strict=True
        )
    ]
    groups.append(graph.input("noise", ["N", config.noise_size]))
    x = graph.apply("Tanh", decode(graph, groups, generator.decoder))
    named = [{"name": name, "size": size} for name, size in zip(config.labels, config.sizes, strict=True)]
    return pictures_out(graph, x, SIDE, config.channels) | {"labels": named}


def factors(graph: Graph, network: FactorNetwork) -> Facts:
    """Input: `pictures`, as drawn; output: the `probabilities` of all values of the first factor, of the second, …"""
    config = network.config
    pictures = graph.input("pictures", ["N", SIDE, SIDE, config.channels], "uint8")
    logits = sequence(graph, to_network(graph, pictures), network.layers)
    parts = [graph.apply("Softmax", part, axis=1) for part in graph.split(logits, config.sizes, axis=1)]
    graph.output(graph.apply("Concat", *parts, axis=1), "probabilities", ["N", sum(config.sizes)])
    named = [{"name": name, "size": size} for name, size in zip(config.names, config.sizes, strict=True)]
    return {"resolution": SIDE, "channels": config.channels, "world": config.world, "factors": named}


WRITERS: dict[type[nn.Module], Callable[[Graph, Any], Facts]] = {
    InfoGAN: infogan,
    Generator: gan,
    FastGANGenerator: fastgan,
    LatentTransformer: sliders,
    Conditional: conditional,
    FactorNetwork: factors,
}
