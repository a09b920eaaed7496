"""The part "The game" of the playground: what its script asks of the server.

A game trains in the visitor's browser (tabs/playground/browser/), which asks here for its settings, its points and the
mixture beside them, once. Where a browser cannot, it trains here, in the arena.
"""

import base64
import binascii
import csv
import io
from dataclasses import asdict, fields
from urllib.parse import urlencode

import numpy as np

from media.film import gif
from media.images import data_uri
from models.errors import InvalidInput
from playground import mixtures
from playground.arena import MOST_MOMENTS, Arena
from playground.game import LOSSES, OPTIMISERS, GameSettings, modes_covered, off_the_data
from playground.lessons import LESSONS, lesson_of
from playground.own import OwnPoints
from playground.points import LARGEST_TEXT, MOST, PRESETS, WIDTH, Points, fitted, read_csv
from playground.views import CELLS, REACH, SCALE, SHOWN, Moment, film_frames, packed
from server.fields import number, whole
from server.guard import Values, stage_function
from tabs.playground.fits import found_once

arena = Arena()
own_points = OwnPoints()
DEFAULT = LESSONS["balanced"]
FILM_RATE = 12  # pictures per second
CSV, GIF = "csv", "gif"
NO_MOMENTS = "These are no moments of a game; restart it."


def read_settings(given: Values) -> tuple[str, GameSettings]:
    """The points and settings that a script or a link names; what it leaves out stands at its default. Raises
    InvalidInput."""
    if given.get("preset"):
        preset = str(given["preset"])
        if preset not in LESSONS:
            raise InvalidInput(f"There is no lesson {preset[:40]!r}; choose one of {', '.join(LESSONS)}.")
        lesson = LESSONS[preset]
        return lesson.data, lesson.settings
    readers = {"int": whole, "float": number}
    changes = {
        field.name: readers.get(str(getattr(field.type, "__name__", field.type)), as_text)(
            given[field.name], field.name.replace("_", " ")
        )
        for field in fields(GameSettings)
        if given.get(field.name) not in (None, "")
    }
    return str(given.get("data") or DEFAULT.data), GameSettings(**changes)  # type: ignore[arg-type]


def as_text(value: object, _: str) -> str:
    """A word that somebody sent."""
    return str(value)


def read_token(given: Values) -> str:
    """The name under which a visitor's page keeps its game. Raises InvalidInput."""
    token = given.get("token")
    if not isinstance(token, str) or not 16 <= len(token) <= 80:
        raise InvalidInput("This request names no game; open the page again.")
    return token


def to_query(data: str, settings: GameSettings) -> str:
    """The query of the permalink; a game that was played adds its number of rounds as "steps"."""
    default = asdict(GameSettings())
    changed = {
        name: f"{value:g}" if isinstance(value, float) else value
        for name, value in asdict(settings).items()
        if value != default[name]
    }
    return urlencode({"tab": "playground", "part": "game", "data": data, **changed})


def to_python(data: str, settings: GameSettings) -> str:
    """The lines that play the same game."""
    default = asdict(GameSettings())
    changed = ", ".join(f"{name}={value!r}" for name, value in asdict(settings).items() if value != default[name])
    points = f'draw_points("{data}")' if data in PRESETS else 'read_csv(open("points.csv").read())'
    return (
        "from playground.game import Game, GameSettings\n"
        f"from playground.points import {points.partition('(')[0]}\n\n"
        f"game = Game(GameSettings({changed}), {points})\n"
        "for _ in range(1000):\n    game.play()\n"
        "print(game.sample(5))"
    )


@found_once
def mixture_beside(data: str) -> Values:
    """The mixture with the best BIC on the same points, and its figures by the same measures."""
    points, centres = own_points.find(data)
    criteria = mixtures.criteria(points, seed=0)
    model = mixtures.best(points, criteria.index(min(criteria)) + 1, seed=0)
    drawn = mixtures.sample(model, 1_000, seed=0)
    return {
        "means": model.means.round(3).tolist(),
        "ellipses": mixtures.ellipses(model).round(4).tolist(),
        "log_likelihood": mixtures.log_likelihood(points, model),
        "modes": modes_covered(drawn, centres, WIDTH) if centres is not None else None,
        "off": off_the_data(drawn, points, REACH),
        "reached": 1 - off_the_data(points, drawn, REACH),
    }


def described(data: str, settings: GameSettings) -> Values:
    """What a page needs to know of a game's settings."""
    preset = lesson_of(data, settings)
    return {
        "data": data,
        "settings": asdict(settings),
        "preset": preset,
        "hint": LESSONS[preset].hint if preset else "",
        "link": to_query(data, settings),
        "python": to_python(data, settings),
    }


def datasets(data: str) -> list[list[str]]:
    """The points to choose from, as names and titles."""
    own = [] if data in PRESETS else [[data, "your own points"]]
    return [*([name, preset.title] for name, preset in PRESETS.items()), *own]


def wanted_game(given: Values) -> tuple[str, GameSettings, str]:
    """The points and settings that a script or a link names; the first lesson, and a notice, where it names what there
    is not."""
    try:
        data, settings = read_settings(given)
        own_points.find(data)
    except InvalidInput as error:
        return DEFAULT.data, DEFAULT.settings, str(error)
    return data, settings, ""


def introduced(data: str, settings: GameSettings, notice: str) -> Values:
    """What a page needs to know of a game when it opens it."""
    points, centres = own_points.find(data)
    answer = {
        **described(data, settings),
        "points": packed(points),
        "mixture": mixture_beside(data),
        "modes": None if centres is None else len(centres),
        "presets": [[name, lesson.title] for name, lesson in LESSONS.items()],
        "datasets": datasets(data),
        "losses": list(LOSSES.items()),
        "optimisers": list(OPTIMISERS.items()),
    }
    return {**answer, "notice": notice} if notice else answer


@stage_function
def game_read(given: Values) -> Values:
    """A game that the visitor's browser is going to play.

    Args:
        given: "preset", or "data" and fields of GameSettings.

    Returns:
        "settings", "data", "preset", "hint", "link", "python"; "points" (thousandths); "mixture"; "modes", how many
        there are; what can be chosen: "presets", "datasets", "losses", "optimisers". "own", where the points are a
        visitor's own: all their digits, 64 bits for each number, in base 64. "notice" where a link asked for what there
        is not: then it is the first lesson.
    """
    data, settings, notice = wanted_game(given)
    own = {} if data in PRESETS else {"own": base64.b64encode(own_points.find(data)[0].tobytes()).decode()}
    return {**introduced(data, settings, notice), **own}


@stage_function
def game_describe(given: Values) -> Values:
    """Other learning rates or numbers of steps for a game that goes on in the visitor's browser."""
    return described(*read_settings(given))


@stage_function
def game_open(given: Values) -> Values:
    """A new game that trains here, of "token" and what `game_read` takes. Returns what that returns, and "frame"."""
    token = read_token(given)
    data, settings, notice = wanted_game(given)
    frame = arena.open(token, settings, *own_points.find(data))
    return {**introduced(data, settings, notice), "frame": frame}


@stage_function
def game_play(given: Values) -> Values:
    """Some rounds of a game: "rounds" at the most, of "part" alone if given, up to round "until". Returns a frame, or
    the place in "line"."""
    until = given.get("until")
    return arena.play(
        read_token(given),
        rounds=whole(given.get("rounds"), "number of rounds"),
        part=given.get("part") or "both",
        until=None if until is None else whole(until, "last round"),
    )


@stage_function
def game_pause(given: Values) -> Values:
    """The visitor stopped: somebody else may train."""
    arena.pause(read_token(given))
    return {}


@stage_function
def game_tune(given: Values) -> Values:
    """Other learning rates or numbers of steps for the game that goes on."""
    data, settings = read_settings(given)
    return described(data, arena.retune(read_token(given), settings))


@stage_function
def game_file(given: Values) -> Values:
    """The game so far as a file: "kind" gif (a film) or csv (all numbers)."""
    session = arena.find(read_token(given))
    with session.lock:
        moments, rows, points = list(session.moments), list(session.rows), session.points
    if given.get("kind") == GIF:
        return film(points, moments)
    if given.get("kind") != CSV:
        raise InvalidInput("There is no such file; gif and csv are there.")
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["rounds"])
    writer.writeheader()
    writer.writerows(rows)
    return {"name": "latent-lab_game.csv", "content": data_uri(file.getvalue().encode(), CSV)}


def film(points: Points, moments: list[Moment]) -> Values:
    """A film as a file."""
    content = gif(film_frames(points, moments), rate=FILM_RATE, back=False)
    return {"name": "latent-lab_game.gif", "content": data_uri(content, GIF)}


@stage_function
def game_film(given: Values) -> Values:
    """A film of a game that trained in the visitor's browser: of "data", and "moments", each with its "rounds",
    "surface" (base 64) and "samples" (thousandths)."""
    points, _ = own_points.find(str(given.get("data")))
    moments = given.get("moments")
    if not isinstance(moments, list) or len(moments) > MOST_MOMENTS + 1:
        raise InvalidInput(NO_MOMENTS)
    return film(points, [read_moment(moment) for moment in moments])


def read_moment(given: object) -> Moment:
    """One moment of a game, as `snapshot` makes it. Raises InvalidInput."""
    try:
        rounds, surface, samples = (given[name] for name in ("rounds", "surface", "samples"))  # type: ignore[index]
        shares = np.frombuffer(base64.b64decode(surface, validate=True), np.uint8).reshape(CELLS, CELLS)
        places = np.array(samples, np.int32).reshape(SHOWN, 2)
    except (TypeError, KeyError, ValueError, OverflowError, binascii.Error):
        raise InvalidInput(NO_MOMENTS) from None
    return whole(rounds, "number of rounds"), shares, (places / SCALE).astype(np.float16)


@stage_function
def take_points(given: Values) -> Values:
    """A visitor's own points: "csv", the text of a file, or "drawn", pairs of numbers. Returns their name as "data"."""
    return {"data": own_points.keep(points_of(given))}


def points_of(given: Values) -> Points:
    """The points that a visitor sent. Raises InvalidInput."""
    if given.get("size") is not None:
        size = whole(given["size"], "size")
        raise InvalidInput(f"The file has {size:,} bytes; up to {LARGEST_TEXT:,} are accepted, two columns.")
    if isinstance(given.get("csv"), str):
        return read_csv(given["csv"])
    drawn = given.get("drawn")
    if not isinstance(drawn, list) or not drawn:
        raise InvalidInput("Nothing is drawn yet; draw some points with the pointer, or open a CSV file.")
    return fitted(drawn[: MOST + 1], as_they_are=True)
