"""The conditional generator: labels, seeds, held-out combinations, wrong labels."""

import numpy as np
import pytest
import torch

from models.architectures.embedding import embedding
from models.conditional import Conditional, draw_noise, generate, held_out, held_out_table, judge
from models.errors import InvalidInput
from tests.networks import tiny_conditional
from trainer.families.conditional import seen_labels

SIZES = (10, 10, 10, 4)


@pytest.fixture(scope="module")
def network() -> Conditional:
    return tiny_conditional()


def test_a_table_of_vectors_starts_as_torch_starts_it() -> None:
    torch.manual_seed(1)
    expected = torch.nn.Embedding(10, 16).weight
    torch.manual_seed(1)
    assert torch.equal(embedding(10, 16).weight, expected)
    with torch.device("meta"):
        assert embedding(10, 16).weight.is_meta


def test_a_fifth_of_the_combinations_is_held_out() -> None:
    table = held_out_table(SIZES)
    assert table.shape == SIZES
    assert table.sum() == 800
    for axis in range(4):  # each single value is seen in many others
        assert table.mean(axis=tuple(k for k in range(4) if k != axis)).max() < 0.3
    assert np.array_equal(held_out(SIZES, np.argwhere(table)[:5]), [True] * 5)


def test_the_training_never_sees_them() -> None:
    labels = seen_labels(SIZES, 20_000, np.random.default_rng(0))
    assert not held_out(SIZES, labels).any()
    assert len(np.unique(labels, axis=0)) > 3100  # nearly all 3,200 others


def test_labels_and_seed_decide_the_picture(network: Conditional) -> None:
    pictures = generate(network, [[3, 5, 0, 2], [3, 5, 0, 2], [3, 5, 1, 2]], seed=[7, 8, 7])
    assert pictures.shape == (3, 64, 64, 3)
    assert np.abs(generate(network, [3, 5, 0, 2], seed=7)[0].astype(int) - pictures[0]).max() <= 1
    assert (pictures[0] != pictures[1]).any()
    assert (pictures[0] != pictures[2]).any()


def test_the_first_noise_does_not_depend_on_the_count() -> None:
    assert torch.equal(draw_noise(8, 5, 3), draw_noise(8, 5, 10)[:3])
    assert torch.equal(draw_noise(8, [5, 6], 2)[1:], draw_noise(8, 6, 1))


def test_the_critic_judges_with_the_labels_it_reads(network: Conditional) -> None:
    pictures = generate(network, [[3, 5, 0, 2]] * 4, seed=[1, 2, 3, 4])
    assert judge(network, pictures).shape == (4,)
    with pytest.raises(InvalidInput, match="judges pictures of"):
        judge(network, pictures[:, :32])


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([[10, 0, 0, 0]], "The floor hue is 10; it has to be from 0 to 9."),
        ([[0, 0, 0, -1]], "The shape is -1; it has to be from 0 to 3."),
        ([[0.5, 0, 0, 0]], "4 whole numbers"),
        ([[0, 0]], "floor hue, wall hue, object hue, shape"),
        ([["red", "green", "blue", "ball"]], "4 whole numbers"),
    ],
)
def test_wrong_labels_get_one_sentence(network: Conditional, labels: list[list[float]], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        generate(network, labels)


def test_wrong_seeds_get_one_sentence(network: Conditional) -> None:
    with pytest.raises(InvalidInput, match="2 seeds for 1 rows"):
        generate(network, [0, 0, 0, 0], seed=[1, 2])
    with pytest.raises(InvalidInput, match="seed"):
        generate(network, [0, 0, 0, 0], seed=2**40)
