"""The frame around a face: only what is in it is translated."""

import math

from PIL import Image

from data.landmarks import dlib_finder, is_installed
from models.errors import InvalidInput
from models.faces.similarity import TEMPLATE_SIDE
from models.translation import Picture, Placement, Translation, in_channels, landmarks_of, placement_of
from server.guard import Values

WRONG = (
    "A frame is four numbers, the placement of the picture in it, or three from 0 to 1: left, top and side of an "
    "upright square."
)
SMALLEST = 8.0  # px, of a square

Frame = Placement | tuple[float, float, float]


def read_frame(frame: object) -> Frame | None:
    """A frame as scripts and programs send it: a, b, x and y of a placement; or left, top and side of an upright
    square, in shares of the picture's width, height and shorter side; or None. Raises InvalidInput."""
    if frame is None:
        return None
    try:
        numbers = [float(part) for part in frame]  # type: ignore[attr-defined]
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput(WRONG) from None
    if len(numbers) == 4 and all(map(math.isfinite, numbers)):
        return Placement(*numbers)
    if len(numbers) != 3 or not all(0 <= number <= 1 for number in numbers) or not numbers[2]:
        raise InvalidInput(WRONG)
    return numbers[0], numbers[1], numbers[2]


def placement_in(picture: Picture, frame: Frame) -> Placement:
    """A frame as a placement. A square is moved into the picture where it reaches beyond it."""
    if isinstance(frame, Placement):
        return frame
    height, width = picture.shape[:2]
    side = max(SMALLEST, frame[2] * min(height, width))
    left, top = min(frame[0] * width, width - side), min(frame[1] * height, height - side)
    scale = TEMPLATE_SIDE / side
    return Placement(scale, 0.0, -scale * left, -scale * top)


def framing(network: Translation) -> Values:
    """What the stage needs to know to frame a face for a network: "eyes", where it expects them, x and y in units of
    the frame, and "finds", whether faces can be found here; nothing for other networks."""
    if network.config.merge != "difference":
        return {}
    eyes = [{"x": x, "y": y} for x, y in landmarks_of(network.config)[:2].tolist()]
    return {"eyes": eyes, "finds": is_installed()}


def found_in(network: Translation, picture: Picture) -> Values:
    """The placement of the largest face of a picture, as "frame": a, b, x and y.

    Raises:
        InvalidInput: there is none.
        UnusableData: what finds faces is not installed.
    """
    landmarks = dlib_finder()(Image.fromarray(in_channels(picture, 3)))
    if landmarks is None:
        raise InvalidInput("No face was found in this picture; put the marks on the eyes instead.")
    return {"frame": list(placement_of(network.config, landmarks))}
