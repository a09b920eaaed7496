"""The ladder of a training: the same 256 pictures as the generator drew them at moments of its training.

`ladder/step-0000317.webp` holds the pictures of one moment, 16 x 16 of them on one sheet; `ladder/steps.json` says
after how many steps the network was finished. Its own level, the last one, is not kept: the network draws it.
"""

import functools
import io
import json
import re
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from models.errors import InvalidInput, NetworkUnavailable
from models.gan import LatentGenerator, generate
from models.pixels import Pictures, tile, to_image

LADDER_SEED = 1  # of the latents, `draw_latents(size, seed=LADDER_SEED, count=LADDER_COUNT)`, at full variety
LADDER_COUNT = 256  # pictures on a sheet
COLUMNS = 16
QUALITIES = (90, 85, 80, 75, 70, 65, 60, 50, 40, 30, 20, 10, 5)  # of WebP, from the best
LOWEST_AIMED = 50  # quality that is not given up for AIM, only for LARGEST_SHEET
AIM = 400_000  # bytes of a sheet, or AIM_DENSITY of each of its pixels where that is less
AIM_DENSITY = 0.2
LARGEST_SHEET = 1_000_000  # bytes
LARGEST_SIDE = 256  # px of one picture
FINISHED = "steps.json"


def ladder_file(folder: Path, step: int) -> Path:
    """Where the sheet of one training step lies in a weights folder (or in the folder of a run)."""
    return folder / "ladder" / f"step-{step:07d}.webp"


def ladder_steps(folder: Path) -> list[int]:
    """The training steps of which a weights folder keeps a sheet, in order; the finished network is none of them."""
    found = (re.fullmatch(r"step-(\d{7}|[1-9]\d{7,})\.webp", file.name) for file in (folder / "ladder").glob("*"))
    return sorted(int(match[1]) for match in found if match)


def finished_step(folder: Path) -> int | None:
    """After how many training steps the network of a weights folder was finished; None where the folder does not say.

    Raises:
        NetworkUnavailable: the file that says it is broken.
    """
    file = folder / "ladder" / FINISHED
    if not file.is_file():
        return None
    try:
        step = json.loads(file.read_text(encoding="utf-8"))["finished"]
    except (OSError, ValueError, TypeError, KeyError):
        step = None
    if isinstance(step, bool) or not isinstance(step, int) or step < 1:
        raise NetworkUnavailable(f"The file ladder/{FINISHED} of {folder.name} is broken; train or download it again.")
    return step


def write_finished(folder: Path, step: int) -> None:
    """Says in a weights folder after how many training steps its network was finished."""
    file = folder / "ladder" / FINISHED
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"finished": step}) + "\n", encoding="utf-8")


def draw_ladder(network: LatentGenerator) -> Pictures:
    """What a generator in evaluation mode draws for a sheet: uint8 (256, H, W, C)."""
    return generate(network, seed=LADDER_SEED, count=LADDER_COUNT)


def write_ladder(pictures: Pictures, file: Path) -> None:
    """Writes a sheet: WebP of the best quality that needs no more than AIM bytes, of quality 50 and at most 1 MB where
    there is none.

    Args:
        pictures: uint8 (256, side, side, C), C is 1 (grey) or 3 (RGB), side up to 256 px.
        file: see `ladder_file`; folders that are missing are made.

    Raises:
        InvalidInput: pictures of another kind or number.
    """
    if pictures.dtype != np.uint8 or pictures.ndim != 4 or len(pictures) != LADDER_COUNT:
        raise InvalidInput(f"A sheet holds {LADDER_COUNT} uint8 pictures, got {pictures.dtype} {pictures.shape}.")
    height, width, channels = pictures.shape[1:]
    if height != width or width > LARGEST_SIDE or channels not in (1, 3):
        raise InvalidInput(
            f"A sheet holds square pictures of up to {LARGEST_SIDE} px with 1 or 3 channels, got {pictures.shape[1:]}."
        )
    image = to_image(tile(pictures, columns=COLUMNS))
    aim = min(AIM, AIM_DENSITY * image.width * image.height)
    content = b""
    for quality in QUALITIES:
        content = encoded(image, quality)
        if len(content) <= (aim if quality > LOWEST_AIMED else LARGEST_SHEET):
            break
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def encoded(image: Image.Image, quality: int) -> bytes:
    """A sheet as a WebP file."""
    content = io.BytesIO()
    image.save(content, format="WEBP", quality=quality, method=4)
    return content.getvalue()


def read_ladder(folder: Path, step: int) -> Pictures:
    """The pictures that a generator drew at one moment of its training.

    Args:
        folder: of the weights.
        step: one of `ladder_steps(folder)`.

    Returns:
        uint8 (256, side, side, C), side and C as config.json has them; shared, so it cannot be written to.

    Raises:
        NetworkUnavailable: there is no such sheet, or it is broken or of another size.
    """
    file = ladder_file(folder, step)
    if not file.is_file():
        known = ", ".join(f"{known:,}" for known in ladder_steps(folder)) or "none"
        raise NetworkUnavailable(f"{folder.name} has no pictures of training step {step:,}; it has: {known}.")
    side, channels = drawn_by(folder)
    return read_sheet(file, file.stat().st_mtime_ns, side, channels)


def drawn_by(folder: Path) -> tuple[int, int]:
    """Side (px) and channels of the pictures of a generator, from its config.json. Raises NetworkUnavailable."""
    try:
        settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        side, channels = settings["resolution"], settings["channels"]
    except (OSError, ValueError, TypeError, KeyError):
        side, channels = None, None
    if side not in range(1, LARGEST_SIDE + 1) or channels not in (1, 3):
        raise NetworkUnavailable(
            f"The config.json of {folder.name} does not describe a generator with a ladder; train or download it again."
        )
    return side, channels


@functools.lru_cache(maxsize=8)  # up to 13 MB each at 128 px
def read_sheet(file: Path, changed: int, side: int, channels: int) -> Pictures:
    """A sheet, see `read_ladder`; `changed` (ns) only tells versions of the file apart."""
    name, owner = file.name, file.parent.parent.name
    try:
        if file.stat().st_size > LARGEST_SHEET:
            raise NetworkUnavailable(
                f"The file ladder/{name} of {owner} is larger than {LARGEST_SHEET / 1e6:g} MB; train or download it "
                "again."
            )
        with Image.open(file, formats=["WEBP"]) as image:  # reads the size only
            if image.size != (COLUMNS * side, LADDER_COUNT // COLUMNS * side):
                raise NetworkUnavailable(
                    f"The file ladder/{name} of {owner} has {image.width} x {image.height} px; a sheet of "
                    f"{LADDER_COUNT} pictures of {side} px has {COLUMNS * side} x {LADDER_COUNT // COLUMNS * side}. "
                    "Train or download it again."
                )
            sheet = np.asarray(image.convert("L" if channels == 1 else "RGB")).reshape(*image.size, channels)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NetworkUnavailable(f"The file ladder/{name} of {owner} is broken; train or download it again.") from error
    rows = sheet.reshape(-1, side, COLUMNS, side, channels)  # (16, H, 16, W, C)
    pictures = np.ascontiguousarray(rows.transpose(0, 2, 1, 3, 4)).reshape(-1, side, side, channels)
    pictures.flags.writeable = False
    return pictures
