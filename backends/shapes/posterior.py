"""What is believed of one instance after clicks, in image pixels."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from landmark_annotator.backends.shapes.queries import MEAN_DEVIATION, MEAN_DISTANCE
from landmark_annotator.projects.vocabulary.arguments import check_fields
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.curve import tangents
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.scheme import Scheme


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is believed of one instance after the evidence so far.

    points: (L, 2) image pixels, observed landmarks where they were observed, and those of which
        only a contour was observed on it.
    covariances: (L, 2, 2) squared pixels.
    drops: (L,) by how many pixels a click on each landmark is expected to lower what is left to
        mend (`expected_drops`); zero where a landmark has been observed.
    degrees: of freedom of the t distribution whose 95 % ellipse is that of the covariance; its
        other ellipses are those of heavier tails. Infinite for a Gaussian.
    unlearned: as of the proposal, without those that were observed.
    distances: (L,) pixels that each landmark is expected to be off by; None: as it is of an error
        with such a covariance. Where an object may be of another kind than it is shown as, that is
        seldom and then far off, which the root of a mean square takes for many times as much.
    """

    points: Floats
    covariances: Floats
    drops: Floats
    degrees: float = math.inf
    unlearned: frozenset[int] = frozenset()
    distances: Floats | None = None

    def __post_init__(self) -> None:
        """Raises ActionableError where the arrays are none of one number of landmarks."""
        check_fields(self)
        size = len(self.points)
        shapes = {"points": (size, 2), "covariances": (size, 2, 2), "drops": (size,)}
        if self.distances is not None:
            shapes["distances"] = (size,)
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name))
            array = array if array.dtype.kind == "f" else array.astype(np.float64)
            if array.shape != shape:
                raise ActionableError(
                    f"Posterior takes as {name} an array of {_by(shape)} numbers for {size} "
                    f"points, not of {_by(array.shape)}."
                )
            object.__setattr__(self, name, array)
        check_belief(self, size)

    @property
    def positions(self) -> Floats:
        """(L, 2) the points, NaN where they are unlearned: what is shown to people and stored."""
        points = self.points.copy()
        points[sorted(self.unlearned)] = np.nan
        return points

    @property
    def query(self) -> int | None:
        """The landmark whose click is expected to teach most; None where all are observed."""
        best = int(np.argmax(self.drops))
        return best if self.drops[best] > 0 else None

    @property
    def expected_distance(self) -> float:
        """Pixels that a landmark is expected to be off by, the mean over all that were learned."""
        return float(self._expected_distances[self._learned].mean())

    def predicted_error(self, scheme: Scheme, box: Box) -> float:
        """Expected NME in percent, by the normaliser of the scheme."""
        return 100.0 * self.expected_distance / scheme.normaliser_length(self.positions, box)

    def predicted_visible_error(self, scheme: Scheme, box: Box) -> float:
        """The same of the visible error: of landmarks inside a contour only what lies across it."""
        return (
            100.0
            * float(self.expected_visible(scheme)[self._learned].mean())
            / scheme.normaliser_length(self.positions, box)
        )

    def expected_visible(self, scheme: Scheme) -> Floats:
        """(L,) pixels: how far each landmark is expected to be off as an eye sees it."""
        expected = self._expected_distances.copy()
        if len(scheme.sliding):
            before, at, after = scheme.sliding.T
            x, y = tangents(*(self.points[rows] for rows in (before, at, after))).T
            own = self.covariances[at]
            across = own[:, 0, 0] * y**2 - 2 * own[:, 0, 1] * x * y + own[:, 1, 1] * x**2
            seen = MEAN_DEVIATION * np.sqrt(np.maximum(across, 0.0))
            seen *= expected[at] / np.maximum(self._distances_by_covariance[at], 1e-12)
            expected[at] = np.where(np.isfinite(seen), seen, expected[at])
        return expected

    @property
    def _learned(self) -> list[int]:
        """All landmarks but the unlearned ones, or all of them where there are no others."""
        every = range(len(self.points))
        return [j for j in every if j not in self.unlearned] or list(every)

    @property
    def _expected_distances(self) -> Floats:
        return self._distances_by_covariance if self.distances is None else self.distances

    @property
    def _distances_by_covariance(self) -> Floats:
        traces = np.trace(self.covariances, axis1=1, axis2=2)
        return np.asarray(np.sqrt(np.maximum(traces, 0.0)) * MEAN_DISTANCE)


class _Believed(Protocol):
    @property
    def degrees(self) -> float: ...

    @property
    def unlearned(self) -> frozenset[int]: ...


def check_belief(made: _Believed, size: int) -> None:
    """Raises ActionableError for degrees of freedom and for landmarks that are none."""
    kind = type(made).__name__
    if not made.degrees > 0:
        raise ActionableError(f"{kind} takes as degrees a number above 0, not {made.degrees}.")
    unlearned = frozenset(map(int, made.unlearned))
    wrong = sorted(landmark for landmark in unlearned if not 0 <= landmark < size)
    if wrong:
        raise ActionableError(
            f"{kind} takes as unlearned landmarks from 0 to {size - 1}, not {wrong!a:.60}."
        )
    object.__setattr__(made, "unlearned", unlearned)


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "no"
