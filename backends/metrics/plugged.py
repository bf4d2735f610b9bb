"""Metrics that other packages bring."""

from collections.abc import Callable
from dataclasses import dataclass

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.plugins import METRICS, Plugin, failed, plugins


@dataclass(frozen=True)
class Metric:
    """A plug-in of the group `landmark_annotator.metrics`.

    of: of predicted (L, 2) and true landmarks (L, 2), NaN where unknown, in pixels, the scheme, and
    the length in pixels that errors are measured by. What is reported is the mean over images.
    """

    name: str
    title: str
    of: Callable[[Floats, Floats, Scheme, float], float]


def plugged_metrics() -> tuple[Plugin, ...]:
    return plugins(METRICS, Metric)


def measured(plugin: Plugin, found: Floats, truth: Floats, scheme: Scheme, length: float) -> float:
    """Raises ActionableError where the plug-in fails."""
    try:
        return float(plugin.card.of(found, truth, scheme, length))
    except Exception as error:
        raise failed(f"metric {plugin.name}", plugin.package, error) from error
