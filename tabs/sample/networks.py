"""The generators that visitors may use: ours, those of the Hub, and files of their own."""

from models.catalogue import CATALOGUE, names_of
from models.checkpoints.published import read_published
from models.errors import InvalidInput, NetworkUnavailable
from models.gan import LatentGenerator
from models.ladder import ladder_steps, read_ladder
from models.loading import find_offered, read
from models.pixels import Pictures
from server.uploads import UploadedNetworks
from tabs.networks import is_own, taken_elsewhere

FAMILIES = ("fastgan-generator", "gan-generator", "mixture")
GENERATORS = {name: CATALOGUE[name] for name in names_of(*FAMILIES)}

adopted: UploadedNetworks[LatentGenerator] = UploadedNetworks(
    lambda file: as_generator(read_published(file), "This file")
)


def as_generator(network: object, name: str) -> LatentGenerator:
    """Raises NetworkUnavailable unless a network is a generator."""
    if isinstance(network, LatentGenerator):
        return network
    taken_elsewhere(network, name)
    raise NetworkUnavailable(f"{name} is not a generator of pictures; choose another network.")


def open_generator(model: str) -> LatentGenerator:
    """A generator that visitors may use. Raises NetworkUnavailable."""
    if is_own(model):
        return adopted.get(model)
    return as_generator(read(find_offered(model, *FAMILIES)), model)


def title_of(model: str) -> str:
    """What a visitor reads of a network."""
    if is_own(model):
        return "Your file"
    return GENERATORS[model].title if model in GENERATORS else model


def offered_steps(model: str) -> list[int]:
    """The training steps of which a network keeps pictures. Raises NetworkUnavailable."""
    return [] if is_own(model) else ladder_steps(find_offered(model, *FAMILIES))


def pictures_kept(model: str, step: int) -> Pictures:
    """The 256 pictures that a network drew at an earlier training step: uint8 (256, H, W, C).

    Raises:
        NetworkUnavailable: it is not there, or its ladder is broken.
        InvalidInput: it keeps none of this step.
    """
    steps = offered_steps(model)
    if step not in steps:
        known = ", ".join(f"{known:,}" for known in steps) or "none"
        raise InvalidInput(f"{model} has no pictures of training step {step:,}; it has: {known}.")
    return read_ladder(find_offered(model, *FAMILIES), step)
