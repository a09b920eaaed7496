"""From a name, a folder or a Hub id to a network in memory: `load`.

A weights folder explains itself: `config.json` names the family and the architecture, `model.safetensors` holds the
tensors (perhaps in 8 bits, see models.quantization), `README.md` is the card. Parts lie in sub-folders of the same form
(`discriminator/`), pictures of the training in `ladder/` (see models.ladder). A Hub repository has the same files.
"""

import functools
import glob
import json
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from weakref import WeakValueDictionary

import torch
from huggingface_hub import HfApi, constants, get_token, hf_hub_download, snapshot_download
from huggingface_hub.errors import HFValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from torch.overrides import TorchFunctionMode

from models.architectures.fastgan import FastGANGenerator
from models.catalogue import CATALOGUE, names_of
from models.checkpoints.published import Published, published_files, read_published
from models.checkpoints.repository import (
    OUR_FILES,
    HubName,
    check_head,
    in_cache,
    nothing_in,
    place_of,
    published_in,
    reason_against,
    size_of,
    to_hub_name,
)
from models.conditional import Conditional
from models.errors import InvalidInput, NetworkUnavailable
from models.faces.encoding import LatentEncoder
from models.faces.latent_transformer import LatentTransformer
from models.factors import FactorNetwork
from models.features import FeatureNetwork
from models.gan import Discriminator, Generator
from models.hub import TIMEOUT, BackgroundFetches, in_words
from models.infogan.network import InfoGAN
from models.mixture import MixtureOfGaussians
from models.origins import Origin, origins
from models.quantization import stored_shapes
from models.super_resolution import SuperResolution
from models.translation import Translation

FAMILIES: dict[str, Any] = {
    "gan-generator": Generator,
    "fastgan-generator": FastGANGenerator,
    "gan-discriminator": Discriminator,
    "latent-transformer": LatentTransformer,
    "mixture": MixtureOfGaussians,
    "face-features": FeatureNetwork,
    "latent-encoder": LatentEncoder,
    "conditional": Conditional,
    "infogan": InfoGAN,
    "factors": FactorNetwork,
    "translation": Translation,
    "super-resolution": SuperResolution,
}
LARGEST_DOWNLOAD = 300 * 2**20  # bytes, all files of one Hub network together
MOST_FETCHED = 4 * 2**30  # bytes that one process fetches from the Hub for strangers, in all
LEAST_FREE = 2**30  # bytes that stay free on the disk
PATIENCE = 20.0  # seconds that a stranger waits for a Hub network; after that, fetching goes on in the background
ROOT = Path(__file__).resolve().parent.parent


@runtime_checkable
class Configured(Protocol):
    """What every network of ours has: the frozen dataclass it was built from."""

    config: Any


def weights_root() -> Path:
    """The folder of the shipped networks: `LATENT_LAB_WEIGHTS`, or `weights/` beside the code."""
    return Path(os.environ.get("LATENT_LAB_WEIGHTS", ROOT / "weights"))


def load(name: str | Path, *, part: str = "") -> Any:
    """A network, ready to use; read once and kept.

    Args:
        name: a name of the catalogue (`faces-celeba-64`), a weights folder, the file of a published network (see
            models.checkpoints), or a Hub id (`user/repository`, or `user/repository/file` for one of its files),
            tried in this order. Only a Hub id that is not in the local cache yet uses the network.
        part: a network beside the main one, one of PARTS ("discriminator"); "" for the main one.

    Returns:
        the network of the family that its config.json names, in evaluation mode, on the CPU. It is shared: do not
        change it.

    Raises:
        NetworkUnavailable: missing, broken, or not reachable; the message says what to do.
    """
    return read(find(name), part=part)


def find(name: str | Path, *, patience: float | None = None) -> Path:
    """The folder of a network, downloaded first if it is a Hub id, or its file; see `download`. Raises
    NetworkUnavailable."""
    if str(name) in CATALOGUE:
        return weights_root() / str(name)
    if Path(name).exists():
        return Path(name)
    if to_hub_name(str(name)):
        return download(str(name), patience=patience)
    raise NetworkUnavailable(
        f"There is no network {str(name)!r}; choose one of {', '.join(CATALOGUE)}, a folder with a config.json, "
        "or a Hub id such as user/repository."
    )


def find_offered(name: str, *families: str) -> Path:
    """Like `find`, for names that strangers send: the catalogue and the Hub, never a path of this machine. The families
    only decide which names the error suggests."""
    if name not in CATALOGUE and not to_hub_name(name):
        raise NetworkUnavailable(
            f"There is no network {name[:80]!r}; choose one of {', '.join(names_of(*families))} or a Hub id such "
            "as user/repository."
        )
    return weights_root() / name if name in CATALOGUE else download(name, patience=PATIENCE)


def download(hub_id: str, *, patience: float | None = None) -> Path:
    """The local copy of a Hub network, its folder or file; fetched if it is not there yet.

    Args:
        hub_id: `user/repository`, or `user/repository/file`.
        patience: for names that strangers send, seconds to wait for the thread that fetches it and that goes on
            afterwards; None to fetch it in this thread with the host's token, for up to models.hub.LONGEST.

    Raises:
        NetworkUnavailable: not there, not a network, too large, too slow, still under way.
    """
    try:
        found = in_cache(named(hub_id), **access(patience is not None))
    except HFValidationError:
        raise not_a_name(hub_id) from None
    if found:
        return found
    if constants.HF_HUB_OFFLINE:
        raise NetworkUnavailable(
            f"This page runs without a network, and {hub_id} is not on this machine; choose a built-in network."
        )
    return errands.bring(hub_id, patience) if patience is not None else fetch(hub_id)


def named(hub_id: str) -> HubName:
    """A name on the Hub. Raises NetworkUnavailable."""
    name = to_hub_name(hub_id)
    if name is None:
        raise not_a_name(hub_id)
    return name


def not_a_name(hub_id: str) -> NetworkUnavailable:
    """Says that there can be no such thing on the Hub."""
    return NetworkUnavailable(f"{hub_id} is not a name on the Hub; it has the form user/repository.")


def access(strange: bool) -> dict[str, Any]:
    """Arguments for huggingface_hub. A network that a stranger names is fetched without the host's token and, if there
    is one, into a cache of its own, so that nobody reaches the host's private networks."""
    if not strange:
        return {}
    apart = {"cache_dir": Path(constants.HF_HUB_CACHE).with_name("latent-lab-visitors")} if get_token() else {}
    return {"token": False, **apart}


fetched = 0  # bytes that strangers have had this process fetch
counting = threading.Lock()


def fetch_offered(hub_id: str) -> Path:
    """`fetch` of a name that a stranger sent."""
    return fetch(hub_id, strange=True)


@contextmanager
def room_for(hub_id: str, size: int) -> Iterator[None]:
    """Counts the bytes that a stranger fetches, unless the work within fails. Raises NetworkUnavailable where they are
    too many."""
    global fetched
    home = Path(constants.HF_HUB_CACHE)
    home.mkdir(parents=True, exist_ok=True)
    with counting:
        if fetched + size > MOST_FETCHED or shutil.disk_usage(home).free < size + LEAST_FREE:
            raise NetworkUnavailable(f"There is no room for {hub_id} on this machine; choose a built-in network.")
        fetched += size
    try:
        yield
    except BaseException:
        with counting:
            fetched -= size
        raise


def fetch(hub_id: str, *, strange: bool = False) -> Path:
    """Brings a Hub network that is not here yet. Raises NetworkUnavailable."""
    name = named(hub_id)
    more = access(strange)
    with in_words(name.repository) as headers:
        api = HfApi(headers=headers, token=more.get("token"))
        siblings = api.model_info(name.repository, files_metadata=True, timeout=TIMEOUT).siblings or []
        sizes = {file.rfilename: file.size or 0 for file in siblings}
        more |= {"etag_timeout": TIMEOUT, "headers": headers}
        against = "none"
        if "config.json" in sizes and not name.file:
            check_size(hub_id, size_of(sizes, OUR_FILES))
            with tempfile.TemporaryDirectory() as beside:  # not the cache, where it would pass for the whole network
                config = hf_hub_download(name.repository, "config.json", **more | {"local_dir": beside})
                against = reason_against(Path(config), FAMILIES)
        files = published_in(name, sizes.keys() - {"config.json"}) if against in ("none", "unknown") else []
        patterns = OUR_FILES if not against else [glob.escape(file) for file in files]
        if not patterns:
            raise nothing_in(name, sizes) if against == "none" else not_ours(hub_id)
        check_size(hub_id, size_of(sizes, patterns))
        try:
            for file in files:
                if file.endswith(".safetensors"):
                    check_head(api, name, file)
        except NetworkUnavailable as error:
            raise not_ours(hub_id) if against == "unknown" else error from None
        with room_for(hub_id, size_of(sizes, patterns)) if strange else nullcontext():
            folder = Path(snapshot_download(name.repository, allow_patterns=patterns, **more))
    return place_of(folder, files) if against else folder


def check_size(hub_id: str, size: int) -> None:
    """Raises NetworkUnavailable where a network is too many bytes."""
    if size > LARGEST_DOWNLOAD:
        raise NetworkUnavailable(
            f"{hub_id} is {size / 2**20:,.0f} MB; networks of up to {LARGEST_DOWNLOAD / 2**20:,.0f} MB are loaded."
        )


def not_ours(hub_id: str) -> NetworkUnavailable:
    """Says that a config.json is that of another network."""
    return NetworkUnavailable(f"{hub_id} on the Hub is not a network of ours ({', '.join(FAMILIES)}); choose another.")


errands = BackgroundFetches(
    fetch_offered,
    raises=NetworkUnavailable,
    waiting="{name} is being fetched from the Hub; try again in a minute.",
    retry=10.0,
)


choosing = threading.Lock()
locks: WeakValueDictionary[Path, threading.Lock] = WeakValueDictionary()  # while somebody holds or awaits one


def lock_for(file: Path) -> threading.Lock:
    """The lock of one network: if two visitors ask for it at once, it is read once, and nobody else has to wait."""
    with choosing:
        return locks.setdefault(file, threading.Lock())


def read(folder: Path, *, part: str = "") -> Any:
    """The network in a folder; see `load`. A folder that changed on disk is read again."""
    published = [] if part or folder.name in CATALOGUE else published_at(folder)
    if published:
        with lock_for(folder):
            found = read_published_once(tuple(published), max(file.stat().st_mtime_ns for file in published))
        return of_origin(found, folder)
    home = folder / part if part else folder
    tensors = home / "model.safetensors"
    if not (home / "config.json").is_file() or not tensors.is_file():
        entry = CATALOGUE.get(folder.name)
        remedy = f"Make it with: {entry.command}" if entry else "Train or download it again."
        missing = "config.json" if not (home / "config.json").is_file() else tensors.name
        raise NetworkUnavailable(f"The network {home.name if part else folder.name} has no {missing}. {remedy}")
    with lock_for(tensors):
        read_once = read_own if folder.name in CATALOGUE else read_others
        network = read_once(home / "config.json", tensors, tensors.stat().st_mtime_ns)
    return of_origin(network, folder, part)


def published_at(place: Path) -> list[Path]:
    """The files of a published network in a folder that has none of ours, or the file itself; perhaps none."""
    if place.is_file():
        return [place]
    files, config = published_files(place), place / "config.json"
    theirs = not config.is_file() or files[:1] != [place / "model.safetensors"]
    return files if theirs and reason_against(config, FAMILIES) else []


def of_origin(network: nn.Module, folder: Path, part: str = "") -> nn.Module:
    """The network, after noting the name by which other machines find it, if they can (models.origins)."""
    if folder.name in CATALOGUE and folder == weights_root() / folder.name:
        origins[network] = Origin(folder.name, part)
    elif named := re.fullmatch(r".*/models--([^/]+)/snapshots/[^/]+((?:/.+)?)", folder.as_posix()):  # a download
        origins[network] = Origin(named[1].replace("--", "/", 1) + named[2], part)
    return network


@functools.lru_cache(maxsize=4)  # up to 0.4 GB each
def read_published_once(files: tuple[Path, ...], changed: int) -> Published:
    """A published network from its one or two files; `changed` (ns) only tells versions apart."""
    return read_published(*files)


class NoInitialisation(TorchFunctionMode):
    """Leaves new weights as they are, since those of a file follow: drawing millions of random numbers takes longer
    than reading them, and on the device "meta" PyTorch would import its compiler to do so, a second's work."""

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(function, "__module__", None) == "torch.nn.init":
            return args[0] if args else kwargs["tensor"]
        return function(*args, **(kwargs or {}))


def read_files(config_file: Path, tensors_file: Path, changed: int) -> nn.Module:
    """A network from its two files; `changed` (ns) only tells versions of the file apart."""
    try:
        settings = json.loads(config_file.read_text(encoding="utf-8"))
        family = settings["family"] if isinstance(settings, dict) else None
        network_class = FAMILIES[family]  # type: ignore[index]
        config_class = network_class.__init__.__annotations__["config"]
        config = config_class(**settings)
        with torch.device("meta"), NoInitialisation():
            skeleton = network_class(config)
        expected = {name: list(tensor.shape) for name, tensor in skeleton.state_dict().items()}
        if stored_shapes(tensors_file) != expected:  # shapes first: a false config allocates nothing
            raise NetworkUnavailable(
                f"The tensors in {tensors_file.name} do not fit the {family} that config.json describes; "
                "train or download it again."
            )
        with NoInitialisation():
            network: nn.Module = network_class(config)
        network.load_state_dict(load_file(tensors_file))
        ready: nn.Module = network.eval().requires_grad_(False)
        return ready
    except (KeyError, TypeError, ValueError, InvalidInput) as error:
        raise NetworkUnavailable(
            f"The config.json of {config_file.parent.name} does not describe a network of ours "
            f"({', '.join(FAMILIES)}): {error}"
        ) from error
    except (SafetensorError, OSError, RuntimeError) as error:
        raise NetworkUnavailable(
            f"The file {tensors_file.name} of {config_file.parent.name} is broken; train or download it again."
        ) from error


# Networks that were read; the catalogue's stay, of all others a few, since each may take more than a gigabyte
read_own = functools.lru_cache(maxsize=48)(read_files)
read_others = functools.lru_cache(maxsize=6)(read_files)
