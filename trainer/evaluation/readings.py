"""Reads attributes in pictures of faces and writes them as a table: `python -m trainer readings --data faces.zip`.

Pictures can then be chosen by it: `python -m trainer cyclegan --domains neutral=smile:0-0.1,smiling=smile:0.9-`.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.folders import read_files, read_picture
from data.labels import name_within, table_beside
from models import load
from models.errors import InvalidInput, UnusableData
from models.faces.attributes import NAMED, NETWORK, readings
from models.features import SIDE, FeatureNetwork
from trainer.runs import write_text
from trainer.settings import REQUIRED, setting


@dataclass(frozen=True)
class Reading:
    """Settings of one table."""

    data: Path = setting(REQUIRED, "folder or zip archive of faces, cut as in faces128.zip")
    to: Path | None = setting(None, "table to write (default: beside the pictures, faces.csv for faces.zip)")
    network: str = setting(NETWORK, "network that reads attributes, a name or folder")


def write_readings(settings: Reading) -> Path:
    """Reads every picture and writes the table: file, then one column for each attribute, 0 to 1.

    Returns:
        the table.

    Raises:
        NetworkUnavailable, UnusableData.
        InvalidInput: the network reads no attributes.
    """
    network = load(settings.network)
    if not isinstance(network, FeatureNetwork) or not set(NAMED) <= {*network.config.names}:
        raise InvalidInput(f"{settings.network} reads no attributes of faces; give one such as {NETWORK}.")
    files, faces = [], []
    for name, content in read_files(settings.data):
        files.append(name_within(settings.data, name))
        faces.append(read_picture(content, name, height=SIDE, width=SIDE, channels=3))
    if not faces:
        raise UnusableData(f"{settings.data} holds no pictures; give a folder or a zip archive of faces.")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["file", *NAMED])
    for file, row in zip(files, readings(network, np.stack(faces)), strict=True):
        table.writerow([file, *(f"{value:.3f}" for value in row)])
    path = settings.to or table_beside(settings.data)
    write_text(path, text.getvalue())
    print(f"{len(files):,} pictures: {path}")
    return path
