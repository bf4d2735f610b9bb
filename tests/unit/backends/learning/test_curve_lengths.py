"""The curve of a training is in percent of what all other errors are in percent of."""

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.training_data import TrainingData, curve_of
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

FISH = Box(100, 50, 120, 30)
"""Its diagonal is 123.7, that of its square 169.7."""
POINTS = np.array([[45.0, 50.0], [100.0, 42.0], [155.0, 50.0]])
OFF = 6.0
"""Pixels that the network is off by."""


@dataclass
class Watcher:
    values: list[float] = field(default_factory=list)

    def start(self, _title: str, _total: int) -> None: ...
    def advance(self, _amount: int = 1) -> None: ...
    def cancelled(self) -> bool:
        return False

    def measured(self, _curve: str, _step: int, value: float) -> None:
        self.values.append(value)


def curve(scheme: Scheme, shapes: list[np.ndarray]) -> float:
    """Of a network that is off by so many pixels at each landmark of each of these fish."""
    pixels = np.zeros((100, 200, 3), np.uint8)
    patches = [Patch.cut(pixels, FISH, FISH, Shape(points), 32) for points in shapes]
    places = np.stack([each.framed[1] + [0.0, OFF / FISH.side] for each in patches])
    watcher = Watcher()
    data = TrainingData(patches, scheme, Settings(), 4)
    watched = curve_of(lambda _network, _batch: places, patches, data, 1, watcher)
    watched(1, torch.nn.Linear(1, 1))
    return watcher.values[0]


def test_of_a_long_box_it_is_of_its_own_diagonal() -> None:
    scheme = Scheme("fish", ("nose", "back", "tail"))
    assert curve(scheme, [POINTS]) == pytest.approx(100 * OFF / FISH.diagonal, abs=1e-3)


def test_of_a_shape_without_the_normaliser_it_is_of_its_usual_length() -> None:
    scheme = Scheme("fish", ("nose", "back", "tail"), normaliser=(0, 2))
    lacking = POINTS.copy()
    lacking[2] = np.nan
    assert curve(scheme, [POINTS, lacking]) == pytest.approx(100 * OFF / 110, abs=1e-3)
