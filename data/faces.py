"""Photographs of real faces that need no archive of ours: what installed packages and a host's own download hold.

`python -m data.faces` fetches Labeled Faces in the Wild (Huang et al. 2007) once, about 200 MB.
"""

import functools

import numpy as np
from PIL import Image

from models.errors import UnusableData
from models.pixels import Pictures

SUBSET_FACES = 100  # of the 200 pictures in the subset; the other 100 show no face
TIGHT = (slice(92, 176), slice(83, 167))  # rows and columns of the 250 px photograph: forehead to chin, no hair
TIGHT_SIDE = 64  # px
LEAST_PHOTOGRAPHS = 5  # of one person; with fewer asked for, the whole archive would be held in memory


@functools.cache
def subset() -> Pictures:
    """The faces of `skimage.data.lfw_subset`: press photographs, grey, part of the installed package.

    Returns:
        uint8 (100, 25, 25, 1). Shared: do not change it.
    """
    from skimage.data import lfw_subset  # slow to import

    levels = np.round(lfw_subset()[:SUBSET_FACES] * 255).astype(np.uint8)  # (100, 25, 25)
    levels.flags.writeable = False
    return np.asarray(levels[..., None])


@functools.cache
def people(data_home: str | None = None, *, download: bool = False) -> Pictures:
    """One photograph of everyone who was photographed at least 5 times in Labeled Faces in the Wild.

    The crop is that of the networks' training pictures: 84 of the 250 px (not aligned again), reduced to 64.

    Args:
        data_home: scikit-learn's data folder; None for its default (`SCIKIT_LEARN_DATA` or ~/scikit_learn_data).
        download: fetch the archive (about 200 MB) if it is not there.

    Returns:
        uint8 (N, 64, 64, 1); 423 people in the complete archive. Shared: do not change it.

    Raises:
        UnusableData: not downloaded, or not reachable.
    """
    from sklearn.datasets import fetch_lfw_people  # slow to import

    try:
        found = fetch_lfw_people(
            data_home=data_home,
            funneled=False,
            resize=None,
            min_faces_per_person=LEAST_PHOTOGRAPHS,
            slice_=TIGHT,
            download_if_missing=download,
        )
    except (OSError, ValueError) as error:
        remedy = "check the connection and try again" if download else "fetch them once with: python -m data.faces"
        raise UnusableData(f"The photographs of Labeled Faces in the Wild are not here; {remedy}.") from error
    _, first = np.unique(found.target, return_index=True)  # one photograph each
    side = (TIGHT_SIDE, TIGHT_SIDE)
    crops = np.clip(np.round(found.images[first] * 255), 0, 255).astype(np.uint8)  # (N, 84, 84)
    reduced = np.stack([np.asarray(Image.fromarray(crop).resize(side, Image.Resampling.BICUBIC)) for crop in crops])
    reduced.flags.writeable = False
    return np.asarray(reduced[..., None])  # (N, 64, 64, 1)


if __name__ == "__main__":
    print(f"{len(people(download=True))} photographs are ready.")
