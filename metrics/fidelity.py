"""How near a set of generated pictures is to a set of real ones, in features (N, D), and whether it copies.

Every function takes the features as they are (models/features.py, or any other) and returns plain numbers. N real and M
generated pictures need not be as many, but figures can be compared at equal numbers only.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # its parts are loaded when they are used
from numpy.typing import NDArray

from models.errors import InvalidInput
from models.pixels import Pictures

Numbers = NDArray[np.float64]
CHUNK = 512  # rows of a distance matrix held at a time
CLOSEST = 0.01  # share of held-out pictures that counts as unusually near to a training picture


@dataclass(frozen=True)
class Fidelity:
    """Generated pictures against real ones."""

    frechet: float  # squared distance of two Gaussians, 0 or more, lower is better; no unit of its own
    precision: float  # share of generated pictures that look real, 0 to 1
    recall: float  # share of real pictures that could have been generated, 0 to 1
    density: float  # how deep among the real ones the generated lie, 0 or more; 1 where both are alike
    coverage: float  # share of real pictures with a generated one near by, 0 to 1


@dataclass(frozen=True)
class Copying:
    """Distances of pictures to their nearest training picture."""

    median: float  # in the unit of the features; copies are far nearer than held-out real pictures
    unusually_near: float  # share that is nearer than the nearest 1 % of the held-out ones; 0.01 for real pictures


def measure(real: NDArray[Any], generated: NDArray[Any]) -> Fidelity:
    """All five figures, with 3 neighbours for precision and recall and 5 for density and coverage, as in the papers.

    Args:
        real: features (N, D).
        generated: features (M, D).

    Raises:
        InvalidInput: not two-dimensional, not finite, of different D, or fewer than 6 pictures.
    """
    precision, recall = precision_recall(real, generated)
    density, coverage = density_coverage(real, generated)
    return Fidelity(frechet_distance(real, generated), precision, recall, density, coverage)


def frechet_distance(real: NDArray[Any], generated: NDArray[Any]) -> float:
    """|μ_r - μ_g|² + Tr(C_r + C_g - 2 (C_r C_g)^½) (Heusel et al., "GANs Trained by a Two Time-Scale Update Rule
    Converge to a Local Nash Equilibrium", 2017, eq. 6), with the unbiased covariances.

    Args:
        real: features (N, D), N at least 2.
        generated: features (M, D), M at least 2.

    Returns:
        0 or more; biased upwards at small N, so have a look at real against real as well.
    """
    check_features(real, generated, least=2)
    a, b = real.astype(np.float64), generated.astype(np.float64)
    covariance_a, covariance_b = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (a, b))  # (D, D)
    shift = np.square(a.mean(0) - b.mean(0)).sum()
    return max(0.0, float(shift) + covariance_distance(covariance_a, covariance_b))


def covariance_distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Tr(A + B - 2 (A B)^½) of two covariances (D, D): the Fréchet distance of Gaussians with one mean."""
    values, vectors = np.linalg.eigh(a)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T  # A^½
    # A B and the symmetric A^½ B A^½ have the same eigenvalues; the trace of the root is the sum of theirs
    overlap = np.sqrt(np.linalg.eigvalsh(root @ b @ root).clip(0)).sum()
    return float(np.trace(a) + np.trace(b) - 2 * overlap)


def precision_recall(real: NDArray[Any], generated: NDArray[Any], *, neighbours: int = 3) -> tuple[float, float]:
    """Improved precision and recall (Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing
    Generative Models", 2019, eq. 2): the manifold of a set is the union of the balls around its members that reach to
    their k-th nearest neighbour in the set.

    Args:
        real: features (N, D), N larger than k.
        generated: features (M, D), M larger than k.
        neighbours: k, at least 1.

    Returns:
        precision: share of generated pictures on the real manifold, 0 to 1.
        recall: share of real pictures on the generated manifold, 0 to 1.
    """
    check_features(real, generated, least=neighbours + 1)
    between = scipy.spatial.distance.cdist(real, generated)  # (N, M)
    on_real = between <= radii(real, neighbours)[:, None]
    on_generated = between <= radii(generated, neighbours)
    return float(on_real.any(0).mean()), float(on_generated.any(1).mean())


def density_coverage(real: NDArray[Any], generated: NDArray[Any], *, neighbours: int = 5) -> tuple[float, float]:
    """Density and coverage (Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", 2020,
    eqs. 4 and 5), which a few outliers among the real pictures do not mislead.

    Args:
        real: features (N, D), N larger than k.
        generated: features (M, D).
        neighbours: k, at least 1.

    Returns:
        density: real balls around a generated picture, over k; about 1 where both sets are alike.
        coverage: share of real balls with a generated picture inside, 0 to 1.
    """
    check_features(real, generated, least=neighbours + 1)
    inside = scipy.spatial.distance.cdist(real, generated) <= radii(real, neighbours)[:, None]  # (N, M)
    return float(inside.sum(0).mean() / neighbours), float(inside.any(1).mean())


def radii(points: NDArray[Any], neighbours: int) -> Numbers:
    """Distance (N,) of every point (N, D) to its k-th nearest neighbour, not counting itself."""
    # the point itself is number 0
    distances = np.partition(scipy.spatial.distance.cdist(points, points), neighbours, axis=1)
    return np.asarray(distances[:, neighbours])


def nearest_distances(points: NDArray[Any], references: NDArray[Any]) -> Numbers:
    """Euclidean distance of every point to the nearest reference.

    The nearest is looked for in float32 through |a - b|² = |a|² - 2ab + |b|², its distance is then computed anew, so
    that a copy has distance 0.

    Args:
        points: (N, D).
        references: (M, D).

    Returns:
        float64 (N,).
    """
    check_features(points, references, least=1)
    centre = references.mean(0)
    x, y = (points - centre).astype(np.float32), (references - centre).astype(np.float32)
    squares = np.square(y).sum(1)  # (M,)
    parts = [x[start : start + CHUNK] for start in range(0, len(x), CHUNK)]
    nearest = np.concatenate([(squares - 2 * part @ y.T).argmin(1) for part in parts])  # (N,)
    return np.asarray(np.linalg.norm(points.astype(np.float64) - references[nearest], axis=1))


def copying(distances: NDArray[Any], held_out: NDArray[Any]) -> Copying:
    """Whether pictures are nearer to the training pictures than real pictures that were never trained on.

    Args:
        distances: from the pictures in question to their nearest training pictures (N,), see `nearest_distances`.
        held_out: the same of real pictures that were held out (M,).
    """
    return Copying(float(np.median(distances)), float((distances < np.quantile(held_out, CLOSEST)).mean()))


def pixel_features(pictures: Pictures, *, side: int = 32) -> NDArray[np.float32]:
    """Pictures as points whose Euclidean distance is the root mean square difference of their pixels.

    Args:
        pictures: uint8 (N, H, H, C), H a multiple of `side`.
        side: px, to which pictures are averaged first.

    Returns:
        float32 (N, side * side * C); distances are in grey levels, 0 to 255.
    """
    count, height, width, channels = pictures.shape
    if height != width or height % side:
        raise InvalidInput(f"The pictures are {width} x {height} px; squares of a multiple of {side} px are accepted.")
    block = height // side
    tiles = pictures.reshape(count, side, block, side, block, channels)
    small = tiles.mean(axis=(2, 4), dtype=np.float32).reshape(count, -1)
    return np.asarray(small / np.float32(small.shape[1] ** 0.5))


def sharpness(pictures: Pictures) -> float:
    """Root mean square of the Laplacian, a measure of focus (Pertuz, Puig, Garcia, "Analysis of focus measure operators
    for shape-from-focus", 2013, energy of Laplacian). Grain counts as well as detail: neither more nor less than real
    pictures of the kind have is right.

    Args:
        pictures: uint8 (N, H, W, C), at least 3 px a side.

    Returns:
        grey levels, 0 (flat, or an even slope) to 2,040 (a checkerboard of black and white would have 1,020).
    """
    if min(pictures.shape[1:3]) < 3:
        raise InvalidInput(f"The pictures are {pictures.shape[2]} x {pictures.shape[1]} px; 3 a side are needed.")
    x = pictures.astype(np.float32)
    around = x[:, :-2, 1:-1] + x[:, 2:, 1:-1] + x[:, 1:-1, :-2] + x[:, 1:-1, 2:]
    return float(np.square(around - 4 * x[:, 1:-1, 1:-1]).mean(dtype=np.float64) ** 0.5)


def check_features(a: NDArray[Any], b: NDArray[Any], *, least: int) -> None:
    """Raises InvalidInput unless both sets can be compared."""
    for x in (a, b):
        if x.ndim != 2 or x.shape[1] != a.shape[-1] or not np.isfinite(x).all():
            raise InvalidInput(f"Expected two finite sets of features (N, D) of the same D, got {a.shape}, {b.shape}.")
        if len(x) < least:
            raise InvalidInput(f"There are {len(x)} pictures to measure; at least {least} are needed.")
