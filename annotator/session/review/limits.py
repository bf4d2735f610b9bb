"""Limits that people set to errors: in percent of the scheme's normaliser, or in millimetres."""

import re
from dataclasses import dataclass

from landmark_annotator.annotator.session.review.millimetres import millimetres
from landmark_annotator.projects.store import Certificate, Project
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import fine

_ALIKE = 1.2
"""How much larger the large ones of objects are that are all of one size, for a limit."""
_LIMIT = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(%|mm)?\s*")


@dataclass(frozen=True)
class Limit:
    """percent: of the normaliser. said: how that follows from millimetres; empty where the limit
    was given in percent."""

    percent: float
    said: str = ""


def drawn_for(kept: Certificate, visible: float | None, share: float, confidence: float) -> bool:
    """Whether a batch was drawn for these numbers, in percent. visible: None where millimetres were
    given, which are other percent with every shape that is mended or accepted."""
    of = [(100 * kept.share, share), (100 * kept.confidence, confidence)]
    of += [] if visible is None else [(kept.visible, visible)]
    return all(abs(a - b) <= 1e-9 for a, b in of)


def limit_of(text: str, project: Project) -> Limit:
    """Of "7", "7 %" or "2 mm": millimetres are turned into percent by the mean normaliser of the
    accepted shapes, and where objects are of different sizes it is said what that is of small and
    large ones. Raises ActionableError where the text is none of them, or nobody has said what
    a pixel measures."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise ActionableError(
            f'"{text}" is no error.', remedy="Give percent, such as 7, or millimetres, such as 2mm."
        )
    value = float(found[1])
    if found[2] != "mm":
        return Limit(value)
    known = millimetres(project)
    if known is None:
        raise ActionableError(
            "How many millimetres an error has is not known: no accepted shape lies in an image of "
            "which somebody has said what a pixel measures.",
            remedy="Say it with annotator scale, or give percent.",
        )
    percent = 100 * value / known.normaliser
    said = f"{value:g} mm are {percent:.2f} % of {known.said}."
    low, high = known.between
    if high > _ALIKE * low:
        small, large = (fine(percent * length / 100) for length in known.between)
        said += f" Of small and large ones, {fine(low, 1)} and {fine(high, 1)} mm, that is "
        said += f"{small} and {large} mm: a limit is in percent of each."
    return Limit(percent, said)
