"""Measures how well photographs are found again in a generator's latent space: `python -m trainer reconstruct --help`.

The photographs were held out from every training. Prints the figures and writes them into the card of the encoder.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from data.folders import archives, read_pictures, split
from models.architectures.fastgan import FastGANGenerator
from models.errors import InvalidInput, UnusableData
from models.faces.attributes import readings
from models.faces.encoding import STEPS, find_latent
from models.features import FeatureNetwork, answers, features
from models.gan import Generator
from models.loading import find, load
from models.pixels import Pictures
from trainer.export import FIGURES_FILE, refresh_files, write_figures
from trainer.runs import write_text
from trainer.settings import REQUIRED, setting

FIGURES = """\
{photographs} photographs of {data} that generator and encoder were not trained on, each found by the
encoder's guess and {steps} steps of descent. Readings are the {attributes} answers of `{reader}` to the photograph and
to what the generator draws from the latent that was found; they agree if both are yes or both no. `{judge}` is another
network, whose features the descent did not see. Measured by `python -m trainer reconstruct`.

| | found | the guess alone | another photograph |
|---|---|---|---|
| readings that agree | {agreement:.1%} | {guess_agreement:.1%} | {other_agreement:.1%} |
| other photographs that are farther than its own, by `{reader}` | {nearer:.1%} | {guess_nearer:.1%} | 50 % |
| the same by `{judge}` | {judged_nearer:.1%} | {guess_judged_nearer:.1%} | 50 % |
| faces nearer to their own photograph than to 95 % of the others, by `{reader}` | {share_nearer:.0%} | \
{guess_share_nearer:.0%} | 5 % |
| the same by `{judge}` | {share_judged_nearer:.0%} | {guess_share_judged_nearer:.0%} | 5 % |
| mean difference of pixels, levels of 255 | {difference:.1f} | {guess_difference:.1f} | {other_difference:.1f} |
"""


@dataclass(frozen=True)
class Reconstruction:
    """Settings of a measurement."""

    generator: Path = setting(REQUIRED, "weights folder of a generator with an encoder, weights/NAME", first=True)
    data: Path = setting(REQUIRED, "photographs: folder or zip archive")
    more_data: str = setting("", "further folders or archives, with commas between them")
    reader: str = setting("faces-attributes-128", "network whose readings are compared, and whose features lead")
    judge: str = setting("faces-features-64", "another network, whose features judge")
    validation: int = setting(1_000, "photographs that were held out of each archive when the generator was trained")
    hold_out: Literal["last", "spread"] = setting("spread", "which: the last by file name, or every so many")
    photographs: int = setting(100, "how many of these, the last by file name, equally many of each archive", least=20)
    steps: int = setting(STEPS, "of the descent", least=0, most=1_000)


def reconstruct(settings: Reconstruction) -> dict[str, float]:
    """Finds photographs again, prints how near the results are, and writes it into the encoder's card.

    Returns:
        the figures that are written.

    Raises:
        NetworkUnavailable: no such generator, encoder or reader.
        UnusableData: the photographs do not serve.
        InvalidInput: the generator draws from no latent.
    """
    generator, encoder = load(str(settings.generator)), load(str(settings.generator), part="encoder")
    reader, judge = load(settings.reader), load(settings.judge)
    if not isinstance(generator, FastGANGenerator | Generator):
        raise InvalidInput(f"{settings.generator} draws from no latent; name a generator of faces such as faces-128.")
    paths = archives(settings.data, settings.more_data)
    if settings.photographs % len(paths):
        raise InvalidInput(f"--photographs {settings.photographs} cannot be taken equally of {len(paths)} archives.")
    photographs = np.concatenate(
        [held_out(path, generator, settings, settings.photographs // len(paths)) for path in paths]
    )

    found = np.concatenate(
        [
            find_latent(generator, encoder, reader, one[None], steps=settings.steps).picture
            for one in tqdm(photographs, unit=" faces", dynamic_ncols=True)
        ]
    )
    guesses = np.concatenate(
        [find_latent(generator, encoder, reader, one[None], steps=0).picture for one in photographs]
    )
    others = np.roll(photographs, 1, axis=0)

    def agreement(pictures: Pictures) -> float:
        return float((told(reader, pictures) == told(reader, photographs)).mean())

    def ranks(network: object, pictures: Pictures) -> NDArray[np.float64]:
        return nearer_than(features(network, pictures), features(network, photographs))  # type: ignore[arg-type]

    figures = {
        "agreement": agreement(found),
        "guess_agreement": agreement(guesses),
        "other_agreement": agreement(others),
        "difference": difference(found, photographs),
        "guess_difference": difference(guesses, photographs),
        "other_difference": difference(others, photographs),
    }
    for prefix, pictures in (("", found), ("guess_", guesses)):
        for word, network in (("nearer", reader), ("judged_nearer", judge)):
            rank = ranks(network, pictures)
            figures[f"{prefix}{word}"] = float(rank.mean())
            figures[f"{prefix}share_{word}"] = float((rank >= 0.95).mean())
    text = FIGURES.format(
        **figures,
        photographs=len(photographs),
        data=" and ".join(path.name for path in paths),
        steps=settings.steps,
        attributes=told(reader, photographs[:1]).shape[1],
        reader=settings.reader,
        judge=settings.judge,
    )
    print(text)
    folder = find(str(settings.generator)) / "encoder"
    described = asdict(settings) | {"generator": settings.generator.name, "data": [path.name for path in paths]}
    del described["more_data"]
    write_text(folder / FIGURES_FILE, json.dumps({**figures, "settings": described}, indent=2, default=str) + "\n")
    write_figures(folder / "README.md", text)
    for described_in in (folder, folder.parent):
        if (described_in / "README.md").is_file():
            refresh_files(described_in)
    return figures


def held_out(path: Path, generator: FastGANGenerator | Generator, settings: Reconstruction, count: int) -> Pictures:
    """The last photographs of an archive that were held out: uint8 (count, H, W, C). Raises UnusableData."""
    config = generator.config
    pictures = read_pictures(path, resolution=config.resolution, channels=config.channels)
    found = split(pictures, settings.validation, spread=settings.hold_out == "spread")[1][-count:]
    if len(found) < count:
        raise UnusableData(
            f"{path} has {len(found)} photographs that were held out, and {count} are needed; ask for fewer."
        )
    return found


def told(reader: FeatureNetwork, pictures: Pictures) -> NDArray[np.bool_]:
    """What a reader says of pictures, yes or no: of the attributes that are named, if it has names, else of all."""
    if reader.config.names:
        return np.asarray(readings(reader, pictures) > 0.5)
    return np.asarray(answers(reader, pictures) > 0)


def nearer_than(drawn: NDArray[np.float32], photographs: NDArray[np.float32]) -> NDArray[np.float64]:
    """For each picture, the share of other photographs that are farther from it than its own.

    Args:
        drawn: features (N, F) of pictures.
        photographs: features (N, F) of what they are to resemble, in the same order.

    Returns:
        (N,), 0 to 1.
    """
    squares = ((drawn[:, None].astype(np.float64) - photographs[None]) ** 2).sum(2)  # (N, N)
    own = np.diagonal(squares)[:, None]
    count = len(drawn)
    return np.asarray((squares > own).sum(1) / (count - 1))


def difference(pictures: Pictures, photographs: Pictures) -> float:
    """Mean absolute difference of pixels, in levels of 255."""
    return float(np.abs(pictures.astype(np.float32) - photographs).mean())
