"""Frames as films: GIF and MP4, in memory."""

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.errors import InvalidInput
from models.pixels import Pictures, tile, to_image

if TYPE_CHECKING:
    import av

HIGH = 720  # rows from which players take a film without tags for BT.709, below for BT.601
UNKNOWN, BT709, BT601 = 2, 1, 6  # numbers of H.273


@dataclass(frozen=True)
class FilmColours:
    """How a film's colours are coded: the numbers that H.273 has for matrix, primaries and transfer function."""

    matrix: int = UNKNOWN
    primaries: int = UNKNOWN
    transfer: int = UNKNOWN

    def encoded(self, picture: NDArray[np.uint8]) -> "av.VideoFrame":
        """A picture uint8 (H, W, 3) as a frame of 4:2:0 in these colours."""
        import av

        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        matrix = "ITU709" if self.matrix == BT709 else "ITU601"
        return frame.reformat(format="yuv420p", dst_colorspace=matrix, dst_color_range="MPEG")

    def tag(self, stream: "av.VideoStream") -> None:
        """Writes these numbers into a film that begins."""
        context = stream.codec_context
        context.colorspace, context.color_primaries, context.color_trc = self.matrix, self.primaries, self.transfer
        context.color_range = 1  # from 16 to 235


def colours_of_height(height: int) -> FilmColours:
    """What players take a film without tags for: BT.709 if it is high, else BT.601, which needs no tags."""
    return FilmColours(BT709, BT709, BT709) if height >= HIGH else FilmColours()


def check_frames(frames: Pictures) -> None:
    """Raises InvalidInput unless there are at least two frames with even sides, which MP4 asks for."""
    if len(frames) < 2 or frames.shape[1] % 2 or frames.shape[2] % 2:
        raise InvalidInput(f"A film needs at least 2 frames with even sides, got {frames.shape}.")


def gif(frames: Pictures, *, rate: int = 20, back: bool = True) -> bytes:
    """An endless GIF, with one palette for all frames so that nothing flickers.

    Args:
        frames: uint8 (T, H, W, C), T at least 2, C is 1 or 3.
        rate: frames per second, 1 to 50.
        back: it runs forward and back; otherwise forward only.
    """
    check_frames(frames)
    colours = to_image(tile(frames[:: max(1, len(frames) // 8)], columns=4)).convert("RGB")
    palette = colours.quantize(256, method=Image.Quantize.MEDIANCUT)
    stills = [to_image(frame).convert("RGB").quantize(palette=palette) for frame in frames]
    file = io.BytesIO()
    others = stills[1:] + (stills[-2:0:-1] if back else [])
    stills[0].save(file, format="GIF", save_all=True, append_images=others, duration=1000 // rate, loop=0)
    return file.getvalue()


def mp4(frames: Pictures, *, rate: int = 20) -> bytes:
    """An H.264 film that runs forward and back once and plays in every browser.

    Args:
        frames: uint8 (T, H, W, C), T at least 2, H and W even, C is 1 or 3.
        rate: frames per second.
    """
    check_frames(frames)
    file = io.BytesIO()
    import av  # loaded here, so that the first answer of the page does not wait for it

    with av.open(file, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=Fraction(rate), options={"crf": "16", "threads": "1"})
        assert isinstance(stream, av.VideoStream)  # what libx264 makes; for the type checker
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        colours = colours_of_height(stream.height)
        colours.tag(stream)
        for frame in np.concatenate([frames, frames[-2::-1]]):
            film.mux(stream.encode(colours.encoded(np.broadcast_to(frame, (*frame.shape[:2], 3)))))
        film.mux(stream.encode(None))
    return file.getvalue()
