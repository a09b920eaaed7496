"""The pictures of the Sample tab's drawings."""

import weakref
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.faces.lineage import ancestors, children
from models.faces.steering import Steering
from models.gan import LatentGenerator, Latents, draw_latents, interpolate
from models.merging import Progress
from models.pixels import Pictures
from serving.inference import draw_steered as draw
from serving.lock import drawing_lock
from tabs.sample.drawing import FEWEST_FRAMES, Drawing
from tabs.sample.drawn import Drawn
from tabs.sample.networks import open_generator, pictures_kept
from tabs.sample.speed import is_large, most_pictures

drawn = Drawn()


@dataclass(frozen=True)
class Plan:
    """What a network draws for a drawing: fewer pictures than were asked for if it is too slow for them."""

    network: LatentGenerator
    latents: Latents  # (picks + N, latent_size), those of the faces that were picked on the way first
    picks: int
    truncation: float
    steering: Steering

    @property
    def count(self) -> int:
        """Pictures without the picked ones."""
        return len(self.latents) - self.picks


def planned(drawing: Drawing) -> Plan:
    """What the finished network draws. Raises NetworkUnavailable, InvalidInput."""
    network = open_generator(drawing.model)
    size = network.config.latent_size
    if drawing.mode == "morph":
        start, end = (draw_latents(size, seed=seed, count=1)[0] for seed in (drawing.seed, drawing.to))
        frames = max(FEWEST_FRAMES, most_pictures(network, drawing.frames))
        return Plan(network, interpolate(start, end, steps=frames), 0, drawing.truncation, drawing.steering)
    picked = ancestors(size, seed=drawing.seed, path=drawing.path)  # (picks, latent_size)
    count = max(1, most_pictures(network, len(picked) + drawing.count) - len(picked))
    latents = children(size, seed=drawing.seed, path=drawing.path, count=count)  # (count, latent_size)
    return Plan(network, np.concatenate([picked, latents]), len(picked), drawing.truncation, drawing.steering)


def in_parts(plan: Plan) -> Iterator[Pictures]:
    """The pictures, in order: of a large network one at a time, between which others may draw; else all at once."""
    if not is_large(plan.network):
        with drawing_lock:
            pictures = draw(plan.network, plan.latents, plan.steering, truncation=plan.truncation)
        yield pictures
        return
    for latent in plan.latents:
        key = weakref.ref(plan.network), latent.tobytes(), plan.truncation, plan.steering
        picture = drawn.get(key)
        if picture is None:
            with drawing_lock:
                picture = draw(plan.network, latent[None], plan.steering, truncation=plan.truncation)[0]
            drawn.keep(key, picture)
        yield picture[None]


def paint(drawing: Drawing, progress: Progress = lambda share: None) -> tuple[Pictures, Pictures]:
    """The pictures of a drawing, and those of the faces that were picked on the way.

    Args:
        drawing: what the tab shows.
        progress: told the share that is done; what it raises ends the work.

    Returns:
        uint8 (N, H, W, C), fewer than were asked for of a network that is too slow for them, and uint8 (picks, H, W,
        C), empty for a morph and an earlier training step.

    Raises:
        NetworkUnavailable, InvalidInput.
    """
    if drawing.step is not None:
        kept = pictures_kept(drawing.model, drawing.step)
        return kept[: drawing.count], kept[:0]
    plan = planned(drawing)
    parts: list[Pictures] = []
    for part in in_parts(plan):
        parts.append(part)
        progress(sum(map(len, parts)) / len(plan.latents))
    pictures = np.concatenate(parts)
    return pictures[plan.picks :], pictures[: plan.picks]
