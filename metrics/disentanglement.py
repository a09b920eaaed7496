"""How well the codes of a network line up with the known factors of the pictures, one code for each factor.

There are K factors, factor k with `sizes[k]` values, and D codes, at least two of each. `encode` takes factor indices,
int64 (N, K), and returns the codes, float (N, D): it renders the pictures and runs the network on them. Functions
without `encode` take drawn points: factor indices (N, K) and their codes (N, D). Codes that belong together (the cosine
and sine of one angle, the probabilities of one category) are to be one number by then. A `seed` makes the draws,
uniform over the factors, and the classifiers repeatable. All raise InvalidInput for codes that are not finite. Codes
should spread about 1: the FactorVAE threshold and the penalties of BetaVAE and SAP are in their unit.

The protocols are those of disentanglement_lib (Locatello et al., "Challenging Common Assumptions in the Unsupervised
Learning of Disentangled Representations", 2019) unless it says otherwise.

No figure stands alone: a random rotation of perfect codes still gets high FactorVAE and BetaVAE scores, while the gap
and DCI drop to about 0.1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy  # its parts are loaded when they are used, scikit-learn below: every command would wait for them
from numpy.typing import NDArray

from models.errors import InvalidInput

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
Encode = Callable[[Indices], NDArray[Any]]
Estimator = Literal["gradient boosting", "random forest"]

ROWS = 16_384  # most rows given to `encode` at a time
SPREAD_POINTS = 10_000  # points from which the standard deviation of every code is estimated
LEAST_SPREAD = 0.05  # standard deviation under which the FactorVAE score leaves a code out
CONSTANT = 1e-6  # standard deviation, relative to the largest value, under which a code counts as constant
BINS = 20  # equal-width bins of a code for mutual information


@dataclass(frozen=True)
class Scores:
    """All figures, 0 to 1, higher is better. Chance and ceiling differ: see the functions."""

    factor_vae: float
    factor_vae_infogan_cr: float
    beta_vae: float
    mig: float
    dci_disentanglement: float
    dci_completeness: float
    dci_informativeness: float
    sap: float
    modularity: float


@dataclass(frozen=True)
class Protocol:
    """How much is drawn for `measure`, and the classifier of DCI."""

    votes: int  # for the FactorVAE map and for fitting the BetaVAE classifier
    evaluation_votes: int  # fresh ones that both are scored on
    points: int  # for MIG, modularity, and for fitting DCI and SAP
    test_points: int  # fresh ones that DCI and SAP are scored on
    estimator: Estimator
    groups: int = 500  # of 100 points each, for the FactorVAE score of InfoGAN-CR


FULL = Protocol(10_000, 5_000, 10_000, 5_000, "gradient boosting")  # disentanglement_lib; 3 million pictures
QUICK = Protocol(1_000, 500, 5_000, 2_500, "random forest")  # 360,000 pictures


def measure(
    encode: Encode, sizes: Sequence[int], *, seed: int = 0, protocol: Protocol = QUICK, jobs: int = 1
) -> Scores:
    """All figures of one network.

    Args:
        seed: of the drawn factors and the classifiers.
        jobs: processes for DCI, one factor each.

    Raises:
        InvalidInput: codes that are not finite or not (N, D), or factors without a choice.
    """
    factors = draw(np.random.default_rng(seed), sizes, protocol.points + protocol.test_points)  # (N, K)
    codes = encoded(encode, factors)  # (N, D)
    fitted = slice(protocol.points)
    voting = {"seed": seed, "votes": protocol.votes, "evaluation_votes": protocol.evaluation_votes}
    disentanglement, completeness, informativeness = dci(
        factors, codes, training=protocol.points, seed=seed, estimator=protocol.estimator, jobs=jobs
    )
    return Scores(
        factor_vae=factor_vae(encode, sizes, **voting),
        factor_vae_infogan_cr=factor_vae_infogan_cr(encode, sizes, seed=seed, groups=protocol.groups),
        beta_vae=beta_vae(encode, sizes, **voting),
        mig=mutual_information_gap(factors[fitted], codes[fitted]),
        dci_disentanglement=disentanglement,
        dci_completeness=completeness,
        dci_informativeness=informativeness,
        sap=sap(factors, codes, training=protocol.points),
        modularity=modularity(factors[fitted], codes[fitted]),
    )


def factor_vae(
    encode: Encode, sizes: Sequence[int], *, seed: int, votes: int, evaluation_votes: int, batch: int = 64
) -> float:
    """Whether the code that varies least tells which factor was held fixed (Kim and Mnih, "Disentangling by
    Factorising", 2018, section 4). Codes with a standard deviation under 0.05 are left out.

    Args:
        votes: from which each code gets its factor by majority.
        evaluation_votes: fresh ones on which that is tried.
        batch: points of a vote, all with the same value of one factor.

    Returns:
        accuracy, 0 to 1; about 1/K by chance, 0 when every code is left out.
    """
    generator = np.random.default_rng(seed)
    spread = code_spread(encoded(encode, draw(generator, sizes, SPREAD_POINTS)))  # (D,)
    spread[spread < LEAST_SPREAD] = 0
    if not spread.any():
        return 0.0
    fixed = generator.integers(len(sizes), size=votes + evaluation_votes)  # (V,)
    factors = draw(generator, sizes, len(fixed), batch)  # (V, B, K)
    hold(factors, fixed)
    chosen = least_varying(encoded(encode, factors), spread)  # (V,)
    majority = vote_table(chosen[:votes], fixed[:votes], len(spread)).argmax(1)  # factor of each code (D,)
    return float((majority[chosen[votes:]] == fixed[votes:]).mean())


def factor_vae_infogan_cr(
    encode: Encode, sizes: Sequence[int], *, seed: int, groups: int = 500, group_size: int = 100
) -> float:
    """The FactorVAE score as the authors of InfoGAN-CR compute it (github.com/fjxmlzn/InfoGAN-CR, gan/metric.py):
    factor i mod K is fixed in group i, no code is left out, and the majority is scored on the votes that made it. So it
    is a little optimistic. The standard deviations are estimated from 10,000 points, theirs from a tenth of the data.

    Returns:
        accuracy, 1/K to 1.
    """
    generator = np.random.default_rng(seed)
    spread = code_spread(encoded(encode, draw(generator, sizes, SPREAD_POINTS)))  # (D,)
    fixed = np.arange(groups) % len(sizes)  # (G,)
    factors = draw(generator, sizes, groups, group_size)  # (G, L, K)
    hold(factors, fixed)
    return group_score(encoded(encode, factors), fixed, spread=spread)


def group_score(codes: NDArray[Any], fixed: NDArray[Any], *, spread: NDArray[Any] | None = None) -> float:
    """Share of groups whose least varying code is one that mostly stands for the index held fixed in the group.

    Args:
        codes: (G, L, D), L points of each group.
        fixed: index that was held fixed in each group, integer (G,).
        spread: standard deviation of every code over all data (D,), 0 for a code to leave out; that of `codes` if None.

    Returns:
        0 to 1.
    """
    if codes.ndim != 3 or fixed.shape != codes.shape[:1] or not codes.size or not np.isfinite(codes).all():
        raise InvalidInput(f"Expected finite codes (G, L, D) and G fixed indices, got {codes.shape}, {fixed.shape}.")
    if spread is None:
        spread = code_spread(codes.reshape(-1, codes.shape[2]))
    return float(vote_table(least_varying(codes, spread), fixed, len(spread)).max(1).sum() / len(codes))


def model_centrality(scores: NDArray[Any]) -> Numbers:
    """How much each network agrees with the others, without any labels; the largest is the one to keep (Lin et al.,
    "InfoGAN-CR and ModelCentrality: Self-supervised Model Training and Selection for Disentangling GANs", 2020).

    Args:
        scores: A (n, n); A_ij is the `group_score` of encoder i on groups that generator j made with one code fixed.

    Returns:
        s (n,), the mean of (A_ij + A_ji) / 2 over all j but i, 0 to 1.
    """
    count = len(scores)
    if count < 2 or scores.shape != (count, count) or not np.isfinite(scores).all():
        raise InvalidInput(f"Expected the finite scores (n, n) of at least two networks, got {scores.shape}.")
    agreement = (scores + scores.T) / 2
    return np.asarray((agreement.sum(1) - agreement.diagonal()) / (count - 1))


def beta_vae(
    encode: Encode, sizes: Sequence[int], *, seed: int, votes: int, evaluation_votes: int, batch: int = 64
) -> float:
    """Whether the mean |z_1 - z_2| of pairs that share one factor tells a linear classifier which (Higgins et al.,
    "beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework", 2017, section 3).

    Args:
        votes: to fit the logistic regression.
        evaluation_votes: fresh ones to score it.
        batch: pairs of a vote.

    Returns:
        accuracy, 0 to 1; about 1/K by chance.
    """
    generator = np.random.default_rng(seed)
    fixed = generator.integers(len(sizes), size=votes + evaluation_votes)  # (V,)
    factors = draw(generator, sizes, len(fixed), batch, 2)  # (V, B, 2, K)
    for factor in range(len(sizes)):
        shared = fixed == factor
        factors[shared, :, 1, factor] = factors[shared, :, 0, factor]
    codes = encoded(encode, factors)  # (V, B, 2, D)
    differences = np.abs(codes[:, :, 0] - codes[:, :, 1]).mean(1)  # (V, D)
    from sklearn.linear_model import LogisticRegression

    classifier = LogisticRegression(max_iter=10_000).fit(differences[:votes], fixed[:votes])
    return float(classifier.score(differences[votes:], fixed[votes:]))


def mutual_information_gap(factors: Indices, codes: NDArray[Any]) -> float:
    """Mean over factors of the gap between the two codes that know most of it, as a share of its entropy (Chen et al.,
    "Isolating Sources of Disentanglement in Variational Autoencoders", 2018, section 4).

    Returns:
        0 to 1; about 0 for noise, 1 when each factor is known exactly by one code only.
    """
    information = np.sort(mutual_information(factors, codes), axis=0)  # (D, K)
    uncertainty = [scipy.stats.entropy(np.unique(factor, return_counts=True)[1]) for factor in factors.T]  # (K,), nats
    return float(((information[-1] - information[-2]) / uncertainty).mean())


def modularity(factors: Indices, codes: NDArray[Any]) -> float:
    """Whether each code knows of one factor only: mean over codes of 1 - Σ_{k not max} I_k² / (I_max² (K - 1))
    (Ridgeway and Mozer, "Learning Deep Disentangled Embeddings with the F-Statistic Loss", 2018).

    Returns:
        0 to 1; 0 for constant codes, but well over 0 for noise, and still about 0.9 for rotated codes.
    """
    squares = np.square(mutual_information(factors, codes))  # (D, K)
    most = squares.max(1)  # (D,)
    informed = most > 0
    others = (squares.sum(1) - most)[informed] / (most[informed] * (squares.shape[1] - 1))
    return float((1 - others).sum() / len(squares))


def dci(
    factors: Indices,
    codes: NDArray[Any],
    *,
    training: int,
    seed: int,
    estimator: Estimator = "random forest",
    jobs: int = 1,
) -> tuple[float, float, float]:
    """Disentanglement, completeness and informativeness from the importances of the codes to a classifier of each
    factor (Eastwood and Williams, "A Framework for the Quantitative Evaluation of Disentangled Representations", 2018,
    section 2). disentanglement_lib boosts; a forest takes a tenth of the time and agrees to about 0.06.

    Args:
        training: points to fit on, fewer than N; the others are for informativeness.
        jobs: processes, one factor each.

    Returns:
        disentanglement: whether a code matters to one factor only, 0 to 1.
        completeness: whether a factor needs one code only, 0 to 1.
        informativeness: accuracy on the other points, mean over factors, 0 to 1; about 1/size by chance.
    """
    check_points(factors, codes, training)
    from sklearn.utils.parallel import Parallel, delayed

    results = Parallel(n_jobs=jobs)(
        delayed(importances)(codes, factor, training, new_estimator(estimator, seed)) for factor in factors.T
    )
    table = np.stack([importance for importance, _ in results], axis=1)  # (D, K)
    informativeness = float(np.mean([accuracy for _, accuracy in results]))
    if not table.any():
        return 0.0, 0.0, informativeness
    rows, columns = table.sum(1) / table.sum(), table.sum(0) / table.sum()  # (D,), (K,)
    single = 1 - scipy.stats.entropy(table + 1e-11, base=table.shape[1], axis=1)  # (D,)
    compact = 1 - scipy.stats.entropy(table + 1e-11, base=table.shape[0], axis=0)  # (K,)
    return float(rows @ single), float(columns @ compact), informativeness


def new_estimator(name: Estimator, seed: int) -> Any:
    """A classifier that is not fitted yet."""
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier

    if name == "gradient boosting":
        return GradientBoostingClassifier(random_state=seed)
    # all codes at every split, as in boosting: a split that must choose among a few gives importance to bystanders
    return RandomForestClassifier(n_estimators=50, max_features=None, min_samples_leaf=5, random_state=seed)


def importances(codes: NDArray[Any], factor: Indices, training: int, classifier: Any) -> tuple[Numbers, float]:
    """Importance of each code (D,) to the classifier of one factor (N,), and its accuracy on the points left out."""
    classifier.fit(codes[:training], factor[:training])
    return np.abs(classifier.feature_importances_), float(classifier.score(codes[training:], factor[training:]))


def sap(factors: Indices, codes: NDArray[Any], *, training: int) -> float:
    """Mean over factors of the gap between the two single codes that classify it best (Kumar et al., "Variational
    Inference of Disentangled Latent Concepts from Unlabeled Observations", 2018, section 3), with a linear support
    vector machine for all factors. InfoGAN-CR takes R² for the continuous ones: its figures are not comparable.

    Args:
        training: points to fit on, fewer than N; the others are scored.

    Returns:
        0 to 1; perfect codes get about 0.2 when factors have 10 values, as a line cannot tell the middle ones apart.
    """
    check_points(factors, codes, training)
    from sklearn.svm import LinearSVC

    accuracy = np.zeros((codes.shape[1], factors.shape[1]))  # (D, K)
    for i, j in np.ndindex(accuracy.shape):
        code, factor = codes[:, i : i + 1], factors[:, j]
        classifier = LinearSVC(C=0.01, class_weight="balanced", dual=False, max_iter=10_000)
        classifier.fit(code[:training], factor[:training])
        accuracy[i, j] = classifier.score(code[training:], factor[training:])
    accuracy.sort(axis=0)
    return float((accuracy[-1] - accuracy[-2]).mean())


def draw(generator: np.random.Generator, sizes: Sequence[int], *shape: int) -> Indices:
    """Uniform factor indices, int64 (*shape, K)."""
    if len(sizes) < 2 or min(sizes) < 2:
        raise InvalidInput(f"Expected at least two factors of at least two values each, got sizes {tuple(sizes)}.")
    return generator.integers(0, np.asarray(sizes), size=(*shape, len(sizes)))


def hold(factors: Indices, fixed: Indices) -> None:
    """Gives all points of each group (G, L, K) the same value of the factor that is fixed in it (G,), in place."""
    groups = np.arange(len(fixed))
    factors[groups, :, fixed] = factors[groups, 0, fixed][:, None]


def encoded(encode: Encode, factors: Indices) -> Numbers:
    """Codes (..., D) of factor indices (..., K), at most 16,384 at a time."""
    rows = factors.reshape(-1, factors.shape[-1])  # (N, K)
    codes = np.concatenate([encode(rows[start : start + ROWS]) for start in range(0, len(rows), ROWS)])
    check_codes(codes, len(rows))
    return np.asarray(codes, dtype=np.float64).reshape(*factors.shape[:-1], -1)


def code_spread(points: Numbers) -> Numbers:
    """Standard deviation (D,) of codes (N, D); 0 where a code is constant up to rounding."""
    spread = points.std(0, dtype=np.float64)
    return np.where(spread > CONSTANT * np.abs(points).max(0), spread, 0)


def least_varying(codes: NDArray[Any], spread: NDArray[Any]) -> Indices:
    """Index (G,) of the code that varies least in each group (G, L, D) for its spread (D,) over all data."""
    relative = np.full((len(codes), len(spread)), np.inf)  # (G, D)
    varying = spread > 0
    relative[:, varying] = codes.std(1, dtype=np.float64)[:, varying] / spread[varying]
    return np.asarray(relative.argmin(1))


def vote_table(chosen: Indices, fixed: Indices, codes: int) -> Indices:
    """How often each of D codes was chosen while each of K factors was fixed (D, K)."""
    table = np.zeros((codes, fixed.max() + 1), dtype=np.int64)
    np.add.at(table, (chosen, fixed), 1)
    return table


def mutual_information(factors: Indices, codes: NDArray[Any]) -> Numbers:
    """Mutual information (D, K) in nats of every code, in 20 bins of equal width, with every factor."""
    from sklearn.metrics import mutual_info_score

    check_points(factors, codes)
    width = np.where(code_spread(codes) > 0, np.ptp(codes, axis=0), np.inf)  # (D,)
    shares = (codes - codes.min(0)) / width  # (N, D), 0 to 1
    binned = (shares * BINS).astype(np.int64).clip(max=BINS - 1)
    return np.array([[mutual_info_score(code, factor) for factor in factors.T] for code in binned.T])


def check_codes(codes: NDArray[Any], count: int) -> None:
    """Raises InvalidInput unless there are `count` finite codes."""
    if codes.ndim != 2 or len(codes) != count:
        raise InvalidInput(f"Expected codes of the shape ({count}, D), got {codes.shape}.")
    if not np.isfinite(codes).all():
        raise InvalidInput("Some codes are not finite numbers; the network that encodes has probably diverged.")


def check_points(factors: Indices, codes: NDArray[Any], training: int | None = None) -> None:
    """Raises InvalidInput unless points (N, K), (N, D) can be scored, the first `training` of them fitted."""
    check_codes(codes, len(factors))
    if codes.shape[1] < 2 or factors.ndim != 2 or factors.shape[1] < 2:
        raise InvalidInput(f"Expected at least two factors and two codes, got {factors.shape} and {codes.shape}.")
    if training is not None and not 0 < training < len(factors):
        raise InvalidInput(f"{training} of {len(factors)} points to fit on leaves none to score; draw more.")
    if (np.ptp(factors[:training], axis=0) == 0).any():
        raise InvalidInput("A factor has the same value in all points, so no code can tell it; draw more points.")
