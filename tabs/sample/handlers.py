"""What happens in the Sample tab when, and what is answered: the values of its parts."""

import functools
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ParamSpec, TypeAlias

import gradio as gr
import numpy as np

from media.images import data_uri, webp
from models.errors import InvalidInput, NetworkUnavailable
from models.ladder import LADDER_SEED
from models.pixels import tile
from page import foldouts
from server.fields import number, whole
from server.guard import MALFORMED, sentence
from tabs.networks import NO_LINK, YOURS, called, is_own
from tabs.sample.drawing import Drawing, from_query, to_path, to_python, to_query, to_steering, wound_back
from tabs.sample.hints import hint
from tabs.sample.networks import GENERATORS, offered_steps, open_generator, title_of
from tabs.sample.painting import paint, planned
from tabs.sample.speed import is_large
from tabs.sample.steering import fitting, offer_of

SKIP = gr.skip()  # the value of what stays as it is
DICE = 99_999  # largest seed that the dice show: short enough to remember

Arguments = ParamSpec("Arguments")
Answer: TypeAlias = tuple[Any, ...]  # a value for each component of `everything` in tab.py

# --- what happens when -------------------------------------------------------------------------------------------


def read_controls(
    network: str, seed: object, count: object, truncation: object, mode: str, to: object, frames: object,
    steering: dict[str, Any] | None, ladder: dict[str, Any] | None, path: str,
) -> Drawing:  # fmt: skip
    """The drawing that the controls describe. Raises InvalidInput."""
    steered = steering or {}
    if not (isinstance(path, str) and isinstance(ladder or {}, dict) and isinstance(steered, dict)):
        raise InvalidInput(MALFORMED)
    moves = steered.get("moves") or []
    if not isinstance(moves, list):
        raise InvalidInput(MALFORMED)
    return Drawing(
        model=network,
        seed=whole(seed, "seed"),
        count=whole(count, "number of pictures"),
        truncation=number(truncation, "variety (truncation)"),
        step=(ladder or {}).get("step"),
        path=to_path(path),
        mode=mode,
        to=whole(to, "second seed"),
        frames=whole(frames, "number of frames"),
        steering=to_steering(steered.get("mix"), steered.get("crossover"), moves, steered.get("label")),
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
    return show_rearranged(read_controls(*controls))


@on_stage
def bring(event: gr.EventData, *controls: Any) -> Answer:
    """A network of others: one of the Hub, or a file that was uploaded. What cannot be used changes nothing."""
    drawing = replace(read_controls(*controls), model=called(getattr(event, "model", "")))
    open_generator(drawing.model)
    return show_rearranged(drawing)


def show_rearranged(drawing: Drawing) -> Answer:
    """A drawing by another network or in another mode: at an earlier training step, with mixed styles or along
    directions if the network has them, too."""
    drawing = wound_back(fitting(drawing))
    if drawing.step not in steps_of(drawing.model):
        drawing = replace(drawing, step=None)
    return show_everything(drawing)


@on_stage
def roll(*controls: Any) -> Answer:
    """New faces from the dice; an empty or wrong seed is no obstacle."""
    network, _, count, truncation, mode, _, frames, steering, _, _ = controls
    seed, to = random.randint(1, DICE), random.randint(1, DICE)
    return show_everything(read_controls(network, seed, count, truncation, mode, to, frames, steering, None, ""))


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
    own = is_own(drawing.model)
    code = NO_LINK if own else foldouts.share(to_query(drawing), to_python(drawing), drawing.model)
    if here:
        return {"mode": "here", "link": to_query(drawing)}, code
    try:
        if drawing.step is None and is_large(open_generator(drawing.model)):
            return to_be_drawn(drawing), code
        pictures, picked = paint(drawing)
    except NetworkUnavailable as error:
        return {"mode": "trouble", "text": str(error)}, code
    every = np.concatenate([picked, pictures])  # (picks + N, H, W, C)
    described = described_as(drawing, len(pictures), len(picked), pictures.shape[1])
    return {**described, "sheet": data_uri(webp(tile(every, columns=described["columns"])), "webp")}, code


def to_be_drawn(drawing: Drawing) -> dict[str, Any]:
    """The value of the stage for a large network: what its script asks the line of work for, without pictures."""
    plan = planned(drawing)
    return {**described_as(drawing, plan.count, plan.picks, plan.network.config.resolution), "sheet": ""}


def described_as(drawing: Drawing, count: int, picks: int, size: int) -> dict[str, Any]:
    """What the stage is told of pictures of `size` px, of which `picks` more lie before them."""
    return {
        "mode": drawing.mode,
        "columns": min(8, picks + count),
        "count": count,
        "size": size,
        "seed": drawing.seed,
        "path": list(drawing.path) if picks else [],
        "hint": hint(drawing, count),
        "link": to_query(drawing),
    }


def show_everything(drawing: Drawing, here: bool = False) -> Answer:
    """The values of stage, code and card, and of all controls."""
    gallery = drawing.mode == "gallery"
    return (
        *show(drawing, here),
        YOURS if is_own(drawing.model) else foldouts.describe_network(drawing.model),
        chosen(drawing.model),
        drawing.seed,
        gr.Slider(value=drawing.count, visible=gallery),
        drawing.truncation,
        drawing.mode,
        gr.Number(value=drawing.to, visible=not gallery),
        gr.Slider(value=drawing.frames, visible=not gallery),
        offer_of(drawing),
        {"steps": steps_of(drawing.model) if gallery else [], "step": drawing.step},
        "-".join(map(str, drawing.path)),
    )


def chosen(model: str) -> Any:
    """The list of networks where one of them is chosen. One of others joins ours, and stays until another one comes."""
    if model in GENERATORS:
        return model
    return gr.Dropdown(
        choices=[*((title_of(name), name) for name in GENERATORS), (title_of(model), model)], value=model
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
    return shown, code, *[SKIP] * 2, seed, SKIP, truncation, *[SKIP] * 4, ladder, path


def steps_of(model: str) -> list[int]:
    """The steps of a network's ladder; none where the network is missing, which the stage says already."""
    try:
        return offered_steps(model)
    except NetworkUnavailable:
        return []
