"""The labels of faces from which the network that reads them learns."""

import csv
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from data.folders import read_files, read_picture
from data.labels import read_labels, read_text
from models.errors import UnusableData
from models.faces.attributes import (
    NAMED,
    OLDEST,
    YOUNGEST,
)
from models.features import SIDE
from models.pixels import Pictures

Truth = NDArray[np.float32]
# From a place in the template (px of 128) to the same place of a face in celeba64.zip (px of 64): the scale and shift
# under which the mean faces of both correlate best (.98)
CELEBA_SCALE, CELEBA_SHIFT = 0.360, (8.9, 15.75)

# Names of outputs, and the columns of CelebA's table that they are
ATTRIBUTES = {
    "smile": "Smiling",
    "glasses": "Eyeglasses",
    "mouth open": "Mouth_Slightly_Open",
    "grey hair": "Gray_Hair",
    "fringe": "Bangs",
    "masculine": "Male",
    "make-up": "Heavy_Makeup",
    "moustache": "Mustache",
    "goatee": "Goatee",
    "stubble": "5_o_Clock_Shadow",
    "sideburns": "Sideburns",
    "bald": "Bald",
    "receding hairline": "Receding_Hairline",
    "hat": "Wearing_Hat",
    "earrings": "Wearing_Earrings",
    "lipstick": "Wearing_Lipstick",
    "necktie": "Wearing_Necktie",
    "black hair": "Black_Hair",
    "brown hair": "Brown_Hair",
    "blond hair": "Blond_Hair",
    "wavy hair": "Wavy_Hair",
    "straight hair": "Straight_Hair",
    "bushy eyebrows": "Bushy_Eyebrows",
    "arched eyebrows": "Arched_Eyebrows",
    "narrow eyes": "Narrow_Eyes",
    "bags under the eyes": "Bags_Under_Eyes",
    "big nose": "Big_Nose",
    "pointed nose": "Pointy_Nose",
    "full lips": "Big_Lips",
    "high cheekbones": "High_Cheekbones",
    "rosy cheeks": "Rosy_Cheeks",
    "pale skin": "Pale_Skin",
    "double chin": "Double_Chin",
    "oval face": "Oval_Face",
    "young": "Young",
}
BEARDLESS = "No_Beard"
HAIR = {"Black_Hair": 0.0, "Brown_Hair": 0.5, "Blond_Hair": 1.0}  # how fair it is
NAMES = (*NAMED, *(name for name in ATTRIBUTES if name not in NAMED))
TEMPLATE = 128  # px


@dataclass(frozen=True)
class Labelled:
    """Pictures of the template with what is known of them."""

    pictures: Pictures  # (N, 64, 64, 3)
    truth: Truth  # (N, outputs), 0 to 1, nan where nothing is known


def read_celeba(path: Path) -> Labelled:
    """CelebA's pictures, brought to the template, with their attributes. Raises UnusableData."""
    known = read_labels(path)
    columns = known.names
    missing = {*ATTRIBUTES.values(), BEARDLESS, *HAIR} - set(columns)
    if missing:
        raise UnusableData(f"The attributes of {path} lack {', '.join(sorted(missing))}; CelebA's 40 are needed.")
    pictures, labels = [], []
    for name, content in read_files(path):
        labels.append(known.of(name))
        pictures.append(read_picture(content, name, height=SIDE, width=SIDE, channels=3))
    table = dict(zip(columns, np.array(labels, dtype=np.float32).reshape(-1, len(columns)).T, strict=True))
    truth = np.full((len(pictures), len(NAMES)), np.nan, dtype=np.float32)
    for name, column in ATTRIBUTES.items():
        truth[:, NAMES.index(name)] = table[column]
    truth[:, NAMES.index("beard")] = 1 - table[BEARDLESS]
    one_colour = sum(table[column] for column in HAIR) == 1
    fair = sum(table[column] * value for column, value in HAIR.items())
    truth[one_colour, NAMES.index("fair hair")] = np.asarray(fair)[one_colour]
    return Labelled(to_template(np.stack(pictures)) if pictures else np.empty((0, SIDE, SIDE, 3), np.uint8), truth)


def to_template(pictures: Pictures) -> Pictures:
    """Faces as celeba64.zip has them, uint8 (N, 64, 64, 3), at the template's places, the same shape."""
    shift = torch.tensor(CELEBA_SHIFT)
    places = (torch.arange(SIDE) + 0.5) * TEMPLATE / SIDE  # px of the template
    across, down = CELEBA_SCALE * places + shift[0], CELEBA_SCALE * places + shift[1]  # px of the picture
    grid = torch.stack(torch.meshgrid(across, down, indexing="xy"), dim=-1)[None] / SIDE * 2 - 1  # (1, 64, 64, 2)
    moved = [
        F.grid_sample(part, grid.expand(len(part), -1, -1, -1), mode="bicubic", align_corners=False)
        for part in torch.from_numpy(pictures).permute(0, 3, 1, 2).float().split(500)
    ]
    return np.asarray(torch.cat(moved).round().clamp(0, 255).byte().permute(0, 2, 3, 1).contiguous().numpy())


def read_aged(path: Path, turns: Path) -> Labelled:
    """Pictures of the template with their ages and, where measured, the turn of their heads. Raises UnusableData."""
    ages = read_column(read_text(path, "ages.csv"), f"ages.csv in {path}", "age")
    turned = read_column(turns.read_text(encoding="utf-8"), str(turns), "turn")
    pictures, truth = [], []
    widest = float(np.abs(np.percentile(list(turned.values()), [5, 95])).max())
    for name, content in read_files(path):
        file = PurePosixPath(Path(name).as_posix()).name
        row = np.full(len(NAMES), np.nan, dtype=np.float32)
        if file in ages:
            row[NAMES.index("age")] = np.clip((ages[file] - YOUNGEST) / (OLDEST - YOUNGEST), 0, 1)
        if file in turned:
            row[NAMES.index("turn")] = np.clip(0.5 + turned[file] / (2 * widest), 0, 1)
        pictures.append(read_picture(content, name, height=SIDE, width=SIDE, channels=3))
        truth.append(row)
    if not pictures:
        raise UnusableData(f"{path} holds no pictures; add them beside ages.csv.")
    return Labelled(np.stack(pictures), np.stack(truth))


def read_column(text: str, source: str, column: str) -> dict[str, float]:
    """The numbers of one column of a table by file name, without folders. Raises UnusableData."""
    try:
        numbers = {PurePosixPath(row["file"]).name: float(row[column]) for row in csv.DictReader(text.splitlines())}
    except (KeyError, TypeError, ValueError):
        numbers = {}
    if not numbers or not np.isfinite(list(numbers.values())).all():
        raise UnusableData(f"{source} is not a table with the columns file and {column}; it has to be.")
    return numbers
