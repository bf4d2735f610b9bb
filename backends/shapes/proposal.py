"""A proposal for one instance, and the posterior that clicks turn it into, in image pixels."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backends.shapes.conditioning import condition
from backends.shapes.mixture import ShapeMixture
from backends.shapes.queries import expected_drops
from backends.shapes.regions import Region, restrict
from projects.vocabulary.arrays import Floats
from projects.vocabulary.box import Box
from projects.vocabulary.evidence import Evidence
from projects.vocabulary.scheme import Scheme

CLICK_DEVIATION = 0.004
"""Error of a person's click along each axis, in sides of the canonical box. One percent of the
inter-ocular distance, what people repeat on faces, is 0.0035 to 0.005 of it."""

_MEAN_DISTANCE = math.sqrt(math.pi) / 2
"""Expected length of a round Gaussian error, divided by the root of its covariance's trace."""

Rule = Callable[[ShapeMixture, Sequence[Evidence]], ShapeMixture]


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is believed of one instance after the evidence so far.

    points: (L, 2) image pixels, observed landmarks where they were observed.
    covariances: (L, 2, 2) squared pixels.
    drops: (L,) expected drop of the total variance by a click on each landmark, squared pixels;
        zero where a landmark has been observed.
    degrees: of freedom of the t distribution whose 95 % ellipse is that of the covariance; its
        other ellipses are those of heavier tails. Infinite for a Gaussian.
    """

    points: Floats
    covariances: Floats
    drops: Floats
    degrees: float = math.inf

    @property
    def query(self) -> int | None:
        """The landmark whose click is expected to teach most; None where all are observed."""
        best = int(np.argmax(self.drops))
        return best if self.drops[best] > 0 else None

    def predicted_error(self, scheme: Scheme, box: Box) -> float:
        """Expected NME in percent, by the normaliser of the scheme."""
        traces = np.trace(self.covariances, axis1=1, axis2=2)
        expected = float(np.sqrt(np.maximum(traces, 0.0)).mean()) * _MEAN_DISTANCE
        return 100.0 * expected / scheme.normaliser_length(self.points, box)


@dataclass(frozen=True, eq=False)
class Proposal:
    """A mixture in the frame of a box, which may be a refinement of the instance's own box.

    degrees: see `Posterior`. hidden: landmarks that the image itself seems not to show, as their
    densities are much wider than usual; only a hint, nothing is concluded from it.
    """

    box: Box
    mixture: ShapeMixture
    backend: str
    degrees: float = math.inf
    hidden: tuple[int, ...] = ()

    @property
    def click_deviation(self) -> float:
        """Standard deviation of a click in pixels."""
        return CLICK_DEVIATION * self.box.side

    def given(
        self,
        evidence: Sequence[Evidence],
        rule: Rule = condition,
        *,
        regions: Sequence[Region] = (),
        unseen: Collection[int] = (),
    ) -> Posterior:
        """The posterior after evidence in image pixels. The order of the evidence is of no matter.

        Always computed from the proposal itself, never from an earlier posterior, so taking a
        click back is leaving it out. regions: where landmarks are, or are not, in image pixels.
        unseen: landmarks that are not visible; that says nothing of where they are, but they are
        not asked for.
        """
        observed = sorted({piece.landmark for piece in evidence})
        framed = [
            Evidence(
                piece.landmark,
                self.box.to_frame(piece.position),
                self.box.covariance_to_frame(piece.covariance),
            )
            for piece in evidence
        ]
        here = [replace(region, corners=self.box.to_frame(region.corners)) for region in regions]
        mixture = restrict(rule(self.mixture, framed), here)
        points = self.box.to_image(mixture.mean)
        for piece in evidence:
            points[piece.landmark] = piece.position
        covariances = self.box.covariance_to_image(mixture.landmark_covariances)
        drops = expected_drops(mixture, CLICK_DEVIATION) * self.box.side**2
        drops[[*observed, *unseen]] = 0.0
        return Posterior(points, covariances, drops, self.degrees)
