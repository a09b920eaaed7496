"""Measures a generator, or an upscaler, on pictures it was not trained on: `python -m trainer evaluate weights/NAME
--data …`.

Prints the figures and writes them into the network's card, in place of those that stood there.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from data.folders import archives, read_pictures, read_splits
from metrics.fidelity import (
    Copying,
    copying,
    frechet_distance,
    measure,
    nearest_distances,
    pixel_features,
    sharpness,
)
from metrics.two_sample import chance_spread, two_sample_auc
from models import load
from models.errors import InvalidInput
from models.features import FeatureNetwork, features
from models.gan import LARGEST_COUNT, LatentGenerator, generate
from models.loading import find, read
from models.mixture import MixtureOfGaussians, bits_per_dimension, log_likelihood
from models.pixels import Pictures
from models.super_resolution import SuperResolution
from trainer.evaluation.face_judge import FaceJudge, judged_features, read_face_judge
from trainer.evaluation.restoration import measure_faces, measure_upscaler
from trainer.evaluation.tables import Row, copying_table, fidelity_table, likelihood_table
from trainer.export import FIGURES_FILE, refresh_files, write_figures
from trainer.runs import write_text
from trainer.settings import REQUIRED, setting

FEATURE_NETWORK = "faces-features-64"
TRUNCATIONS = (1.0, 0.8, 0.6)
MIDDLE_GREY = 128
LEAST = 40  # pictures held out, below which no figure means anything
COMPARED_SIDE = 32  # px, at which pixels are compared in the search for copies
COMPONENTS = 200  # principal components of the Gaussian that serves as a comparison
CLASSIFIERS = 5  # of the two-sample test, because one that is trained so briefly ends anywhere
GAUSSIAN_PICTURES = 2_000  # training pictures from which it is made
EXPLANATION = """\
Measured on the {count:,} pictures that were held out ({chosen}), against as many of each kind, in the
features of `{feature_network}`; seed {seed}. Fréchet distance: lower is better; these are not Inception's features, so
compare it with the other lines, not with published FID values. Precision and density: do the pictures look real.
Recall and coverage: are all kinds of real pictures among them. Two-sample AUC: how well fresh classifiers, each trained
for {steps} steps, tell them from real ones, 0.5 (not at all; chance spreads by {spread:.3f}) to 1.0 (always): mean of
{classifiers}, and the lowest and highest. So short a training ends here or there; after a longer one they tell more.
Sharpness: root mean square of the Laplacian, in grey levels; less than real pictures have is blur. The PCA-Gaussian has
the mean and the {components} first principal components of the training pixels, and nothing else of a face.

{fidelity}

Does it copy? Distances to the nearest training picture or its mirror image, medians; pixels in grey levels (0 to 255)
at {side} x {side} px. "Unusually near": nearer than 99 % of the held-out real pictures are. Copies are so in both; a
picture that is merely soft or dark can be so in pixels.

{copying}
"""
FACES = 200  # of an archive, in which attributes are read once they are enlarged
JUDGED = 2_000  # pictures drawn for the judge of faces
JUDGED_BY = """
By the judge of faces (`{file}`, a network that learned CelebA's attributes from other crops and took no part in the
training; pictures reduced to 64 px): Fréchet distance of {drawn:,} generated pictures **{generated:.2f}**, of as many
training pictures as are held out {real:.2f}.
"""
LIKELIHOOD = """
How likely are the pictures? Mean bits for each of the {dimensions:,} numbers of a picture: minus the binary logarithm
of the density times the width of a grey level. Lower is likelier; a density that is uniform over all pictures has 8.
The single Gaussian has the same principal components and the mean and covariance of the training pictures. What a
mixture draws lacks the noise that both densities expect in place of fine detail, and is likelier than photographs for
it; so is a picture without any: a high likelihood is no sign of quality.

{table}
"""


@dataclass(frozen=True)
class Evaluation:
    """Settings of one measurement."""

    network: Path = setting(REQUIRED, "weights folder of a generator or an upscaler, weights/NAME", first=True)
    data: Path = setting(REQUIRED, "folder or zip archive of the pictures it was trained on; for upscalers, any others")
    more_data: str = setting("", "further folders or archives it was trained on, with commas between them")
    against: Path | None = setting(None, "folder or archive of held-out pictures (default: those held out in training)")
    face_judge: Path | None = setting(None, "weights of the judge of faces, which adds a Fréchet distance of its own")
    validation: int | None = setting(
        None, "pictures held out of each archive (default: as many as in its training, chosen as there)", least=1
    )
    beside: str = setting("", "another network of the same kind that gets a line, a name or folder")
    faces: Path | None = setting(None, "for an upscaler: faces of 128 px, in which attributes are read, see --beside")
    seed: int = setting(1, "of the generated pictures and of the first classifier", least=0, most=2**30)
    classifier_steps: int = setting(
        120, "training of each classifier in the two-sample test, 64 pictures each", least=1
    )


def evaluate(settings: Evaluation) -> str:
    """Measures, prints, and writes the card.

    Returns:
        the text in the card, Markdown.

    Raises:
        NetworkUnavailable: the generator or the feature network is missing or broken.
        InvalidInput: neither a generator nor an upscaler, or too few pictures held out.
        UnusableData: the pictures do not serve.
    """
    folder = find(settings.network if settings.network.is_dir() else str(settings.network))
    network = read(folder)
    if isinstance(network, SuperResolution):
        text = measure_upscaler(network, folder, settings.data, settings.validation)
        if settings.faces:
            text += measure_faces(network, folder, settings.faces, count=FACES, beside=settings.beside)
    elif isinstance(network, LatentGenerator):
        text = measure_generator(network, folder, settings)
    else:
        raise InvalidInput(
            f"{settings.network} holds a {network.config.family}; give the folder of a generator or an upscaler."
        )
    print(text)
    write_figures(folder / "README.md", text)
    refresh_files(folder)
    return text


def measure_generator(generator: LatentGenerator, folder: Path, settings: Evaluation) -> str:
    """The text for the card of a generator. Raises as `evaluate`."""
    judge = load(FEATURE_NETWORK)
    face_judge = read_face_judge(settings.face_judge) if settings.face_judge else None
    training, held_out, chosen = read_both(generator, folder, settings)
    count = len(held_out)
    others = {settings.beside: open_beside(settings.beside, generator)} if settings.beside else {}
    rows, copies = measure_all(generator, judge, training, held_out, settings, others)
    text = EXPLANATION.format(
        count=count,
        chosen=chosen,
        feature_network=FEATURE_NETWORK,
        seed=settings.seed,
        components=COMPONENTS,
        steps=settings.classifier_steps,
        classifiers=CLASSIFIERS,
        spread=chance_spread(count - count // 2, count - count // 2),
        fidelity=fidelity_table(rows),
        side=compared_side(held_out),
        copying=copying_table(copies),
    )
    if settings.face_judge and face_judge:
        text += judged(generator, training, held_out, settings.seed, face_judge, settings.face_judge.name)
    if isinstance(generator, MixtureOfGaussians):
        drawn = {name: draw_many(each, count, truncation=1.0, seed=settings.seed) for name, each in others.items()}
        kinds = {
            "real, of the training": training,
            "real, held out": held_out,
            "**generated**": draw_many(generator, count, truncation=1.0, seed=settings.seed),
            **drawn,
            "an even grey": np.full_like(held_out[:1], MIDDLE_GREY),
        }
        bits = likelihoods(generator, kinds)
        text += LIKELIHOOD.format(dimensions=generator.config.dimensions, table=likelihood_table(generator, bits))
        figures = {"bits": bits, "sharpness": {row.name: round(row.sharpness, 1) for row in rows}}
        write_text(folder / FIGURES_FILE, json.dumps(figures, indent=2) + "\n")
    return text


def read_both(generator: LatentGenerator, folder: Path, settings: Evaluation) -> tuple[Pictures, Pictures, str]:
    """Training pictures, held-out ones, and how these were chosen, in words. Raises InvalidInput, UnusableData."""
    shape: dict[str, Any] = {"resolution": generator.config.resolution, "channels": generator.config.channels}
    paths = archives(settings.data, settings.more_data)
    if settings.against:
        held_out = read_pictures(settings.against, **shape, least=LEAST)
        training, _ = read_splits(paths, **shape, validation=0, spread=False, least=len(held_out))
        return training, held_out, f"those of {settings.against.parent.name}/{settings.against.name}"
    count = settings.validation or held_out_in_training(folder)
    if count < LEAST:
        raise InvalidInput(f"{count} pictures held out tell nothing; at least {LEAST} are needed.")
    spread = described(folder).get("hold_out") == "spread"
    training, held_out = read_splits(paths, **shape, validation=count, spread=spread, least=count)
    of_each = " of each archive" if len(paths) > 1 else ""
    return training, held_out, f"every so many{of_each}" if spread else f"the last{of_each} by file name"


def judged(
    generator: LatentGenerator, training: Pictures, held_out: Pictures, seed: int, network: FaceJudge, file: str
) -> str:
    """The Fréchet distance by the judge of faces, which lies in that file, for the card."""
    generated = draw_many(generator, JUDGED, truncation=1.0, seed=seed)
    some = np.random.default_rng(seed).permutation(len(training))[: len(held_out)]
    real = judged_features(network, held_out)
    return JUDGED_BY.format(
        file=file,
        drawn=JUDGED,
        generated=frechet_distance(real, judged_features(network, generated)),
        real=frechet_distance(real, judged_features(network, training[some])),
    )


def open_beside(name: str, generator: LatentGenerator) -> LatentGenerator:
    """The network to measure beside a generator. Raises NetworkUnavailable, InvalidInput where it draws others."""
    network = load(name)
    if not isinstance(network, LatentGenerator):
        raise InvalidInput(f"{name} is not a generator of pictures; name another one beside.")
    ours, theirs = ((each.config.resolution, each.config.channels) for each in (generator, network))
    if ours != theirs:
        raise InvalidInput(
            f"{name} draws pictures of {theirs[0]} px with {theirs[1]} channels, not of {ours[0]} px with {ours[1]}; "
            "name another one beside."
        )
    return network


def measure_all(
    generator: LatentGenerator,
    judge: FeatureNetwork,
    training: Pictures,
    held_out: Pictures,
    settings: Evaluation,
    others: dict[str, LatentGenerator],
) -> tuple[list[Row], dict[str, tuple[Copying, Copying]]]:
    """All figures of a generator.

    Args:
        generator, judge: in evaluation mode.
        training, held_out: uint8 (N, H, W, C), the former at least as many as the latter.
        settings: their seed and classifier_steps.
        others: generators that get a line of their own, by name.

    Returns:
        the lines of the table of fidelity; for each kind of pictures the figures on copying in features and in pixels.
    """
    count, seed = len(held_out), settings.seed
    randomness = np.random.default_rng(seed)
    some = training[randomness.permutation(len(training))[:count]]
    drawn = {truncation: draw_many(generator, count, truncation=truncation, seed=seed) for truncation in TRUNCATIONS}
    real = features(judge, held_out)
    rows = [
        Row(
            "real, of the training",
            measure(real, features(judge, some)),
            two_sample_areas(held_out, some, settings),
            sharpness(some),
        )
    ]
    for truncation, pictures in drawn.items():
        areas = two_sample_areas(held_out, pictures, settings) if truncation == 1 else []
        name = "**generated**" if truncation == 1 else f"generated, truncation {truncation}"
        rows.append(Row(name, measure(real, features(judge, pictures)), areas, sharpness(pictures)))
    gaussian = gaussian_pictures(training, count, randomness)
    compared = {name: draw_many(other, count, truncation=1.0, seed=seed) for name, other in others.items()}
    for name, pictures in {"PCA-Gaussian": gaussian, **compared}.items():
        rows.append(Row(name, measure(real, features(judge, pictures)), [], sharpness(pictures)))

    kinds = {
        "real, held out": held_out,
        "**generated**": drawn[1.0],
        "PCA-Gaussian": gaussian,
        "copies (training pictures moved by one pixel)": np.roll(some, 1, axis=2),
    }
    known = np.concatenate([training, training[:, :, ::-1]])  # (2 N, H, W, C), as the training shows them mirrored too
    known_features, known_pixels = features(judge, known), to_points(known)
    in_features = {name: nearest_distances(features(judge, x), known_features) for name, x in kinds.items()}
    in_pixels = {name: nearest_distances(to_points(x), known_pixels) for name, x in kinds.items()}
    copies = {
        name: (
            copying(in_features[name], in_features["real, held out"]),
            copying(in_pixels[name], in_pixels["real, held out"]),
        )
        for name in kinds
    }
    return rows, copies


def described(folder: Path) -> dict[str, Any]:
    """The settings of the training of a network; empty where they are not known."""
    try:
        settings = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return settings if isinstance(settings, dict) else {}


def held_out_in_training(folder: Path) -> int:
    """How many pictures the training of a network held out. Raises InvalidInput where that is not known or too few."""
    try:
        count = int(described(folder)["validation"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(
            f"{folder} has no training.json that says how many pictures were held out; give --validation."
        ) from error
    if count < LEAST:
        raise InvalidInput(f"The training of {folder} held {count} pictures out; at least {LEAST} are needed.")
    return count


def draw_many(generator: LatentGenerator, count: int, *, truncation: float, seed: int) -> Pictures:
    """Any number of generated pictures, uint8 (count, H, W, C), from the seeds `seed`, `seed` + 1, …"""
    counts = [min(LARGEST_COUNT, count - start) for start in range(0, count, LARGEST_COUNT)]
    return np.concatenate(
        [generate(generator, seed=seed + n, count=part, truncation=truncation) for n, part in enumerate(counts)]
    )


def gaussian_pictures(training: Pictures, count: int, randomness: np.random.Generator) -> Pictures:
    """Pictures from the Gaussian with the mean and the first 200 principal components of the training pixels.

    With the rows x_i of the centred pictures X, the first k eigenvectors U of X Xᵀ (n, k) and ε ~ N(0, 1) in k
    dimensions, ε Uᵀ X / √(n - 1) has the covariance of X in its first k principal components and none in the others.

    Args:
        training: uint8 (N, H, W, C), of which at most 2,000 are used.
        count: pictures returned.
        randomness: of the pictures used and of ε.

    Returns:
        uint8 (count, H, W, C).
    """
    used = randomness.permutation(training)[:GAUSSIAN_PICTURES]
    pixels = used.reshape(len(used), -1).astype(np.float32)  # (n, H W C)
    mean = pixels.mean(0)
    centred = pixels - mean
    vectors = np.linalg.eigh(centred @ centred.T).eigenvectors[:, -COMPONENTS:]  # (n, k), ascending eigenvalues
    noise = randomness.standard_normal((count, vectors.shape[1]), dtype=np.float32)
    drawn = mean + noise @ (vectors.T @ centred) / np.float32((len(used) - 1) ** 0.5)  # (count, H W C)
    return np.asarray(drawn.round().clip(0, 255), dtype=np.uint8).reshape(count, *training.shape[1:])


def compared_side(pictures: Pictures) -> int:
    """px, at which these pictures are compared pixel by pixel."""
    return int(min(COMPARED_SIDE, pictures.shape[1]))


def to_points(pictures: Pictures) -> NDArray[np.float32]:
    """Pictures as points whose distances are in grey levels."""
    return pixel_features(pictures, side=compared_side(pictures))


def two_sample_areas(real: Pictures, generated: Pictures, settings: Evaluation) -> list[float]:
    """The two-sample test by several classifiers, see metrics.two_sample."""
    seeds = range(settings.seed, settings.seed + CLASSIFIERS)
    return [two_sample_auc(real, generated, seed=seed, steps=settings.classifier_steps) for seed in seeds]


def likelihoods(mixture: MixtureOfGaussians, kinds: dict[str, Pictures]) -> dict[str, list[float]]:
    """Mean bits for each number of pictures (N, H, W, C) of several kinds: by the mixture, by a single Gaussian."""
    networks = (mixture, single_gaussian(mixture))
    return {
        name: [
            round(float(bits_per_dimension(log_likelihood(network, pictures), mixture.config.dimensions).mean()), 4)
            for network in networks
        ]
        for name, pictures in kinds.items()
    }


@torch.no_grad()
def single_gaussian(mixture: MixtureOfGaussians) -> MixtureOfGaussians:
    """The one Gaussian of the pictures that a mixture was trained on: in its components their mean is 0 and their
    covariance I, as a new network has them, and the variance of the rest is that of the whole mixture."""
    single = MixtureOfGaussians(replace(mixture.config, mixture_size=1)).eval()
    single.average.copy_(mixture.average)
    single.halves.copy_(mixture.halves)
    single.parities.copy_(mixture.parities)
    single.noise.copy_((mixture.weights @ mixture.noise.square()).sqrt())
    return single
