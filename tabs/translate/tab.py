"""Tab "Translate": day into night, a drawn map into a street, a young face into an old one; your picture or clip."""

from collections.abc import Mapping

import gradio as gr

from data.streets import daylight
from media.clips import LARGEST_FILE as LARGEST_CLIP
from media.clips import translate_clip as change_clip
from media.formats import FOR_STAGES, read_saved
from media.images import data_uri, file_of, png
from media.incoming import for_browsers, read_content, read_photograph
from models.catalogue import CATALOGUE
from models.errors import InvalidInput, NetworkUnavailable
from models.gan import LARGEST_SEED, check_whole
from models.merging import Progress
from models.translation import LARGEST_PICTURE, Picture, Translation, directions, in_channels
from page import foldouts, stage
from server.downloads import kept
from server.fields import whole
from server.files import open_sent
from server.guard import Values, stage_function
from server.jobs import Jobs, follow_and_stop
from serving.lock import drawing_lock, interruptible
from serving.replicas import spread
from tabs.networks import NO_LINK, YOURS, called, is_own
from tabs.programs import Form, Given, Sent, given, publish
from tabs.translate.examples import examples_of
from tabs.translate.frames import found_in, framing, read_frame
from tabs.translate.networks import OFFERED, adopted, open_network
from tabs.translate.result import picture_shown, translated
from tabs.translate.settings import DEFAULT, Setting, to_python, to_query

LARGEST_PHOTOGRAPH = 16 * 2**20  # bytes

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
- **A face** is cut out upright, with the eyes where the training pictures have them. Only its change goes back into
  your photograph, and fades out before the border of the frame.
- **Round trip** shows $F(G(x))$ and where it misses $x$. **X-ray** shows what the discriminator says of each 70 x 70
  patch: it was trained to tell drawn from real.
- **Clips** go frame by frame. Where nothing moves, each frame is mixed with the one before it: lamps do not flicker.

Isola, Zhu, Zhou, Efros, *Image-to-Image Translation with Conditional Adversarial Networks*, 2017. Zhu, Park, Isola,
Efros, *Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks*, 2017. He, Sun, *Fast Guided
Filter*, 2015.
"""


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    workbench = stage.component(
        "tabs/translate/stage",
        functions=[
            open_translator,
            translate_picture,
            translate_film,
            find_face,
            show_picture,
            download,
            follow,
            stop,
            adopt,
        ],
        elem_id="translate",
        pictures=FOR_STAGES,
    )
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    workbench.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    publish(translate, api_name="translate")
    publish(translate_clip, api_name="translate_clip")


# --- endpoints for programs --------------------------------------------------------------------------------------


def translate(
    model: str = DEFAULT,
    direction: str = "day-to-night",
    image: Sent = "",
    form: Form = None,
    frame: list[float] | None = None,
) -> Given:
    """A picture of one kind as one of another kind, at its own size.

    Args:
        model: streets-day-night-256, streets-labels-photo-256, faces-age-128, faces-smile-128, or a Hub id such as
            user/repository.
        direction: for example day-to-night; an error lists what the network knows.
        image: a picture (in a format of docs/formats.md, up to 16 MB and 12.5 million pixels): a file, or a data URI.
        form: of the answer, "file" or "data" (a data URI).
        frame: for networks of faces, around the face, outside of which nothing changes. Four numbers a, b, x, y: the
            point (u, v) of the picture, in px, lies at (a u - b v + x, b u + a v + y) of the frame, whose sides are
            128; the eyes have to be at about (38, 38) and (87, 38) for faces-age-128. Or three: left, top and side of
            an upright square, in shares of the picture's width, height and shorter side.

    Returns:
        a PNG file.
    """
    network, framed = open_network(model), read_frame(frame)
    picture = read_image(open_sent(image))

    def work(progress: Progress) -> Values:
        with interruptible(progress) as tell:
            result = translated(network, picture, direction, framed, None, tell).photograph
        return {"image": png(result)}

    return given(jobs.run_and_wait(work, picture.nbytes)["image"], "png", form, image)


def translate_clip(model: str = DEFAULT, direction: str = "day-to-night", clip: Sent = "", form: Form = None) -> Given:
    """A short film of one kind as one of another kind, with the same length, frame rate and sound.

    Args:
        model: streets-day-night-256, faces-smile-128, or a Hub id such as user/repository.
        direction: for example day-to-night; an error lists what the network knows.
        clip: an MP4, WebM, MOV or GIF, up to 16 MB, 300 frames and 1920 x 1080 pixels: a file, or a data URI.
        form: of the answer, "file" or "data" (a data URI).

    Returns:
        an MP4 file, or a GIF for a GIF.
    """
    network = open_network(model)
    content = read_clip(open_sent(clip))

    def work(progress: Progress) -> Values:
        film, kind = change_clip(network, content, direction, progress=progress, lock=drawing_lock, spread=spread)
        return {"film": film, "kind": kind}

    answer = jobs.run_and_wait(work, len(content))
    return given(answer["film"], answer["kind"], form, clip)


# --- for the stage's script --------------------------------------------------------------------------------------


def named(fields: Mapping[str, object]) -> tuple[Translation, Setting]:
    """The network and the direction that a script or a link names. Raises LatentLabError."""
    model = called(fields.get("model") or DEFAULT)
    network = open_network(model)
    direction = str(fields.get("direction") or directions(network)[0])
    if direction not in directions(network):
        raise InvalidInput(
            f"The direction is {direction[:60]!r}; this network goes {' or '.join(directions(network))}."
        )
    return network, Setting(model, direction, whole(fields.get("example") or 0, "example"))


@stage_function
def open_translator(fields: Values) -> Values:
    """Everything the stage needs of one network.

    Args:
        fields: "model", "direction" and "example" of a link; what is missing stands at its default, what is wrong gives
            a notice and the default.

    Returns:
        "model", "direction", "models" (those offered), "directions", "examples" (titles), "palette" (names and
        colours, or empty), "framing" (how a face has to be framed, or empty: see `framing`), "link", "notice".
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
        "framing": framing(network),
        "further": DEFAULT if config.palette and DEFAULT in CATALOGUE else "",
        "link": to_query(setting),
        "notice": notice,
    }


@stage_function
def translate_picture(fields: Values) -> Values:
    """Starts the translation of a picture; answers as server.jobs.Jobs does.

    Args:
        fields: "model", "direction", and "image" (a data URI) or "example"; "frame" around the face that is translated,
            see `read_frame`; "seed" of the noise; "daylight", whether the picture is a generated street that is to look
            like a bright day first.

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


@stage_function
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


@stage_function
def find_face(fields: Values) -> Values:
    """Looks for the face in a picture; answers as server.jobs.Jobs does, at the end as `found_in`.

    Args:
        fields: "model", and "image", a data URI.
    """
    network, picture = open_network(called(fields.get("model") or DEFAULT)), read_image(fields.get("image"))
    return jobs.start(lambda progress: found_in(network, picture), picture.nbytes)


@stage_function
def show_picture(fields: Values) -> Values:
    """A picture that the visitor's browser cannot open, as "image", one that it can; fields: "image", a data URI."""
    limits = {"largest_file": LARGEST_PHOTOGRAPH, "largest_picture": LARGEST_PICTURE}
    return {"image": for_browsers(fields.get("image"), **limits)}


@stage_function
def download(fields: Values) -> Values:
    """A result as a file: "file", its address.

    Args:
        fields: "kept", its name, or else "image", its address on the page; and "kind", png, webp, jpeg or avif.
    """
    kind = read_saved(fields.get("kind"))
    picture = kept.get(fields["kept"]) if fields.get("kept") else read_image(fields.get("image"))
    return {"file": data_uri(file_of(picture, kind), kind)}


@stage_function
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
    if is_own(setting.model):
        return YOURS, NO_LINK
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
