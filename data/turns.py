"""How far heads are turned, for `python -m trainer attributes --turns`: `python data/turns.py faces128.zip --to
turns.csv`.

Run as a file, in an environment of its own with mediapipe 0.10.14 (whose wheel holds its face mesh), numpy below 2 and
Pillow: mediapipe asks for older packages than this project uses. Nothing else here needs it.
"""

import argparse
import csv
import importlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BORDER = 64  # px of repeated edge around a tight crop, so that the detector sees a head in a picture
LEFT_EYE, RIGHT_EYE, NOSE = 33, 263, 1  # outer corners and tip, of the face mesh; left and right as one looks


def turn_of(landmarks: NDArray[np.float64]) -> float:
    """Where the tip of the nose is between the eyes.

    Args:
        landmarks: (points, 2) of the face mesh, any unit.

    Returns:
        the way from the middle of the eyes' outer corners to the tip of the nose, along the line between them, over
        the length of that line: 0 straight ahead, negative to the left of the picture.
    """
    left, right, nose = landmarks[LEFT_EYE], landmarks[RIGHT_EYE], landmarks[NOSE]
    line = right - left
    return float((nose - (left + right) / 2) @ line / (line @ line))


def main() -> int:
    """Measures every picture of an archive. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("archive", type=Path, help="zip archive of faces of the template")
    parser.add_argument("--to", type=Path, required=True, help="table to write: file,turn")
    options = parser.parse_args()
    try:
        mesh = importlib.import_module("mediapipe").solutions.face_mesh.FaceMesh(
            static_image_mode=True, max_num_faces=1, min_detection_confidence=0.3
        )
    except ImportError:
        print("error: mediapipe is missing; see the head of this file for the environment it needs.", file=sys.stderr)
        return 1
    with zipfile.ZipFile(options.archive) as archive, open(options.to, "w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["file", "turn"])
        for name in sorted(name for name in archive.namelist() if name.lower().endswith((".jpg", ".png", ".webp"))):
            picture = np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGB"))
            padded = np.pad(picture, ((BORDER, BORDER), (BORDER, BORDER), (0, 0)), mode="edge")
            found = mesh.process(np.ascontiguousarray(padded)).multi_face_landmarks
            if found:
                places = np.array([(point.x, point.y) for point in found[0].landmark]) * padded.shape[1::-1]
                rows.writerow([name, f"{turn_of(places):.4f}"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
