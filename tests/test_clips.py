"""Clips: as long, as fast and as loud as they came; still where they stand still; refused in one sentence."""

import io
import itertools
import threading
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from PIL import Image

from media import clips
from media.clips import Steady, frames_of, translate_clip
from models import InvalidInput
from tests.films import film, gif, moving_square
from tests.networks import tiny_translation

DIRECTION = "day-to-night"


BARS = np.repeat(np.array([(200, 40, 40), (40, 180, 60), (40, 60, 200), (200, 170, 60)], np.uint8), 320, axis=0)


def high_film(matrix: int, numbers: tuple[int, int, int] | None) -> bytes:
    """Bars of colours, 1280 x 720 px, coded by BT.709's or BT.601's matrix (H.273: 1, 6), with the tags of H.273 for
    matrix, primaries and transfer function, or without."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as target:
        stream = target.add_stream("libx264", rate=Fraction(10), options={"crf": "10", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        context = stream.codec_context
        if numbers:
            context.colorspace, context.color_primaries, context.color_trc = numbers
        for _ in range(2):
            frame = av.VideoFrame.from_ndarray(np.tile(BARS, (720, 1, 1)), format="rgb24")
            coded = frame.reformat(format="yuv420p", dst_colorspace="ITU709" if matrix == 1 else "ITU601")
            target.mux(stream.encode(coded))
        target.mux(stream.encode(None))
    return file.getvalue()


def seen(content: bytes) -> tuple[Any, tuple[int, ...]]:
    """The middles of the four bars as a browser shows them, which takes a high film without tags for BT.709, by the
    equations of H.273, and the film's tags."""
    with av.open(io.BytesIO(content)) as source:
        frame = next(source.decode(video=0))
        y, u, v = (np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size) for plane in frame.planes)
    columns = np.arange(4) * 320 + 160
    luma = (y[360, columns].astype(float) - 16) / 219
    blue, red = ((plane[180, columns // 2].astype(float) - 128) / 224 for plane in (u, v))
    k_red, k_blue = (0.299, 0.114) if frame.colorspace in (5, 6) else (0.2126, 0.0722)
    r, b = luma + 2 * (1 - k_red) * red, luma + 2 * (1 - k_blue) * blue
    g = (luma - k_red * r - k_blue * b) / (1 - k_red - k_blue)
    return 255 * np.stack([r, g, b], 1), seen_tags(content)


@pytest.mark.parametrize(
    ("matrix", "tags", "expected"),
    [
        (1, (1, 1, 1), (1, 1, 1)),
        (1, None, (1, 1, 1)),
        (6, (6, 6, 6), (6, 6, 6)),
        (6, (5, 5, 6), (6, 5, 6)),
        (1, (1, 12, 1), (1, 12, 1)),
    ],
)
def test_colours_of_a_high_film_stay(
    matrix: int, tags: tuple[int, int, int] | None, expected: tuple[int, int, int]
) -> None:
    content = high_film(matrix, tags)
    assert np.abs(next(frames_of(content))[360, 160::320].astype(int) - BARS[160::320]).max() <= 4
    result = clips.film(content, lambda picture: picture, lambda share: None)
    colours, written = seen(result)
    assert np.abs(colours - BARS[160::320]).max() <= 4
    assert written == expected


def test_a_small_film_stays_without_tags() -> None:
    result = clips.film(film(moving_square(2), sound=None), lambda picture: picture, lambda share: None)
    assert seen_tags(result) == (2, 2, 2)


def seen_tags(content: bytes) -> tuple[int, ...]:
    """Matrix, primaries and transfer function as a film names them."""
    with av.open(io.BytesIO(content)) as source:
        frame = next(source.decode(video=0))
        return tuple(map(int, (frame.colorspace, frame.color_primaries, frame.color_trc)))


def told(content: bytes) -> dict[str, Any]:
    """What a player finds in a film."""
    with av.open(io.BytesIO(content)) as source:
        picture = source.streams.video[0]
        sound = source.streams.audio[0] if source.streams.audio else None
        decoded = list(source.decode(video=0))
        times = [float(frame.time or 0) for frame in decoded]
        facts = {"size": (decoded[0].width, decoded[0].height), "times": times, "rate": picture.average_rate}
    if sound is not None:
        with av.open(io.BytesIO(content)) as source:
            samples = [frame.samples for frame in source.decode(audio=0)]
            facts |= {"seconds": sum(samples) / source.streams.audio[0].codec_context.sample_rate}
    return facts


@pytest.mark.parametrize(
    "container,codec,sound",
    [
        ("mp4", "libx264", "aac"),
        ("mp4", "libx264", None),
        ("webm", "libvpx-vp9", "libopus"),
        ("mov", "libx264", "pcm_s16le"),
    ],
)
def test_a_film_keeps_its_size_its_times_and_its_sound(container: str, codec: str, sound: str | None) -> None:
    content = film(moving_square(18), container=container, codec=codec, sound=sound)
    result, kind = translate_clip(tiny_translation(), content, DIRECTION)
    before, after = told(content), told(result)
    assert kind == "mp4"
    assert after["size"] == before["size"] == (64, 48)
    assert after["times"] == pytest.approx(before["times"], abs=0.002)
    assert float(after["rate"]) == pytest.approx(float(before["rate"]), rel=0.02)
    assert ("seconds" in after) == (sound is not None)
    if sound:
        assert after["seconds"] == pytest.approx(before["seconds"], abs=0.06)
    change = np.abs(next(frames_of(result)).astype(int) - next(frames_of(content)))
    assert change.mean() > 5


def test_sound_that_mp4_carries_is_not_encoded_again() -> None:
    content = film(moving_square(12))
    result, _ = translate_clip(tiny_translation(), content, DIRECTION)
    packets = []
    for file in (content, result):
        with av.open(io.BytesIO(file)) as source:
            packets.append([bytes(packet) for packet in source.demux(audio=0) if packet.size])
    assert packets[0] == packets[1]


def test_an_animation_keeps_its_durations() -> None:
    durations = [100, 250, 50, 400]
    result, kind = translate_clip(tiny_translation(), gif(moving_square(4, width=51), durations), DIRECTION)
    assert kind == "gif"
    with Image.open(io.BytesIO(result)) as opened:
        assert opened.size == (51, 48)
        found = []
        for number in range(opened.n_frames):  # type: ignore[attr-defined]
            opened.seek(number)
            found.append(opened.info["duration"])
        assert found == durations
        assert opened.info["loop"] == 0


def test_odd_sides_grow_by_one_pixel() -> None:
    content = film(moving_square(3, height=50, width=70), sound=None)
    with pytest.MonkeyPatch.context() as patch:  # a player that shows one row less, as some cameras crop
        patch.setattr(clips, "upright", lambda decoded: decoded.to_ndarray(format="rgb24")[:49, :69])
        result, _ = translate_clip(tiny_translation(), content, DIRECTION)
    assert told(result)["size"] == (70, 50)


def test_still_places_are_held_still_and_moving_ones_are_not_smeared() -> None:
    random = np.random.default_rng(0)
    x = np.full((20, 20, 3), 100, np.uint8)
    noisy = [(100 + random.integers(-40, 41, x.shape)).astype(np.uint8) for _ in range(12)]
    steady = Steady()
    held = [steady(x, y) for y in noisy]

    def flicker(frames: list[Any]) -> float:
        return float(np.mean([np.abs(a.astype(int) - b).mean() for a, b in itertools.pairwise(frames[4:])]))

    assert flicker(held) < 0.5 * flicker(noisy)
    moved = np.where(np.arange(20)[None, :, None] < 10, 100, 200).astype(np.uint8) * np.ones((20, 1, 3), np.uint8)
    after = steady(moved, moved)  # the right half changed by 100 levels
    assert np.abs(after[:, 10:].astype(int) - 200).max() <= 1
    assert np.array_equal(Steady()(x, noisy[0]), noisy[0])  # the first frame has none before it


def test_progress_is_told_after_each_frame_and_can_stop() -> None:
    shares: list[float] = []
    translate_clip(tiny_translation(), film(moving_square(10), sound=None), DIRECTION, progress=shares.append)
    assert shares == pytest.approx([(number + 1) / 10 for number in range(10)])

    class Enough(Exception):
        pass

    def stop(share: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        translate_clip(tiny_translation(), film(moving_square(10)), DIRECTION, progress=stop)


def test_others_have_their_turn_between_two_frames() -> None:
    turn, free = threading.Lock(), []
    translate_clip(
        tiny_translation(),
        film(moving_square(3), sound=None),
        DIRECTION,
        progress=lambda share: free.append(not turn.locked()),
        lock=turn,
    )
    assert free == [True] * 3


@pytest.mark.parametrize("content", [b"", b"hello", b"GIF89a", film(moving_square(6))[:700]])
def test_what_is_no_film_gets_one_sentence(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="is no film that can be read; MP4, WebM, MOV and GIF up to 16 MB"):
        translate_clip(tiny_translation(), content, DIRECTION)


def test_too_much_is_refused_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    network = tiny_translation()
    shares: list[float] = []
    monkeypatch.setattr(clips, "MOST_FRAMES", 5)
    for content in (film(moving_square(6)), gif(moving_square(6), [50] * 6)):
        with pytest.raises(InvalidInput, match="has 6 frames; cut it to 5 or fewer"):
            translate_clip(network, content, DIRECTION, progress=shares.append)
    monkeypatch.setattr(clips, "LARGEST_FRAME", 60 * 48)
    with pytest.raises(InvalidInput, match="The film is 64 x 48 px"):
        translate_clip(network, film(moving_square(2)), DIRECTION, progress=shares.append)
    monkeypatch.setattr(clips, "LARGEST_FRAME", 64 * 48)
    monkeypatch.setattr(clips, "LARGEST_GIF", 64 * 48 * 3)
    with pytest.raises(InvalidInput, match="The GIF has 4 frames of 64 x 48 px"):
        translate_clip(network, gif(moving_square(4), [50] * 4), DIRECTION, progress=shares.append)
    monkeypatch.setattr(clips, "LARGEST_FILE", 100)
    with pytest.raises(InvalidInput, match="larger than"):
        translate_clip(network, film(moving_square(2)), DIRECTION, progress=shares.append)
    assert shares == []


def test_a_film_of_sound_alone_has_no_pictures() -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as target:
        tone = target.add_stream("aac", rate=48_000)
        part = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        part.sample_rate, part.time_base = 48_000, Fraction(1, 48_000)
        assert isinstance(tone, AudioStream)
        target.mux(tone.encode(part))
        target.mux(tone.encode(None))
    with pytest.raises(InvalidInput, match="has no pictures in it"):
        translate_clip(tiny_translation(), file.getvalue(), DIRECTION)
