"""A GAN in the plane, small enough to be watched while it learns.

Two networks of a few hundred weights each, in numpy, with the gradients written out: a step takes well under a
millisecond on one thread, and every gradient is tested against autograd. One sign convention: a larger logit of the
discriminator means "more real".

Numbers have 64 bits: a game doubles a difference of the last digit every few rounds, and with 32 bits two machines
showed different games after 150. tabs/playground/browser/ plays the same game in the visitor's browser.
"""

import itertools
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidInput
from playground.points import Points

Numbers = NDArray[np.float64]
Array = TypeVar("Array", bound=NDArray[Any])
Part = Literal["both", "discriminator", "generator"]

BATCH = 128  # points of each kind in one step
SLOPE = 0.2  # of LeakyReLU below 0
PENALTY = 1.0  # weight of the gradient penalty of the Wasserstein game
FAR = 1e6  # a weight that large has run away; products of a few of them overflow
BETAS, EPSILON = (0.5, 0.9), 1e-8  # of Adam
BOUND = -np.log(4.0)  # of V where the discriminator cannot tell anything apart

LOSSES = {
    "non-saturating": "Non-saturating",
    "minimax": "Minimax",
    "least-squares": "Least squares",
    "wasserstein": "Wasserstein, penalty",
    "relativistic": "Relativistic",
}
OPTIMISERS = {"adam": "Adam", "sgd": "SGD"}


@dataclass(frozen=True)
class GameSettings:
    """Everything that decides how a game goes, but for its points."""

    loss: str = "non-saturating"  # a key of LOSSES
    optimiser: str = "adam"  # a key of OPTIMISERS
    discriminator_rate: float = 0.002  # learning rate
    generator_rate: float = 0.001
    discriminator_steps: int = 1  # k_D, in each round
    generator_steps: int = 1  # k_G
    layers: int = 2  # hidden layers of both networks
    width: int = 32  # units in each
    noise: int = 2  # numbers in z, uniform from -1 to 1
    head_start: int = 0  # steps that D takes alone before the first round
    seed: int = 1

    def __post_init__(self) -> None:
        for name, choices in (("loss", LOSSES), ("optimiser", OPTIMISERS)):
            if getattr(self, name) not in choices:
                raise InvalidInput(f"The {name} is {getattr(self, name)!r:.60}; choose one of {', '.join(choices)}.")
        for name, (least, most, words) in RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise InvalidInput(f"The {words} is {value}; it has to be from {least:g} to {most:g}.")
        if not self.discriminator_steps and not self.generator_steps:
            raise InvalidInput("Neither player has a step in a round; give one of them at least one.")


RANGES = {
    "discriminator_rate": (1e-5, 1.0, "learning rate of D"),
    "generator_rate": (1e-5, 1.0, "learning rate of G"),
    "discriminator_steps": (0, 10, "number of steps of D"),
    "generator_steps": (0, 10, "number of steps of G"),
    "layers": (1, 4, "number of hidden layers"),
    "width": (2, 64, "number of units"),
    "noise": (1, 2, "noise dimension"),
    "head_start": (0, 3000, "head start of D"),
    "seed": (0, 2**31 - 1, "seed"),
}


# --- losses: their values and their derivatives by the logits -----------------------------------------------------


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow."""
    return cast(Array, (1 + np.tanh(x / 2)) / 2)


def softplus(x: Array) -> Array:
    """log(1 + e^x), without overflow."""
    return cast(Array, np.logaddexp(x.dtype.type(0), x))


def discriminator_loss(loss: str, real: Numbers, fake: Numbers) -> tuple[float, Numbers, Numbers]:
    """What D minimises, and its derivatives by the logits of real and generated points (N,).

    minimax and non-saturating: -V(G, D) (Goodfellow et al. 2014, eq. 1); least-squares: Mao et al. 2017, eq. 9;
    wasserstein: Arjovsky et al. 2017, eq. 2 (the penalty is added apart); relativistic: Jolicoeur-Martineau 2018, 4.2.
    """
    n = len(real)
    if loss == "least-squares":
        value = (np.square(real - 1).mean() + np.square(fake).mean()) / 2
        return float(value), (real - 1) / n, fake / n
    if loss == "wasserstein":
        return float(fake.mean() - real.mean()), np.full_like(real, -1 / n), np.full_like(fake, 1 / n)
    if loss == "relativistic":
        slope = sigmoid(fake - real) / n
        return float(softplus(fake - real).mean()), -slope, slope
    value = softplus(-real).mean() + softplus(fake).mean()
    return float(value), -sigmoid(-real) / n, sigmoid(fake) / n


def generator_loss(loss: str, real: Numbers, fake: Numbers) -> tuple[float, Numbers]:
    """What G minimises, and its derivative by the logits of generated points (N,); sources as above."""
    n = len(fake)
    if loss == "minimax":
        return float(-softplus(fake).mean()), -sigmoid(fake) / n
    if loss == "least-squares":
        return float(np.square(fake - 1).mean()), 2 * (fake - 1) / n
    if loss == "wasserstein":
        return float(-fake.mean()), np.full_like(fake, -1 / n)
    if loss == "relativistic":
        return float(softplus(real - fake).mean()), -sigmoid(real - fake) / n
    return float(softplus(-fake).mean()), -sigmoid(-fake) / n


def value_of(real: Numbers, fake: Numbers) -> float:
    """V(G, D) = E log D(x) + E log(1 - D(G(z))), of logits (2014, eq. 1)."""
    return float(-softplus(-real).mean() - softplus(fake).mean())


# --- networks -----------------------------------------------------------------------------------------------------


class Network:
    """A multilayer perceptron with LeakyReLU; all its weights lie in one vector, which the optimiser moves at once."""

    def __init__(self, sizes: tuple[int, ...], random: np.random.Generator):
        """sizes: units of every layer, inputs and outputs included."""
        count = sum(before * after + after for before, after in itertools.pairwise(sizes))
        self.values = np.zeros(count)
        self.gradient = np.zeros(count)
        self.weights, self.biases = parts(self.values, sizes)
        self.weight_gradients, self.bias_gradients = parts(self.gradient, sizes)
        for weight in self.weights:  # He et al. 2015
            weight[:] = random.standard_normal(weight.shape) * np.sqrt(2 / len(weight))
        for bias in self.biases[:-1]:
            bias[:] = random.uniform(-0.5, 0.5, bias.shape)
        self.mean, self.square, self.steps = np.zeros_like(self.values), np.zeros_like(self.values), 0

    def forward(self, x: Numbers) -> tuple[Numbers, list[Numbers]]:
        """x: (N, inputs). Returns outputs (N, outputs), and what every layer was given, for `backward`."""
        given = [x]
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = x @ weight + bias
            x = np.maximum(x, SLOPE * x)
            given.append(x)
        return x @ self.weights[-1] + self.biases[-1], given

    def backward(self, given: list[Numbers], slope: Numbers, *, learn: bool = True) -> Numbers:
        """From derivatives by the outputs (N, outputs) to those by the inputs (N, inputs); with `learn` those by the
        weights are added to `gradient`."""
        for k in range(len(self.weights) - 1, -1, -1):
            if learn:
                self.weight_gradients[k] += given[k].T @ slope
                self.bias_gradients[k] += slope.sum(0)
            slope = slope @ self.weights[k].T
            if k:
                slope = np.where(given[k] > 0, slope, SLOPE * slope)
        return slope

    def penalise(self, x: Numbers) -> float:
        """Adds the gradient of PENALTY E(‖∇_x D(x)‖ - 1)² (Gulrajani et al., "Improved Training of Wasserstein GANs",
        2017, eq. 3) and returns its value. Where the network bends, which is nowhere but at single points, the
        derivative is that of one side.

        Args:
            x: points between real and generated ones (N, 2).
        """
        _, given = self.forward(x)
        bends = [np.where(layer > 0, 1.0, SLOPE) for layer in given[1:]]
        slopes = [np.ones((len(x), 1))]  # derivatives by the outputs of every layer, last one first
        for weight, bend in zip(self.weights[:0:-1], bends[::-1], strict=True):
            slopes.append((slopes[-1] @ weight.T) * bend)
        gradient = slopes[-1] @ self.weights[0].T  # (N, 2)
        length = np.sqrt(np.square(gradient).sum(1, keepdims=True) + 1e-12)
        value = PENALTY * float(np.square(length - 1).mean())
        back = (2 * PENALTY / len(x)) * (length - 1) * gradient / length  # by the gradient (N, 2)
        for k, slope in enumerate(reversed(slopes)):
            self.weight_gradients[k] += back.T @ slope
            if k < len(bends):
                back = (back @ self.weights[k]) * bends[k]
        return value

    def update(self, optimiser: str, rate: float) -> None:
        """One step down the gradient, which is then 0 again."""
        self.steps += 1
        if optimiser == "sgd":
            self.values -= rate * self.gradient
        else:  # Kingma, Ba, "Adam", 2015, algorithm 1
            first, second = BETAS
            self.mean += (1 - first) * (self.gradient - self.mean)
            self.square += (1 - second) * (np.square(self.gradient) - self.square)
            scale = rate / (1 - first**self.steps)
            self.values -= scale * self.mean / (np.sqrt(self.square / (1 - second**self.steps)) + EPSILON)
        self.gradient[:] = 0


def parts(values: Numbers, sizes: tuple[int, ...]) -> tuple[list[Numbers], list[Numbers]]:
    """Views of one vector as the weights (before, after) and biases (after,) of all layers."""
    weights, biases, start = [], [], 0
    for before, after in itertools.pairwise(sizes):
        weights.append(values[start : start + before * after].reshape(before, after))
        start += before * after
        biases.append(values[start : start + after])
        start += after
    return weights, biases


# --- the game -----------------------------------------------------------------------------------------------------


class Game:
    """A generator and a discriminator on given points. The same settings and points give the same game."""

    def __init__(self, settings: GameSettings, points: Points):
        """points: (N, 2), within -1 to 1."""
        self.points = points
        random = np.random.default_rng([settings.seed, 0])
        hidden = (settings.width,) * settings.layers
        self.generator = Network((settings.noise, *hidden, 2), random)
        self.discriminator = Network((2, *hidden, 1), random)
        self.settings = settings
        self.rounds = 0
        for _ in range(settings.head_start):
            self.step_discriminator(random)

    @property
    def lost(self) -> bool:
        """Whether weights have run away."""
        return not all(np.abs(network.values).max() < FAR for network in (self.generator, self.discriminator))

    def play(self, part: Part = "both") -> None:
        """One round: the discriminator's steps, then the generator's, or those of one of them.

        Raises:
            InvalidInput: a part that is none.
        """
        if part not in ("both", "discriminator", "generator"):
            raise InvalidInput(f"The player is {part!r:.40}; both, discriminator and generator are accepted.")
        random = np.random.default_rng([self.settings.seed, self.rounds + 1])
        alone = part != "both"
        with np.errstate(all="ignore"):  # see `lost`
            if part != "generator":
                for _ in range(max(self.settings.discriminator_steps, alone)):
                    self.step_discriminator(random)
            if part != "discriminator":
                for _ in range(max(self.settings.generator_steps, alone)):
                    self.step_generator(random)
        self.rounds += 1

    def step_discriminator(self, random: np.random.Generator) -> None:
        """One step of D, on fresh samples."""
        real, fake = self.batch(random), self.generator.forward(self.noise(random))[0]
        logits, given = self.discriminator.forward(np.concatenate([real, fake]))
        _, *slopes = discriminator_loss(self.settings.loss, *np.split(logits[:, 0], 2))
        self.discriminator.backward(given, np.concatenate(slopes)[:, None])
        if self.settings.loss == "wasserstein":
            share = random.random((BATCH, 1), np.float32).astype(np.float64)
            self.discriminator.penalise(share * real + (1 - share) * fake)
        self.discriminator.update(self.settings.optimiser, self.settings.discriminator_rate)

    def step_generator(self, random: np.random.Generator) -> None:
        """One step of G, on fresh samples."""
        fake, made = self.generator.forward(self.noise(random))
        logits, given = self.discriminator.forward(fake)
        real = self.batch(random)
        real_logits = (
            self.discriminator.forward(real)[0][:, 0] if self.settings.loss == "relativistic" else logits[:, 0]
        )
        _, slope = generator_loss(self.settings.loss, real_logits, logits[:, 0])
        self.generator.backward(made, self.discriminator.backward(given, slope[:, None], learn=False))
        self.generator.update(self.settings.optimiser, self.settings.generator_rate)

    def batch(self, random: np.random.Generator) -> Numbers:
        """Some of the real points, (BATCH, 2)."""
        return self.points[random.integers(0, len(self.points), BATCH)]

    def noise(self, random: np.random.Generator, count: int = BATCH) -> Numbers:
        """z, (count, noise)."""
        return 2 * random.random((count, self.settings.noise), np.float32).astype(np.float64) - 1

    def sample(self, count: int, *, seed: int = 0) -> Numbers:
        """Generated points (count, 2), always of the same z."""
        return self.generator.forward(self.noise(np.random.default_rng([seed, count]), count))[0]

    def logits(self, points: Numbers) -> Numbers:
        """D of points (N, 2), (N,), larger = more real."""
        return self.discriminator.forward(points)[0][:, 0]

    def pull(self, points: Numbers) -> tuple[float, Numbers]:
        """G's loss on generated points (N, 2), and where they are pulled, (N, 2): the loss's negative gradient by each
        point, N times as large as in the mean."""
        logits, given = self.discriminator.forward(points)
        real = self.logits(self.points[np.arange(len(points)) % len(self.points)])
        value, slope = generator_loss(self.settings.loss, real, logits[:, 0])
        return value, -len(points) * self.discriminator.backward(given, slope[:, None], learn=False)


# --- what is measured ----------------------------------------------------------------------------------------------

SAMPLES = 1_000  # generated points that are measured
NEAR = 3.0  # standard deviations: a sample nearer than that is on the data
FAIR = 0.25  # of its fair share of samples makes a mode covered


def modes_covered(samples: Array, centres: NDArray[Any], width: float) -> int:
    """How many of M equal Gaussians have at least FAIR of their share of the samples (N, 2) within NEAR standard
    deviations."""
    distances = np.linalg.norm(samples[:, None] - centres[None], axis=2)  # (N, M)
    nearest = distances.argmin(1)[distances.min(1) < NEAR * width]
    counts = np.bincount(nearest, minlength=len(centres))
    return int((counts >= FAIR * len(samples) / len(centres)).sum())


def off_the_data(samples: Array, data: Array, reach: float) -> float:
    """Share of samples (N, 2) with no data point (M, 2) within reach."""
    squares = np.square(samples).sum(1)[:, None] + np.square(data).sum(1)[None] - 2 * samples @ data.T
    return float((squares.min(1) > reach**2).mean())
