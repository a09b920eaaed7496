"""The pictures of the Sample tab's drawings."""

import numpy as np

from models.faces.lineage import ancestors, children
from models.gan import at_a_time, draw_latents, interpolate
from models.pixels import Pictures
from serving.inference import draw
from serving.lock import drawing_lock
from tabs.sample.drawing import FEWEST_FRAMES, Drawing
from tabs.sample.networks import open_generator, pictures_kept
from tabs.sample.speed import is_large, most_pictures


def paint(drawing: Drawing) -> tuple[Pictures, Pictures]:
    """The pictures of a drawing, and those of the faces that were picked on the way.

    Returns:
        uint8 (N, H, W, C), fewer than were asked for of a network that is too slow for them, and uint8 (picks, H, W,
        C), empty for a morph and an earlier training step.

    Raises:
        NetworkUnavailable, InvalidInput.
    """
    if drawing.step is not None:
        kept = pictures_kept(drawing.model, drawing.step)
        return kept[: drawing.count], kept[:0]
    network = open_generator(drawing.model)
    size = network.config.latent_size
    if drawing.mode == "morph":
        start, end = (draw_latents(size, seed=seed, count=1)[0] for seed in (drawing.seed, drawing.to))
        frames = max(FEWEST_FRAMES, most_pictures(network, drawing.frames))
        latents, picked = interpolate(start, end, steps=frames), np.empty((0, size), np.float32)
    else:
        picked = ancestors(size, seed=drawing.seed, path=drawing.path)  # (picks, latent_size)
        count = max(1, most_pictures(network, len(picked) + drawing.count) - len(picked))
        latents = children(size, seed=drawing.seed, path=drawing.path, count=count)  # (count, latent_size)
    every = np.concatenate([picked, latents])
    size = at_a_time(network) if is_large(network) else len(every)  # between two parts, others may draw
    parts = []
    for start in range(0, len(every), size):
        with drawing_lock:
            parts.append(draw(network, every[start : start + size], truncation=drawing.truncation))
    pictures = np.concatenate(parts)
    return pictures[len(picked) :], pictures[: len(picked)]
