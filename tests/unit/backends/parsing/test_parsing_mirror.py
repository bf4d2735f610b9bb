"""What a parser finds in a mirrored picture is the mirror image of what it finds in the picture."""

from collections.abc import Mapping
from dataclasses import replace

import cv2
import numpy as np
import torch

from landmark_annotator.backends.parsing.settings import Settings
from landmark_annotator.backends.parsing.training import new_network
from landmark_annotator.backends.segmentation.augmentation import mirrored_labels
from landmark_annotator.backends.segmentation.parser import Parser
from landmark_annotator.projects.vocabulary import Box, Mask
from landmark_annotator.projects.vocabulary.arrays import Pixels

NAMES = ("left eye", "right eye", "skin")
OTHERS = {"left eye": "right eye", "right eye": "left eye", "skin": "skin"}
SIDE = 65
BOX = Box(36.0, 30.0, 30.0, 30.0, 0.2)
IN_MIRROR = Box(SIDE - 1 - 36.0, 30.0, 30.0, 30.0, -0.2)


def drawn() -> Pixels:
    coarse = np.random.default_rng(4).integers(0, 255, (9, 9, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (SIDE, SIDE)), np.uint8)


def masks() -> Mapping[str, Mask]:
    found = {name: np.zeros((SIDE, SIDE), bool) for name in NAMES}
    found["left eye"][20:30, 38:48] = True
    found["right eye"][22:30, 20:32] = True
    found["skin"][35:55, 15:55] = True
    return {name: Mask.of(each) for name, each in found.items()}


def mirrored(given: Mapping[str, Mask]) -> Mapping[str, Mask]:
    arrays = {name: each.array(SIDE, SIDE) for name, each in given.items()}
    return {OTHERS[name]: Mask.of(each[:, ::-1]) for name, each in arrays.items()}


def asymmetry(parser: Parser) -> float:
    """The largest difference between a picture's probabilities and those of its mirror image."""
    line = np.array([[20.0, 20.0], [40.0, 44.0], [52.0, 30.0]])
    in_mirror = np.column_stack([SIDE - 1 - line[:, 0], line[:, 1]])
    found = parser.likely(drawn(), BOX, line, masks())
    turned = parser.likely(drawn()[:, ::-1].copy(), IN_MIRROR, in_mirror, mirrored(masks()))
    return float(abs(turned[[0, 2, 1, 3], :, ::-1] - found).max())


def test_a_mirrored_picture_has_mirrored_masks() -> None:
    torch.manual_seed(1)
    network = new_network(len(NAMES), Settings(features=8)).eval()
    parser = Parser(network, NAMES, 64, [[0, 1, 2]], partners=mirrored_labels(NAMES))
    assert asymmetry(parser) < 0.2 * asymmetry(replace(parser, partners=None))
