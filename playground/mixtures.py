"""Mixtures of Gaussians fitted by expectation maximisation, one step at a time (Dempster, Laird, Rubin 1977; Bishop,
"Pattern Recognition and Machine Learning", 2006, section 9.2).

The steps are scikit-learn's own: each is a fit of one iteration that starts where the last one ended.
"""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidInput
from playground.points import Points

if TYPE_CHECKING:  # loaded where it is used: a second that the first answer of the page would wait for
    from sklearn.mixture import GaussianMixture

MOST_COMPONENTS = 12
MOST_STEPS = 300  # of one fit
FLOOR = 1e-5  # added to all variances, so that no component shrinks to a point
ENOUGH = 1e-4  # rise of the mean log-likelihood, in nats, under which a fit has ended
RESTARTS = 4  # fits for each number of components in `criteria`


@dataclass(frozen=True)
class Mixture:
    """Weights (K,), means (K, 2) and covariances (K, 2, 2)."""

    weights: Points
    means: Points
    covariances: Points


def check_components(components: int, points: Points) -> None:
    """Raises InvalidInput unless that many can be fitted."""
    if not 1 <= components <= MOST_COMPONENTS:
        raise InvalidInput(f"There are {components} components; 1 to {MOST_COMPONENTS} are accepted.")
    if components > len(points) // 2:
        raise InvalidInput(f"{components} components are too many for {len(points)} points.")


def start(points: Points, components: int, *, seed: int) -> Mixture:
    """Where a fit begins: means at points drawn at random, equal weights, round Gaussians as wide as half the data.

    Raises:
        InvalidInput: a number of components that cannot be fitted.
    """
    check_components(components, points)
    chosen = np.random.default_rng(seed).choice(len(points), components, replace=False)
    spread = points.var(0).mean() / 4 + FLOOR
    return Mixture(
        np.full(components, 1 / components), points[chosen], np.repeat(spread * np.eye(2)[None], components, 0)
    )


def step(points: Points, mixture: Mixture) -> Mixture:
    """One iteration of EM: responsibilities, then weights, means and covariances that fit them best."""
    return fit(points, mixture, steps=1, tolerance=0.0)


def fit(points: Points, mixture: Mixture, *, steps: int = MOST_STEPS, tolerance: float = ENOUGH) -> Mixture:
    """Up to so many iterations of EM from a given start, until the mean log-likelihood rises by less than the
    tolerance, in nats."""
    return fitted(as_model(mixture, max_iter=steps, tol=tolerance), points)


def fitted(model: "GaussianMixture", points: Points) -> Mixture:
    """What a scikit-learn model comes to. That its iterations may not be enough is known."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points)
    return Mixture(model.weights_, model.means_, model.covariances_)


def as_model(mixture: Mixture, **settings: float) -> "GaussianMixture":
    """A scikit-learn model that starts from a mixture."""
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(
        len(mixture.weights),
        weights_init=mixture.weights / mixture.weights.sum(),
        means_init=mixture.means,
        precisions_init=np.linalg.inv(mixture.covariances),
        reg_covar=FLOOR,
        **settings,
    )


def densities(points: Points, mixture: Mixture) -> Points:
    """Log of weight times density of each component at each point (N, K)."""
    factors = np.linalg.cholesky(mixture.covariances)  # (K, 2, 2)
    away = points[:, None] - mixture.means[None]  # (N, K, 2)
    scaled = np.linalg.solve(factors[None], away[..., None])[..., 0]  # (N, K, 2)
    volumes = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(1)  # (K,)
    with np.errstate(divide="ignore"):
        logarithms = np.log(mixture.weights)
    found: Points = logarithms - volumes - np.log(2 * np.pi) - np.square(scaled).sum(2) / 2
    return found


def log_likelihood(points: Points, mixture: Mixture) -> float:
    """Mean log-density of points (N, 2), in nats."""
    return float(np.logaddexp.reduce(densities(points, mixture), axis=1).mean())


def responsibilities(points: Points, mixture: Mixture) -> Points:
    """The probability that each point came from each component (N, K), which the E step computes."""
    logarithms = densities(points, mixture)
    shares: Points = np.exp(logarithms - np.logaddexp.reduce(logarithms, axis=1, keepdims=True))
    return shares


def sample(mixture: Mixture, count: int, *, seed: int) -> Points:
    """Points drawn from a mixture (count, 2)."""
    random = np.random.default_rng(seed)
    chosen = random.choice(len(mixture.weights), count, p=mixture.weights / mixture.weights.sum())
    factors = np.linalg.cholesky(mixture.covariances)[chosen]
    drawn: Points = mixture.means[chosen] + (factors @ random.standard_normal((count, 2, 1)))[..., 0]
    return drawn


def bayes_criterion(points: Points, mixture: Mixture) -> float:
    """BIC = -2 log L + (6 K - 1) log N, smaller = better (Schwarz 1978); K - 1 weights, 2 K means, 3 K covariances."""
    free = 6 * len(mixture.weights) - 1
    return -2 * len(points) * log_likelihood(points, mixture) + free * float(np.log(len(points)))


def criteria(points: Points, *, seed: int, most: int = MOST_COMPONENTS) -> list[float]:
    """The BIC of the best of a few fits with 1, 2, ... components."""
    counts = range(1, min(most, len(points) // 2) + 1)
    return [bayes_criterion(points, best(points, count, seed=seed)) for count in counts]


def best(points: Points, components: int, *, seed: int) -> Mixture:
    """The best of a few fits, each to its end."""
    from sklearn.mixture import GaussianMixture

    check_components(components, points)
    model = GaussianMixture(components, n_init=RESTARTS, init_params="k-means++", random_state=seed, reg_covar=FLOOR)
    return fitted(model, points)


def ellipses(mixture: Mixture) -> NDArray[np.float64]:
    """For drawing: the half axes of one standard deviation, longest first, and the angle of the longest, (K, 3)."""
    variances, directions = np.linalg.eigh(mixture.covariances)  # ascending
    angles = np.arctan2(directions[:, 1, 1], directions[:, 0, 1])
    return np.stack([np.sqrt(variances[:, 1]), np.sqrt(variances[:, 0]), angles], axis=1)
