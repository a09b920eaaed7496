"""Decks of the game. A deck is data: real pictures, the network that draws the others, the view both are seen in."""

import functools
import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from data.datasets import PROMPT, local_copy
from data.folders import cut_out
from data.grids import GRIDS
from data.scenes import cache_folder, table_file
from models import conditional
from models.catalogue import names_of
from models.conditional import Conditional
from models.errors import InvalidInput, LatentLabError, NetworkUnavailable, UnusableData
from models.gan import LatentGenerator, draw, draw_latents, judge
from models.infogan.decoder import SIDE
from models.ladder import finished_step, ladder_file, ladder_steps, read_ladder
from models.loading import find, published_at, read
from models.pixels import Pictures, to_image
from quiz import matching
from quiz.collection import Credit, read_collection
from quiz.hosts import LEAST, DrawnAhead, read_hosts
from quiz.tells import Judge
from quiz.view import SHOWN, View, frame

SCENES = 200  # rendered ones in the deck "scenes"
POOL_SEED = 20_000  # of what the finished network draws, where nothing was chosen
PLAYERS = ("gan-generator", "fastgan-generator")  # families of networks that a host's photographs may meet
PUBLISHED_TRUNCATION = 0.7  # of generators of others, as their authors draw the pictures that they show

# What the three bands of detail of a portrait are brought to, see quiz.view: near the medians of the softer class.
COLOUR_VIEW = View(side=128, bands=(3.6, 5.4, 8.6))
GREY_VIEW = View(side=128, bands=(5.0, 6.8, 9.6))


@dataclass(frozen=True, eq=False)
class Faces:
    """The pictures of one kind, each drawn and framed when it is first asked for, then kept."""

    count: int
    edition: str  # names exactly these pictures: the start of a SHA-256
    source: Callable[[int], Pictures]  # from 0 to count - 1: uint8 (side, side, C)
    view: View
    kept: dict[int, Pictures] = field(default_factory=dict)
    ahead: bool = False  # whether they are drawn before anybody is asked, from the first to the last

    def ready(self) -> int:
        """How many of them, the first ones, may be dealt: all, but for those that are still being drawn ahead."""
        if not self.ahead:
            return self.count
        return next((index for index in range(self.count) if index not in self.kept), self.count)

    def picture(self, index: int) -> Pictures:
        """One picture: uint8 (side, side, C), framed."""
        if index not in self.kept:
            self.kept[index] = frame(self.source(index), self.view)
        return self.kept[index]

    @property
    def pictures(self) -> Pictures:
        """All of them: uint8 (count, side, side, C), framed."""
        return np.stack([self.picture(index) for index in range(self.count)])


@dataclass(frozen=True, eq=False)
class Deck:
    """Real pictures, and the network that draws as many others at each of its levels."""

    name: str
    title: str
    reals: Faces
    credits: Sequence[Credit]  # of the real ones, as many; none where only the host knows
    network: str  # of the generated pictures, a name of the catalogue or a folder
    folder: Path  # where that network lies
    steps: tuple[int, ...]  # of training; level 1 is the first, the last the finished network (0 if unknown)
    view: View
    rival: bool = True  # whether a discriminator plays, too

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

    def fakes(self, level: int) -> Faces:
        """The generated pictures of a level: of the ladder's sheet, or at the last level drawn by the network itself.

        There are exactly as many as photographs, so that either kind comes back equally often. Raises InvalidInput,
        NetworkUnavailable.
        """
        step = self.step(level)
        if not self.rival:
            with beginning:
                return drawn_ahead(self.folder, changed_at(self.folder), self.reals, self.view)
        if level == self.levels:
            file = self.folder / "model.safetensors"
            read(self.folder)  # says what is missing
            return drawn_live(self.name, self.folder, file.stat().st_mtime_ns, self.reals, self.view)
        file = ladder_file(self.folder, step)
        read_ladder(self.folder, step)
        return from_sheet(self.folder, step, file.stat().st_mtime_ns, self.reals, self.view)


beginning = threading.Lock()  # so that those who come at once do not all begin to draw
drawing = threading.Lock()  # one picture at a time, since torch uses all its threads for each


@functools.lru_cache(maxsize=32)
def from_sheet(folder: Path, step: int, changed: int, reals: Faces, view: View) -> Faces:
    """The first pictures of a sheet of the ladder; `changed` (ns) only tells versions of the file apart."""
    edition = edition_of(ladder_file(folder, step).read_bytes(), reals)
    return Faces(reals.count, edition, lambda index: read_ladder(folder, step)[index], view)


@functools.lru_cache(maxsize=8)
def drawn_live(deck: str, folder: Path, changed: int, reals: Faces, view: View) -> Faces:
    """What the finished network draws; `changed` (ns) only tells versions of its file apart."""
    network: LatentGenerator | Conditional = read(folder)
    content, count = (folder / "model.safetensors").read_bytes(), reals.count
    if isinstance(network, Conditional):
        drawn = conditional.generate(network, conditional.random_labels(network, count, POOL_SEED), POOL_SEED)
        return Faces(count, edition_of(content, reals), lambda index: drawn[index], view)
    size = network.config.latent_size
    seeds = matching.chosen_seeds(deck, hashlib.sha256(content).hexdigest())[:count]
    if len(seeds) == count:
        latents = np.concatenate([draw_latents(size, seed=seed, count=1) for seed in seeds])  # (count, latent_size)
    else:
        latents = draw_latents(size, seed=POOL_SEED, count=count)

    def draw_one(index: int) -> Pictures:
        with drawing:
            return np.asarray(draw(network, latents[index : index + 1])[0])

    return Faces(count, edition_of(content + latents.tobytes(), reals), draw_one, view)


@functools.lru_cache(maxsize=4)
def drawn_ahead(place: Path, changed: int, reals: Faces, view: View) -> Faces:
    """What a published generator draws: begun here, in a thread of its own, and kept on the disk for the next start,
    since a picture may take seconds; `changed` (ns) only tells versions of its files apart.

    So at the moment of a question both pictures lie ready, and the time of an answer says nothing.
    """
    network: LatentGenerator = read(place)
    content = b"".join(hashlib.sha256(file.read_bytes()).digest() for file in published_at(place))
    latents = draw_latents(network.config.latent_size, seed=POOL_SEED, count=reals.count)
    asked = latents.tobytes() + f"{PUBLISHED_TRUNCATION} {view.side}".encode()
    edition = edition_of(content + asked, reals)

    def draw_one(index: int) -> Pictures:
        (picture,) = draw(network, latents[index : index + 1], truncation=PUBLISHED_TRUNCATION)
        return cut_out(to_image(picture), "it", height=view.side, width=view.side)

    ahead = DrawnAhead(cache_folder() / "quiz" / edition, draw_one)
    faces = Faces(reals.count, edition, ahead.picture, view, ahead=True)
    ahead.begin(reals.count, faces.picture)
    return faces


def changed_at(place: Path) -> int:
    """When the newest file of a published network was written, ns."""
    return max((file.stat().st_mtime_ns for file in published_at(place)), default=0)


def edition_of(content: bytes, reals: Faces) -> str:
    """A name of generated pictures and the photographs that they meet."""
    return hashlib.sha256(content + reals.edition.encode()).hexdigest()[:12]


# --- the table ---------------------------------------------------------------------------------------------------


def open_colour() -> Deck:
    """The deck that the page opens on."""
    return assemble("portraits-colour", "faces-128", COLOUR_VIEW)


def open_grey() -> Deck:
    """Official portraits in grey."""
    return assemble("portraits", "portraits-128", GREY_VIEW)


def is_hosted() -> bool:
    """Whether the host has set a deck of their own."""
    return any(os.environ.get(name) for name in HOSTED)


def open_folder(patience: float | None = None) -> Deck:
    """The deck of the host's own photographs against `LATENT_LAB_DECK_NETWORK`: those of `LATENT_LAB_DECK_FOLDER`, or
    of the data set on the Hub that `LATENT_LAB_DECK_DATASET` names, see data.datasets.

    A published generator (models.checkpoints) comes without ladder and discriminator: it plays at one level, and alone.

    Args:
        patience: seconds to wait for what the Hub has to bring; None: as long as a visitor waits.
    """
    folder, network = os.environ.get("LATENT_LAB_DECK_FOLDER"), os.environ.get("LATENT_LAB_DECK_NETWORK")
    dataset = os.environ.get("LATENT_LAB_DECK_DATASET")
    if not (folder or dataset) or not network:
        raise UnusableData(
            "No pictures are set for this deck; set LATENT_LAB_DECK_FOLDER to a folder or zip archive of photographs, "
            "or LATENT_LAB_DECK_DATASET to a data set on the Hugging Face Hub, and LATENT_LAB_DECK_NETWORK to one of "
            f"{', '.join(names_of(*PLAYERS))}."
        )
    if folder and dataset:
        raise UnusableData("Both LATENT_LAB_DECK_FOLDER and LATENT_LAB_DECK_DATASET are set; unset one of them.")
    place = find(network, patience=PROMPT if patience is None else patience)
    config, alone = read(place).config, is_published(place)
    if config.family not in PLAYERS and not alone:
        raise NetworkUnavailable(
            f"The network {network} cannot play: the game needs a generator, with a discriminator or as others publish "
            f"theirs. Set LATENT_LAB_DECK_NETWORK to one of {', '.join(names_of(*PLAYERS))} or to the file of a "
            "StyleGAN2, or make one with: python -m trainer gan"
        )
    source = folder or str(local_copy(str(dataset), patience))
    if alone:
        return assemble_published(network, place, source)
    view = PORTRAIT_VIEWS.get(network, View(side=config.resolution))
    return assemble("folder", network, view, source)


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
    "portraits-colour": Offer(
        title="Portraits in colour",
        summary="200 official portraits of members of the United States Congress, both kinds at 128 x 128 pixels",
        open=open_colour,
    ),
    "portraits": Offer(
        title="Portraits",
        summary="200 official portraits of members of Congress in grey, both kinds at 128 x 128 pixels",
        open=open_grey,
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


HOSTED = ("LATENT_LAB_DECK_FOLDER", "LATENT_LAB_DECK_DATASET", "LATENT_LAB_DECK_NETWORK")
PORTRAIT_VIEWS = {"faces-128": COLOUR_VIEW, "portraits-128": GREY_VIEW}  # where faces lie in one place
RETIRED = ("lfw", "lfw-full")  # decks of earlier versions, which permalinks may still name


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
    conditioned = config.family == "conditional"
    resolution = SIDE if conditioned else config.resolution
    reals, credits = read_photographs(name, source, view, config.channels, network)
    channels = reals.picture(0).shape[2]
    if config.channels != channels or resolution != view.side:
        raise NetworkUnavailable(
            f"The network {network} draws {resolution} px pictures with {config.channels} channels, which does "
            f"not fit the photographs of the deck {name}; train it on pictures like these, or choose another."
        )
    if not conditioned and read(folder, part="discriminator").config.resolution > SHOWN:
        raise NetworkUnavailable(f"The network {network} draws larger pictures than this game shows; choose another.")
    sheets = [] if conditioned else ladder_steps(folder)
    steps = (*sheets, finished_step(folder) or 0)
    return Deck(name, DECKS[name].title, reals, credits, network, folder, steps, view)


def is_published(place: Path) -> bool:
    """Whether a place has a generator as others publish theirs, which comes alone. Raises NetworkUnavailable."""
    return bool(published_at(place)) and isinstance(read(place), LatentGenerator)


def assemble_published(network: str, place: Path, source: str) -> Deck:
    """The host's deck against a generator of others. Both kinds of picture are brought to one size by one function
    (data.folders.cut_out), never larger than the game shows. Raises UnusableData, NetworkUnavailable."""
    config = read(place).config
    view = View(side=min(config.resolution, SHOWN))
    reals, credits = read_photographs("folder", source, view, config.channels, network)
    deck = Deck("folder", DECKS["folder"].title, reals, credits, network, place, (0,), view, rival=False)
    ready = deck.fakes(1).ready()
    if ready < LEAST:
        raise NetworkUnavailable(
            f"The pictures of this deck are being drawn: {ready} are there, and {LEAST} are needed; try again in a "
            "minute."
        )
    return deck


@functools.lru_cache(maxsize=8)
def read_photographs(
    name: str, source: str, view: View, channels: int, network: str
) -> tuple[Faces, tuple[Credit, ...]]:
    """The real pictures of a deck of the table, read once, and their credits.

    Args:
        name: of the deck.
        source: folder or zip archive of a host's own photographs, for the deck "folder".
        view: of the deck.
        channels: of a host's own photographs, 1 or 3.
        network: that they meet.
    """
    credits: tuple[Credit, ...] = ()
    if name == "scenes":
        return rendered_scenes(view), credits
    if name == "folder":
        pictures = read_hosts(source, view, channels, network)
    else:
        collection = read_collection(name)
        pictures, credits = collection.pictures, collection.credits
    edition = hashlib.sha256(pictures.tobytes()).hexdigest()
    return Faces(len(pictures), edition, lambda index: pictures[index], view), credits


def rendered_scenes(view: View) -> Faces:
    """Scenes of our own renderer, each rendered when it is asked for: all at once would take seconds."""
    grid = GRIDS["scenes"]
    factors = grid.random_factors(SCENES, np.random.default_rng(POOL_SEED))  # (200, 6)
    edition = hashlib.sha256(factors.tobytes() + table_file().name.encode()).hexdigest()
    return Faces(SCENES, edition, lambda index: grid.render(factors[index : index + 1])[0], view)
