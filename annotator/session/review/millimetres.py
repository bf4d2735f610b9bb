"""What an error in percent is in millimetres, where somebody has said what a pixel measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.vocabulary.wording import counted, fine

_MOST = 1000
"""Accepted shapes that tell how large objects are."""


@dataclass(frozen=True)
class Millimetres:
    """normaliser: the mean one of so many accepted shapes, in millimetres. between: which nine in
    ten of them lie."""

    normaliser: float
    shapes: int
    between: tuple[float, float] = (float("nan"), float("nan"))

    def of(self, percent: float) -> float:
        return percent * self.normaliser / 100

    @property
    def said(self) -> str:
        """What they are by, for the end of a sentence."""
        return (
            f"{fine(self.normaliser, 1)} mm, the mean of {counted(self.shapes, 'accepted shape')}"
        )

    def facts(self, percents: Mapping[str, float | Sequence[float]]) -> dict[str, object]:
        """Plain values under the same names."""
        found: dict[str, object] = {"normaliser": exact(self.normaliser)}
        for name, value in percents.items():
            many = [value] if isinstance(value, (int, float)) else value
            turned = [exact(self.of(each)) for each in many]
            found[name] = turned[0] if isinstance(value, (int, float)) else turned
        return found


def exact(number: float) -> float:
    """To six digits, and not to so many decimals, of which small lengths have none."""
    return float(f"{number:.6g}")


def millimetres(project: Project) -> Millimetres | None:
    """By the normalisers of accepted shapes; None where no such shape lies in an image of which
    somebody has said what a pixel measures."""
    sizes, boxes = project.pixel_sizes(), ErrorBoxes(project)
    lengths = []
    for instance, shape in project.shapes(bare=True, most=_MOST):
        size = sizes.of(instance.image_id)
        if size is not None and instance.box is not None:
            lengths.append(size * boxes.length(instance, shape))
    known = [length for length in lengths if np.isfinite(length)]
    if not known:
        return None
    low, high = np.quantile(known, [0.05, 0.95]).tolist()
    return Millimetres(float(np.mean(known)), len(known), (low, high))
