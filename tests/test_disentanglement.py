"""Disentanglement figures of codes whose answer is known: each factor from -1 to 1, mixed, with a little noise."""

from functools import cache

import numpy as np
import pytest

from metrics import disentanglement
from metrics.disentanglement import Encode, Indices, Numbers, Protocol, Scores
from models.errors import InvalidInput

SIZES = (10, 10, 10, 8, 4, 15)
SMALL = Protocol(votes=500, evaluation_votes=300, points=2_000, test_points=800, estimator="random forest", groups=240)
PERFECT = np.eye(6)
PERMUTED = np.eye(6)[[3, 0, 5, 1, 4, 2]]
PAIRS = np.eye(6)  # factors 0 and 1, and 2 and 3, are rotated by 45 degrees
PAIRS[:2, :2] = PAIRS[2:4, 2:4] = np.array([[1, -1], [1, 1]]) / 2**0.5
ROTATED = np.linalg.qr(np.random.default_rng(0).normal(size=(6, 6)))[0]
MIXES = {"perfect": PERFECT, "permuted": PERMUTED, "pairs": PAIRS, "rotated": ROTATED, "noise": np.zeros((6, 6))}


def encoder(mix: Numbers, noise: float = 0.05) -> Encode:
    generator = np.random.default_rng(1)

    def encode(factors: Indices) -> Numbers:
        codes = (2 * factors / (np.array(SIZES) - 1) - 1) @ mix  # (N, 6)
        return np.asarray(codes + noise * generator.normal(size=codes.shape))

    return encode


def constant(factors: Indices) -> Numbers:
    return np.full((len(factors), 4), 0.3)


def points(mix: Numbers, count: int = 1_500) -> tuple[Indices, Numbers]:
    factors = disentanglement.draw(np.random.default_rng(0), SIZES, count)
    return factors, encoder(mix)(factors)


@cache
def scores(kind: str) -> Scores:
    noise = 1 if kind == "noise" else 0.05
    return disentanglement.measure(encoder(MIXES[kind], noise), SIZES, seed=0, protocol=SMALL)


def test_perfect_codes_score_best() -> None:
    perfect = scores("perfect")
    assert (perfect.factor_vae, perfect.factor_vae_infogan_cr, perfect.beta_vae) == (1, 1, 1)
    assert perfect.mig > 0.9
    assert min(perfect.dci_disentanglement, perfect.dci_completeness, perfect.dci_informativeness) > 0.9
    assert perfect.modularity > 0.99
    assert perfect.sap == pytest.approx(0.2, abs=0.05)  # the ceiling of a line through 10 ordered values


def test_two_rotated_pairs_are_caught_by_every_figure_but_modularity() -> None:
    pairs = scores("pairs")
    assert max(pairs.factor_vae, pairs.beta_vae, pairs.dci_disentanglement, pairs.dci_completeness) < 0.75
    assert pairs.mig < 0.4
    assert pairs.sap < scores("perfect").sap - 0.03


def test_a_random_rotation_fools_factor_vae_but_not_the_gap_nor_dci() -> None:
    rotated = scores("rotated")
    assert min(rotated.factor_vae, rotated.factor_vae_infogan_cr, rotated.beta_vae, rotated.modularity) > 0.8
    assert max(rotated.mig, rotated.dci_disentanglement, rotated.dci_completeness) < 0.2


def test_noise_scores_chance() -> None:
    noise = scores("noise")
    assert max(noise.factor_vae, noise.factor_vae_infogan_cr, noise.beta_vae) < 0.35  # 1/6, and luck among 6 codes
    assert max(noise.mig, noise.sap, noise.dci_disentanglement, noise.dci_completeness) < 0.03
    assert noise.dci_informativeness < 0.2


def test_constant_codes_score_nothing() -> None:
    nothing = disentanglement.measure(constant, SIZES, protocol=SMALL)
    assert (nothing.factor_vae, nothing.mig, nothing.sap, nothing.modularity) == (0, 0, 0, 0)
    assert (nothing.dci_disentanglement, nothing.dci_completeness) == (0, 0)
    assert nothing.factor_vae_infogan_cr == pytest.approx(1 / 6)
    assert max(nothing.beta_vae, nothing.dci_informativeness) < 0.25


def test_a_constant_code_beside_perfect_ones_is_never_the_least_varying() -> None:
    def encode(factors: Indices) -> Numbers:
        return np.column_stack([constant(factors)[:, :1], encoder(PERFECT)(factors)])

    assert disentanglement.factor_vae(encode, SIZES, seed=0, votes=200, evaluation_votes=100) == 1
    assert disentanglement.factor_vae_infogan_cr(encode, SIZES, seed=0, groups=120) == 1


def test_the_order_of_the_codes_does_not_matter() -> None:
    for name, value in vars(scores("permuted")).items():
        assert value == pytest.approx(getattr(scores("perfect"), name), abs=0.02), name


def test_the_same_seed_gives_the_same_scores_and_another_seed_other_ones() -> None:
    tiny = Protocol(40, 30, 200, 100, "random forest", groups=60)
    first, again = (disentanglement.measure(encoder(ROTATED), SIZES, seed=4, protocol=tiny) for _ in range(2))
    assert first == again
    factors = [disentanglement.draw(np.random.default_rng(seed), SIZES, 100) for seed in (4, 5)]
    gaps = [disentanglement.mutual_information_gap(drawn, encoder(ROTATED)(drawn)) for drawn in factors]
    assert gaps[0] != gaps[1]


def test_gradient_boosting_agrees_with_the_forest() -> None:
    factors, codes = points(PERFECT, 600)
    few, some = factors[:, 3:5], codes[:, 3:5]
    boosted = disentanglement.dci(few, some, training=400, seed=0, estimator="gradient boosting")
    assert boosted == pytest.approx(disentanglement.dci(few, some, training=400, seed=0), abs=0.05)
    assert min(boosted) > 0.9


def test_a_gap_worked_out_by_hand() -> None:
    factors = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 10)
    assert disentanglement.mutual_information_gap(factors, factors.astype(float)) == pytest.approx(1)
    assert disentanglement.mutual_information_gap(factors, factors[:, [0, 0]] * 1.0) == pytest.approx(0)
    assert disentanglement.modularity(factors, factors[:, :1] * [[1.0, 0.0]]) == pytest.approx(0.5)


def test_encode_gets_all_points_in_large_batches() -> None:
    rows: list[int] = []

    def encode(factors: Indices) -> Numbers:
        rows.append(len(factors))
        return factors.astype(float)

    disentanglement.factor_vae(encode, SIZES, seed=0, votes=400, evaluation_votes=200)
    assert max(rows) == disentanglement.ROWS
    assert sum(rows) == 10_000 + 600 * 64
    assert len(rows) == 4


def test_group_score_counts_the_majority_of_each_code() -> None:
    codes = np.random.default_rng(0).normal(size=(4, 50, 2))
    codes[[0, 1, 2], :, 0] = 1  # code 0 stands still in groups 0, 1, 2; code 1 in group 3
    codes[3, :, 1] = 1
    assert disentanglement.group_score(codes, np.array([0, 0, 1, 1])) == 0.75
    assert disentanglement.group_score(codes, np.array([0, 0, 0, 1]), spread=np.ones(2)) == 1


def test_model_centrality_picks_the_networks_that_agree() -> None:
    networks = [PAIRS, PERFECT, PERMUTED @ PAIRS, PERMUTED]  # how each makes its codes from the factors
    table = np.zeros((4, 4))
    fixed = np.arange(120) % 6
    for j, generator in enumerate(networks):
        codes = np.random.default_rng(j).integers(0, 10, (120, 50, 6))  # (G, L, 6)
        disentanglement.hold(codes, fixed)
        for i, network in enumerate(networks):
            table[i, j] = disentanglement.group_score(codes @ generator.T @ network, fixed)
    assert table.diagonal() == pytest.approx(1)
    assert set(np.argsort(disentanglement.model_centrality(table))[2:]) == {1, 3}
    by_hand = disentanglement.model_centrality(np.array([[1, 0.5, 0.2], [0.7, 1, 0], [0.4, 0.2, 1]]))
    assert by_hand == pytest.approx([0.45, 0.35, 0.2])


def test_bad_input_is_refused_in_a_sentence() -> None:
    factors, codes = points(PERFECT, 50)
    broken = np.where(codes > 0.9, np.nan, codes)
    with pytest.raises(InvalidInput, match="not finite"):
        disentanglement.measure(lambda drawn: np.full((len(drawn), 6), np.nan), SIZES, protocol=SMALL)
    with pytest.raises(InvalidInput, match="not finite"):
        disentanglement.mutual_information_gap(factors, broken)
    with pytest.raises(InvalidInput, match="at least two factors and two codes"):
        disentanglement.mutual_information_gap(factors, codes[:, :1])
    with pytest.raises(InvalidInput, match="none to score"):
        disentanglement.sap(factors, codes, training=50)
    with pytest.raises(InvalidInput, match="same value"):
        disentanglement.modularity(factors * np.array([0, 1, 1, 1, 1, 1]), codes)
    with pytest.raises(InvalidInput, match="sizes"):
        disentanglement.factor_vae(constant, (10, 1), seed=0, votes=1, evaluation_votes=1)
    with pytest.raises(InvalidInput, match="shape"):
        disentanglement.beta_vae(lambda drawn: np.zeros(5), SIZES, seed=0, votes=1, evaluation_votes=1)
    with pytest.raises(InvalidInput, match="at least two networks"):
        disentanglement.model_centrality(np.ones((1, 1)))
    with pytest.raises(InvalidInput, match="fixed indices"):
        disentanglement.group_score(np.ones((3, 2)), np.zeros(3))
