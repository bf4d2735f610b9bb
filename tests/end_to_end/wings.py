"""What the pages of docs/ find in the folder in which their commands run: drawn wings with eight
landmarks, labelled in several programs, and rendered heads without labels.

    python -m tests.end_to_end.wings FOLDER
"""

import csv
import shutil
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.samples.rendered_heads.heads import FOLDER as HEADS
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme

NAMES = ("base", "front", "tip", "back", "vein 1", "vein 2", "fork", "notch")
SCHEME = Scheme("wing", NAMES, normaliser=(0, 2))
_MEAN = np.array([(0, 0), (30, -14), (70, -4), (34, 16), (20, -4), (44, -2), (54, 6), (10, 8)])
_IMAGES = 24


def furnish(folder: Path) -> None:
    """wings/ and heads/, images; ada.csv and ben.csv, tables of labels; wings.slp and
    CollectedData_ada.csv, the same as SLEAP and DeepLabCut have them."""
    shapes = _drawn(folder / "wings")
    _write(folder / "ada.csv", "ada", shapes[:20])
    noise = np.random.default_rng(1).normal(0, 0.8, (12, 8, 2))
    _write(folder / "ben.csv", "ben", shapes[:12] + noise)
    with Project.create(folder / "made", SCHEME) as project:
        import_labels(project, folder / "ada.csv", who="ada")
        export_labels(project, folder / "wings.slp", format="sleap")
        export_labels(project, folder / "CollectedData_ada.csv", format="deeplabcut")
    shutil.rmtree(folder / "made")
    (folder / "heads").mkdir()
    for picture in sorted(HEADS.rglob("*.jpg"))[:2]:
        shutil.copy(picture, folder / "heads")


def _drawn(folder: Path) -> np.ndarray:
    """(N, 8, 2) the landmarks of as many new images."""
    folder.mkdir()
    random = np.random.default_rng(0)
    shapes = []
    for number in range(_IMAGES):
        turn, size = random.normal(0, 0.15), random.normal(1, 0.08)
        matrix = size * np.array([(np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))])
        bent = _MEAN + random.normal(0, 1, 2) * _MEAN[:, ::-1] * 0.05
        shape = bent @ matrix.T + (26, 48) + random.normal(0, 0.4, (8, 2))
        image = Image.new("L", (128, 96), 220)
        pen = ImageDraw.Draw(image)
        pen.polygon([tuple(shape[n]) for n in (0, 1, 2, 3)], fill=170, outline=90)
        for start, end in ((0, 4), (4, 5), (5, 2), (5, 6), (0, 7)):
            pen.line([tuple(shape[start]), tuple(shape[end])], fill=60)
        image.save(folder / f"wing_{number:02}.png")
        shapes.append(shape)
    return np.array(shapes)


def _write(path: Path, who: str, shapes: np.ndarray) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["image", "annotator", *(f"{n}.{axis}" for n in NAMES for axis in "xy")])
        for number, shape in enumerate(shapes):
            values = [f"{value:.2f}" for value in shape.ravel()]
            table.writerow([f"wings/wing_{number:02}.png", who, *values])


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True)
    furnish(Path(sys.argv[1]))
