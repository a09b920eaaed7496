"""Where all sliders of the tab "Latent sliders" stand, and the network that they belong to."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import load
from models.architectures.fastgan import FastGANGenerator
from models.catalogue import CATALOGUE
from models.errors import InvalidInput
from models.faces.latent_transformer import LatentTransformer
from models.gan import LARGEST_SEED, check_whole
from models.infogan.network import InfoGAN, checked_codes
from models.loading import weights_root
from models.sliders import Base, FaceSliders, Network, random_codes, types_of
from server.fields import whole_or

FACES = "faces-128"  # the generator whose parts are sets of sliders
SETS = {"sliders": "with names", "sefa": "found without labels"}
HAS_FACES = (weights_root() / FACES / next(iter(SETS)) / "config.json").is_file()
DEFAULT = FACES if HAS_FACES else "scenes-infogan-cr-64"
OFFERED = [
    name
    for name, entry in CATALOGUE.items()
    if entry.family in ("infogan", "gan-generator") or (name == FACES and HAS_FACES)
]
LARGEST_NUMBER = 20.0  # in a latent that a visitor sends

TITLES = {  # of the sliders with names, see models.faces.attributes
    "age": "Age",
    "smile": "Smile",
    "glasses": "Glasses",
    "beard": "Beard",
    "mouth open": "Mouth open",
    "fair hair": "Hair: dark to fair",
    "grey hair": "Grey hair",
    "fringe": "Fringe",
    "masculine": "Look: feminine to masculine",
    "make-up": "Make-up",
    "turn": "Head turn: left to right",
    "light": "Light: left to right",
}


@dataclass(frozen=True)
class Setting:
    """Where all sliders stand."""

    model: str
    codes: tuple[float, ...]
    seed: int = 1
    set: str = ""  # which sliders, a key of SETS; "" for a network that has only one set
    latent: tuple[float, ...] = ()  # of a face that was found in place of the seed's

    @property
    def base(self) -> Base:
        """What the sliders start from."""
        return self.latent or self.seed


def opened(fields: Mapping[str, object]) -> tuple[Network, Setting]:
    """The network and the slider positions that a script, a link or a program names. Raises LatentLabError."""
    model = fields.get("model") or DEFAULT
    if model not in OFFERED:
        raise InvalidInput(f"There are no sliders for {str(model)[:60]!r}; choose one of {', '.join(OFFERED)}.")
    seed = whole_or(fields.get("seed"), 1, "seed")
    check_whole(seed, "seed", 0, LARGEST_SEED)
    kind = str(fields.get("set") or next(iter(SETS))) if model == FACES else ""
    if kind and kind not in SETS:
        raise InvalidInput(f"There is no set of sliders {kind[:60]!r}; choose one of {', '.join(SETS)}.")
    network: Network = face_sliders(kind) if kind else load(str(model))
    latent = in_latent_space(network, fields.get("z"))
    codes = fields.get("codes")
    if codes is None or codes == "":
        return network, Setting(str(model), tuple(tidy(random_codes(network, seed))), seed, kind, latent)
    if isinstance(codes, str):
        codes = codes.split(",")
    return network, Setting(str(model), tuple(tidy(in_range(network, codes))), seed, kind, latent)


def face_sliders(kind: str) -> FaceSliders:
    """The generator of faces with one of its sets of sliders. Raises NetworkUnavailable."""
    return together(load(FACES), load(FACES, part=kind))


@functools.lru_cache(maxsize=8)
def together(generator: FastGANGenerator, transformer: LatentTransformer) -> FaceSliders:
    """The same object for the same pair, so that requests of several visitors are drawn in one batch."""
    return FaceSliders(generator, transformer)


def in_latent_space(network: Network, latent: object) -> tuple[float, ...]:
    """A latent that is sent, with two decimals; nothing for networks that have none. Raises InvalidInput."""
    if latent is None or latent == "" or not isinstance(network, FaceSliders):
        return ()
    size = network.generator.config.latent_size
    try:
        numbers = np.asarray(latent.split(",") if isinstance(latent, str) else latent, dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        numbers = np.empty(0, np.float32)
    if numbers.shape != (size,) or not (np.abs(numbers) <= LARGEST_NUMBER).all() or not numbers.any():
        raise InvalidInput(
            f"The latent of a face has to be {size} numbers from -{LARGEST_NUMBER:g} to {LARGEST_NUMBER:g}, not all 0."
        )
    return tuple(tidy(numbers))


def in_range(network: Network, codes: object) -> NDArray[np.float32]:
    """Codes (K,) as numbers. Raises InvalidInput."""
    if isinstance(network, InfoGAN):
        row: NDArray[np.float32] = checked_codes(network, codes)[0]  # type: ignore[arg-type]
        return row
    try:
        numbers = np.asarray(codes, dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput("The codes are not numbers; one number from -1 to 1 for each slider is accepted.") from None
    if numbers.shape != (len(types_of(network)),) or not (np.abs(numbers) <= 1).all():
        raise InvalidInput(f"The codes have to be {len(types_of(network))} numbers from -1 to 1.")
    return numbers


def tidy(codes: NDArray[np.float32]) -> list[float]:
    """Codes with two decimals, as sliders have them."""
    return [round(float(code), 2) for code in codes]


def rows(setting: Setting) -> NDArray[np.float32]:
    """The codes of a setting as (1, K)."""
    return np.array([setting.codes], dtype=np.float32)


def titles_of(network: Network) -> list[str]:
    """What stands above each slider."""
    if isinstance(network, FaceSliders):
        names = network.transformer.config.names
        return [TITLES.get(name, f"Direction {number + 1}") for number, name in enumerate(names)]
    return [f"Code {number + 1}" for number in range(len(types_of(network)))]


def reading_network(model: object) -> InfoGAN:
    """A network that can read pictures. Raises InvalidInput."""
    if model not in OFFERED or CATALOGUE[str(model)].family != "infogan":
        able = [name for name in OFFERED if CATALOGUE[name].family == "infogan"]
        raise InvalidInput(f"{str(model)[:60]} cannot read a picture; {', '.join(able)} can.")
    network: InfoGAN = load(str(model))
    return network


def reader_of(network: Network) -> Any:
    """The factor regressor of a network's world, or None."""
    name = f"{network.config.world}-factors-64" if isinstance(network, InfoGAN) else ""
    return load(name) if name in CATALOGUE else None
