"""The cards: loaded when the program starts, so that they import little."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.backends.metrics.plugged import Metric
from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.exchange.capabilities import Carries
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.images.kinds import ImageKind


def _points() -> Any:
    return import_module("landmark_sample.points")


def _careless() -> Any:
    return import_module("landmark_sample.careless")


def _plain(path: Path) -> Any:
    """Width and height as two numbers of two bytes, then the bytes."""
    print("reading", path.name)  # noqa: T201 - as people leave it in their code
    content = path.read_bytes()
    width, height = np.frombuffer(content[:4], "<u2").tolist()
    return np.frombuffer(content[4:], np.uint8).reshape(height, width, 3)


def _worst(found: Any, truth: Any, scheme: Any, length: float) -> float:
    return 100 * float(np.linalg.norm(found - truth, axis=1).max()) / length


_NEEDS = ("torch", "safetensors")
MEAN = Backend("mean", "mean shape", _NEEDS, "Any textbook.", "landmark_sample.mean")
TAKEN = Backend("heatmap", "another one", (), "", "landmark_sample.mean")
POINTS = Format(
    "points",
    "one line an object (.txt)",
    _points,
    _points,
    suffix=".points",
    carries=Carries("as they are", "in the scheme's order", "no", "nan", "no", "yes"),
)
CARELESS = Format("careless", "a format that breaks", _careless, _careless, suffix=".careless")
PLAIN = ImageKind("plain", "plain bytes (.plain)", (".plain",), _plain)
WORST = Metric("worst", "error of the worst landmark in percent", _worst)
NUMBER = 5
