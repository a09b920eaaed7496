"""Tab "Sample": faces from a seed, their neighbours, morphs, and the same faces along the training."""

import functools
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ParamSpec, TypeAlias

import gradio as gr
import numpy as np

from media.images import data_uri, png, webp
from models.errors import InvalidInput, NetworkUnavailable
from models.ladder import LADDER_SEED
from models.pixels import tile
from page import foldouts, stage
from server.fields import number, whole
from server.guard import MALFORMED, sentence
from serving.inference import generate, morph
from serving.lock import drawing_lock
from tabs.programs import Form, Given, given, publish
from tabs.sample.downloads import download
from tabs.sample.drawing import (
    FEWEST_FRAMES,
    GENERATORS,
    LARGEST_COUNT,
    MODES,
    MOST_FRAMES,
    Drawing,
    from_query,
    offered_steps,
    open_generator,
    paint,
    to_model,
    to_path,
    to_python,
    to_query,
    wound_back,
)
from tabs.sample.hints import hint

SKIP = gr.skip()  # the value of what stays as it is
HERE = "(...controls) => window.latentLabSample?.(controls, {}) ?? controls"  # draws in the browser, if it can
DICE = 99_999  # largest seed that the dice show: short enough to remember

Arguments = ParamSpec("Arguments")
Answer: TypeAlias = tuple[Any, ...]  # a value for each component of `everything` in `build`
HOW_IT_WORKS = r"""
A **generator** is a network that turns random numbers, the latent $z$, into a picture. It never saw a photograph. It
learned by playing against a second network, the **discriminator**, which saw photographs and pictures of the generator
and had to tell them apart; whatever gave a picture away, the generator unlearned. Both play for the value

$$\min_G \max_D \; \mathbb{E}_{x}\left[\log D(x)\right] + \mathbb{E}_{z}\left[\log\left(1 - D(G(z))\right)\right]$$

with photographs $x$, latents $z \sim \mathcal{N}(0, 1)$, the generator $G$ and the discriminator's probability $D$ that
a picture is real.

The **mixture of Gaussians** never played. It was fitted to the principal components $c$ of the photographs and to what
they leave over, $r$, and has what a GAN lacks, the exact likelihood of any picture:

$$p(x) = \sum_m w_m \, \mathcal{N}(c; \mu_m, \Sigma_m) \, \mathcal{N}(r; 0, \sigma_m^2 I)$$

What it pays is blur: sums of components cannot draw a fine edge wherever it may be. The GAN draws sharply and cannot
say how likely a picture is. Here the first number of $z$ chooses the Gaussian $m$, and the others draw $c$ from it.

- **Variety (truncation)** $\psi$ pulls what the first layer makes of $z$, $h = h(z)$, towards its mean:
  $\bar h + \psi\,(h - \bar h)$. Small values stay near the average face, which is safer and duller. In the mixture it
  pulls towards $\mu_m$.
- **Neighbours** of $z$ are $\sqrt{1 - s^2}\, z + s\,\varepsilon$ with fresh noise $\varepsilon$: as likely as $z$
  itself, and alike.
- A **morph** follows the great circle from one latent to another, because the straight line passes through latents that
  were never trained. In the mixture it jumps where the first number of $z$ comes to the next Gaussian.
- **Training (steps)** shows the faces of seed 1 at full variety as the network drew them earlier in its training. The
  pictures were kept then; those of the finished network are drawn now.

Goodfellow et al., *Generative Adversarial Nets*, 2014. Radford, Metz, Chintala, *Unsupervised Representation Learning
with Deep Convolutional Generative Adversarial Networks*, 2016. White, *Sampling Generative Networks*, 2016. Karras,
Laine, Aila, *A Style-Based Generator Architecture for Generative Adversarial Networks*, 2019 (truncation). Moghaddam,
Pentland, *Probabilistic Visual Learning for Object Representation*, 1997; Tipping, Bishop, *Probabilistic Principal
Component Analysis*, 1999 (the mixture).
"""


def build(page: gr.Blocks) -> None:
    """The tab: stage and panel, fold-outs, and what happens when."""
    default = Drawing()
    path = gr.Textbox("", visible=False)
    with gr.Row(elem_classes="bench"):
        with gr.Column(scale=3, min_width=320):
            sample_stage = stage.component("tabs/sample/stage", functions=[download], elem_id="stage")
        with gr.Column(scale=1, min_width=280, elem_classes="controls"):
            mode = gr.Radio(
                [(label, key) for key, label in MODES.items()],
                value=default.mode,
                label="What to draw",  # read out only
                show_label=False,
                container=False,
                elem_classes="segmented",
                elem_id="mode",
            )
            dice = gr.Button("New faces", variant="primary", elem_id="dice")
            with gr.Row():
                seed = gr.Number(default.seed, label="Seed", min_width=90, elem_id="seed")
                to = gr.Number(default.to, label="To seed", min_width=90, visible=False, elem_id="to")
            count = gr.Slider(1, LARGEST_COUNT, default.count, step=1, label="Faces", elem_id="count")
            frames = gr.Slider(
                FEWEST_FRAMES, MOST_FRAMES, default.frames, step=1, label="Frames", visible=False, elem_id="frames"
            )
            truncation = gr.Slider(
                0, 1, default.truncation, step=0.05, label="Variety (truncation)", elem_id="truncation"
            )
            ladder = stage.component("tabs/sample/ladder", elem_id="ladder")
            network = gr.Dropdown(
                [(entry.title, name) for name, entry in GENERATORS.items()],
                value=default.model,
                label="Network",
                filterable=False,
                elem_id="network",
            )
            with gr.Accordion("Another network", open=False):
                hub = gr.Textbox(
                    label="Hugging Face Hub id",
                    placeholder="user/repository",
                    info="In place of the one above; empty for the one above.",
                    max_lines=1,
                    elem_id="hub",
                )
            reset = gr.Button("Reset", size="sm", elem_id="reset")
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)

    controls = [network, hub, seed, count, truncation, mode, to, frames, ladder, path]
    everything = [sample_stage, code, card, *controls]
    at_once: dict[str, Any] = {  # raw values, so that one typed out of its range is answered by our own sentence
        "show_progress": "hidden",
        "queue": False,
        "preprocess": False,
        "api_visibility": "private",
    }

    for control, handler, script in (
        *((control, redraw, HERE.format("false")) for control in (count, frames, to)),
        *((truncation, vary, HERE.format("false")), (seed, restart, HERE.format("true")), (ladder, wind, None)),
    ):
        control.input(handler, controls, everything, trigger_mode="always_last", js=script, **at_once)
    gr.on([network.input, hub.submit, hub.blur, mode.input], rearrange, controls, everything, **at_once)
    dice.click(roll, controls, everything, **at_once)
    reset.click(start_over, None, everything, **at_once)
    sample_stage.input(follow, None, everything, **at_once)
    page.load(open_link, None, everything, **at_once)
    publish(sample, api_name="sample", queue=True, concurrency_id="drawing")
    publish(morph_frames, api_name="morph", queue=True, concurrency_id="drawing")


# --- endpoints for programs --------------------------------------------------------------------------------------


def sample(
    model: str = Drawing.model, count: int = 16, seed: int = 1, truncation: float = 1.0, form: Form = None
) -> list[Given]:
    """Faces that never existed.

    Args:
        model: a network of the catalogue (faces-128, portraits-128, faces-celeba-64, faces-mixture-64) or a Hugging
            Face Hub id.
        count: how many, 1 to 64; the first ones do not depend on it.
        seed: 0 to 2147483647; the same seed gives the same faces.
        truncation: variety, 0 (all alike) to 1 (full).
        form: of the answer, "file" or "data" (a data URI).

    Returns:
        one PNG file per face.
    """
    drawing = Drawing(model=model, seed=seed, count=count, truncation=truncation)
    network = open_generator(drawing.model, drawing.count)
    with drawing_lock:
        pictures = generate(network, seed=drawing.seed, count=drawing.count, truncation=drawing.truncation)
    return [given(png(picture), "png", form) for picture in pictures]


def morph_frames(
    model: str = Drawing.model, seed_a: int = 1, seed_b: int = 2, frames: int = 16, form: Form = None
) -> list[Given]:
    """The first face of one seed turning into the first face of another.

    Args:
        model: a network of the catalogue (faces-128, portraits-128, faces-celeba-64, faces-mixture-64) or a Hugging
            Face Hub id.
        seed_a: where the morph begins, 0 to 2147483647.
        seed_b: where it ends, 0 to 2147483647.
        frames: how many pictures, both ends included, 2 to 64.
        form: of the answer, "file" or "data" (a data URI).

    Returns:
        one PNG file per frame.
    """
    drawing = Drawing(model=model, seed=seed_a, to=seed_b, frames=frames, mode="morph")
    network = open_generator(drawing.model, drawing.frames)
    with drawing_lock:
        pictures = morph(network, seed_a=drawing.seed, seed_b=drawing.to, frames=drawing.frames)
    return [given(png(picture), "png", form) for picture in pictures]


# --- what happens when -------------------------------------------------------------------------------------------


def read_controls(
    network: str, hub: str, seed: object, count: object, truncation: object, mode: str, to: object, frames: object,
    ladder: dict[str, Any] | None, path: str,
) -> Drawing:  # fmt: skip
    """The drawing that the controls describe. Raises InvalidInput."""
    if not (isinstance(hub, str) and isinstance(path, str) and isinstance(ladder or {}, dict)):
        raise InvalidInput(MALFORMED)
    return Drawing(
        model=to_model(hub) or network,
        seed=whole(seed, "seed"),
        count=whole(count, "number of pictures"),
        truncation=number(truncation, "variety (truncation)"),
        step=(ladder or {}).get("step"),
        path=to_path(path),
        mode=mode,
        to=whole(to, "second seed"),
        frames=whole(frames, "number of frames"),
    )


def on_stage(handler: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """A handler whose errors become a sentence on the stage, above the pictures that were there."""

    @functools.wraps(handler)
    def answered(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Answer:
        try:
            return handler(*arguments, **keywords)
        except Exception as error:
            return only({"mode": "notice", "notice": sentence(error)})

    return answered


@on_stage
def redraw(*controls: Any) -> Answer:
    """A knob was turned."""
    return only(*show(read_controls(*controls), here=is_here(controls)))


@on_stage
def vary(*controls: Any) -> Answer:
    """Another variety, which only the finished network can draw."""
    drawing = read_controls(*controls)
    return only(*show(replace(drawing, step=None), here=is_here(controls)), ladder=ladder_at_end(drawing))


@on_stage
def restart(*controls: Any) -> Answer:
    """Another seed: its faces by the finished network, without the picks made among those of the last one."""
    drawing = read_controls(*controls)
    drawing = replace(drawing, path=())
    return only(*show(replace(drawing, step=None), here=is_here(controls)), path="", ladder=ladder_at_end(drawing))


def is_here(controls: tuple[Any, ...]) -> bool:
    """Whether the browser has drawn what the controls ask for."""
    return bool((controls[-2] or {}).get("here"))


def ladder_at_end(drawing: Drawing) -> Any:
    """The value of the ladder where something is asked for that it does not keep."""
    return {"steps": steps_of(drawing.model), "step": None} if drawing.step is not None else SKIP


@on_stage
def wind(*controls: Any) -> Answer:
    """The training was wound back or on: the ladder's faces at every step, the last of which is drawn now."""
    drawing = replace(read_controls(*controls), seed=LADDER_SEED, truncation=1.0, path=())
    return only(*show(drawing), seed=drawing.seed, truncation=drawing.truncation, path="")


@on_stage
def rearrange(*controls: Any) -> Answer:
    """Another network or mode."""
    drawing = wound_back(read_controls(*controls))
    if drawing.step not in steps_of(drawing.model):
        drawing = replace(drawing, step=None)
    return show_everything(drawing)


@on_stage
def roll(*controls: Any) -> Answer:
    """New faces from the dice; an empty or wrong seed is no obstacle."""
    network, hub, _, count, truncation, mode, _, frames, _, _ = controls
    seed, to = random.randint(1, DICE), random.randint(1, DICE)
    return show_everything(read_controls(network, hub, seed, count, truncation, mode, to, frames, None, ""))


@on_stage
def start_over() -> Answer:
    """Everything as it was at first."""
    return show_everything(Drawing())


@on_stage
def open_link(request: gr.Request) -> Answer:
    """The page was opened, perhaps by a permalink."""
    ours = request.query_params.get("tab", "sample") == "sample"
    return show_link(dict(request.query_params) if ours else {})


@on_stage
def follow(event: gr.EventData) -> Answer:
    """A face was clicked, or a step was taken back: both are permalinks."""
    return show_link(str(getattr(event, "link", "")), here=getattr(event, "here", None) is True)


def show_link(query: str | dict[str, str], here: bool = False) -> Answer:
    """What a permalink describes; where it is wrong, the first picture and a sentence."""
    try:
        return show_everything(from_query(query), here)
    except InvalidInput as error:
        shown, *others = show_everything(Drawing())
        return {**shown, "notice": str(error)}, *others


# --- answers: stage, code, card, then the controls in order ------------------------------------------------------


def show(drawing: Drawing, here: bool = False) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of the stage and of the share fold-out. A network that is missing is a state, not an error; of what
    the browser has drawn `here`, there is only the permalink."""
    code = foldouts.share(to_query(drawing), to_python(drawing), drawing.model)
    if here:
        return {"mode": "here", "link": to_query(drawing)}, code
    try:
        pictures, picked = paint(drawing)
    except NetworkUnavailable as error:
        return {"mode": "trouble", "text": str(error)}, code
    every = np.concatenate([picked, pictures])  # (picks + N, H, W, C)
    columns = min(8, len(every))
    shown = {
        "mode": drawing.mode,
        "sheet": data_uri(webp(tile(every, columns=columns)), "webp"),
        "columns": columns,
        "count": len(pictures),
        "size": pictures.shape[1],
        "seed": drawing.seed,
        "path": list(drawing.path) if len(picked) else [],
        "hint": hint(drawing, len(pictures)),
        "link": to_query(drawing),
    }
    return shown, code


def show_everything(drawing: Drawing, here: bool = False) -> Answer:
    """The values of stage, code and card, and of all controls."""
    built_in, gallery = drawing.model in GENERATORS, drawing.mode == "gallery"
    return (
        *show(drawing, here),
        foldouts.describe_network(drawing.model),
        drawing.model if built_in else SKIP,
        "" if built_in else drawing.model,
        drawing.seed,
        gr.Slider(value=drawing.count, visible=gallery),
        drawing.truncation,
        drawing.mode,
        gr.Number(value=drawing.to, visible=not gallery),
        gr.Slider(value=drawing.frames, visible=not gallery),
        {"steps": steps_of(drawing.model) if gallery else [], "step": drawing.step},
        "-".join(map(str, drawing.path)),
    )


def only(
    shown: dict[str, Any],
    code: Any = SKIP,
    *,
    seed: Any = SKIP,
    truncation: Any = SKIP,
    ladder: Any = SKIP,
    path: Any = SKIP,
) -> Answer:
    """The values where the card and the other controls stay as they are."""
    return shown, code, *[SKIP] * 3, seed, SKIP, truncation, *[SKIP] * 3, ladder, path


def steps_of(model: str) -> list[int]:
    """The steps of a network's ladder; none where the network is missing, which the stage says already."""
    try:
        return offered_steps(model)
    except NetworkUnavailable:
        return []
