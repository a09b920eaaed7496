"""Tab "Translate": day into night, a drawn map into a street, a neutral face into a smile; your picture or clip."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import getdoc
from typing import Any
from urllib.parse import urlencode

import gradio as gr
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from data.streets import TITLES, daylight, street_map
from media.clips import LARGEST_FILE as LARGEST_CLIP
from media.clips import translate_clip as change_clip
from media.images import address_of, coloured, data_uri, png
from media.incoming import read_content, read_photograph
from models import load
from models.catalogue import CATALOGUE
from models.checkpoints.cyclegan import read_reference
from models.errors import InvalidInput, NetworkUnavailable
from models.gan import LARGEST_SEED, check_whole
from models.loading import find_offered, read
from models.merging import Progress, reduce
from models.pixels import resize, to_grey
from models.translation import (
    LARGEST_PICTURE,
    Picture,
    Translation,
    conviction,
    directions,
    in_channels,
    strangeness,
    working_size,
)
from page import foldouts, stage
from server.fields import whole
from server.guard import Values, careful, spoken
from server.jobs import Jobs, follow_and_stop
from server.uploads import Adopted
from serving.inference import generate, translate_within
from serving.inference import translate as change
from serving.lock import drawing_lock, interruptible
from serving.replicas import spread

FAMILY = "translation"
OFFERED = [name for name, entry in CATALOGUE.items() if entry.family == FAMILY]
DEFAULT = "streets-day-night-256"
DRAWN = "streets-labels-photo-256"  # whose results are the street examples
FACES = "faces-128"  # whose results are the face examples
FACE_SEEDS = {"neutral": (103, 116, 82), "smiling": (139, 51, 17)}  # looked at by us
FACE_CROP = slice(0, 112), slice(8, 120)  # rows and columns of such a face that the translator of smiles knows
FACE_SIDE = 64  # px that it reads
VIEW = slice(56, 200)  # rows of a street that a dash camera would show
LARGEST_PHOTOGRAPH = 16 * 2**20  # bytes
UNLIKE = 1.0  # strangeness from which a picture is called unlike the training pictures
SHOWN_ERROR = 64.0  # mean difference, grey levels, that has the strongest colour on the map of the cycle error

adopted = Adopted(read_reference)
jobs = Jobs()
follow, stop = follow_and_stop(jobs)

HOW_IT_WORKS = r"""
With **pairs** $(x, y)$, the same street as a map of labels and as a photograph, translation is a regression with a
critic that sees both (pix2pix): $\min_G \max_D \; \mathbb{E}\left[\log D(x, y)\right] +
\mathbb{E}\left[\log(1 - D(x, G(x)))\right] + \lambda\,\mathbb{E}\left\|y - G(x)\right\|_1$.

**Without pairs** there is no photograph of the same street at night. **CycleGAN** trains two generators, $G: X \to Y$
and $F: Y \to X$, two discriminators, and asks that the way there and back ends where it began:

$$\min_{G, F} \max_{D_X, D_Y} \; \mathcal{L}_{GAN}(G, D_Y) + \mathcal{L}_{GAN}(F, D_X)
+ \lambda \bigl( \mathbb{E}\left\|F(G(x)) - x\right\|_1 + \mathbb{E}\left\|G(F(y)) - y\right\|_1 \bigr)$$

- **No inverted colours**: a picture that is of the other kind already should stay, $G(y) \approx y$ (identity loss).
- **No spill**: our generators draw new content $c$ and a mask $m$, and the result is $m \odot x + (1 - m) \odot c$.
  Where the mask is 1, the picture is yours, untouched.
- **Any size**: the network works at the size it was trained at. What it did to the brightness around each place is
  carried over to your picture's own pixels (guided filter), so every detail of yours stays sharp.
- **Round trip** shows $F(G(x))$ and where it misses $x$. **X-ray** shows what the discriminator says of each 70 x 70
  patch: it was trained to tell drawn from real.
- **Clips** go frame by frame. Where nothing moves, each frame is mixed with the one before it: lamps do not flicker.

Isola, Zhu, Zhou, Efros, *Image-to-Image Translation with Conditional Adversarial Networks*, 2017. Zhu, Park, Isola,
Efros, *Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks*, 2017. He, Sun, *Fast Guided
Filter*, 2015.
"""


@dataclass(frozen=True)
class Setting:
    """What a permalink can say; a visitor's own picture stays with the visitor."""

    model: str = DEFAULT
    direction: str = ""
    example: int = 0

    def __post_init__(self) -> None:
        check_whole(self.example, "example", 0, 99)


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    workbench = stage.component(
        "tabs/translate/stage",
        functions=[open_translator, translate_picture, translate_film, follow, stop, adopt],
        elem_id="translate",
    )
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    workbench.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    gr.api(spoken(translate), api_name="translate", api_description=getdoc(translate), queue=False)
    gr.api(spoken(translate_clip), api_name="translate_clip", api_description=getdoc(translate_clip), queue=False)


# --- endpoints for programs --------------------------------------------------------------------------------------


def translate(model: str = DEFAULT, direction: str = "day-to-night", image: str = "") -> str:
    """A picture of one kind as one of another kind, at its own size.

    Args:
        model: streets-day-night-256, streets-labels-photo-256, faces-smile-64, or a Hub id such as user/repository.
        direction: for example day-to-night; an error lists what the network knows.
        image: a picture as a data URI (PNG, JPEG, WebP, GIF or BMP, up to 16 MB and 12.5 million pixels).

    Returns:
        a PNG file, as a data URI.
    """
    network = open_network(model)
    picture = read_image(image)

    def work(progress: Progress) -> Values:
        with interruptible(progress) as tell:
            result = change(network, picture, direction, progress=tell)
        return {"image": data_uri(png(result), "png")}

    return str(jobs.do(work, picture.nbytes)["image"])


def translate_clip(model: str = DEFAULT, direction: str = "day-to-night", clip: str = "") -> str:
    """A short film of one kind as one of another kind, with the same length, frame rate and sound.

    Args:
        model: streets-day-night-256, faces-smile-64, or a Hub id such as user/repository.
        direction: for example day-to-night; an error lists what the network knows.
        clip: an MP4, WebM, MOV or GIF as a data URI, up to 16 MB, 300 frames and 1920 x 1080 pixels.

    Returns:
        an MP4 file, or a GIF for a GIF, as a data URI.
    """
    network = open_network(model)
    content = read_clip(clip)

    def work(progress: Progress) -> Values:
        film, kind = change_clip(network, content, direction, progress=progress, lock=drawing_lock, spread=spread)
        return {"film": data_uri(film, kind)}

    return str(jobs.do(work, len(content))["film"])


# --- networks ----------------------------------------------------------------------------------------------------


def open_network(model: object) -> Translation:
    """A translator that visitors may use. Raises NetworkUnavailable."""
    name = str(model or DEFAULT)
    if name.startswith("own-"):
        return adopted.get(name)
    network = read(find_offered(name, FAMILY))
    if not isinstance(network, Translation):
        raise NetworkUnavailable(f"{name} is no translator; choose one of {', '.join(OFFERED)}.")
    return network


def to_query(setting: Setting) -> str:
    """The setting as the query of a permalink."""
    return urlencode(
        {"tab": "translate", "model": setting.model, "direction": setting.direction, "example": setting.example},
        safe="/",
    )


def to_python(setting: Setting) -> str:
    """The lines that translate a picture in the same way."""
    return (
        "import numpy as np\nfrom PIL import Image\nfrom models import load\n"
        "from models.translation import translate\n\n"
        f'network = load("{setting.model}")\n'
        'picture = np.array(Image.open("photo.jpg").convert("RGB"))  # uint8 (H, W, 3)\n'
        f'Image.fromarray(translate(network, picture, "{setting.direction}")).save("translated.png")'
    )


# --- examples ----------------------------------------------------------------------------------------------------


def examples_of(model: str, network: Translation, direction: str) -> list[str]:
    """Titles of what can be tried without a picture of one's own; all of them are ours."""
    if network.config.domains == ("neutral", "smiling"):
        return ["A face that never existed"] * len(FACE_SEEDS["neutral"])
    if DRAWN in CATALOGUE and network.config.domains in (("day", "night"), ("labels", "photos")):
        return list(TITLES)
    return []


def example(model: str, network: Translation, direction: str, number: int) -> Picture:
    """An example: a map drawn by us, the street that a network makes of it, that street at night, or a drawn face.

    Raises:
        InvalidInput: there is no such example.
    """
    count = len(examples_of(model, network, direction))
    if not 0 <= number < count:
        raise InvalidInput(f"There is no example {number}; this network has {count}.")
    start = direction.partition("-to-")[0]
    if start in FACE_SEEDS:
        face = generate(load(FACES), seed=FACE_SEEDS[start][number], count=1)[0]
        return resize(to_grey(face[FACE_CROP]), FACE_SIDE, FACE_SIDE)
    painter: Translation = load(DRAWN)
    config = painter.config
    colours = {name: tuple(map(int, colour)) for name, colour in zip(config.classes, config.colours, strict=True)}
    map_drawn = street_map(number, colours)  # type: ignore[arg-type]
    if start == "labels":
        return map_drawn
    street = change(painter, map_drawn, directions(painter)[0])
    street = daylight(street[VIEW]) if start in ("day", "night") else street
    return street if start != "night" else change(network, street, directions(network)[0])


# --- for the stage's script --------------------------------------------------------------------------------------


def named(fields: Mapping[str, object]) -> tuple[Translation, Setting]:
    """The network and the direction that a script or a link names. Raises LatentLabError."""
    model = str(fields.get("model") or DEFAULT)
    network = open_network(model)
    direction = str(fields.get("direction") or directions(network)[0])
    if direction not in directions(network):
        raise InvalidInput(
            f"The direction is {direction[:60]!r}; this network goes {' or '.join(directions(network))}."
        )
    return network, Setting(model, direction, whole(fields.get("example") or 0, "example"))


@careful
def open_translator(fields: Values) -> Values:
    """Everything the stage needs of one network.

    Args:
        fields: "model", "direction" and "example" of a link; what is missing stands at its default, what is wrong gives
            a notice and the default.

    Returns:
        "model", "direction", "models" (those offered), "directions", "examples" (titles), "palette" (names and
        colours, or empty), "frame" (whether a face has to be framed), "side" (of maps, px), "link", "notice".
    """
    notice = ""
    try:
        network, setting = named(fields)
    except InvalidInput as error:
        notice = str(error)
        network, setting = named({"model": fields.get("model")})
    config = network.config
    return {
        "model": setting.model,
        "direction": setting.direction,
        "example": setting.example,
        "models": [[name, CATALOGUE[name].title] for name in OFFERED],
        "directions": directions(network),
        "examples": examples_of(setting.model, network, setting.direction),
        "palette": [line.rsplit(" ", 1) for line in config.palette],
        "frame": config.merge == "difference",
        "further": DEFAULT if config.palette and DEFAULT in CATALOGUE else "",
        "link": to_query(setting),
        "notice": notice,
    }


@careful
def translate_picture(fields: Values) -> Values:
    """Starts the translation of a picture; answers as server.jobs.Jobs does.

    Args:
        fields: "model", "direction", and "image" (a data URI) or "example"; "frame", left, top and side of the square
            that is translated, in shares of the picture's width, height and shorter side; "seed" of the noise;
            "daylight", whether the picture is a generated street that is to look like a bright day first.

    Returns:
        see `picture_shown`.
    """
    network, setting = named(fields)
    picture = None if fields.get("image") in (None, "") else read_image(fields["image"])
    if picture is not None and fields.get("daylight"):
        picture = daylight(in_channels(picture, 3))
    frame = read_frame(fields.get("frame"))
    seed = None if fields.get("seed") in (None, "") else whole(fields["seed"], "seed")
    if seed is not None:
        check_whole(seed, "seed", 0, LARGEST_SEED)
    given = bool(picture is not None and not fields.get("daylight"))  # the browser has what it looked like before
    return jobs.start(
        lambda progress: picture_shown(network, setting, picture, frame, seed, given, progress),
        0 if picture is None else picture.nbytes,
    )


def picture_shown(
    network: Translation,
    setting: Setting,
    picture: Picture | None,
    frame: tuple[float, float, float] | None,
    seed: int | None,
    given: bool,
    progress: Progress,
) -> Values:
    """A picture and everything the tab shows of its translation.

    Returns:
        "before" (unless `given`) and "after" as addresses; "width", "height"; "worked", the size at which the network
        worked; "warning" if the picture is unlike its training pictures; "small", "again", "error" and "missed", the
        round trip at that size, its error as a picture and in grey levels, where there is a way back; "xray" and
        "convinced", the discriminator's map and its mean, where there is a discriminator; "link".
    """
    with interruptible(progress) as tell:
        shown = example(setting.model, network, setting.direction, setting.example) if picture is None else picture
        box = None if frame is None else in_pixels(frame, shown)
        result = translate_within(network, shown, setting.direction, box, seed=seed, progress=lambda s: tell(0.6 * s))
        tell(0.6)
        seen, drawn = (part if box is None else within(part, box) for part in (shown, result))
        height, width = working_size(network.config, *seen.shape[:2])
        small = reduce(seen, height, width, mix=not network.config.palette)
        small_result = reduce(drawn, height, width)
        answer: Values = {
            "after": address_of(result),
            "width": result.shape[1],
            "height": result.shape[0],
            "worked": [height, width],
            "warning": warning_of(network, seen, setting.direction),
            "link": to_query(setting),
        }
        if not given:
            answer["before"] = address_of(shown)
        tell(0.7)
        if len(directions(network)) == 2:
            back = directions(network)[1 - directions(network).index(setting.direction)]
            again = change(network, small_result, back)
            error = np.abs(in_channels(small, 3).astype(float) - in_channels(again, 3)).mean(2)
            answer |= {
                "small": address_of(small),
                "small_after": address_of(small_result),
                "again": address_of(again),
                "error": address_of(coloured(error / SHOWN_ERROR)),
                "missed": round(float(error.mean()), 1),
            }
        tell(0.9)
        if directions(network).index(setting.direction) < len(network.critics):
            convinced = conviction(network, seen, drawn, setting.direction)
            patches = Image.fromarray(convinced.clip(0, 1).astype(np.float32)).resize((width, height))
            answer |= {
                "xray": address_of(over(in_channels(small_result, 3), np.asarray(patches))),
                "convinced": round(float(convinced.clip(0, 1).mean()), 2),
            }
    return answer


@careful
def translate_film(fields: Values) -> Values:
    """Starts the translation of a clip; answers as server.jobs.Jobs does, at the end with "film", its address, "kind".

    Args:
        fields: "model", "direction" and "clip", a data URI.
    """
    network, setting = named(fields)
    content = read_clip(fields.get("clip"))

    def work(progress: Progress) -> Values:
        film, kind = change_clip(
            network, content, setting.direction, progress=progress, lock=drawing_lock, spread=spread
        )
        return {"film": data_uri(film, kind), "kind": kind, "link": to_query(setting)}

    return jobs.start(work, len(content))


@careful
def adopt(fields: Values) -> Values:
    """Takes a published translator that was uploaded under "path"; its file is deleted. Returns "model", its name."""
    return {"model": adopted.take(fields.get("path"))}


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of a setting."""
    fields = {name: getattr(event, name, None) for name in ("model", "direction", "example")}
    try:
        _, setting = named(fields)
    except (InvalidInput, NetworkUnavailable):
        setting = Setting(direction="day-to-night")
    if setting.model.startswith("own-"):
        return "Your own network; it is in this page's memory only.", {"link": "", "python": "", "command": ""}
    return foldouts.describe_network(setting.model), foldouts.share(
        to_query(setting), to_python(setting), setting.model
    )


# --- pictures ----------------------------------------------------------------------------------------------------


def read_image(address: object) -> Picture:
    """A visitor's picture. Raises InvalidInput."""
    picture: Picture = read_photograph(address, largest_file=LARGEST_PHOTOGRAPH, largest_picture=LARGEST_PICTURE)
    return picture


def read_clip(address: object) -> bytes:
    """A visitor's clip. Raises InvalidInput."""
    return read_content(address, LARGEST_CLIP, "MP4, WebM, MOV and GIF up to 16 MB are accepted.")


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


def warning_of(network: Translation, picture: Picture, direction: str) -> str:
    """A sentence if a picture is unlike those that a direction was trained on, else nothing."""
    strange = strangeness(network, picture, direction)
    if strange is None or strange <= UNLIKE:
        return ""
    start = direction.partition("-to-")[0].replace("-", " ")
    return (
        f"This picture is unlike the {start} pictures that the network learned from ({strange:.1f} times as far from "
        "their middle as nearly all of them), so expect less."
    )


def over(picture: Picture, convinced: NDArray[Any]) -> Picture:
    """A discriminator's map (H, W), 0 to 1, over a picture (H, W, 3) in grey: orange 0, drawn; blue 1, real."""
    grey = in_channels(picture, 1).astype(float) * 0.55 + 60
    share = convinced[..., None]
    tint = share * np.array([70.0, 140.0, 255.0]) + (1 - share) * np.array([255.0, 120.0, 20.0])
    strength = 0.15 + 0.6 * np.abs(2 * share - 1)
    tinted = grey * (1 - strength) + tint * strength * (grey / 200 + 0.25)
    return np.asarray(tinted.clip(0, 255), dtype=np.uint8)
