"""What can be tried without a picture of one's own; all of it is drawn by us or by our networks."""

from data.streets import TITLES, daylight, street_map
from models import load
from models.catalogue import CATALOGUE
from models.errors import InvalidInput
from models.pixels import resize, to_grey
from models.translation import Picture, Translation, directions
from serving.inference import generate
from serving.inference import translate as change

DRAWN = "streets-labels-photo-256"  # whose results are the street examples
FACES = "faces-128"  # whose results are the face examples
FACE_SEEDS = {"neutral": (103, 116, 82), "smiling": (139, 51, 17)}  # looked at by us
FACE_CROP = slice(0, 112), slice(8, 120)  # rows and columns of such a face that the translator of smiles knows
FACE_SIDE = 64  # px that it reads
VIEW = slice(56, 200)  # rows of a street that a dash camera would show


def examples_of(model: str, network: Translation, direction: str) -> list[str]:
    """Titles of what can be tried without a picture of one's own; all of them are ours."""
    if network.config.domains == ("neutral", "smiling"):
        return ["A face that never existed"] * len(FACE_SEEDS["neutral"])
    if DRAWN in CATALOGUE and network.config.domains in (("day", "night"), ("labels", "photos")):
        return list(TITLES)
    return []


def example(model: str, network: Translation, direction: str, number: int) -> Picture:
    """An example: a map drawn by us, the street that a network makes of it, that street at night, or a drawn face.

    Raises:
        InvalidInput: there is no such example.
    """
    count = len(examples_of(model, network, direction))
    if not 0 <= number < count:
        raise InvalidInput(f"There is no example {number}; this network has {count}.")
    start = direction.partition("-to-")[0]
    if start in FACE_SEEDS:
        face = generate(load(FACES), seed=FACE_SEEDS[start][number], count=1)[0]
        return resize(to_grey(face[FACE_CROP]), FACE_SIDE, FACE_SIDE)
    painter: Translation = load(DRAWN)
    config = painter.config
    colours = {name: tuple(map(int, colour)) for name, colour in zip(config.classes, config.colours, strict=True)}
    map_drawn = street_map(number, colours)  # type: ignore[arg-type]
    if start == "labels":
        return map_drawn
    street = change(painter, map_drawn, directions(painter)[0])
    street = daylight(street[VIEW]) if start in ("day", "night") else street
    return street if start != "night" else change(network, street, directions(network)[0])
