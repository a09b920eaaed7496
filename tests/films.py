"""Small films made for the tests."""

import io
from fractions import Fraction

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from PIL import Image

from models.translation import Picture


def film(
    frames: list[Picture], *, rate: int = 12, container: str = "mp4", codec: str = "libx264", sound: str | None = "aac"
) -> bytes:
    """Frames uint8 (H, W, 3) with even sides as a film, with a tone as long as it."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as target:
        stream = target.add_stream(codec, rate=Fraction(rate))
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        tone = target.add_stream(sound, rate=48_000) if sound else None
        for frame in frames:
            target.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        target.mux(stream.encode(None))
        if isinstance(tone, AudioStream):
            packed = sound is not None and sound.startswith("pcm")
            for start in range(0, 48_000 * len(frames) // rate, 960):
                wave = 0.3 * np.sin((start + np.arange(960)) / 20)
                samples = (wave * 32767).astype(np.int16) if packed else wave.astype(np.float32)
                part = av.AudioFrame.from_ndarray(samples[None], format="s16" if packed else "fltp", layout="mono")
                part.sample_rate, part.pts = 48_000, start
                target.mux(tone.encode(part))
            target.mux(tone.encode(None))
    return file.getvalue()


def moving_square(count: int, *, height: int = 48, width: int = 64) -> list[Picture]:
    """A bright square that wanders over a dark ground."""
    frames = []
    for number in range(count):
        frame = np.full((height, width, 3), 40, np.uint8)
        frame[10:30, 2 * number : 2 * number + 16] = 220
        frames.append(frame)
    return frames


def gif(frames: list[Picture], durations: list[int]) -> bytes:
    """Frames as an endless GIF; durations in ms."""
    file = io.BytesIO()
    stills = [Image.fromarray(frame) for frame in frames]
    stills[0].save(file, "GIF", save_all=True, append_images=stills[1:], duration=durations, loop=0)
    return file.getvalue()
