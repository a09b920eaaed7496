"""Maps of street scenes, drawn by us: starting points for whoever wants to draw one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

SIDE = 256  # px
TITLES = ("A street in town", "A road among trees", "A crossing")

Point = tuple[float, float]


class Map:
    """A map of labels in the making; places are in px from the upper left corner."""

    def __init__(self, colours: dict[str, tuple[int, int, int]], ground: str):
        self.colours = colours
        self.image = Image.new("RGB", (SIDE, SIDE), colours[ground])
        self.pen = ImageDraw.Draw(self.image)

    def area(self, kind: str, corners: Sequence[Point]) -> None:
        """A filled polygon."""
        self.pen.polygon(list(corners), fill=self.colours[kind])

    def box(self, kind: str, left: float, top: float, right: float, bottom: float) -> None:
        """A filled rectangle."""
        self.pen.rectangle((left, top, right, bottom), fill=self.colours[kind])

    def blob(self, kind: str, left: float, top: float, right: float, bottom: float) -> None:
        """A filled ellipse."""
        self.pen.ellipse((left, top, right, bottom), fill=self.colours[kind])

    def car(self, kind: str, left: float, ground: float, size: float) -> None:
        """A car seen from behind, `size` px wide, its wheels on the ground."""
        self.pen.rounded_rectangle(
            (left, ground - 0.5 * size, left + size, ground), 0.12 * size, fill=self.colours[kind]
        )
        roof = ((0.16, 0.48), (0.28, 0.82), (0.72, 0.82), (0.84, 0.48))
        self.area(kind, [(left + across * size, ground - up * size) for across, up in roof])

    def person(self, left: float, ground: float, size: float) -> None:
        """Someone `size` px tall."""
        self.blob("person", left + 0.08 * size, ground - size, left + 0.26 * size, ground - 0.8 * size)
        self.pen.rounded_rectangle(
            (left, ground - 0.82 * size, left + 0.34 * size, ground - 0.38 * size), 3, fill=self.colours["person"]
        )
        self.box("person", left + 0.05 * size, ground - 0.4 * size, left + 0.29 * size, ground)

    def lamp(self, left: float, ground: float, height: float) -> None:
        """A pole."""
        self.box("pole", left, ground - height, left + max(2, height / 45), ground)


def street_map(number: int, colours: dict[str, tuple[int, int, int]]) -> NDArray[np.uint8]:
    """One of our maps.

    Args:
        number: 0, 1 or 2, see TITLES.
        colours: of the classes road, sidewalk, building, tree, grass, sky, car, bus, person, pole, traffic light,
            traffic sign, fence.

    Returns:
        uint8 (256, 256, 3).
    """
    drawn = (town, avenue, crossing)[number](colours)
    return np.array(drawn.image, dtype=np.uint8)


def daylight(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A generated street as on a bright day: full contrast, a mean brightness of 45 %, a little smoother.

    The streets of Cityscapes, and what is learned from them, are as dark as an evening to a network that knows American
    dash cameras.

    Args:
        picture: uint8 (H, W, 3).

    Returns:
        uint8 (H, W, 3).
    """
    image = ImageOps.autocontrast(Image.fromarray(picture), cutoff=1)
    levels = np.asarray(image, dtype=np.float64) / 255
    gamma = np.log(0.45) / np.log(np.clip(levels.mean(), 0.02, 0.98))
    bright = Image.fromarray((255 * levels**gamma).round().astype(np.uint8))
    half = bright.resize((max(1, bright.width // 2), max(1, bright.height // 2)), Image.Resampling.LANCZOS)
    return np.array(half.resize(bright.size, Image.Resampling.BICUBIC), dtype=np.uint8)


def town(colours: dict[str, tuple[int, int, int]]) -> Map:
    """Houses on both sides, parked cars, someone on the pavement."""
    drawn = Map(colours, "sky")
    drawn.area("building", [(0, 0), (70, 0), (112, 84), (118, 132), (0, 160)])
    drawn.area("building", [(256, 0), (196, 10), (150, 78), (142, 132), (256, 165)])
    drawn.area("tree", [(112, 92), (128, 78), (146, 92), (148, 130), (110, 130)])
    drawn.area("sidewalk", [(0, 158), (118, 128), (124, 132), (0, 214)])
    drawn.area("sidewalk", [(256, 160), (142, 128), (136, 132), (256, 210)])
    drawn.area("road", [(124, 130), (137, 130), (256, 208), (256, 256), (0, 256), (0, 212)])
    for left, ground, size in ((158, 170, 34), (186, 192, 58), (76, 158, 24)):
        drawn.car("car", left, ground, size)
    drawn.car("car", 122, 140, 14)
    drawn.person(34, 190, 46)
    drawn.lamp(58, 182, 130)
    drawn.lamp(206, 176, 120)
    drawn.box("traffic sign", 200, 70, 216, 84)
    return drawn


def avenue(colours: dict[str, tuple[int, int, int]]) -> Map:
    """A wide road, trees left and right, much sky."""
    drawn = Map(colours, "sky")
    drawn.box("tree", 0, 92, 256, 132)
    for left, top, right, bottom in (
        (-40, 10, 60, 140),
        (30, 52, 96, 140),
        (80, 84, 124, 138),
        (190, 4, 300, 146),
        (150, 56, 214, 140),
    ):
        drawn.blob("tree", left, top, right, bottom)
    drawn.area("grass", [(0, 132), (122, 126), (124, 130), (0, 186)])
    drawn.area("grass", [(256, 132), (134, 126), (132, 130), (256, 178)])
    drawn.area("road", [(122, 128), (134, 128), (256, 176), (256, 256), (0, 256), (0, 184)])
    drawn.car("car", 132, 150, 22)
    drawn.car("car", 92, 176, 44)
    drawn.lamp(222, 170, 120)
    drawn.area("fence", [(0, 150), (70, 138), (70, 146), (0, 166)])
    return drawn


def crossing(colours: dict[str, tuple[int, int, int]]) -> Map:
    """A bus, people on the crossing, traffic lights."""
    drawn = Map(colours, "sky")
    drawn.area("building", [(0, 20), (96, 30), (96, 136), (0, 142)])
    drawn.area("building", [(256, 0), (170, 20), (164, 136), (256, 146)])
    drawn.area("building", [(96, 70), (132, 66), (132, 134), (96, 134)])
    drawn.blob("tree", 128, 64, 172, 128)
    drawn.area("sidewalk", [(0, 140), (100, 132), (100, 138), (0, 166)])
    drawn.area("sidewalk", [(256, 144), (160, 132), (156, 138), (256, 170)])
    drawn.area("road", [(98, 134), (160, 134), (256, 166), (256, 256), (0, 256), (0, 164)])
    drawn.box("bus", 100, 84, 152, 160)
    drawn.car("car", 172, 176, 44)
    for left, ground, size in ((30, 196, 62), (58, 200, 60), (214, 190, 58)):
        drawn.person(left, ground, size)
    drawn.lamp(86, 160, 112)
    drawn.lamp(240, 176, 128)
    drawn.box("traffic light", 82, 48, 94, 74)
    drawn.box("traffic light", 236, 48, 248, 76)
    return drawn
