"""The games in the plane: gradients against autograd, EM against scikit-learn, orbits and spam against closed forms."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture
from torch import Tensor
from torch.nn import functional

from models.errors import InvalidInput
from playground import minimax, mixtures, spam
from playground.commentary import comment
from playground.game import (
    BOUND,
    LOSSES,
    PENALTY,
    SLOPE,
    Game,
    GameSettings,
    Network,
    discriminator_loss,
    generator_loss,
    modes_covered,
    off_the_data,
    value_of,
)
from playground.lessons import LESSONS, lesson_of
from playground.own import OwnPoints
from playground.points import MOST, PRESETS, RING, WIDTH, draw_points, fitted, read_csv
from playground.views import CELLS, EXTENT, film_frames, snapshot, surface, view

# --- points -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_presets_lie_in_the_square_and_repeat(name: str) -> None:
    points = draw_points(name, seed=3)
    assert points.shape == (1000, 2)
    assert np.abs(points).max() < 1
    assert (points == draw_points(name, seed=3)).all()
    assert not (points == draw_points(name, seed=4)).all()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty"),
        ("x,y\n", "no line of numbers"),
        ("1,2\n", "There is 1 point"),
        ("name\nanna\nberta\n", "fewer than two numbers"),
        ("1,2\n" * 12 + "3,four\n", "Point 13 of the file is '3,four'"),
        ("1,2\n" * 12 + "3\n", "Point 13 of the file is '3'"),
        ("1,2\n" * 12 + "inf,1\n", "Point 13 is not finite"),
        ("1,2\n" * 12 + "nan,1\n", "Point 13 is not finite"),
        ("1,2\n" * 12, "All points lie at one place"),
        ("1e300,2\n-1e300,3\n" * 6, "larger than 1e100"),
        ("1,2\n" * (MOST + 2), f"up to {MOST:,} are accepted"),
        ("1,2\n" * 300_000, "up to 1,000,000 are accepted"),
        ("\x00PNG\x01\x02" * 20, "no line of numbers"),
    ],
)
def test_a_wrong_file_gets_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as raised:
        read_csv(text)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 160


@pytest.mark.parametrize("separator", [",", ";", "\t", ", "])
def test_a_file_is_read_and_fitted_into_the_square(separator: str) -> None:
    rows = [(5.0, 100 + 10 * k) for k in range(20)]
    text = f"name{separator}a{separator}b\n" + "".join(f"row{separator}{x}{separator}{y}\n" for x, y in rows)
    points = read_csv(text)
    assert points.shape == (20, 2)
    assert points[:, 1].min() == pytest.approx(-0.85)
    assert points[:, 1].max() == pytest.approx(0.85)
    assert np.allclose(points[:, 0], 0)
    assert np.allclose(np.diff(points[:, 1]), 1.7 / 19)


POINTS = np.round(np.random.default_rng(0).normal(size=(40, 2)) * [3, 1] + [5, 2], 3)
DOTS = [[f"{number:.3f}" for number in point] for point in POINTS]
COMMAS = [[cell.replace(".", ",") for cell in row] for row in DOTS]


@pytest.mark.parametrize(
    "lines",
    [
        ["\t".join(row) for row in COMMAS],
        ["a;b;c", *(f"{x};{y};1,5" for x, y in COMMAS)],
        [f'"{x}","{y}"' for x, y in COMMAS],
        ["sep=;", "x;y", *map(";".join, DOTS)],
        ["sep=\t", "x\ty", *map("\t".join, COMMAS)],
        ["SEP=,", "x,y", *map(",".join, DOTS)],
        [",x,y", *(f"{number},{x},{y}" for number, (x, y) in enumerate(DOTS))],
        [",0,1", *(f"{number},{x},{y}" for number, (x, y) in enumerate(DOTS))],
        ["0,1", *map(",".join, DOTS)],
        [",x,y", *(f"{(7 * number) % 40},{x},{y}" for number, (x, y) in enumerate(DOTS))],
        ["id;x;y;z", *(f"{number};{x};{y};3,5" for number, (x, y) in enumerate(COMMAS, 1))],
        [f"{number}\t{x}\t{y}" for number, (x, y) in enumerate(DOTS, 1)],
        ['"x" "y"', *(f'"{number}" {x} {y}' for number, (x, y) in enumerate(DOTS, 1))],
        [f"{x},{y}".replace("-", "\u2212") for x, y in DOTS],
        [f"{x};{y}".replace("-", "\u2013") for x, y in COMMAS],
        ["# x y", *(f"  {x}   {y}" for x, y in DOTS)],
        [f"{x} {y}" for x, y in COMMAS],
        ["\ufeffx;y;", *(f"{x};{y};" for x, y in COMMAS), ";;"],
        [f"{x} | {y}" for x, y in DOTS],
        ["name,x,y", *(f"a b {number},{x},{y}" for number, (x, y) in enumerate(DOTS))],
    ],
)
def test_tables_of_spreadsheets_and_programs_are_read_alike(lines: list[str]) -> None:
    for end in ("\n", "\r\n"):
        assert np.array_equal(read_csv(end.join([*lines, ""])), fitted(POINTS))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(f"1.{k:03d}.000,5", f"{k},25") for k in range(20)], [(1_000_000.5 + 1000 * k, k + 0.25) for k in range(20)]),
        ([(f"1,{k:03d}.5", f"{k}.25") for k in range(20)], [(1000.5 + k, k + 0.25) for k in range(20)]),
        ([(f"1\u202f{k:03d},5", f"{k}") for k in range(20)], [(1000.5 + k, k) for k in range(20)]),
        ([(f"1'{k:03d}.5", f"{k}e-1") for k in range(20)], [(1000.5 + k, k / 10) for k in range(20)]),
        ([(str(k), str(k * k)) for k in range(20)], [(k, k * k) for k in range(20)]),  # x counts, and is no index
    ],
)
def test_thousands_and_two_columns_that_count(rows: list[tuple[str, str]], expected: list[tuple[float, float]]) -> None:
    assert np.allclose(read_csv("\n".join(";".join(row) for row in rows)), fitted(expected), atol=1e-12)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([f"{x},{y}" for x, y in COMMAS], "commas in the file may stand between columns or before decimals"),
        (["x,y", *(f"{x},{y}" for x, y in COMMAS)], "commas in the file may stand between columns"),
        ([f"{x};{y}" for (x, _), (_, y) in zip(DOTS, COMMAS, strict=True)], "decimal points and decimal commas"),
        ([",x", *(f"{number},{x}" for number, (x, _) in enumerate(DOTS))], "fewer than two numbers"),
    ],
)
def test_a_table_that_can_be_read_in_two_ways_gets_one_sentence(lines: list[str], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        read_csv("\n".join(lines))


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_is_points_or_a_sentence(text: str) -> None:
    try:
        points = read_csv(text)
    except InvalidInput:
        return
    assert np.isfinite(points).all()


def test_own_points_are_kept_for_a_while_and_named_by_content() -> None:
    store = OwnPoints(most=2)
    sets = [fitted(np.random.default_rng(k).random((20, 2))) for k in range(3)]
    names = [store.keep(points) for points in sets]
    assert store.keep(sets[2]) == names[2]
    assert (store.find(names[1])[0] == sets[1]).all()
    with pytest.raises(InvalidInput, match="no longer in memory"):
        store.find(names[0])
    assert store.find("ring")[1] is RING
    with pytest.raises(InvalidInput, match="no points 'circle'"):
        store.find("circle")


# --- the game -----------------------------------------------------------------------------------------------------


def torch_losses(loss: str, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Both losses, written down a second time."""
    d, g = torch.sigmoid(real), torch.sigmoid(fake)
    if loss == "least-squares":
        return ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2, ((fake - 1) ** 2).mean()
    if loss == "wasserstein":
        return fake.mean() - real.mean(), -fake.mean()
    if loss == "relativistic":
        return -torch.log(torch.sigmoid(real - fake)).mean(), -torch.log(torch.sigmoid(fake - real)).mean()
    discriminator = -torch.log(d).mean() - torch.log(1 - g).mean()
    return discriminator, torch.log(1 - g).mean() if loss == "minimax" else -torch.log(g).mean()


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_and_their_slopes_are_those_of_autograd(loss: str) -> None:
    random = np.random.default_rng(1)
    real, fake = random.normal(0.5, 2, 40), random.normal(-0.5, 2, 40)
    real_tensor, fake_tensor = (torch.tensor(logits, requires_grad=True) for logits in (real, fake))
    wanted_d, wanted_g = torch_losses(loss, real_tensor, fake_tensor)
    slopes_d = torch.autograd.grad(wanted_d, [real_tensor, fake_tensor])
    (slope_g,) = torch.autograd.grad(torch_losses(loss, real_tensor, fake_tensor)[1], [fake_tensor])
    value, by_real, by_fake = discriminator_loss(loss, real, fake)
    assert value == pytest.approx(wanted_d.item())
    assert np.allclose(by_real, slopes_d[0])
    assert np.allclose(by_fake, slopes_d[1])
    value, by_fake = generator_loss(loss, real, fake)
    assert value == pytest.approx(wanted_g.item())
    assert np.allclose(by_fake, slope_g)


def as_torch(network: Network) -> tuple[list[Tensor], list[Tensor]]:
    """Weights and biases as leaves of autograd, in double precision."""
    return tuple(  # type: ignore[return-value]
        [torch.tensor(part, dtype=torch.float64, requires_grad=True) for part in parts]
        for parts in (network.weights, network.biases)
    )


def run_torch(weights: list[Tensor], biases: list[Tensor], x: Tensor) -> Tensor:
    """The same network, by torch."""
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = functional.leaky_relu(x @ weight + bias, SLOPE)
    return x @ weights[-1] + biases[-1]


@pytest.mark.parametrize("hidden", [(7,), (16, 5), (8, 8, 8)])
def test_the_gradients_of_a_network_are_those_of_autograd(hidden: tuple[int, ...]) -> None:
    random = np.random.default_rng(2)
    network = Network((2, *hidden, 1), random)
    x = random.standard_normal((30, 2))
    slope = random.standard_normal((30, 1))
    outputs, given_ = network.forward(x)
    by_inputs = network.backward(given_, slope)
    weights, biases = as_torch(network)
    x_tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    wanted = run_torch(weights, biases, x_tensor)
    (wanted * torch.tensor(slope)).sum().backward()
    assert np.allclose(outputs, wanted.detach(), atol=1e-4)
    assert x_tensor.grad is not None
    assert np.allclose(by_inputs, x_tensor.grad, atol=1e-4)
    for ours, theirs in zip([*network.weight_gradients, *network.bias_gradients], [*weights, *biases], strict=True):
        assert theirs.grad is not None
        assert np.allclose(ours, theirs.grad, atol=1e-3)


@pytest.mark.parametrize("hidden", [(7,), (16, 5), (8, 8, 8)])
def test_the_penalty_and_its_gradient_are_those_of_autograd(hidden: tuple[int, ...]) -> None:
    random = np.random.default_rng(3)
    network = Network((2, *hidden, 1), random)
    x = random.standard_normal((25, 2))
    value = network.penalise(x)
    weights, biases = as_torch(network)
    x_tensor = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(run_torch(weights, biases, x_tensor).sum(), x_tensor, create_graph=True)
    wanted = PENALTY * ((slope.norm(dim=1) - 1) ** 2).mean()
    wanted.backward()
    assert value == pytest.approx(wanted.item(), rel=1e-4)
    for ours, theirs in zip(network.weight_gradients, weights, strict=True):
        assert theirs.grad is not None
        assert np.allclose(ours, theirs.grad, atol=1e-4)


@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
def test_the_optimisers_step_as_torch_does(optimiser: str) -> None:
    network = Network((2, 4, 1), np.random.default_rng(4))
    parameter = torch.tensor(network.values.copy(), requires_grad=True)
    theirs = (
        torch.optim.Adam([parameter], lr=0.01, betas=(0.5, 0.9))
        if optimiser == "adam"
        else torch.optim.SGD([parameter], lr=0.01)
    )
    for number in range(5):
        gradient = np.random.default_rng(number).standard_normal(len(network.values))
        network.gradient[:] = gradient
        parameter.grad = torch.tensor(gradient)
        network.update(optimiser, 0.01)
        theirs.step()
        assert np.allclose(network.values, parameter.detach(), atol=1e-6)
        assert not network.gradient.any()


def test_the_value_at_the_best_discriminator_of_two_gaussians_is_the_closed_form() -> None:
    # D* = p / (p + q) has the logit log p - log q, and V(D*) = -log 4 + 2 JSD(p, q)
    random = np.random.default_rng(5)
    p, q = multivariate_normal([0, 0], np.eye(2)), multivariate_normal([1, 0], np.eye(2))
    x, y = random.standard_normal((200_000, 2)), random.standard_normal((200_000, 2)) + np.array([1, 0])

    def logit(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.asarray(p.logpdf(points) - q.logpdf(points))

    value = value_of(logit(x), logit(y))
    places = np.linspace(-8, 9, 20_001)
    first, second = np.exp(-(places**2) / 2), np.exp(-((places - 1) ** 2) / 2)
    middle = (first + second) / 2
    divergence = (first * np.log(first / middle) + second * np.log(second / middle)).sum() / 2
    divergence *= (places[1] - places[0]) / math.sqrt(2 * math.pi)
    assert value == pytest.approx(BOUND + 2 * divergence, abs=0.005)
    worse = value_of(0.5 * logit(x) + 0.1, 0.5 * logit(y) + 0.1)
    assert worse < value
    assert value_of(np.zeros(9, np.float32), np.zeros(9, np.float32)) == pytest.approx(BOUND)


def test_a_trained_discriminator_nears_the_best_one() -> None:
    game = Game(GameSettings(discriminator_rate=0.01, seed=2), draw_points("line"))
    for _ in range(1500):
        game.play("discriminator")
    fake = game.sample(4000, seed=9)
    real = draw_points("line", count=4000, seed=8)
    bins = np.linspace(-1.5, 1.5, 25)
    counts = [np.histogram2d(points[:, 0], points[:, 1], bins=bins)[0] + 1e-9 for points in (real, fake)]
    first, second = (count / count.sum() for count in counts)
    middle = (first + second) / 2
    divergence = (first * np.log(first / middle) + second * np.log(second / middle)).sum() / 2
    assert value_of(game.logits(real), game.logits(fake)) == pytest.approx(BOUND + 2 * divergence, abs=0.1)


def test_the_same_seed_plays_the_same_game_and_parts_play_alone() -> None:
    points = draw_points("ring")
    games = [Game(GameSettings(seed=seed), points) for seed in (1, 1, 2)]
    for game in games:
        for _ in range(20):
            game.play()
    first, again, other = (game.sample(50) for game in games)
    assert (first == again).all()
    assert not np.allclose(first, other)
    game = Game(GameSettings(generator_steps=0), points)
    before = game.generator.values.copy(), game.discriminator.values.copy()
    game.play("discriminator")
    assert (game.generator.values == before[0]).all()
    assert not (game.discriminator.values == before[1]).all()
    middle = game.discriminator.values.copy()
    game.play("generator")
    assert not (game.generator.values == before[0]).all()
    assert (game.discriminator.values == middle).all()
    with pytest.raises(InvalidInput, match="player is 'nobody'"):
        game.play("nobody")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"loss": "hinge"}, "The loss is 'hinge'"),
        ({"generator_rate": 2.0}, "learning rate of G is 2.0"),
        ({"layers": 0}, "hidden layers is 0"),
        ({"width": 65}, "units is 65"),
        ({"noise": 3}, "noise dimension is 3"),
        ({"discriminator_steps": 0, "generator_steps": 0}, "Neither player"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_wrong_settings_get_one_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        GameSettings(**wrong)


def coverage(game: Game, rounds: int, every: int = 100) -> list[int]:
    """Modes of the ring covered, every so many rounds."""
    covered = []
    for number in range(1, rounds + 1):
        game.play()
        if number % every == 0:
            covered.append(modes_covered(game.sample(1000), RING, WIDTH))
    return covered


def test_the_balanced_lesson_covers_seven_of_eight_modes() -> None:
    lesson = LESSONS["balanced"]
    last = [coverage(Game(GameSettings(seed=seed), draw_points("ring")), 1500)[-1] for seed in (1, 2, 3, 4, 5)]
    assert lesson.settings == GameSettings()
    assert sum(modes >= 7 for modes in last) >= 4, last


def test_the_collapse_lesson_collapses() -> None:
    lesson = LESSONS["collapse"]
    game = Game(lesson.settings, draw_points(lesson.data))
    covered = coverage(game, 600)
    assert max(covered) <= 2, covered
    spread = game.sample(1000).std(0).max()
    assert spread < 0.3  # the ring's is 0.5


def test_in_the_vanishing_lesson_the_arrows_are_a_hundred_times_shorter() -> None:
    lesson = LESSONS["vanishing"]
    points = draw_points(lesson.data)
    game = Game(lesson.settings, points)
    short = np.linalg.norm(game.pull(game.sample(1000))[1], axis=1).mean()
    game.settings = GameSettings(loss="non-saturating")
    long = np.linalg.norm(game.pull(game.sample(1000))[1], axis=1).mean()
    assert long > 50 * short
    # and it matters: after 50 rounds one has arrived, the other has not
    games = [Game(lesson.settings, points) for _ in range(2)]
    games[1].settings = GameSettings(**{**vars(lesson.settings), "loss": "non-saturating"})
    left = []
    for played in games:
        for _ in range(50):
            played.play()
        left.append(off_the_data(played.sample(1000), played.points, 0.12))
    assert left[0] > 0.5
    assert left[1] < 0.1


def test_the_strong_lesson_finds_few_modes() -> None:
    lesson = LESSONS["strong"]
    assert max(coverage(Game(lesson.settings, draw_points(lesson.data)), 400)) <= 4


def test_a_lesson_is_known_by_its_settings() -> None:
    for name, lesson in LESSONS.items():
        assert lesson_of(lesson.data, lesson.settings) == name
    assert lesson_of("spiral", GameSettings()) == ""


def test_modes_and_misses_are_counted() -> None:
    on = np.repeat(RING, 100, axis=0).astype(np.float32)
    assert modes_covered(on, RING, WIDTH) == 8
    assert modes_covered(on[:300], RING, WIDTH) == 3
    assert modes_covered(on + 0.5, RING, WIDTH) == 0
    assert off_the_data(on, on[::7], 0.01) == 0
    assert off_the_data(np.concatenate([on[:300], on[:100] + 5]), on, 0.1) == pytest.approx(0.25)


def test_a_frame_shows_what_is_there() -> None:
    points = draw_points("ring")
    game = Game(GameSettings(), points)
    frame = view(game, RING)
    assert frame["rounds"] == 0
    assert len(frame["fake"]) == 600
    assert len(frame["grid"]) == 18
    assert {"modes", "off", "value", "pull"} <= set(frame["numbers"])
    assert "modes" not in view(Game(GameSettings(noise=1), points), None)["numbers"]
    # a discriminator that likes the upper half paints it, rows from top to bottom
    for weight in game.discriminator.weights:
        weight[:] = 0
    game.discriminator.weights[0][1, 0] = 1
    game.discriminator.weights[1][0, 0] = 1
    game.discriminator.weights[2][0, 0] = 10
    for bias in game.discriminator.biases:
        bias[:] = 0
    ground = surface(game)
    assert ground.shape == (CELLS, CELLS)
    assert ground[0].min() > 250
    assert ground[-1].max() < 110  # LeakyReLU twice, then σ(-0.44)
    assert EXTENT == 1.1


def test_weights_that_run_away_are_named_and_end_the_game() -> None:
    settings_ = GameSettings(
        optimiser="sgd", discriminator_rate=1.0, generator_rate=1.0, loss="least-squares", width=64
    )
    game = Game(settings_, draw_points("ring"))
    for _ in range(2000):
        game.play()
        if game.lost:
            break
    assert game.lost
    frame = view(game, RING)
    assert frame["lost"]
    assert "ran away" in frame["captions"][0]["words"]


def test_captions_say_what_the_numbers_say() -> None:
    game = Game(GameSettings(), draw_points("ring"))
    numbers = {
        "discriminator_loss": 1.386, "generator_loss": 0.69, "value": -1.386, "real_log": -0.693, "fake_log": -0.693,
        "real": 0.5, "fake": 0.5, "pull": 0.01,
    }  # fmt: skip
    first, second, third = comment(game, numbers)
    assert "0.50" in first["words"]
    assert "vanished" in second["words"]
    assert "near its bound" in third["words"]
    assert third["formula"].endswith("−0.69 − 0.69 = −1.39; bound −log 4 = −1.39")
    assert "nearly always right" in comment(game, {**numbers, "value": -0.1})[2]["words"]
    assert len(comment(Game(GameSettings(loss="wasserstein"), draw_points("ring")), numbers)) == 2


def test_a_film_has_the_moments_in_it() -> None:
    points = draw_points("ring")
    game = Game(GameSettings(), points)
    moments = [snapshot(game)]
    game.play()
    moments.append(snapshot(game))
    frames = film_frames(points, moments)
    assert frames.shape == (2, 360, 360, 3)
    blue = (frames[0] == (47, 111, 179)).all(-1)
    assert blue[30:90, 30:90].any() or blue.any()
    with pytest.raises(InvalidInput, match="nothing to film"):
        film_frames(points, moments[:1])


# --- mixtures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("components", [1, 3, 8])
def test_steps_of_em_are_those_of_scikit_learn(components: int) -> None:
    points = draw_points("ring", count=400)
    start = mixtures.start(points, components, seed=3)
    stepped = start
    for _ in range(12):
        stepped = mixtures.step(points, stepped)
    model = GaussianMixture(
        components, weights_init=start.weights, means_init=start.means, tol=0, max_iter=12,
        precisions_init=np.linalg.inv(start.covariances), reg_covar=mixtures.FLOOR,
    )  # fmt: skip
    with pytest.warns(match="did not converge"):
        model.fit(points)
    assert np.allclose(stepped.means, model.means_, atol=1e-8)
    assert np.allclose(stepped.weights, model.weights_, atol=1e-8)
    assert np.allclose(stepped.covariances, model.covariances_, atol=1e-8)
    assert mixtures.log_likelihood(points, stepped) == pytest.approx(model.score(points))
    assert np.allclose(mixtures.responsibilities(points, stepped), model.predict_proba(points), atol=1e-8)
    assert mixtures.bayes_criterion(points, stepped) == pytest.approx(model.bic(points))


@given(st.sampled_from(sorted(PRESETS)), st.integers(1, 10), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_likelihood_never_falls(name: str, components: int, seed: int) -> None:
    points = draw_points(name, count=200)
    mixture = mixtures.start(points, components, seed=seed)
    before = mixtures.log_likelihood(points, mixture)
    for _ in range(25):
        mixture = mixtures.step(points, mixture)
        after = mixtures.log_likelihood(points, mixture)
        assert after >= before - 1e-3  # the floor under the variances costs that much at the most
        before = after


def test_one_gaussian_is_the_closed_form() -> None:
    points = draw_points("moons")
    mixture = mixtures.step(points, mixtures.start(points, 1, seed=0))
    assert np.allclose(mixture.means[0], points.mean(0))
    assert np.allclose(mixture.covariances[0], np.cov(points.T, bias=True), atol=2 * mixtures.FLOOR)


def test_the_criterion_finds_the_number_of_clusters() -> None:
    for name, count in (("ring", 8), ("grid", 9)):
        found = mixtures.criteria(draw_points(name), seed=0, most=11)
        assert int(np.argmin(found)) + 1 == count


def test_samples_and_ellipses_are_those_of_the_mixture() -> None:
    covariance = np.array([[[0.09, 0.0], [0.0, 0.01]], [[0.02, 0.01], [0.01, 0.02]]])
    mixture = mixtures.Mixture(np.array([0.25, 0.75]), np.array([[0.0, 0.0], [5.0, 5.0]]), covariance)
    drawn = mixtures.sample(mixture, 20_000, seed=1)
    near = drawn[:, 0] < 2.5
    assert near.mean() == pytest.approx(0.25, abs=0.02)
    assert np.allclose(np.cov(drawn[~near].T), covariance[1], atol=1e-3)
    long, short, angle = mixtures.ellipses(mixture)[0]
    assert (long, short) == pytest.approx((0.3, 0.1))
    assert abs(math.sin(angle)) < 1e-9
    assert mixtures.ellipses(mixture)[1][2] % math.pi == pytest.approx(math.pi / 4)


@pytest.mark.parametrize(("components", "count", "sentence"), [(0, 50, "0 components"), (13, 50, "13"), (8, 12, "too")])
def test_a_wrong_number_of_components_gets_one_sentence(components: int, count: int, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        mixtures.start(draw_points("ring", count=count), components, seed=0)


# --- minimax ------------------------------------------------------------------------------------------------------


def test_on_xy_every_way_does_what_the_closed_form_says() -> None:
    rate, steps = 0.2, 50
    start = math.hypot(1, 0.5)
    ends = {way: minimax.orbit("product", way, x=1, y=0.5, rate=rate, steps=steps) for way in minimax.WAYS}
    lengths = {way: np.linalg.norm(path, axis=1) for way, path in ends.items()}
    assert np.allclose(lengths["simultaneous"], start * math.sqrt(1 + rate**2) ** np.arange(steps + 1))
    factor = math.sqrt((1 - rate**2) ** 2 + rate**2)
    assert np.allclose(lengths["extragradient"], start * factor ** np.arange(steps + 1))
    x, y = ends["alternating"].T
    energy = x**2 + y**2 - rate * x * y  # conserved by the symplectic step
    assert np.allclose(energy, energy[0])
    assert lengths["optimistic"][-1] < 0.5 * start
    # the optimistic step is linear in this and the last place; its larger eigenvalue gives the rate
    turn = np.array([[0, -rate], [rate, 0]])
    matrix = np.block([[np.eye(2) + 2 * turn, -turn], [np.eye(2), np.zeros((2, 2))]])
    largest = np.abs(np.linalg.eigvals(matrix)).max()
    assert (lengths["optimistic"][-1] / lengths["optimistic"][20]) ** (1 / 30) == pytest.approx(largest, abs=0.004)


@pytest.mark.parametrize("name", minimax.FUNCTIONS)
def test_fields_are_the_slopes_of_their_functions_and_solutions_stand_still(name: str) -> None:
    function = minimax.FUNCTIONS[name]
    for x, y in ((0.3, -0.7), (-1.2, 0.4), (0.9, 1.1)):
        h = 1e-5
        by_x = (function.value(x + h, y) - function.value(x - h, y)) / (2 * h)
        by_y = (function.value(x, y + h) - function.value(x, y - h)) / (2 * h)
        assert function.field(x, y) == pytest.approx((-by_x, by_y), abs=1e-7)
    assert np.linalg.norm(function.field(*function.solution)) < 1e-4


def test_orbits_that_run_away_end_and_wrong_ones_get_a_sentence() -> None:
    path = minimax.orbit("product", "simultaneous", x=5, y=5, rate=1, steps=1000)
    assert len(path) < 30
    assert np.isfinite(path).all()
    for wrong in ({"function": "x"}, {"way": "x"}, {"rate": 0.0}, {"steps": 0}, {"x": math.nan}, {"x": 11.0}):
        arguments: dict[str, Any] = {"function": "bowl", "way": "alternating", "x": 1, "y": 1, "rate": 0.1, "steps": 9}
        with pytest.raises(InvalidInput):
            minimax.orbit(**{**arguments, **wrong})


# --- spam ---------------------------------------------------------------------------------------------------------


def test_the_filter_learns_and_the_spammer_gets_through() -> None:
    duel = spam.begin(1)
    losses = []
    for _ in range(5):
        spam.move_filter(duel)
        losses.append(spam.cross_entropy(duel))
    assert losses == sorted(losses, reverse=True)
    assert spam.caught(duel)[0] > 0.95
    assert spam.caught(duel)[1] < 0.05
    before = spam.cross_entropy(duel), duel.messages.copy()
    spam.move_spammer(duel)
    assert spam.cross_entropy(duel) > before[0]
    assert (duel.messages[: spam.MESSAGES] == before[1][: spam.MESSAGES]).all()
    for _ in range(20):
        spam.move_filter(duel)
        spam.move_spammer(duel)
    stopped, mistaken = spam.caught(duel)
    assert stopped < 0.95
    assert mistaken > 0.1
    assert np.linalg.norm(duel.messages - duel.first, axis=1).max() < 1.6


def test_the_filters_step_is_that_of_autograd() -> None:
    duel = spam.begin(3)
    weights = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    messages, labels = torch.tensor(duel.messages), torch.tensor(spam.labels())
    for _ in range(spam.FILTER_STEPS):
        logits = messages @ weights[:2] + weights[2]
        (slope,) = torch.autograd.grad(functional.binary_cross_entropy_with_logits(logits, labels), weights)
        weights = (weights - spam.RATE * slope).detach().requires_grad_(True)
    spam.move_filter(duel)
    assert np.allclose(duel.weights, weights.detach())
