"""How often a model is far off: the figures of chapter 4 of the thesis "Deep face analysis"."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.backends.metrics.errors import failure_rate, landmark_errors
from landmark_annotator.backends.registry import Readable, TrainedModel
from landmark_annotator.projects.budgets.known_formats import KNOWN_FORMATS
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

_LIMITS = (5, 10, 15, 20)
"""Percent of the normaliser beyond which a single landmark has failed."""
_FORMATS = ("aflw19", "cofw29")


@dataclass(frozen=True, eq=False)
class Shown:
    """A labelled instance as a model is to see it: what may have been done to its pixels, and the
    box that it is given."""

    instance: LabelledInstance
    pixels: Pixels
    box: Box


def robustness(
    name: str,
    model: TrainedModel,
    shown: Iterable[Shown],
    count: int,
    scheme: Scheme,
    progress: Progress,
) -> Figures:
    """By the model's answer (under `name`), and where it has maps by their readings (under
    `name`/get_max and `name`/get_bc). count: of what is shown, at most. Raises Cancelled."""
    errors: dict[str, list[Floats]] = {}
    progress.start(name, count)
    for each in shown:
        truth = each.instance.shape.points
        length = scheme.normaliser_length(truth, each.instance.box)
        for reading, points in _answers(model, each).items():
            errors.setdefault(reading, []).append(landmark_errors(points, truth, length))
        step(progress, kept="The trained models are kept.")
    figures: Figures = {}
    for reading, found in errors.items():
        by_landmark = np.stack(found)
        place = name if reading == "proposal" else f"{name}/{reading}"
        figures |= {f"{place}/{key}": value for key, value in error_figures(by_landmark).items()}
        if reading == "proposal":
            figures |= {f"{place}/{key}": value for key, value in _by_format(by_landmark)}
    return figures


def error_figures(errors: Floats) -> Figures:
    """errors: (N, L) in percent of the normaliser. FR of instances, FR^L of single landmarks
    (section 4.3), and the variance of the errors of single landmarks, in squared percent."""
    means = np.nanmean(errors, axis=1)
    figures: Figures = {
        "nme": rounded(float(means.mean())),
        "fr8": rounded(failure_rate(means, 8.0)),
        "fr10": rounded(failure_rate(means, 10.0)),
    }
    figures |= {f"frl{limit}": rounded(failure_rate(errors, limit)) for limit in _LIMITS}
    return figures | {"variance": rounded(float(np.nanvar(errors)))}


def _answers(model: TrainedModel, shown: Shown) -> Mapping[str, Floats]:
    if isinstance(model, Readable):
        return model.readings(shown.pixels, shown.box)
    return {"proposal": model.propose(shown.pixels, shown.box).given([]).points}


def _by_format(errors: Floats) -> Iterator[tuple[str, float]]:
    """Over the landmarks that a sparser format of faces has as well."""
    for known in KNOWN_FORMATS:
        if known.name in _FORMATS:
            own = errors[:, list(known.common)]
            yield f"{known.name}/nme", rounded(float(own.mean()))
            yield f"{known.name}/frl10", rounded(failure_rate(own, 10.0))
