"""The command line: `python -m trainer COMMAND …`."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import Any

from models.errors import InvalidInput, LatentLabError
from trainer import compact, publish
from trainer.evaluation import effects, evaluate, judge, readings, reconstruction, score
from trainer.families import (
    attributes,
    conditional,
    cyclegan,
    encoder,
    factors,
    features,
    gan,
    infogan,
    mixture,
    moments,
    pix2pix,
    rival,
    sefa,
    sliders,
    super_resolution,
)
from trainer.graphs.command import Graphing, write_graphs
from trainer.settings import add_options, from_options

COMMANDS: dict[str, tuple[type, Callable[[Any], Any], str]] = {
    "gan": (gan.GANTraining, gan.train, "train a generator and a discriminator, for example of faces"),
    "rival": (rival.RivalTraining, rival.train, "train the discriminator that plays against a finished generator"),
    "moments": (moments.MomentsTraining, moments.train, "bring a finished generator closer to its training pictures"),
    "cyclegan": (cyclegan.CycleGANTraining, cyclegan.train, "train translators between two domains without pairs"),
    "pix2pix": (pix2pix.Pix2PixTraining, pix2pix.train, "train a translator from pairs"),
    "super-resolution": (
        super_resolution.SuperResolutionTraining,
        super_resolution.train,
        "train a network that enlarges pictures",
    ),
    "features": (features.FeaturesTraining, features.train, "train the network whose features `evaluate` compares"),
    "attributes": (
        attributes.AttributesTraining,
        attributes.train,
        "train the network that reads faces: age, smile ...",
    ),
    "conditional": (conditional.ConditionalTraining, conditional.train, "train a generator that obeys labels"),
    "infogan": (infogan.InfoGANTraining, infogan.train, "train an InfoGAN or InfoGAN-CR, whose codes mean something"),
    "encoder": (encoder.EncoderTraining, encoder.train, "train the network that finds a face in a latent space"),
    "mixture": (mixture.MixtureTraining, mixture.train, "fit a mixture of Gaussians, which has a likelihood"),
    "factors": (factors.FactorsTraining, factors.train, "train the network that reads the factors of a picture"),
    "evaluate": (evaluate.Evaluation, evaluate.evaluate, "measure a generator and write the figures into its card"),
    "judge": (judge.Judging, judge.judge, "measure a translator and write the figures into its card"),
    "readings": (readings.Reading, readings.write_readings, "read attributes in faces and write them as a table"),
    "reconstruct": (
        reconstruction.Reconstruction,
        reconstruction.reconstruct,
        "measure how well photographs are found again and write the figures into the encoder's card",
    ),
    "score": (score.Scoring, score.score, "measure a network that draws from codes or labels"),
    "sliders": (sliders.SlidersTraining, sliders.train, "train sliders with names for a generator of faces"),
    "sefa": (sefa.SefaSettings, sefa.sefa, "compute sliders without labels for a generator of faces"),
    "effects": (effects.EffectsSettings, effects.measure_again, "measure what the sliders of a generator of faces do"),
    "publish": (publish.Publishing, publish.publish, "push a weights folder to the Hugging Face Hub"),
    "fetch": (publish.Fetching, publish.fetch, "bring a weights folder from the Hugging Face Hub"),
    "compact": (compact.Compacting, compact.compact, "store the weights of a folder in 8 bits, and measure the change"),
    "onnx": (Graphing, write_graphs, "write the drawing part of a network as an ONNX graph, for browsers"),
    "choose": (score.Choosing, score.choose, "choose among InfoGANs of several seeds without labels: ModelCentrality"),
}

SEVERAL = ("gan", "cyclegan", "pix2pix", "super-resolution", "features", "conditional", "infogan", "factors")


def command_line() -> argparse.ArgumentParser:
    """All commands with all their options."""
    parser = argparse.ArgumentParser(prog="python -m trainer", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (settings_class, _, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        add_options(command, settings_class)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns the exit status: 0, 1 for an error said in one sentence, 130 when interrupted."""
    options = command_line().parse_args(arguments)
    settings_class, run, _ = COMMANDS[options.command]
    try:
        if options.command not in SEVERAL and int(os.environ.get("WORLD_SIZE", "1")) > 1:
            raise InvalidInput(f"{options.command} is work for one process; start it without torchrun.")
        run(from_options(settings_class, options))
    except LatentLabError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt as interruption:
        print(interruption, file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
