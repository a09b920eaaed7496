"""Tab "Ask for it": say what the scene should hold, and see whether the network obeys."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import gradio as gr
import numpy as np

from data.scenes import HUES, SHAPES, TENTHS, rgb
from media.images import data_uri, png, webp
from models import load
from models.conditional import ConditionalConfig, generate, held_out, held_out_table
from models.errors import InvalidInput
from models.factors import probabilities
from models.gan import LARGEST_SEED, check_whole
from models.pixels import tile
from page import foldouts, stage
from server.fields import whole
from server.guard import Values, read_fields, sentence
from serving.lock import drawing_lock
from tabs.programs import Form, Given, given, publish

MODEL = "scenes-conditional-64"
READER = "scenes-factors-64"
LABELS = ("floor", "wall", "object", "shape")  # in permalinks and in the API, in the network's order
READ_AT = (0, 1, 2, 4)  # their places among the factors that the factor regressor reads
OTHERS = 7  # other seeds in the strip

HOW_IT_WORKS = r"""
A **conditional** generator gets, beside random numbers $z$, labels $y$: floor, wall and object colour, and shape. Its
opponent, the critic, sees the picture *and* the labels. A fine picture of something else is as wrong as a bad one:

$$\min_G \max_D \; \mathbb{E}_{x, y}\left[\log D(x, y)\right]
+ \mathbb{E}_{z, y}\left[\log\left(1 - D(G(z, y), y)\right)\right]$$

- The critic compares by **projection**: $D(x, y) = \sigma\left(w^\top f(x) + \sum_k v_{y_k}^\top f(x)\right)$ with
  features $f$ of the picture and one vector $v$ for each value of each label. It also learns to read the labels, and
  the generator to be read right.
- What the labels leave open, size and direction of view, comes from the **seed**.
- A fifth of all 4,000 combinations was **never shown** in the training. Ask for one: a network that has understood
  colours and shapes apart from each other can put them together anew.
- **Did it obey?** is answered by a third network, which learned from rendered pictures to read every factor and has
  never seen a generated one.

Mirza and Osindero, *Conditional Generative Adversarial Nets*, 2014. Miyato and Koyama, *cGANs with Projection
Discriminator*, 2018. Odena, Olah, Shlens, *Conditional Image Synthesis with Auxiliary Classifier GANs*, 2017.
"""


@dataclass(frozen=True)
class Wish:
    """Everything that decides what the tab shows."""

    floor: int = 3  # hue, 0 to 9
    wall: int = 5
    object: int = 0
    shape: int = 2  # 0 cube, 1 cylinder, 2 ball, 3 capsule
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("floor", "wall", "object"):
            check_whole(getattr(self, name), f"{name} colour", 0, 9)
        check_whole(self.shape, "shape", 0, 3)
        check_whole(self.seed, "seed", 0, LARGEST_SEED)

    @property
    def labels(self) -> list[int]:
        """As the network takes them."""
        return [self.floor, self.wall, self.object, self.shape]


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    ask_stage = stage.component(
        "tabs/ask/stage",
        functions=[ask, table, obedience],
        elem_id="ask",
        **words(),
    )
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    ask_stage.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    publish(conditional, api_name="conditional")


def words() -> dict[str, Any]:
    """What the stage's script has to know of the labels."""
    return {
        "hues": HUES,
        "shapes": SHAPES,
        "colours": ["#" + "".join(f"{round(255 * part):02x}" for part in rgb(hue)) for hue in TENTHS],
        "held_out": "".join("01"[int(held)] for held in held_out_table(ConditionalConfig().sizes).ravel()),
    }


# --- endpoints for programs --------------------------------------------------------------------------------------


def conditional(
    floor: int = 3, wall: int = 5, object: int = 0, shape: int = 2, seed: int = 1, form: Form = None
) -> Given:
    """A scene that shows what was asked for.

    Args:
        floor: hue of the floor in tenths of the circle, 0 (red) to 9.
        wall: hue of the wall, 0 to 9.
        object: hue of the object, 0 to 9.
        shape: 0 cube, 1 cylinder, 2 ball, 3 capsule.
        seed: of what the labels leave open, 0 to 2147483647.
        form: of the answer, "file" or "data" (a data URI).

    Returns:
        a PNG file of 64 x 64 pixels.
    """
    wish = Wish(floor, wall, object, shape, seed)
    with drawing_lock:
        picture = generate(load(MODEL), wish.labels, wish.seed)[0]
    return given(png(picture), "png", form)


# --- permalink and code ------------------------------------------------------------------------------------------


def from_fields(fields: Mapping[str, object]) -> Wish:
    """The wish of a permalink or of a script; missing fields have their defaults. Raises InvalidInput."""
    names = [*LABELS, "seed"]
    return Wish(**{name: whole(fields[name], name) for name in names if fields.get(name) not in (None, "")})


def to_query(wish: Wish) -> str:
    """The wish as the query of a permalink; the inverse of `from_fields`."""
    return urlencode({"tab": "ask", **asdict(wish)})


def to_python(wish: Wish) -> str:
    """The lines that draw the same picture."""
    return (
        "from models import load\nfrom models.conditional import generate\n\n"
        f"labels = {wish.labels}  # floor, wall and object hue, shape\n"
        f'picture = generate(load("{MODEL}"), labels, seed={wish.seed})[0]  # uint8 (64, 64, 3)'
    )


# --- for the stage's script --------------------------------------------------------------------------------------


def ask(request: Values) -> Values:
    """Draws the wish and the same labels with other seeds, and reads the labels back from the first picture.

    Args:
        request: "floor", "wall", "object", "shape" and "seed"; missing fields have their defaults.

    Returns:
        the wish's fields; "sheet", eight pictures side by side, the wish first, and their "seeds"; "read", for each
        label the index that is read in the first picture and its probability; "held_out"; "link"; "notice", what was
        wrong with the request if the default wish is shown in its place. If it failed, only "trouble", a sentence.
    """
    try:
        try:
            wish, notice = from_fields(read_fields(request)), ""
        except InvalidInput as error:
            wish, notice = Wish(), str(error)
        seeds = [(wish.seed + step) % (LARGEST_SEED + 1) for step in range(OTHERS + 1)]
        network = load(MODEL)
        with drawing_lock:
            pictures = generate(network, [wish.labels] * len(seeds), seeds)
            told = probabilities(load(READER), pictures[:1])
        return {
            **asdict(wish),
            "sheet": data_uri(webp(tile(pictures, columns=len(pictures))), "webp"),
            "seeds": seeds,
            "read": [[int(told[k][0].argmax()), round(float(told[k][0].max()), 3)] for k in READ_AT],
            "held_out": bool(held_out(network.config.sizes, [wish.labels])[0]),
            "link": to_query(wish),
            "notice": notice,
        }
    except Exception as error:
        return {"trouble": sentence(error)}


def table(request: Values) -> Values:
    """All values of two labels against each other, the others as wished.

    Args:
        request: a wish's fields, and "rows" and "columns", names of two different labels.

    Returns:
        "sheet", "rows" and "columns" (counts), "held_out" (a flag for each picture), or "notice".
    """
    try:
        fields = read_fields(request)
        wish = from_fields(fields)
        down, across = str(fields.get("rows")), str(fields.get("columns"))
        if down not in LABELS or across not in LABELS or down == across:
            raise InvalidInput(f"Rows and columns are two different ones of {', '.join(LABELS)}.")
        network = load(MODEL)
        sizes = dict(zip(LABELS, network.config.sizes, strict=True))
        base, places = wish.labels, (LABELS.index(down), LABELS.index(across))
        labels = np.repeat([base], sizes[down] * sizes[across], axis=0)
        labels[:, places[0]], labels[:, places[1]] = np.indices((sizes[down], sizes[across])).reshape(2, -1)
        with drawing_lock:
            pictures = generate(network, labels, [wish.seed] * len(labels))
        return {
            "sheet": data_uri(webp(tile(pictures, columns=sizes[across])), "webp"),
            "rows": sizes[down],
            "columns": sizes[across],
            "held_out": held_out(network.config.sizes, labels).tolist(),
        }
    except Exception as error:
        return {"notice": sentence(error)}


def obedience(_request: Values) -> Values:
    """How often each label is read back, as measured when the network was shipped: "seen" and "held_out" by label."""
    return foldouts.figures_of(MODEL)


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of a wish."""
    try:
        wish = from_fields({name: getattr(event, name, None) for name in (*LABELS, "seed")})
    except InvalidInput:
        wish = Wish()
    return foldouts.describe_network(MODEL), foldouts.share(to_query(wish), to_python(wish), MODEL)
