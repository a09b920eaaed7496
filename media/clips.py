"""Short films and animations, frame by frame: read, translated, written with the same length, rate and sound.

One frame of a film is in memory at a time; a GIF is kept until all of it is written. Flicker is held down where nothing
moves: see `Steady`.
"""

import contextlib
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence, UnidentifiedImageError

from media.film import BT601, BT709, UNKNOWN, FilmColours, colours_of_height
from models.errors import InvalidInput
from models.merging import Progress
from models.parts import Spread, in_turn
from models.translation import Picture, Translation, carry_over, reduced, translate_small, way_of

if TYPE_CHECKING:  # loaded where it is used, so that the first answer of the page does not wait for it
    import av

MOST_FRAMES = 300
LARGEST_FRAME = 1920 * 1088  # px
LARGEST_GIF = 150_000_000  # px, all frames together, which stay in memory until the last one is known
LARGEST_FILE = 16 * 2**20  # bytes
ACCEPTED = (
    f"MP4, WebM, MOV and GIF up to {LARGEST_FILE // 2**20} MB, {MOST_FRAMES} frames and 1920 x 1080 px are accepted."
)
HOLD = 0.75  # share of the frame before in a place where nothing moves
MOTION = 6.0  # grey levels of change between two frames at which that share falls to 1/e of it
COPIED_SOUND = ("aac", "mp3")  # codecs that an MP4 carries as they are

Frames = Callable[[Picture], Picture]


class Steady:
    """Holds a translated film still where its original stands still.

    A network that draws every frame anew makes noise of one frame into a lamp in the next. So each small result is
    mixed with the one before it, by a share that falls off with how much the small original changed in that place:
    y'_t = w y'_{t-1} + (1 - w) y_t,  w = 0.75 exp(-(max_c |x_t - x_{t-1}| / 6)²).
    What moves is left alone, so nothing is smeared.
    """

    def __init__(self) -> None:
        self.before: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None  # x and y' of the frame before

    def __call__(self, x: Picture, y: Picture) -> Picture:
        """The small original and the small result of the next frame, both (h, w, C), to the steadied result."""
        original, result = x.astype(np.float32), y.astype(np.float32)
        if self.before is not None and self.before[0].shape == original.shape:
            change = np.abs(original - self.before[0]).max(2, keepdims=True)
            share = HOLD * np.exp(-((change / MOTION) ** 2))
            result = share * self.before[1] + (1 - share) * result
        self.before = original, result
        return result.round().astype(np.uint8)


def translate_clip(
    network: Translation,
    content: bytes,
    direction: str,
    *,
    progress: Progress = lambda share: None,
    lock: AbstractContextManager[Any] | None = None,
    spread: Spread = in_turn,
) -> tuple[bytes, str]:
    """A film or an animation of one domain as one of the other.

    Args:
        network: from `models.load`.
        content: an MP4, WebM, MOV or GIF file; at most 16 MB, 300 frames and 1920 x 1080 px.
        direction: one of `models.translation.directions(network)`.
        progress: told the share that is done after each frame; what it raises stops the work.
        lock: held while a frame is worked on, and free in between.
        spread: runs the forward passes, see models.parts.

    Returns:
        the file, and its kind: "gif" for a GIF, else "mp4". Size, number and times of the frames are the original's (an
        odd width or height grows by 1 px, which MP4 asks for), and so is the sound.

    Raises:
        InvalidInput: not such a file, or too long or too large.
    """
    import av

    way = way_of(network, direction)
    if len(content) > LARGEST_FILE:
        raise InvalidInput(f"The file is larger than {LARGEST_FILE // 2**20} MB; {ACCEPTED}")
    steady = Steady()

    def frame(picture: Picture) -> Picture:
        with lock or contextlib.nullcontext():
            small = reduced(network, picture, way)
            result = steady(small, translate_small(network, small, way, spread=spread))
            return carry_over(network, picture, small, result)

    try:
        if content[:6] in (b"GIF87a", b"GIF89a"):
            return animation(content, frame, progress), "gif"
        return film(content, frame, progress), "mp4"
    except (av.FFmpegError, UnidentifiedImageError, OSError, EOFError, SyntaxError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"This file is no film that can be read; {ACCEPTED}") from error


def check_length(frames: int, width: int, height: int) -> None:
    """Raises InvalidInput for too many or too large frames, or none."""
    if not frames:
        raise InvalidInput(f"This file has no pictures in it; {ACCEPTED}")
    if frames > MOST_FRAMES:
        raise InvalidInput(f"The film has {frames:,} frames; cut it to {MOST_FRAMES} or fewer. {ACCEPTED}")
    if width * height > LARGEST_FRAME:
        raise InvalidInput(f"The film is {width} x {height} px; {ACCEPTED}")


def animation(content: bytes, frame: Frames, progress: Progress) -> bytes:
    """A GIF with every frame changed; durations and repetitions stay."""
    with Image.open(io.BytesIO(content), formats=("GIF",)) as opened:
        count = getattr(opened, "n_frames", 1)
        check_length(count, *opened.size)
        if count * opened.width * opened.height > LARGEST_GIF:
            raise InvalidInput(
                f"The GIF has {count:,} frames of {opened.width} x {opened.height} px; up to {LARGEST_GIF / 1e6:.0f} "
                "million pixels in all are accepted: cut it or make it smaller."
            )
        stills, durations = [], []
        repeat = {"loop": opened.info["loop"]} if "loop" in opened.info else {}
        for number, still in enumerate(ImageSequence.Iterator(opened), start=1):
            durations.append(still.info.get("duration", 100))  # ms
            stills.append(Image.fromarray(frame(np.array(still.convert("RGB")))).quantize(256))
            progress(number / count)
    file = io.BytesIO()
    stills[0].save(
        file, "GIF", save_all=True, append_images=stills[1:], duration=durations, disposal=1, optimize=False, **repeat
    )
    return file.getvalue()


def film(content: bytes, frame: Frames, progress: Progress) -> bytes:
    """An H.264 film with every frame changed, at the same times; the sound is copied, or encoded as AAC."""
    import av

    with av.open(io.BytesIO(content)) as counted:
        if not counted.streams.video:
            raise InvalidInput(f"This file has no pictures in it; {ACCEPTED}")
        stream = counted.streams.video[0]
        count = 0
        for packet in counted.demux(stream):  # without unpacking them
            count += packet.size > 0
            if count > MOST_FRAMES:
                break
        check_length(count, stream.width, stream.height)
    height, width = next(frames_of(content)).shape[:2]  # upright
    file = io.BytesIO()
    with av.open(io.BytesIO(content)) as source, av.open(file, "w", format="mp4") as target:
        pictures = source.streams.video[0]
        sounds = source.streams.audio[0] if source.streams.audio else None
        rate = pictures.average_rate or Fraction(25)
        out = target.add_stream("libx264", rate=rate, options={"crf": "18", "preset": "veryfast", "threads": "1"})
        assert isinstance(out, av.VideoStream)
        out.pix_fmt = "yuv420p"
        colours = colours_of(pictures)
        colours.tag(out)
        out.width, out.height = width + width % 2, height + height % 2
        unit = out.codec_context.time_base = pictures.time_base or 1 / rate  # s, of the frames' times
        copied = sounds is not None and sounds.codec_context.name in COPIED_SOUND
        sound_out = None
        if sounds is not None:
            sound_out = (
                target.add_stream_from_template(sounds)
                if copied
                else target.add_stream("aac", rate=sounds.codec_context.sample_rate)
            )
        done = 0
        for packet in source.demux([part for part in (pictures, sounds) if part is not None]):
            if packet.stream is pictures:
                for decoded in packet.decode():
                    drawn = np.pad(frame(upright(decoded)), ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
                    encoded = colours.encoded(drawn)
                    encoded.pts, encoded.time_base = decoded.pts, unit
                    target.mux(out.encode(encoded))
                    done += 1
                    progress(min(1.0, done / count))
            elif copied and packet.dts is not None:
                packet.stream = sound_out
                target.mux(packet)
            elif not copied and isinstance(sound_out, av.AudioStream):
                for samples in packet.decode():
                    target.mux(sound_out.encode(samples))
        target.mux(out.encode(None))
        if not copied and isinstance(sound_out, av.AudioStream):
            target.mux(sound_out.encode(None))
    if not done:
        raise InvalidInput(f"This file is no film that can be read; {ACCEPTED}")
    return file.getvalue()


def colours_of(stream: "av.VideoStream") -> FilmColours:
    """How what is made of a film is coded: in BT.709 or BT.601, whichever the film has, or is taken for; what its tags
    say of primaries and transfer function stays, since these are not touched."""
    context = stream.codec_context
    matrix, primaries, transfer = int(context.colorspace), int(context.color_primaries), int(context.color_trc)
    if matrix not in (0, UNKNOWN):
        return FilmColours(BT601 if matrix in (4, 5, BT601) else BT709, primaries, transfer)
    guessed = colours_of_height(stream.height)
    known = [found if found else UNKNOWN for found in (primaries, transfer)]
    return FilmColours(
        guessed.matrix,
        guessed.primaries if known[0] == UNKNOWN else known[0],
        guessed.transfer if known[1] == UNKNOWN else known[1],
    )


def upright(decoded: "av.VideoFrame") -> Picture:
    """A decoded frame as uint8 (H, W, 3), in the colours that its tags say, or without tags those that players take it
    for, and turned as they would turn it."""
    guessed = int(decoded.colorspace) == UNKNOWN and colours_of_height(decoded.height).matrix == BT709
    picture: Picture = decoded.reformat(format="rgb24", src_colorspace="ITU709" if guessed else None).to_ndarray()
    return np.ascontiguousarray(np.rot90(picture, decoded.rotation // 90))


def frames_of(content: bytes) -> Iterator[Picture]:
    """The frames of an MP4 file, uint8 (H, W, 3)."""
    import av

    with av.open(io.BytesIO(content)) as source:
        for decoded in source.decode(video=0):
            yield upright(decoded)
