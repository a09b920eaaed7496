"""Photographs that come with packages or a host's download."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets._lfw import TARGETS

from data import faces
from models.errors import UnusableData


def test_subset_is_in_the_installed_package() -> None:
    pictures = faces.subset()
    assert pictures.shape == (100, 25, 25, 1)
    assert pictures.dtype == np.uint8
    assert len(np.unique(pictures.reshape(100, -1), axis=0)) == 100  # no face twice
    eyes, cheeks = pictures[:, 8:10, 6:16].mean(), pictures[:, 12:14, 6:16].mean()
    assert eyes < cheeks - 15  # grey levels: they are faces, upright
    with pytest.raises(ValueError, match="read-only"):
        pictures[0] = 0


def test_people_without_the_download(tmp_path: Path) -> None:
    with pytest.raises(UnusableData, match=r"python -m data\.faces"):
        faces.people(str(tmp_path))


def test_people_takes_one_tight_crop_of_each_person(tmp_path: Path) -> None:
    """An archive laid out as scikit-learn unpacks it, with marks where the crop has to begin and end."""
    home = tmp_path / "lfw_home"
    for person, photographs in (("Ada_One", 6), ("Bob_Two", 5), ("Cy_Three", 2)):
        folder = home / "lfw" / person
        folder.mkdir(parents=True)
        for number in range(1, photographs + 1):
            levels = np.full((250, 250, 3), 40, np.uint8)
            levels[92:176, 83:167] = 200 if person == "Ada_One" else 120
            Image.fromarray(levels).save(folder / f"{person}_{number:04d}.jpg", quality=95)
    for target in TARGETS:
        (home / target.filename).touch()
    pictures = faces.people(str(tmp_path))
    assert pictures.shape == (2, 64, 64, 1)  # who was photographed twice only is left out
    assert sorted(round(float(picture.mean()), -1) for picture in pictures) == [120, 200]
    assert all(picture.std() < 8 for picture in pictures)  # nothing of the surroundings
