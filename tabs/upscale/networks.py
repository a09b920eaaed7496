"""The upscalers that visitors may use: five tiers of ours, those of the Hub, and files of their own."""

import functools
from typing import NamedTuple

from models.catalogue import CATALOGUE
from models.checkpoints.published import read_published
from models.errors import NetworkUnavailable
from models.loading import find_offered, read
from models.super_resolution import SuperResolution, interpolated
from server.uploads import UploadedNetworks
from tabs.networks import is_own, taken_elsewhere

FAMILY = "super-resolution"


class Tier(NamedTuple):
    """What a visitor chooses."""

    title: str
    does: str
    networks: tuple[str, ...]  # by their own scale
    faithful: str = ""  # the tier that it was trained on from and is at strength 0; its strength can be chosen


TIERS = {
    "fast": Tier("Fast", "faithful, in a moment", ("upscale-x2-fast", "upscale-x4-fast")),
    "quality": Tier("Quality", "faithful, takes three times as long", ("upscale-x4-quality",)),
    "sharp": Tier("Sharp", "invents detail that looks real", ("upscale-x4-sharp",), faithful="quality"),
    "faces": Tier("Faces", "faithful, for faces of 20 to 60 px", ("faces-upscale-x4",)),
    "faces-sharp": Tier(
        "Faces, sharp", "invents a face that fits, of 20 to 60 px", ("faces-upscale-x4-sharp",), faithful="faces"
    ),
}
GRADED = tuple(name for name, tier in TIERS.items() if tier.faithful)

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
    networks = TIERS[model].networks
    return next((name for name in networks if own_scale(name) >= scale), networks[-1])


def own_scale(name: str) -> int:
    """The scale in a network's name: 4 of "upscale-x4-fast"."""
    return int(name.partition("-x")[2][0])


def open_network(model: object, scale: float, strength: int = 100) -> SuperResolution:
    """An upscaler that visitors may use.

    Args:
        strength: percent; less than 100 draws a sharp tier nearer to the faithful one that it was trained from.

    Raises:
        NetworkUnavailable: there is none of that name.
    """
    name = name_for(str(model or "fast"), scale)
    if is_own(name):
        return adopted.get(name)
    network = as_upscaler(read(find_offered(name, FAMILY)), name)
    if model in GRADED and strength < 100:
        return softened(open_network(TIERS[str(model)].faithful, scale), network, strength)
    return network


@functools.lru_cache(maxsize=8)  # of 0.4 MB
def softened(faithful: SuperResolution, sharp: SuperResolution, strength: int) -> SuperResolution:
    """The network of a strength in percent. Kept, since the page also keeps how a network runs."""
    return interpolated(faithful, sharp, strength / 100)


def title_of(model: str, strength: int = 100) -> str:
    """What a visitor reads of a network."""
    if model in TIERS:
        return TIERS[model].title + (f", {strength} %" if model in GRADED and strength < 100 else "")
    if is_own(model):
        return "Your file"
    return CATALOGUE[model].title if model in CATALOGUE else model
