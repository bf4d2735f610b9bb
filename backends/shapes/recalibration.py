"""A model's proposals made as wide, and put where, a project's own labels say that they belong."""

from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture, Shift
from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.wording import counted

_LEAST_RESIDUAL = 0.1
"""Of the residual at least so much stays, however sure the classes are of each other."""
_OWN = 0.5
"""Of what covariances grow by, the share that is each landmark's own. On photographs of which
weights know nearly nothing none and all of it cost a sixth more clicks; on what networks have
learned all costs the fewest, by a few percent."""


@dataclass(frozen=True, eq=False)
class Recalibration:
    """What labels of a project say of one model's proposals; as it is made, nothing.

    widening: what covariances are multiplied with. degrees: see `Posterior`; None leaves those of
    the proposal. shift: (L, 2) in sides of the proposal's box, added to where landmarks are; None
    is nowhere. shapes, groups: that it is from.
    """

    widening: float = 1.0
    degrees: float | None = None
    shift: Floats | None = None
    shapes: int = 0
    groups: int = 0

    @property
    def changes(self) -> bool:
        return self.widening != 1.0 or self.degrees is not None or self.shift is not None

    @property
    def sentence(self) -> str:
        """Such as "ellipses widened by 1.3 from 23 shapes"; empty where nothing is changed."""
        if not self.changes:
            return ""
        factor = float(np.sqrt(self.widening))
        how = "widened" if factor >= 1 else "narrowed"
        by = f"{max(factor, 1 / factor):.2g}"
        related = f" in {counted(self.groups, 'group')}" if self.groups < self.shapes else ""
        moved = ", landmarks shifted" if self.shift is not None else ""
        kept = "ellipses left as wide as they were" if by == "1" else f"ellipses {how} by {by}"
        return f"{kept}{moved} from {counted(self.shapes, 'shape')}{related}"


NO_CHANGE = Recalibration()


def recalibrated(proposal: Proposal, found: Recalibration) -> Proposal:
    """The same belief, wider or narrower and shifted. Clicks condition it as they do any other.

    The covariance within the classes takes the whole change, for what a class weighs is for the
    image to say. Of what it grows by, half is each landmark's own: that landmarks are farther off
    does not say that they err together, and a click would move the others too far.

    A proposal whose box may have to be turned stays as it is: how far its landmarks are off is a
    matter of the angle, and no covariance. So do unlearned landmarks: they are anywhere in the box.
    """
    if not found.changes or len(proposal.turns) > 1:
        return proposal
    mixture = proposal.mixture
    learned = [j for j in range(mixture.size) if j not in proposal.unlearned]
    rows = np.ravel([[2 * j, 2 * j + 1] for j in learned])
    known = np.ix_(rows, rows)
    total = spread(proposal)
    own = float(np.trace(mixture.residual[known]))
    factor = max((found.widening * total - (total - own)) / own, _LEAST_RESIDUAL)
    shift = mixture.shift
    if found.shift is not None:
        shift = Shift(shift.rows, shift.gain, shift.offset + found.shift.ravel())
    residual = mixture.residual.copy()
    residual[known] = _widened(residual[known], factor)
    wider = ShapeMixture(mixture.log_weights, mixture.exemplars, residual, shift)
    degrees = proposal.degrees if found.degrees is None else found.degrees
    return replace(proposal, mixture=wider, degrees=degrees, before=proposal)


def spread(proposal: Proposal) -> float:
    """The summed variances of its learned landmarks, in squared sides of its box."""
    traces = np.trace(proposal.mixture.landmark_covariances, axis1=1, axis2=2)
    return float(np.delete(traces, sorted(proposal.unlearned)).sum())


def _widened(residual: Floats, factor: float) -> Floats:
    """(2L, 2L) with the covariance of each landmark multiplied by the factor."""
    own = _OWN * max(factor - 1, 0.0)
    rows = np.arange(len(residual)) // 2
    return np.asarray(residual * (factor - own) + own * residual * (rows[:, None] == rows))
