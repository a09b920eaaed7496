"""What can be tried without a picture of one's own: drawn by us or our networks, and an astronaut of scikit-image."""

import numpy as np
from skimage.data import astronaut

from data.streets import TITLES, daylight, street_map
from models import load
from models.catalogue import CATALOGUE
from models.errors import InvalidInput
from models.faces.similarity import similarity
from models.translation import Picture, Placement, Translation, directions, landmarks_of
from serving.inference import generate
from serving.inference import translate as change

DRAWN = "streets-labels-photo-256"  # whose results are the street examples
FACES = "faces-128"  # whose results are most face examples, cut as the translators of faces know them
ASTRONAUT = "Astronaut"  # of scikit-image: Eileen Collins, by NASA, free for every use
FACE_EXAMPLES: dict[str, tuple[int | str, ...]] = {  # seeds of FACES, looked at by us
    "neutral": (116, 82, 94),
    "smiling": (171, 107, 139),
    "young": (ASTRONAUT, 116, 103),
    "old": (99, 85, 201),
}
TRUNCATION = 0.75  # of their variety
HEAD = slice(0, 300), slice(76, 376)  # rows and columns of the astronaut's picture
EYES = np.array([[129.0, 102], [171, 105]])  # in that part: the left one and the right one, as seen, px
NOBODY = "A face that never existed"
VIEW = slice(56, 200)  # rows of a street that a dash camera would show


def examples_of(model: str, network: Translation, direction: str) -> list[str]:
    """Titles of what can be tried without a picture of one's own."""
    start = direction.partition("-to-")[0]
    if start in FACE_EXAMPLES:
        return [ASTRONAUT if each == ASTRONAUT else NOBODY for each in FACE_EXAMPLES[start]]
    if DRAWN in CATALOGUE and network.config.domains in (("day", "night"), ("labels", "photos")):
        return list(TITLES)
    return []


def example_frame(network: Translation, direction: str, number: int) -> Placement | None:
    """Where the face of an example is; None if it fills the picture, or there is none."""
    chosen = FACE_EXAMPLES.get(direction.partition("-to-")[0], ())[number : number + 1]
    if chosen != (ASTRONAUT,) or network.config.merge != "difference":
        return None
    (a, _, x), (b, _, y) = similarity(EYES, landmarks_of(network.config)[:2]).tolist()
    return Placement(a, b, x, y)


def example(model: str, network: Translation, direction: str, number: int) -> Picture:
    """An example: a map drawn by us, the street that a network makes of it, that street at night, or a drawn face.

    Raises:
        InvalidInput: there is no such example.
    """
    count = len(examples_of(model, network, direction))
    if not 0 <= number < count:
        raise InvalidInput(f"There is no example {number}; this network has {count}.")
    start = direction.partition("-to-")[0]
    if start in FACE_EXAMPLES:
        seed = FACE_EXAMPLES[start][number]
        if isinstance(seed, str):
            return np.ascontiguousarray(astronaut()[HEAD])
        face: Picture = generate(load(FACES), seed=seed, count=1, truncation=TRUNCATION)[0]
        return face
    painter: Translation = load(DRAWN)
    config = painter.config
    colours = {name: tuple(map(int, colour)) for name, colour in zip(config.classes, config.colours, strict=True)}
    map_drawn = street_map(number, colours)  # type: ignore[arg-type]
    if start == "labels":
        return map_drawn
    street = change(painter, map_drawn, directions(painter)[0])
    street = daylight(street[VIEW]) if start in ("day", "night") else street
    return street if start != "night" else change(network, street, directions(network)[0])
