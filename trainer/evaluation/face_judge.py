"""The judge of face generators: a small network that learned CelebA's 40 attributes and took no part in any training of
ours. Its file of weights is not in the repository; `python -m trainer evaluate --face-judge FILE` reads it.
"""

import itertools
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from models.errors import UnusableData
from models.pixels import Pictures, to_network

SIDE = 64  # px, of the pictures it sees
WIDTHS = (3, 32, 64, 96, 128)  # channels of the picture and after each of its four stages
FEATURES, ATTRIBUTES = 128, 40
BATCH = 250  # pictures at a time


class FaceJudge(nn.Module):
    """Four stages of two 3x3 convolutions, 128 features, 40 answers. The names of its parts are the file's."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise(WIDTHS):
            for inputs in (before, after):
                layers += [nn.Conv2d(inputs, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
            layers.append(nn.MaxPool2d(2))
        self.f = nn.Sequential(*layers)
        self.h = nn.Linear(WIDTHS[-1] * 4, FEATURES)
        self.o = nn.Linear(FEATURES, ATTRIBUTES)

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 3, 64, 64) in [-1, 1]. Returns the features, (N, 128), 0 or more."""
        pooled = functional.adaptive_avg_pool2d(self.f(x), 2).flatten(1)
        return functional.relu(self.h(pooled))


def read_face_judge(file: Path) -> FaceJudge:
    """The judge in a file of tensors, in evaluation mode. Raises UnusableData."""
    network = FaceJudge()
    try:
        network.load_state_dict(torch.load(file, weights_only=True, map_location="cpu"))
    except Exception as error:  # torch names a broken file in many ways
        raise UnusableData(
            f"{file} does not hold the weights of the judge of faces; give face_judge's file."
        ) from error
    return network.eval().requires_grad_(False)


@torch.inference_mode()
def judged_features(network: FaceJudge, pictures: Pictures) -> NDArray[np.float64]:
    """uint8 (N, H, W, 1 or 3), reduced to 64 px by Pillow, to features (N, 128)."""
    small = np.stack(
        [np.asarray(Image.fromarray(picture.squeeze()).convert("RGB").resize((SIDE, SIDE))) for picture in pictures]
    )
    return np.concatenate(
        [network(to_network(small[n : n + BATCH])).double().numpy() for n in range(0, len(small), BATCH)]
    )
