"""Decks of the game. A deck is data: real faces, the network that draws the others, and the view both are seen in."""

import functools
import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data import faces
from data.datasets import PROMPT, local_copy
from data.folders import read_pictures
from data.grids import GRIDS
from models import conditional
from models.catalogue import names_of
from models.conditional import Conditional
from models.decoder import SIDE
from models.errors import InvalidInput, LatentLabError, NetworkUnavailable, UnusableData
from models.gan import LARGEST_COUNT, Generator, draw, draw_latents, judge
from models.ladder import finished_step, ladder_file, ladder_steps, read_ladder
from models.loading import find, read
from models.pixels import Pictures
from quiz.tells import Judge
from quiz.view import SHOWN, SUBSET_VIEW, View, frame_generated, frame_photographs

LARGEST_POOL = LARGEST_COUNT  # pictures of each class
LEAST_PHOTOGRAPHS = 20  # fewer would be known by heart too soon
SCENES = 200  # rendered ones in the deck "scenes"
POOL_SEED = 20_000  # of the first level's latents; another seed at every level


@dataclass(frozen=True, eq=False)
class Deck:
    """Real faces, and the network that draws as many others at each of its levels."""

    name: str
    title: str
    photographs: "Photographs"
    network: str  # of the generated faces, a name of the catalogue or a folder
    folder: Path  # where that network lies
    steps: tuple[int, ...]  # of training; level 1 is the first, the last one is that of the finished network
    view: View

    @property
    def reals(self) -> Pictures:
        """The photographs: uint8 (N, side, side, C), framed."""
        return self.photographs.pictures

    @property
    def levels(self) -> int:
        """How many levels there are; the last one is the hardest."""
        return len(self.steps)

    def opponent(self) -> tuple[int, Judge]:
        """The side of the pictures that the discriminator reads, px, and its judgement. Raises NetworkUnavailable."""
        network = read(self.folder)
        if isinstance(network, Conditional):
            return SIDE, functools.partial(conditional.judge, network)
        discriminator = read(self.folder, part="discriminator")
        return discriminator.config.resolution, functools.partial(judge, discriminator)

    def step(self, level: int) -> int:
        """The training step of a level from 1. Raises InvalidInput."""
        if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= self.levels:
            raise InvalidInput(f"The level is {level!r}; it has to be a whole number from 1 to {self.levels}.")
        return self.steps[level - 1]

    def fakes(self, level: int) -> "Pool":
        """The generated faces of a level; drawn at the first call, then kept. Raises InvalidInput, NetworkUnavailable.

        There are exactly as many as photographs, so that either kind comes back equally often.
        """
        step = self.step(level)
        file = self.folder / "model.safetensors" if level == self.levels else ladder_file(self.folder, step)
        with drawing:  # two visitors who ask at once share one pool
            sheet = None if level == self.levels else step
            return draw_pool(file, file.stat().st_mtime_ns, self.folder, sheet, level, self.photographs, self.view)


@dataclass(frozen=True, eq=False)
class Photographs:
    """The real faces of a deck, in memory once."""

    pictures: Pictures  # uint8 (N, side, side, C), framed
    digest: str  # SHA-256 of all pixels


@dataclass(frozen=True, eq=False)
class Pool:
    """The generated faces of one level."""

    edition: str  # names the exact weights and photographs of a round: the start of a SHA-256 of both
    pictures: Pictures  # uint8 (N, side, side, C), framed


drawing = threading.Lock()


@functools.lru_cache(maxsize=32)
def draw_pool(
    file: Path, changed: int, folder: Path, sheet: int | None, level: int, reals: Photographs, view: View
) -> Pool:
    """See `Deck.fakes`; `changed` (ns) only tells versions of the file apart, and `sheet` is the step of a sheet of the
    ladder, None for the finished network."""
    network: Generator | Conditional = read(folder)
    seed, count = POOL_SEED + level, len(reals.pictures)
    if sheet is not None:
        drawn = read_ladder(folder, sheet)[:count]
    elif isinstance(network, Conditional):
        drawn = conditional.generate(network, conditional.random_labels(network, count, seed), seed)
    else:
        drawn = draw(network, draw_latents(network.config.latent_size, seed=seed, count=count))
    pictures = frame_generated(drawn, view)
    pictures.flags.writeable = False
    edition = hashlib.sha256(file.read_bytes() + reals.digest.encode()).hexdigest()[:12]
    return Pool(edition, pictures)


# --- the table ---------------------------------------------------------------------------------------------------


def open_subset() -> Deck:
    """The deck that needs nothing but the installed packages."""
    return assemble("lfw", "faces-lfw-64", SUBSET_VIEW)


def open_people() -> Deck:
    """The deck of the complete archive, once the host has fetched it."""
    return assemble("lfw-full", "faces-lfw-64", View(side=faces.TIGHT_SIDE))


def open_folder() -> Deck:
    """The deck of the host's own photographs against `LATENT_LAB_DECK_NETWORK`: those of `LATENT_LAB_DECK_FOLDER`, or
    of the data set on the Hub that `LATENT_LAB_DECK_DATASET` names, see data.datasets."""
    folder, network = os.environ.get("LATENT_LAB_DECK_FOLDER"), os.environ.get("LATENT_LAB_DECK_NETWORK")
    dataset = os.environ.get("LATENT_LAB_DECK_DATASET")
    if not (folder or dataset) or not network:
        raise UnusableData(
            "No pictures are set for this deck; set LATENT_LAB_DECK_FOLDER to a folder or zip archive of photographs, "
            "or LATENT_LAB_DECK_DATASET to a data set on the Hugging Face Hub, and LATENT_LAB_DECK_NETWORK to one of "
            f"{', '.join(names_of('gan-generator'))}."
        )
    if folder and dataset:
        raise UnusableData("Both LATENT_LAB_DECK_FOLDER and LATENT_LAB_DECK_DATASET are set; unset one of them.")
    config = read(find(network, patience=PROMPT)).config
    if config.family != "gan-generator":
        raise NetworkUnavailable(
            f"The network {network} cannot play: the game needs a discriminator and the ladder of a training. Set "
            f"LATENT_LAB_DECK_NETWORK to one of {', '.join(names_of('gan-generator'))}, or make one with: "
            "python -m trainer gan"
        )
    source = folder or str(local_copy(str(dataset)))
    return assemble("folder", network, View(side=config.resolution), source)


def open_scenes() -> Deck:
    """The deck of our own renderer against the generator that draws scenes to order."""
    return assemble("scenes", "scenes-conditional-64", View(side=SIDE))


@dataclass(frozen=True)
class Offer:
    """One line of the table of decks."""

    title: str  # what a visitor reads
    summary: str  # one line: what is shown
    open: Callable[[], Deck]
    subject: str = "face"  # what both pictures show
    real: str = "photograph"  # what the real one is


DECKS: dict[str, Offer] = {
    "lfw": Offer(
        title="Press photographs, small",
        summary="100 real faces of Labeled Faces in the Wild in grey, both kinds at 18 x 18 pixels",
        open=open_subset,
    ),
    "lfw-full": Offer(
        title="Press photographs",
        summary="real faces of Labeled Faces in the Wild in grey, both kinds at 64 x 64 pixels",
        open=open_people,
    ),
    "scenes": Offer(
        title="Scenes",
        summary="simple rooms: one picture is rendered exactly, the other was drawn by a network",
        open=open_scenes,
        subject="picture",
        real="rendering",
    ),
    "folder": Offer(
        title="The host's own photographs",
        summary="photographs that the host of this page chose",
        open=open_folder,
    ),
}


def open_deck(name: str) -> Deck:
    """A deck of the table, ready to play; cheap after the first time.

    Raises:
        InvalidInput: no deck has this name.
        UnusableData, NetworkUnavailable: the deck cannot be played here; the message says what the host does.
    """
    if name not in DECKS:
        raise InvalidInput(f"There is no deck {str(name)[:40]!r}; choose one of {', '.join(DECKS)}.")
    return DECKS[name].open()


def obstacle(name: str) -> str:
    """Why a deck cannot be played here and what the host does about it, as one sentence; empty if it can be played."""
    try:
        open_deck(name)
    except LatentLabError as error:
        return str(error)
    return ""


def assemble(name: str, network: str, view: View, source: str = "") -> Deck:
    """The deck of a network, after a look at its folder, and of the photographs that `read_photographs` names."""
    folder = find(network, patience=PROMPT)
    config = read(folder).config
    resolution = SIDE if config.family == "conditional" else config.resolution
    photographs = read_photographs(name, source, view, config.channels)
    if config.channels != photographs.pictures.shape[3] or resolution < view.side:
        raise NetworkUnavailable(
            f"The network {network} draws {resolution} px pictures with {config.channels} channels, which does "
            f"not fit the photographs of the deck {name}; train it on pictures like these, or choose another."
        )
    if config.family != "conditional" and read(folder, part="discriminator").config.resolution > SHOWN:
        raise NetworkUnavailable(f"The network {network} draws larger pictures than this game shows; choose another.")
    finished = finished_step(folder)
    if finished is None:
        raise NetworkUnavailable(
            f"The network {network} has no ladder of its training, whose steps are the levels of the game; train "
            "it again."
        )
    steps = (*ladder_steps(folder), finished)
    return Deck(name, DECKS[name].title, photographs, network, folder, steps, view)


@functools.lru_cache(maxsize=8)
def read_photographs(name: str, source: str, view: View, channels: int) -> Photographs:
    """The real faces of a deck of the table, read once; a choice spread over all if there are too many.

    Args:
        name: of the deck.
        source: folder or zip archive of a host's own photographs, for the deck "folder".
        view: of the deck.
        channels: of a host's own photographs, 1 or 3.
    """
    if name == "lfw":
        pictures = faces.subset()
    elif name == "lfw-full":
        pictures = faces.people()
    elif name == "scenes":
        grid = GRIDS["scenes"]
        pictures = grid.render(grid.random_factors(SCENES, np.random.default_rng(POOL_SEED)))
    else:
        pictures = read_pictures(source, resolution=view.side, channels=channels, least=LEAST_PHOTOGRAPHS)
    if len(pictures) > LARGEST_POOL:
        pictures = pictures[np.linspace(0, len(pictures) - 1, LARGEST_POOL).astype(int)]
    framed = np.ascontiguousarray(frame_photographs(pictures, view))
    framed.flags.writeable = False
    return Photographs(framed, hashlib.sha256(framed.tobytes()).hexdigest())
