"""The translators that visitors may use: ours, those of the Hub, and files of their own."""

from models.catalogue import CATALOGUE
from models.checkpoints.published import read_published
from models.errors import NetworkUnavailable
from models.loading import find_offered, read
from models.translation import Translation
from server.uploads import UploadedNetworks
from tabs.networks import is_own, taken_elsewhere
from tabs.translate.settings import DEFAULT

FAMILY = "translation"
OFFERED = [name for name, entry in CATALOGUE.items() if entry.family == FAMILY]

adopted = UploadedNetworks(lambda file: as_translator(read_published(file), "This file"))


def as_translator(network: object, name: str) -> Translation:
    """Raises NetworkUnavailable unless a network is a translator."""
    if isinstance(network, Translation):
        return network
    taken_elsewhere(network, name)
    raise NetworkUnavailable(f"{name} is no translator; choose one of {', '.join(OFFERED)}.")


def open_network(model: object) -> Translation:
    """A translator that visitors may use. Raises NetworkUnavailable."""
    name = str(model or DEFAULT)
    if is_own(name):
        return adopted.get(name)
    return as_translator(read(find_offered(name, FAMILY)), name)
