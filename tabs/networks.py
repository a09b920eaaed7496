"""Networks of others that visitors name or bring, in whatever tab: what they are called, and which tab takes them."""

from models.checkpoints.repository import to_hub_name
from models.errors import NetworkUnavailable
from models.gan import LatentGenerator
from models.super_resolution import SuperResolution
from models.translation import Translation

OWN = "own-"  # how the names of uploaded networks begin, see server.uploads
YOURS = "Your own network; it is in this page's memory only."
NO_LINK = {"link": "", "python": "", "command": ""}  # of a network that nobody else has


def called(text: object) -> str:
    """The name of a network that somebody typed: that of the Hub, also out of the address of its page; anything else as
    it stands."""
    return str(to_hub_name(str(text)) or text)


def is_own(model: str) -> bool:
    """Whether a name is one of an uploaded network."""
    return model.startswith(OWN)


def taken_elsewhere(network: object, name: str) -> None:
    """Raises NetworkUnavailable where another tab takes a network of this kind; the message says which."""
    if isinstance(network, SuperResolution):
        raise NetworkUnavailable(f"{name} is an upscaler, which the tab Upscale opens.")
    if isinstance(network, Translation):
        raise NetworkUnavailable(f"{name} is a translator, which the tab Translate opens.")
    if isinstance(network, LatentGenerator):
        raise NetworkUnavailable(f"{name} is a generator, which the tab Sample opens.")
