"""The translators that visitors may use: ours, those of the Hub, and files of their own."""

from models.catalogue import CATALOGUE
from models.checkpoints.cyclegan import read_reference
from models.errors import NetworkUnavailable
from models.loading import find_offered, read
from models.translation import Translation
from server.uploads import UploadedNetworks
from tabs.translate.settings import DEFAULT

FAMILY = "translation"
OFFERED = [name for name, entry in CATALOGUE.items() if entry.family == FAMILY]

adopted = UploadedNetworks(read_reference)


def open_network(model: object) -> Translation:
    """A translator that visitors may use. Raises NetworkUnavailable."""
    name = str(model or DEFAULT)
    if name.startswith("own-"):
        return adopted.get(name)
    network = read(find_offered(name, FAMILY))
    if not isinstance(network, Translation):
        raise NetworkUnavailable(f"{name} is no translator; choose one of {', '.join(OFFERED)}.")
    return network
