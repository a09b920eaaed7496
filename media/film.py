"""Frames as films: GIF and MP4, in memory."""

import io
from fractions import Fraction

import numpy as np
from PIL import Image

from models.errors import InvalidInput
from models.pixels import Pictures, tile, to_image


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
        for frame in np.concatenate([frames, frames[-2::-1]]):
            colour = np.ascontiguousarray(np.broadcast_to(frame, (*frame.shape[:2], 3)))
            film.mux(stream.encode(av.VideoFrame.from_ndarray(colour, format="rgb24")))
        film.mux(stream.encode(None))
    return file.getvalue()
