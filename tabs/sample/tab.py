"""Tab "Sample": faces from a seed, their neighbours, morphs, and the same faces along the training."""

from typing import Any

import gradio as gr

from media.images import png
from page import foldouts, stage
from server.guard import Values, stage_function
from serving.inference import generate, morph
from serving.lock import drawing_lock
from tabs.programs import Form, Given, given, publish
from tabs.sample.downloads import download
from tabs.sample.drawing import FEWEST_FRAMES, LARGEST_COUNT, MODES, MOST_FRAMES, Drawing
from tabs.sample.handlers import bring, follow, open_link, rearrange, redraw, restart, roll, start_over, vary, wind
from tabs.sample.long import draw_slowly, follow_work, stop_work
from tabs.sample.networks import GENERATORS, adopted, open_generator
from tabs.sample.speed import check_time

HERE = "(...controls) => window.latentLabSample?.(controls, {}) ?? controls"  # draws in the browser, if it can
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
- **Style mixing** of a StyleGAN2: its layers take the style $w$ one by one. The first ones, which draw pose and shape,
  take that of each face; those from a chosen layer on, which draw colours and skin, that of another seed.
- **Directions** of a network of others are those unit vectors $n$ that its first layer, or all layers $A$ that read a
  style, amplify most: the eigenvectors of $A^\top A$ with the largest eigenvalues, $\max_n \|A n\|^2$ (SeFa). Nobody
  named them.
- A **morph** follows the great circle from one latent to another, because the straight line passes through latents that
  were never trained. In the mixture it jumps where the first number of $z$ comes to the next Gaussian.
- **Training (steps)** shows the faces of seed 1 at full variety as the network drew them earlier in its training. The
  pictures were kept then; those of the finished network are drawn now.

Goodfellow et al., *Generative Adversarial Nets*, 2014. Radford, Metz, Chintala, *Unsupervised Representation Learning
with Deep Convolutional Generative Adversarial Networks*, 2016. White, *Sampling Generative Networks*, 2016. Karras,
Laine, Aila, *A Style-Based Generator Architecture for Generative Adversarial Networks*, 2019 (truncation, mixing).
Shen, Zhou, *Closed-Form Factorization of Latent Semantics in GANs*, 2021 (directions). Moghaddam,
Pentland, *Probabilistic Visual Learning for Object Representation*, 1997; Tipping, Bishop, *Probabilistic Principal
Component Analysis*, 1999 (the mixture).
"""


def build(page: gr.Blocks) -> None:
    """The tab: stage and panel, fold-outs, and what happens when."""
    default = Drawing()
    path = gr.Textbox("", visible=False)
    with gr.Row(elem_classes="bench"):
        with gr.Column(scale=3, min_width=320):
            sample_stage = stage.component(
                "tabs/sample/stage", functions=[download, draw_slowly, follow_work, stop_work], elem_id="stage"
            )
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
            steering = stage.component("tabs/sample/steering", elem_id="steering")
            network = gr.Dropdown(
                [(entry.title, name) for name, entry in GENERATORS.items()],
                value=default.model,
                label="Network",
                filterable=False,
                elem_id="network",
            )
            own = stage.component("tabs/sample/own", functions=[adopt], elem_id="own")
            reset = gr.Button("Reset", size="sm", elem_id="reset")
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)

    controls = [network, seed, count, truncation, mode, to, frames, steering, ladder, path]
    everything = [sample_stage, code, card, *controls]
    at_once: dict[str, Any] = {  # raw values, so that one typed out of its range is answered by our own sentence
        "show_progress": "hidden",
        "queue": False,
        "preprocess": False,
        "api_visibility": "private",
    }

    for control, handler, script in (
        *((control, redraw, HERE.format("false")) for control in (count, frames, to)),
        *(
            (truncation, vary, HERE.format("false")),
            (seed, restart, HERE.format("true")),
            (ladder, wind, None),
            (steering, redraw, None),
        ),
    ):
        control.input(handler, controls, everything, trigger_mode="always_last", js=script, **at_once)
    gr.on([network.input, mode.input], rearrange, controls, everything, **at_once)
    own.input(bring, controls, everything, **at_once)
    dice.click(roll, controls, everything, **at_once)
    reset.click(start_over, None, everything, **at_once)
    sample_stage.input(follow, None, everything, **at_once)
    page.load(open_link, None, everything, **at_once)
    publish(sample, api_name="sample", queue=True, concurrency_id="drawing")
    publish(morph_frames, api_name="morph", queue=True, concurrency_id="drawing")


@stage_function
def adopt(fields: Values) -> Values:
    """Takes a published generator that was uploaded under "path"; its file is deleted. Returns "model", its name."""
    return {"model": adopted.take(fields.get("path"))}


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
    network = open_generator(drawing.model)
    check_time(network, drawing.count)
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
    network = open_generator(drawing.model)
    check_time(network, drawing.frames)
    with drawing_lock:
        pictures = morph(network, seed_a=drawing.seed, seed_b=drawing.to, frames=drawing.frames)
    return [given(png(picture), "png", form) for picture in pictures]
