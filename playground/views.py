"""What a page shows of a game: samples, the discriminator's surface, the generator's grid, arrows, numbers."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from models.errors import InvalidInput
from models.pixels import Pictures
from playground.commentary import comment
from playground.game import SAMPLES, Game, Numbers, discriminator_loss, modes_covered, off_the_data, sigmoid, softplus
from playground.points import WIDTH, Points

SHOWN = 300  # generated points
ARROWS = 60  # of them that have an arrow
CELLS = 48  # of the surface, in each direction
LINES = 9  # of the generator's grid, in each direction
PLACES = 25  # on each of them
EXTENT = 1.1  # the plane is shown from -EXTENT to EXTENT
REACH = 0.12  # how near a data point a sample has to be, to be on the data
SCALE = 1_000  # points travel as whole thousandths


def view(game: Game, centres: Points | None) -> dict[str, Any]:
    """One frame: "rounds", "fake", "arrows", "surface", "grid", "numbers", "captions", "lost".

    Args:
        game: to look at.
        centres: of the modes of its points, or None where they have none.
    """
    if game.lost:
        return {"rounds": game.rounds, "lost": True, "captions": comment(game, {})}
    samples = game.sample(SAMPLES)
    numbers = numbers_of(game, samples, centres)
    return {
        "rounds": game.rounds,
        "lost": False,
        "fake": packed(samples[:SHOWN]),
        "arrows": packed(game.pull(samples)[1][:ARROWS]),
        "surface": base64.b64encode(surface(game).tobytes()).decode(),
        "grid": [packed(line) for line in warped_grid(game)],
        "numbers": {name: round(value, 4) for name, value in numbers.items()},
        "captions": comment(game, numbers),
    }


def packed(points: Numbers | Points) -> list[int]:
    """Points (N, 2) as whole thousandths, x and y in turn, cut to what a page can draw."""
    whole: list[int] = np.rint(np.clip(points, -50, 50) * SCALE).astype(int).ravel().tolist()
    return whole


def numbers_of(game: Game, samples: Numbers, centres: Points | None) -> dict[str, float]:
    """The figures of a game at its samples (N, 2): losses, value, probabilities, pull, coverage."""
    real, fake = game.logits(game.points[: len(samples)]), game.logits(samples)
    count = min(len(real), len(fake))
    generator_value, pull = game.pull(samples)
    probability = game.settings.loss in ("non-saturating", "minimax")
    numbers = {
        "discriminator_loss": discriminator_loss(game.settings.loss, real[:count], fake[:count])[0],
        "generator_loss": generator_value,
        "value": float(-softplus(-real).mean() - softplus(fake).mean()),
        "real_log": float(-softplus(-real).mean()),
        "fake_log": float(-softplus(fake).mean()),
        "real": float((sigmoid(real) if probability else real).mean()),
        "fake": float((sigmoid(fake) if probability else fake).mean()),
        "pull": float(np.linalg.norm(pull, axis=1).mean()),
        "off": off_the_data(samples, game.points, REACH),
        "reached": 1 - off_the_data(game.points, samples, REACH),
    }
    if centres is not None:
        numbers["modes"] = modes_covered(samples, centres, WIDTH)
    return numbers


def surface(game: Game) -> NDArray[np.uint8]:
    """How real D takes every place of the plane for, (CELLS, CELLS), rows from top to bottom, 0 to 255. For losses
    whose D is no probability, 0 to 255 span its values on real and generated points."""
    axis = np.linspace(-EXTENT, EXTENT, CELLS)
    places = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2)  # y points up
    logits = game.logits(places)
    if game.settings.loss in ("non-saturating", "minimax"):
        shares = sigmoid(logits)
    else:
        low, high = np.percentile(np.concatenate([game.logits(game.points), game.logits(game.sample(SHOWN))]), [2, 98])
        shares = np.clip((logits - low) / max(float(high - low), 1e-6), 0, 1)
    return np.rint(255 * shares).astype(np.uint8).reshape(CELLS, CELLS)


def warped_grid(game: Game) -> list[Numbers]:
    """Where G takes the lines of an even grid in z: curves (PLACES, 2); one single curve for one number of noise."""
    places = np.linspace(-1, 1, PLACES)
    if game.settings.noise == 1:
        dense = np.linspace(-1, 1, 8 * PLACES)[:, None]
        return [game.generator.forward(dense)[0]]
    lines = []
    for fixed in np.linspace(-1, 1, LINES):
        along = np.full_like(places, fixed)
        lines += [np.stack([places, along], axis=1), np.stack([along, places], axis=1)]
    curves = game.generator.forward(np.concatenate(lines))[0]
    return np.split(curves, len(lines))


# --- films --------------------------------------------------------------------------------------------------------

Moment = tuple[int, NDArray[np.uint8], NDArray[np.float16]]  # rounds, surface (CELLS, CELLS), samples (SHOWN, 2)

SIDE = 360  # px of a film's frame
REAL, MADE = (47, 111, 179), (200, 84, 10)
LIGHT_REAL, LIGHT_MADE = np.array([214, 230, 246.0]), np.array([252, 226, 205.0])


def snapshot(game: Game) -> Moment:
    """What a film needs of one moment: rounds, surface and samples."""
    return game.rounds, surface(game), game.sample(SHOWN).astype(np.float16)


def film_frame(points: Points, moment: Moment) -> NDArray[np.uint8]:
    """One frame of a film, uint8 (SIDE, SIDE, 3)."""
    rounds, shares, samples = moment
    mixed = LIGHT_MADE + (LIGHT_REAL - LIGHT_MADE) * (shares[..., None] / 255)
    image = Image.fromarray(mixed.astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    brush = ImageDraw.Draw(image)
    for x, y in to_pixels(points[:SHOWN]):
        brush.ellipse((x - 2, y - 2, x + 2, y + 2), fill=REAL)
    for x, y in to_pixels(samples.astype(np.float64)):
        brush.polygon([(x, y - 4), (x + 4, y), (x, y + 4), (x - 4, y)], fill=MADE)
    brush.text((8, 6), f"{rounds:,} rounds", fill=(40, 36, 33), font_size=15)
    return np.asarray(image)


def to_pixels(points: Points) -> Points:
    """Places in a film's frame, px from its upper left corner."""
    return np.stack([points[:, 0] + EXTENT, EXTENT - points[:, 1]], axis=1) * (SIDE / 2 / EXTENT)


def film_frames(points: Points, moments: list[Moment]) -> Pictures:
    """The frames of a film, uint8 (T, SIDE, SIDE, 3). Raises InvalidInput where there are fewer than two moments."""
    if len(moments) < 2:
        raise InvalidInput("There is nothing to film yet; play a little first.")
    return np.stack([film_frame(points, moment) for moment in moments])
