"""Tab "Upscale": a small picture as a large one, several networks side by side, and what of it was invented."""

from collections.abc import Mapping

import gradio as gr

from media.formats import FOR_STAGES, read_saved
from media.images import data_uri, file_of, png
from models.errors import InvalidInput, NetworkUnavailable
from models.gan import check_whole
from models.merging import Progress
from models.super_resolution import check_request
from page import foldouts, stage
from server.downloads import kept
from server.fields import whole
from server.files import open_sent
from server.guard import Values, stage_function
from server.jobs import Jobs, follow_and_stop, size_of
from serving.inference import upscale as enlarge
from serving.lock import interruptible
from tabs.networks import NO_LINK, YOURS, called, is_own
from tabs.programs import Form, Given, Sent, given, publish
from tabs.upscale.archive import MOST_FILES, archive_of
from tabs.upscale.networks import GRADED, TIERS, adopted, name_for, open_network, title_of
from tabs.upscale.pictures import TITLES, example, read_image, truth_of
from tabs.upscale.result import enlarged
from tabs.upscale.settings import MOST_NETWORKS, SCALES, Setting, to_python, to_query

HOW_IT_WORKS = r"""
A small picture $x$ is what is left of a large one $y$: $x = \downarrow_s (k * y)$, blurred by the filter $k$ and
thinned out by the scale $s$. Many large pictures have the same small one, so nobody can invert this.

- **Faithful** networks (Fast, Quality) learn $\min_\theta \mathbb{E}\,\|f_\theta(x) - y\|$, first with
  $\|\cdot\|_1$, then squared: of all pictures that fit, they draw the mean. That is nearest on average, and soft.
- **Sharp**, for photographs or for faces, goes on from there in a game, as SRGAN does:
  $\min_\theta \|f_\theta(x) - y\|_1 + \lambda\,\mathbb{E}\,(D(f_\theta(x)) - 1)^2 + \mu\,d(f_\theta(x), y)$ and more.
  The discriminator $D$ learns to tell results from true pictures, and $d$ compares what a network trained on a million
  photographs sees in the two. It draws *one* picture that fits, and its detail is a guess. Its **strength** $s$ puts
  each weight on the line between the two networks, $\theta = (1 - s)\,\theta_0 + s\,\theta_1$: less invented, and
  softer.
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

jobs = Jobs()
follow, stop = follow_and_stop(jobs)


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    workbench = stage.component(
        "tabs/upscale/stage",
        functions=[open_upscaler, upscale_picture, upscale_files, download, follow, stop, adopt],
        elem_id="upscale",
        most_networks=MOST_NETWORKS,
        most_files=MOST_FILES,
        pictures=FOR_STAGES,
    )
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    workbench.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    publish(upscale, api_name="upscale")


# --- endpoint for programs ---------------------------------------------------------------------------------------


def upscale(model: str = "fast", scale: float = 4, image: Sent = "", form: Form = None, strength: int = 100) -> Given:
    """A picture, enlarged.

    Args:
        model: fast, quality, sharp, faces or faces-sharp; a network such as upscale-x4-fast; or a Hub id such as
            user/repository.
        scale: how many times larger each side becomes, from 1 to 8; the result has at most 24 million pixels.
        image: a picture (in a format of docs/formats.md, up to 16 MB and 12.5 million pixels): a file, or a data URI.
        form: of the answer, "file" or "data" (a data URI).
        strength: of the sharp ones, percent: at 0 they are faithful, at 100 they invent most.

    Returns:
        a PNG file.
    """
    picture, _ = read_image(open_sent(image))
    check_request(picture, scale)
    check_whole(strength, "strength", 0, 100)
    network = open_network(model, scale, strength)

    def work(progress: Progress) -> Values:
        with interruptible(progress) as tell:
            result = enlarge(network, picture, scale, progress=tell)
        return {"image": png(result)}

    return given(jobs.run_and_wait(work, picture.nbytes)["image"], "png", form, image)


# --- for the stage's script --------------------------------------------------------------------------------------


def named(fields: Mapping[str, object]) -> Setting:
    """What a script or a link asks for. Raises LatentLabError."""
    models = tuple(called(part) for part in str(fields.get("model") or "fast").split(",") if part)
    setting = Setting(
        models=models,
        scale=whole(fields.get("scale") or 4, "scale"),
        test=str(fields.get("test") or 0).lower() in ("1", "true"),
        example=whole(fields.get("example") or 0, "example"),
        strength=whole(100 if fields.get("strength") in (None, "") else fields["strength"], "strength"),
    )
    for model in models:
        open_network(model, setting.scale)
    return setting


@stage_function
def open_upscaler(fields: Values) -> Values:
    """Everything the stage needs to begin.

    Args:
        fields: "model" (up to three, with commas), "scale", "test", "example" and "strength" of a link; what is missing
            stands at its default, what is wrong gives a notice and the default.

    Returns:
        "models", "scale", "test", "example", "strength"; "graded", the networks that have one; "offered", [name, title,
            what it does] of each; "scales", "examples", "link", "notice".
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
        "strength": setting.strength,
        "graded": list(GRADED),
        "offered": [[name, title, does] for name, (title, does, *_) in TIERS.items()]
        + [[name, title_of(name), "brought by you"] for name in others],
        "scales": list(SCALES),
        "examples": list(TITLES),
        "link": to_query(setting),
        "notice": notice,
    }


@stage_function
def upscale_picture(fields: Values) -> Values:
    """Starts to enlarge a picture; answers as server.jobs.Jobs does.

    Args:
        fields: "model", "scale", "test" and "strength" as in `open_upscaler`, and "image" (a data URI) or "example".

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


@stage_function
def upscale_files(fields: Values) -> Values:
    """Starts to enlarge several pictures; answers as server.jobs.Jobs does, at the end with "zip", an address.

    Args:
        fields: "model" (the first counts), "scale" and "strength"; "files", [name, data URI] of each; "kind", png,
            webp, jpeg or avif.

    Returns:
        "zip", "count" and "skipped", a sentence for each file that was left out.
    """
    setting, kind = named(fields), read_saved(fields.get("kind"))
    files = fields.get("files")
    if not isinstance(files, list) or not 1 <= len(files) <= MOST_FILES:
        raise InvalidInput(f"From 1 to {MOST_FILES} pictures at a time are enlarged; choose fewer.")
    network = open_network(setting.models[0], setting.scale, setting.strength)
    return jobs.start(lambda progress: archive_of(network, files, setting.scale, kind, progress), size_of(files))


@stage_function
def download(fields: Values) -> Values:
    """A result as a file: "file", its address.

    Args:
        fields: "kept", its name, or else "image", its address on the page; and "kind", png, webp, jpeg or avif.
    """
    kind = read_saved(fields.get("kind"))
    picture = kept.get(fields["kept"]) if fields.get("kept") else read_image(fields.get("image"))[0]
    return {"file": data_uri(file_of(picture, kind), kind)}


@stage_function
def adopt(fields: Values) -> Values:
    """Takes a published upscaler that was uploaded under "path"; its file is deleted. Returns "model", its name."""
    return {"model": adopted.take(fields.get("path"))}


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of a setting."""
    fields = {name: getattr(event, name, None) for name in ("model", "scale", "test", "example", "strength")}
    try:
        setting = named(fields)
    except (InvalidInput, NetworkUnavailable):
        setting = Setting()
    name = name_for(setting.models[0], setting.scale)
    if is_own(name):
        return YOURS, NO_LINK
    return foldouts.describe_network(name), foldouts.share(to_query(setting), to_python(setting), name)
