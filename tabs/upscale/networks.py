"""The upscalers that visitors may use: four tiers of ours, those of the Hub, and files of their own."""

import functools

from models.catalogue import CATALOGUE
from models.checkpoints.published import read_published
from models.errors import NetworkUnavailable
from models.loading import find_offered, read
from models.super_resolution import SuperResolution, interpolated
from server.uploads import UploadedNetworks
from tabs.networks import is_own, taken_elsewhere

FAMILY = "super-resolution"
TIERS = {  # what a visitor chooses: title, what it does, its networks by their own scale
    "fast": ("Fast", "faithful, in a moment", ("upscale-x2-fast", "upscale-x4-fast")),
    "quality": ("Quality", "faithful, takes three times as long", ("upscale-x4-quality",)),
    "sharp": ("Sharp", "invents detail that looks real", ("upscale-x4-sharp",)),
    "faces": ("Faces", "faithful, for faces of 20 to 60 px", ("faces-upscale-x4",)),
}
GRADED = "sharp"  # the tier whose strength a visitor chooses
FAITHFUL = "quality"  # what it is at strength 0

adopted = UploadedNetworks(lambda file: as_upscaler(read_published(file), "This file"))


def as_upscaler(network: object, name: str) -> SuperResolution:
    """Raises NetworkUnavailable unless a network is an upscaler."""
    if isinstance(network, SuperResolution):
        return network
    taken_elsewhere(network, name)
    raise NetworkUnavailable(f"{name} is no upscaler; choose one of {', '.join(TIERS)}, or another file.")


def name_for(model: str, scale: float) -> str:
    """The network of a tier that is made for a scale: the smallest of its own scales that reaches it."""
    if model not in TIERS:
        return model
    return next((name for name in TIERS[model][2] if own_scale(name) >= scale), TIERS[model][2][-1])


def own_scale(name: str) -> int:
    """The scale in a network's name: 4 of "upscale-x4-fast"."""
    return int(name.partition("-x")[2][0])


def open_network(model: object, scale: float, strength: int = 100) -> SuperResolution:
    """An upscaler that visitors may use.

    Args:
        strength: percent; less than 100 draws the tier "sharp" nearer to the faithful one that it was trained from.

    Raises:
        NetworkUnavailable: there is none of that name.
    """
    name = name_for(str(model or "fast"), scale)
    if is_own(name):
        return adopted.get(name)
    network = as_upscaler(read(find_offered(name, FAMILY)), name)
    return softened(open_network(FAITHFUL, scale), network, strength) if model == GRADED and strength < 100 else network


@functools.lru_cache(maxsize=8)  # of 0.4 MB
def softened(faithful: SuperResolution, sharp: SuperResolution, strength: int) -> SuperResolution:
    """The network of a strength in percent. Kept, since the page also keeps how a network runs."""
    return interpolated(faithful, sharp, strength / 100)


def title_of(model: str, strength: int = 100) -> str:
    """What a visitor reads of a network."""
    if model in TIERS:
        return TIERS[model][0] + (f", {strength} %" if model == GRADED and strength < 100 else "")
    if is_own(model):
        return "Your file"
    return CATALOGUE[model].title if model in CATALOGUE else model
