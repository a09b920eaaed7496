"""Tab "Upscale": a small picture as a large one, several networks side by side, and what of it was invented."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import getdoc
from pathlib import PurePosixPath
from urllib.parse import urlencode

import gradio as gr
import numpy as np
from skimage import data as samples

from data.degradation import cut_to_multiple, degrade
from media.images import (
    address_of,
    coloured,
    data_uri,
    file_of,
    is_shown_whole,
    png,
)
from media.incoming import read_remarked
from metrics.restoration import WINDOW, psnr, ssim
from models.catalogue import CATALOGUE
from models.checkpoints.cyclegan import read_published
from models.errors import InvalidInput, NetworkUnavailable
from models.gan import check_whole
from models.loading import find_offered, read
from models.merging import Progress
from models.pixels import resize
from models.super_resolution import Picture, SuperResolution, check_request, invented
from page import foldouts, stage
from server.downloads import Kept
from server.fields import whole
from server.guard import Values, careful, spoken
from server.jobs import Jobs, follow_and_stop, size_of
from server.uploads import Adopted
from serving.inference import upscale as enlarge
from serving.lock import interruptible

FAMILY = "super-resolution"
TIERS = {  # what a visitor chooses: title, what it does, its networks by their own scale
    "fast": ("Fast", "faithful, in a moment", ("upscale-x2-fast", "upscale-x4-fast")),
    "quality": ("Quality", "faithful, takes three times as long", ("upscale-x4-quality",)),
    "sharp": ("Sharp", "invents detail that looks real", ("upscale-x4-sharp",)),
    "faces": ("Faces", "faithful, for faces of 20 to 60 px", ("faces-upscale-x4",)),
}
SCALES = (2, 3, 4, 6, 8)
EXAMPLES = ("astronaut", "chelsea", "coffee", "rocket")  # of scikit-image, free for every use
TITLES = ("Astronaut", "Cat", "Coffee", "Rocket")
EXAMPLE_SCALE = 4  # how many times smaller than scikit-image's the examples are
MOST_NETWORKS = 3  # compared at a time
MOST_FILES = 20  # in one archive
LARGEST_ARCHIVE = 128 * 2**20  # bytes
LARGEST_PHOTOGRAPH = 16 * 2**20  # bytes
LARGEST_PICTURE = 12_500_000  # px
LARGEST_TEST = 3_000_000  # px, of what a test compares with the truth; more is cut to the middle
SPOT = 80  # px of the result, side of the place at which the zoomed pictures begin
SHOWN_INVENTED = 16.0  # grey levels that have the strongest colour on the map of what was invented
KINDS = ("png", "webp", "jpeg")

HOW_IT_WORKS = r"""
A small picture $x$ is what is left of a large one $y$: $x = \downarrow_s (k * y)$, blurred by the filter $k$ and
thinned out by the scale $s$. Many large pictures have the same small one, so nobody can invert this.

- **Faithful** networks (Fast, Quality) learn $\min_\theta \mathbb{E}\,\|f_\theta(x) - y\|$, first with
  $\|\cdot\|_1$, then squared: of all pictures that fit, they draw the mean. That is nearest on average, and soft.
- **Sharp** goes on from there in a game, as SRGAN does: $\min_\theta \; \|f_\theta(x) - y\|_1 + \lambda\,
  \mathbb{E}\,(D(f_\theta(x)) - 1)^2$ and more, while the discriminator $D$ learns to tell results from true pictures.
  It draws *one* picture that fits, and its detail is a guess.
- **How near?** $\mathrm{PSNR} = 10 \log_{10} \frac{255^2}{\mathrm{MSE}}$ in dB, on brightness; 6 dB more are half the
  error. SSIM compares structure in windows of 11 px, 1 is equal.
- **What was invented?** Reduce the result again: $\downarrow_s(k * f_\theta(x)) - x$ is zero where it agrees with what
  was given, bright on the map where it does not.
- **The network** is a stack of $3 \times 3$ convolutions at the small size; the last one writes $s^2$ sub-pixels for
  every pixel (Shi et al. 2016). While it learns, each kernel is a product $W = B + P E$ of larger ones, which collapses
  to one. Nothing looks at the whole picture, so **tiles equal the whole**, bit for bit, and there are no seams.
- **Transparency**: hidden colours are replaced by those of what is seen nearby, so there is no fringe.

Dong et al., *Learning a Deep Convolutional Network for Image Super-Resolution*, 2014. Ledig et al., *Photo-Realistic
Single Image Super-Resolution Using a GAN*, 2017. Bhardwaj et al., *Collapsible Linear Blocks for Super-Efficient Super
Resolution*, 2022. Wang et al., *PlainUSR*, 2024.
"""

adopted = Adopted(lambda file: as_upscaler(read_published(file), "This file"))
jobs = Jobs()
follow, stop = follow_and_stop(jobs)
kept = Kept()


@dataclass(frozen=True)
class Setting:
    """What a permalink can say; a visitor's own picture stays with the visitor."""

    models: tuple[str, ...] = ("fast",)  # the first one is looked at, the others are compared with it
    scale: int = 4
    test: bool = False  # a sharp picture is reduced first, and the result compared with it
    example: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.models) <= MOST_NETWORKS or len(set(self.models)) < len(self.models):
            raise InvalidInput(f"From 1 to {MOST_NETWORKS} different networks are compared; got {len(self.models)}.")
        if self.scale not in SCALES:
            raise InvalidInput(f"The scale is {self.scale}; {', '.join(map(str, SCALES))} are offered here.")
        check_whole(self.example, "example", 0, len(EXAMPLES) - 1)


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    workbench = stage.component(
        "tabs/upscale/stage",
        functions=[open_upscaler, upscale_picture, upscale_files, download, follow, stop, adopt],
        elem_id="upscale",
        most_networks=MOST_NETWORKS,
        most_files=MOST_FILES,
    )
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    workbench.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    gr.api(spoken(upscale), api_name="upscale", api_description=getdoc(upscale), queue=False)


# --- endpoint for programs ---------------------------------------------------------------------------------------


def upscale(model: str = "fast", scale: float = 4, image: str = "") -> str:
    """A picture, enlarged.

    Args:
        model: fast, quality, sharp or faces; a network such as upscale-x4-fast; or a Hub id such as user/repository.
        scale: how many times larger each side becomes, from 1 to 8; the result has at most 24 million pixels.
        image: a picture as a data URI (PNG, JPEG, WebP, GIF or BMP, up to 16 MB and 12.5 million pixels).

    Returns:
        a PNG file, as a data URI.
    """
    picture, _ = read_image(image)
    check_request(picture, scale)
    network = open_network(model, scale)

    def work(progress: Progress) -> Values:
        with interruptible(progress) as tell:
            result = enlarge(network, picture, scale, progress=tell)
        return {"image": data_uri(png(result), "png")}

    return str(jobs.do(work, picture.nbytes)["image"])


# --- networks ----------------------------------------------------------------------------------------------------


def as_upscaler(network: object, name: str) -> SuperResolution:
    """Raises NetworkUnavailable unless a network is an upscaler."""
    if not isinstance(network, SuperResolution):
        raise NetworkUnavailable(f"{name} is no upscaler; choose one of {', '.join(TIERS)}, or another file.")
    return network


def name_for(model: str, scale: float) -> str:
    """The network of a tier that is made for a scale: the smallest of its own scales that reaches it."""
    if model not in TIERS:
        return model
    return next((name for name in TIERS[model][2] if own_scale(name) >= scale), TIERS[model][2][-1])


def own_scale(name: str) -> int:
    """The scale in a network's name: 4 of "upscale-x4-fast"."""
    return int(name.partition("-x")[2][0])


def open_network(model: object, scale: float) -> SuperResolution:
    """An upscaler that visitors may use. Raises NetworkUnavailable."""
    name = name_for(str(model or "fast"), scale)
    if name.startswith("own-"):
        return adopted.get(name)
    return as_upscaler(read(find_offered(name, FAMILY)), name)


def title_of(model: str) -> str:
    """What a visitor reads of a network."""
    if model in TIERS:
        return TIERS[model][0]
    if model.startswith("own-"):
        return "Your file"
    return CATALOGUE[model].title if model in CATALOGUE else model


def to_query(setting: Setting) -> str:
    """The setting as the query of a permalink."""
    fields: dict[str, object] = {"tab": "upscale", "model": ",".join(setting.models), "scale": setting.scale}
    fields |= {"test": 1} if setting.test else {}
    return urlencode({**fields, "example": setting.example}, safe="/,")


def to_python(setting: Setting) -> str:
    """The lines that enlarge a picture in the same way."""
    return (
        "import numpy as np\nfrom PIL import Image\nfrom models import load\n"
        "from models.super_resolution import upscale\n\n"
        f'network = load("{name_for(setting.models[0], setting.scale)}")\n'
        'picture = np.array(Image.open("small.png").convert("RGB"))  # uint8 (H, W, 3)\n'
        f'Image.fromarray(upscale(network, picture, {setting.scale})).save("large.png")'
    )


# --- pictures ----------------------------------------------------------------------------------------------------


def read_image(address: object) -> tuple[Picture, str]:
    """A visitor's picture, and what was changed on its way in. Raises InvalidInput."""
    return read_remarked(address, largest_file=LARGEST_PHOTOGRAPH, largest_picture=LARGEST_PICTURE)


def example(number: int, *, sharp: bool) -> Picture:
    """A photograph of scikit-image, uint8 (H, W, 3): as it is, or reduced to a quarter."""
    photograph: Picture = getattr(samples, EXAMPLES[number])()
    return np.ascontiguousarray(photograph if sharp else degrade(photograph, EXAMPLE_SCALE))


def truth_of(picture: Picture, scale: int) -> Picture:
    """The part of a sharp picture that a test uses: without opacity, its middle if it is large, sides multiples of the
    scale. Raises InvalidInput if nothing is left to compare."""
    picture = picture[:, :, : 3 if picture.shape[2] > 1 else 1]
    height, width = picture.shape[:2]
    least = 3 * scale + WINDOW
    if min(height, width) < least:
        raise InvalidInput(
            f"The picture is {width} x {height} px; a test at scale {scale} needs {least} px a side or more."
        )
    if height * width > LARGEST_TEST:
        share = (LARGEST_TEST / (height * width)) ** 0.5
        high, wide = max(least, int(height * share)), max(least, int(width * share))
        top, left = (height - high) // 2, (width - wide) // 2
        picture = picture[top : top + high, left : left + wide]
    return np.ascontiguousarray(cut_to_multiple(picture, scale))


# --- for the stage's script --------------------------------------------------------------------------------------


def named(fields: Mapping[str, object]) -> Setting:
    """What a script or a link asks for. Raises LatentLabError."""
    models = tuple(part for part in str(fields.get("model") or "fast").split(",") if part)
    setting = Setting(
        models=models,
        scale=whole(fields.get("scale") or 4, "scale"),
        test=str(fields.get("test") or 0).lower() in ("1", "true"),
        example=whole(fields.get("example") or 0, "example"),
    )
    for model in models:
        open_network(model, setting.scale)
    return setting


@careful
def open_upscaler(fields: Values) -> Values:
    """Everything the stage needs to begin.

    Args:
        fields: "model" (up to three, with commas), "scale", "test" and "example" of a link; what is missing stands at
            its default, what is wrong gives a notice and the default.

    Returns:
        "models", "scale", "test", "example"; "offered", [name, title, what it does] of each; "scales", "examples",
        "link", "notice".
    """
    notice = ""
    try:
        setting = named(fields)
    except (InvalidInput, NetworkUnavailable) as error:
        notice, setting = str(error), Setting()
    others = [model for model in setting.models if model not in TIERS]
    return {
        "models": list(setting.models),
        "scale": setting.scale,
        "test": setting.test,
        "example": setting.example,
        "offered": [[name, title, does] for name, (title, does, _) in TIERS.items()]
        + [[name, title_of(name), "brought by you"] for name in others],
        "scales": list(SCALES),
        "examples": list(TITLES),
        "link": to_query(setting),
        "notice": notice,
    }


@careful
def upscale_picture(fields: Values) -> Values:
    """Starts to enlarge a picture; answers as server.jobs.Jobs does.

    Args:
        fields: "model", "scale" and "test" as in `open_upscaler`, and "image" (a data URI) or "example".

    Returns:
        see `enlarged`.
    """
    setting = named(fields)
    own = fields.get("image") not in (None, "")
    picture, remark = read_image(fields["image"]) if own else (example(setting.example, sharp=setting.test), "")
    if not setting.test:
        check_request(picture, setting.scale)
    else:
        cut = truth_of(picture, setting.scale)
        if cut.shape[0] * cut.shape[1] < 0.9 * picture.shape[0] * picture.shape[1]:
            remark = f"{remark} Its middle, {cut.shape[1]} x {cut.shape[0]} px, is tested.".strip()
        picture = cut
    return jobs.start(lambda progress: enlarged(setting, picture, remark, progress), picture.nbytes)


def enlarged(setting: Setting, picture: Picture, remark: str, progress: Progress) -> Values:
    """A picture enlarged by each network, and everything the tab shows of it.

    Args:
        picture: the small one, or for a test the sharp one, its sides multiples of the scale.

    Returns:
        "width", "height" of the results and "from", [width, height], of the small picture; "remark"; "link"; "small",
        "bicubic" and "truth", addresses, the first and the last for a test only; "spot", see `spot_of`; "results", one
        per network: "model", "title", "invents", "address", "kept" (its name for `download`; None where the address
        holds every pixel), "invented", the map, and "off", its mean in grey levels; in a test "scores", the PSNR and
        SSIM of each result, after those of the bicubic one.
    """
    truth = picture if setting.test else None
    small = degrade(picture, setting.scale) if setting.test else picture
    height, width = check_request(small, setting.scale)
    bicubic = resize(small, height, width)
    results, scores, spot = [], [], None
    if truth is not None:
        scores.append(scored(bicubic, truth, setting.scale))
    for number, model in enumerate(setting.models):
        network = open_network(model, setting.scale)
        done, share = number / len(setting.models), 1 / len(setting.models)

        def tell(part: float, done: float = done, share: float = share) -> None:
            progress(0.97 * (done + share * part))

        with interruptible(tell) as shared:
            result = enlarge(network, small, setting.scale, progress=shared)
        spot = spot or spot_of(result, bicubic)
        off = invented(result, small)
        results.append(
            {
                "model": model,
                "title": title_of(model),
                "invents": network.config.invents,
                "address": address_of(result),
                "kept": None if is_shown_whole(result) else kept.keep(result),
                "invented": address_of(coloured(off / SHOWN_INVENTED)),
                "off": round(float(off.mean()), 2),
            }
        )
        if truth is not None:
            scores.append(scored(result, truth, setting.scale))
    answer: Values = {
        "width": width,
        "height": height,
        "from": [small.shape[1], small.shape[0]],
        "remark": remark,
        "link": to_query(setting),
        "bicubic": address_of(bicubic),
        "spot": spot,
        "results": results,
        "scores": scores,
    }
    if truth is not None:
        answer |= {"small": address_of(small), "truth": address_of(truth)}
    progress(1.0)
    return answer


def spot_of(result: Picture, bicubic: Picture) -> list[float]:
    """Where a network made the greatest difference: the middle of that place, in shares of width and height."""
    colours = min(3, result.shape[2])
    height, width = result.shape[:2]
    columns = np.arange(0, width, SPOT)
    areas = []
    for top in range(0, height, SPOT):
        rows = slice(top, top + SPOT)
        difference = np.abs(result[rows, :, :colours].astype(np.int16) - bicubic[rows, :, :colours])
        areas.append(np.add.reduceat(difference.sum(axis=(0, 2), dtype=np.int64), columns))
    row, column = np.unravel_index(np.argmax(areas), (len(areas), len(columns)))
    middle = [min(1.0, (place + 0.5) * SPOT / side) for place, side in ((column, width), (row, height))]
    return [round(float(share), 3) for share in middle]


def scored(result: Picture, truth: Picture, scale: int) -> list[float]:
    """PSNR in dB and SSIM of a result; equal pictures have 99 dB."""
    return [
        round(min(99.0, psnr(result, truth, border=scale)), 2),
        round(ssim(result, truth, border=scale), 4),
    ]


@careful
def upscale_files(fields: Values) -> Values:
    """Starts to enlarge several pictures; answers as server.jobs.Jobs does, at the end with "zip", an address.

    Args:
        fields: "model" (the first counts) and "scale"; "files", [name, data URI] of each; "kind", png, webp or jpeg.

    Returns:
        "zip", "count" and "skipped", a sentence for each file that was left out.
    """
    setting, kind = named(fields), read_kind(fields.get("kind"))
    files = fields.get("files")
    if not isinstance(files, list) or not 1 <= len(files) <= MOST_FILES:
        raise InvalidInput(f"From 1 to {MOST_FILES} pictures at a time are enlarged; choose fewer.")
    network = open_network(setting.models[0], setting.scale)

    def work(progress: Progress) -> Values:
        archive, skipped, names = io.BytesIO(), [], set[str]()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as folder:  # pictures are compressed already
            for number, entry in enumerate(files):
                name, address = (entry[0], entry[1]) if isinstance(entry, list) and len(entry) == 2 else ("?", None)
                stem = safe_stem(str(name), names)

                def tell(part: float, number: int = number) -> None:
                    progress((number + part) / len(files))

                try:
                    picture, _ = read_image(address)
                    check_request(picture, setting.scale)
                    with interruptible(tell) as shared:
                        result = enlarge(network, picture, setting.scale, progress=shared)
                    content = file_of(result, kind)
                    if archive.tell() + len(content) > LARGEST_ARCHIVE:
                        raise InvalidInput(f"All results together are larger than {LARGEST_ARCHIVE / 2**20:.0f} MB.")
                    folder.writestr(f"{stem}-x{setting.scale}.{'jpg' if kind == 'jpeg' else kind}", content)
                except InvalidInput as error:
                    skipped.append(f"{str(name)[:60]}: {error}")
        if len(skipped) == len(files):
            raise InvalidInput(skipped[0])
        return {"zip": data_uri(archive.getvalue(), "zip"), "count": len(files) - len(skipped), "skipped": skipped}

    return jobs.start(work, size_of(files))


def safe_stem(name: str, taken: set[str]) -> str:
    """A file's name without folder and ending, of letters, digits, - and _, different from those that are taken."""
    stem = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in PurePosixPath(name).stem)[:60]
    stem = stem.strip("-") or "picture"
    number, unique = 2, stem
    while unique in taken:
        unique, number = f"{stem}-{number}", number + 1
    taken.add(unique)
    return unique


def read_kind(kind: object) -> str:
    """png, webp or jpeg. Raises InvalidInput."""
    if kind not in KINDS:
        raise InvalidInput(f"The format is {str(kind)[:20]!r}; {', '.join(KINDS)} are offered.")
    return str(kind)


@careful
def download(fields: Values) -> Values:
    """A result as a file: "file", its address.

    Args:
        fields: "kept", its name, or else "image", its address on the page; and "kind", png, webp or jpeg.
    """
    kind = read_kind(fields.get("kind"))
    picture = kept.get(fields["kept"]) if fields.get("kept") else read_image(fields.get("image"))[0]
    return {"file": data_uri(file_of(picture, kind), kind)}


@careful
def adopt(fields: Values) -> Values:
    """Takes a published upscaler that was uploaded under "path"; its file is deleted. Returns "model", its name."""
    return {"model": adopted.take(fields.get("path"))}


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of a setting."""
    fields = {name: getattr(event, name, None) for name in ("model", "scale", "test", "example")}
    try:
        setting = named(fields)
    except (InvalidInput, NetworkUnavailable):
        setting = Setting()
    name = name_for(setting.models[0], setting.scale)
    if name.startswith("own-"):
        return "Your own network; it is in this page's memory only.", {"link": "", "python": "", "command": ""}
    return foldouts.describe_network(name), foldouts.share(to_query(setting), to_python(setting), name)
