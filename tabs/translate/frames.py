"""The frame around a face: only what is in it is translated."""

from models.errors import InvalidInput
from models.translation import Picture


def read_frame(frame: object) -> tuple[float, float, float] | None:
    """Left, top and side of a frame, in shares, or None. Raises InvalidInput."""
    if frame is None:
        return None
    try:
        left, top, side = (float(part) for part in frame)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise InvalidInput("A frame is three numbers from 0 to 1: left, top and side.") from None
    if not (0 <= left <= 1 and 0 <= top <= 1 and 0 < side <= 1):
        raise InvalidInput("A frame is three numbers from 0 to 1: left, top and side.")
    return left, top, side


def in_pixels(frame: tuple[float, float, float], picture: Picture) -> tuple[int, int, int]:
    """Left, top and side of a frame in a picture, px, inside of it."""
    height, width = picture.shape[:2]
    side = max(8, round(frame[2] * min(height, width)))
    left, top = round(frame[0] * width), round(frame[1] * height)
    return max(0, min(left, width - side)), max(0, min(top, height - side)), min(side, height, width)


def within(picture: Picture, box: tuple[int, int, int]) -> Picture:
    """The square part of a picture at left, top, side (px)."""
    left, top, side = box
    return picture[top : top + side, left : left + side]
