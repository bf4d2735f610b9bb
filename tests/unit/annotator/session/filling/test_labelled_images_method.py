"""Filling from what labelled images show, where clicks alone cannot say where the rest is."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.filling.dense import Dense
from landmark_annotator.annotator.session.filling.labelled_images_method import ByLabelledImages
from landmark_annotator.annotator.session.filling.methods import (
    ByRegression,
    FillMethod,
    errors_of,
)
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import Cancelled

SCHEME = Scheme("dial", ("left", "right", "hand"))
CLICKED = [0, 1]
SIDE = 96


def _dial(seed: int) -> Floats:
    """(3, 2) two ends that hardly move, and a spot between them that goes where it will."""
    random = np.random.default_rng(seed)
    ends = np.array([[20.0, 48.0], [76.0, 48.0]]) + random.normal(0, 1, (2, 2))
    return np.concatenate([ends, random.uniform([34, 34], [62, 62], (1, 2))])


@pytest.fixture
def dense(tmp_path: Path) -> Dense:
    y, x = np.mgrid[:SIDE, :SIDE]
    instances = []
    for seed in range(10):
        points = _dial(seed)
        pixels = np.full((SIDE, SIDE), 40.0)
        for (px, py), bright, wide in zip(points, (120, 120, 215), (4, 4, 6), strict=True):
            pixels += bright * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * wide**2))
        path = tmp_path / f"{seed}.png"
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).convert("RGB").save(path)
        box = Box(48, 48, 72, 72)
        instances.append(
            LabelledInstance(str(seed), box, Shape(points), partial(read_pixels, path))
        )
    return Dense.dealt(instances, SCHEME, 0)


def _error(method: FillMethod, dense: Dense) -> float:
    return float(np.mean(list(errors_of(method, dense, CLICKED, 0, 100).values())))


def test_what_the_clicks_do_not_say_is_seen(dense: Dense) -> None:
    seen = _error(ByLabelledImages(dense), dense)
    assert seen < 0.5 * _error(ByRegression(dense, 0), dense)


def test_where_no_image_can_be_read_it_is_not_judged(dense: Dense, tmp_path: Path) -> None:
    for path in tmp_path.glob("*.png"):
        path.unlink()
    assert not ByLabelledImages(dense).judged()


@dataclass
class _StoppedAt:
    """Ctrl+C after so many questions."""

    left: int

    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        pass

    def cancelled(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_it_can_be_stopped_while_it_is_judged(dense: Dense) -> None:
    method, stopped = ByRegression(dense, 0), _StoppedAt(3)
    with pytest.raises(Cancelled, match="stopped"):
        errors_of(method, dense, CLICKED, 0, 100, stopped)
    assert stopped.left == -1
