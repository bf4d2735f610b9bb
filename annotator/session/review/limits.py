"""Limits that people set to errors: in percent of the scheme's normaliser, or in millimetres."""

import itertools
import re
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

_LIMIT = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(%|mm)?\s*")
_MOST = 1000
"""Accepted shapes that tell how large objects are."""


@dataclass(frozen=True)
class Limit:
    """percent: of the normaliser. said: how that follows from millimetres; empty where the limit
    was given in percent."""

    percent: float
    said: str = ""


def limit_of(text: str, project: Project) -> Limit:
    """Of "7", "7 %" or "2 mm": millimetres are turned into percent by the mean normaliser of the
    accepted shapes. Raises ActionableError where the text is none of them, or nobody has said what
    a pixel measures."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise ActionableError(
            f'"{text}" is no error.', remedy="Give percent, such as 7, or millimetres, such as 2mm."
        )
    value = float(found[1])
    if found[2] != "mm":
        return Limit(value)
    mean, count = _mean_normaliser(project)
    percent = 100 * value / mean
    return Limit(
        percent,
        f"{value:g} mm are {percent:.2f} % of {mean:.1f} mm, the mean of "
        f"{counted(count, 'accepted shape')}.",
    )


def _mean_normaliser(project: Project) -> tuple[float, int]:
    """In millimetres, and of how many shapes."""
    sizes, scheme = project.pixel_sizes(), project.scheme
    lengths = []
    for instance, shape in itertools.islice(project.shapes(bare=True), _MOST):
        size = sizes.of(instance.image_id)
        if size is not None and instance.box is not None:
            lengths.append(size * scheme.normaliser_length(shape.points, instance.box))
    known = [length for length in lengths if np.isfinite(length)]
    if not known:
        raise ActionableError(
            "How many millimetres an error has is not known: no accepted shape lies in an image of "
            "which somebody has said what a pixel measures.",
            remedy="Say it with annotator scale, or give percent.",
        )
    return float(np.mean(known)), len(known)
