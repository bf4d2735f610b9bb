"""Photographs beside the masks that the parsing network proposes for them, to be looked at.

    python -m tests.benchmarks.mask_sheets FOLDER [--images 100]

writes FOLDER/sheet1.png and so on, twenty faces each, evenly from the training faces of 300-W:
who looks at those of the test set and then changes something has learned from them.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
from PIL import ImageColor

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.head_masks import parsing_scheme
from landmark_annotator.annotator.protocols.parsing import NOWHERE
from landmark_annotator.backends.learning.device import one_core
from landmark_annotator.backends.parsers import PARSING, load_parser
from landmark_annotator.backends.region_masks import label_map
from landmark_annotator.backends.registry import Segmenting
from landmark_annotator.projects.vocabulary import LabelledInstance
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.region import region_colours

_ROWS, _COLUMNS = 5, 4
_REACH = 1.3
"""Of what is shown, in sides of the box from its centre."""
_SIDE = 256
_SHINES = 0.6
"""Of a mask's colour through the photograph."""


def beside_its_masks(model: Segmenting, face: LabelledInstance) -> Pixels:
    """(_SIDE, 2 _SIDE, 3) the photograph around the box, and again under the masks."""
    pixels, box = face.read_pixels(), face.box
    height, width = pixels.shape[:2]
    labels = label_map(model.segment(pixels, box, NOWHERE, {}, ()), (0, 0, width, height))
    usual = region_colours(parsing_scheme().regions)
    colours = np.array([(0, 0, 0), *(ImageColor.getrgb(usual[name]) for name in model.regions())])
    mixed = (1 - _SHINES) * pixels + _SHINES * colours[labels]
    masked = np.where(labels[..., None] > 0, mixed, pixels).astype(np.uint8)
    low = np.maximum([box.centre_x, box.centre_y] - _REACH * np.full(2, box.side), 0).astype(int)
    high = ([box.centre_x, box.centre_y] + _REACH * np.full(2, box.side)).astype(int)
    shown = [each[low[1] : high[1], low[0] : high[0]] for each in (pixels, masked)]
    return np.hstack([cv2.resize(each, (_SIDE, _SIDE)) for each in shown])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mask_sheets")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=100)
    options = parser.parse_args()
    one_core()
    scheme = parsing_scheme()
    shipped = PARSING.shipped(scheme)
    assert shipped is not None
    model = load_parser(shipped, scheme)
    options.folder.mkdir(parents=True, exist_ok=True)
    faces = faces300w.faces(faces300w.TRAINING)
    chosen = faces[:: max(len(faces) // options.images, 1)][: options.images]
    each_sheet = _ROWS * _COLUMNS
    for number, first in enumerate(range(0, len(chosen), each_sheet), start=1):
        tiles = [beside_its_masks(model, face) for face in chosen[first : first + each_sheet]]
        tiles += [np.zeros_like(tiles[0])] * (each_sheet - len(tiles))
        rows = [np.hstack(tiles[at : at + _COLUMNS]) for at in range(0, each_sheet, _COLUMNS)]
        cv2.imwrite(str(options.folder / f"sheet{number}.png"), np.vstack(rows)[..., ::-1])


if __name__ == "__main__":
    main()
