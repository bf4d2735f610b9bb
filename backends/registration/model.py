"""The model: labelled images in, at once a proposer out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landmark_annotator.backends.registration.beside import AnswerSight, Beside
from landmark_annotator.backends.registration.calibration import (
    CLICKS,
    Look,
    Trust,
    calibrate,
)
from landmark_annotator.backends.registration.kinds import one_of
from landmark_annotator.backends.registration.labelled_views import LabelledViews
from landmark_annotator.backends.registration.places import likelier, places
from landmark_annotator.backends.registration.reliability import UsualAnswers
from landmark_annotator.backends.registration.search import Observation, Search
from landmark_annotator.backends.registration.stopping import refuse_stopped
from landmark_annotator.backends.registration.untried import Untried
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.however_shown import however_shown
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.evidence import Evidence
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import SILENT, Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

REGISTRATION = "registration"
"""The name of what is proposed by it, where others have the name of their backend."""
_MOST_TEMPLATES = 48
"""Labelled images that are learned from; of more, evenly drawn ones."""
_MOST_LOOKS = 12
_LEAST_ANSWER = 1e-3


@dataclass(frozen=True, eq=False)
class RegistrationModel:
    """Proposes by what labelled images look like at their landmarks, fused with the prior.

    cost, prior_cost: the mean error in sides of the object after 0, 1 and 2 clicks on the worst
    landmark, of this and of the prior alone, on labelled images by the others, and usual: what the
    filters answer in those; None where there are none to tell.
    """

    search: Search
    trust: Trust
    prior: ShapeMixture
    cost: float | None = None
    prior_cost: float | None = None
    usual: UsualAnswers | None = None
    trusts: "Trusts | None" = None
    """Of images that show less than most labelled ones."""
    beside: Beside | None = None
    doubt: float = 0.0
    """Standard error of how far `cost` and `prior_cost` are apart."""

    @classmethod
    def of(
        cls,
        instances: Sequence[LabelledInstance],
        scheme: Scheme,
        seed: int = 0,
        progress: Progress = SILENT,
        *,
        leaning: bool = False,
    ) -> "RegistrationModel":
        """From labelled images; each landmark has to be known in one of them.

        Images that cannot be read are left out. What is related by the instances' groups is not
        judged by each other. seed: of the boxes in which they are looked at. progress: of a
        stage that was begun; asked whether it is stopped between two images. leaning: as of
        `LabelledViews`. Raises TooFewLabels and Cancelled.
        """
        views = LabelledViews.of(templates(instances), scheme, progress, leaning=leaning)
        order = np.random.default_rng(seed).permutation(len(views.parts))[:_MOST_LOOKS]
        looks = []
        for i in sorted(order.tolist()):
            refuse_stopped(progress)
            if look := views.look(i, seed):
                looks.append(look)
            progress.advance()
        search = views.search()
        learned = [part.instance for part in views.parts]
        if not looks:
            prior = widened(search.prior, views.slack([]))
            beside = Beside(search, learned, seed=seed)
            return cls(search, Untried.of(prior), prior, beside=beside)
        # As far as most of them show it: from one or two there is no telling what it is worth.
        depth = sorted(len(look) for look in looks)[len(looks) // 2] - 1
        gains = [look[0].gain for look in looks if look[0].gain is not None]
        search = replace(search.down_to(depth), gains=np.array(gains))
        deepest = [look[depth] for look in looks if len(look) > depth]
        slack = views.slack([look.truth for look in deepest])
        prior = widened(search.prior, slack)
        trusts = Trusts(prior, slack, [look[: depth + 1] for look in looks])
        trust, costs = trusts.calibrated(depth)
        priors = [_cost(look) for look in deepest]
        usual = UsualAnswers.of([look[0].observation.answer for look in looks])
        cost, prior_cost = float(costs.mean()), float(np.mean(priors))
        apart = costs - np.array(priors)
        doubt = float(np.std(apart, ddof=1)) / math.sqrt(len(apart)) if len(apart) > 1 else math.inf
        beside = Beside(search, learned, usual, len(looks), seed)
        return cls(search, trust, prior, cost, prior_cost, usual, trusts, beside, doubt)

    @property
    def helps(self) -> bool:
        """Whether it has done no worse than the prior alone, as far as the images that it was tried
        on can tell; until they can it is taken to."""
        if self.cost is None or self.prior_cost is None:
            return True
        return self.cost - self.doubt <= self.prior_cost

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        """The distribution over shapes for the object in the box, in image pixels. Where objects
        have a heading and the box has none, it is found; where it is open which way it lies, a
        mixture of all that it may. Objects without one are found whichever way up the image is,
        and all of them in its negative."""

        def look(shown: Pixels, one: Box) -> Proposal:
            return self.lying(self.search.observe(shown, one))

        return however_shown(look, pixels, box, light=False, turned=not self.search.turns)

    def reconsider(
        self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
    ) -> Proposal:
        """What it proposes where it looks again from where the evidence leaves the landmarks of its
        proposal: a filter that was out of reach of its landmark now is not. The order of the
        evidence is of no matter. Its own proposal where there is no evidence."""
        if not evidence:
            return proposal
        around = places(proposal, evidence)

        def look(shown: Pixels, box: Box) -> Proposal:
            looks = [self.search.observe_around(shown, points, evidence, box) for points in around]
            return self.believed(likelier(proposal, evidence, looks, self.search.gains)[1])

        return however_shown(look, pixels, proposal.box, light=False, turned=False)

    def propose_around(self, pixels: Pixels, points: Floats, box: Box) -> Proposal:
        """What it proposes where another model has the landmarks (L, 2) of the object in the box,
        in image pixels."""

        def look(shown: Pixels, one: Box) -> Proposal:
            return self.believed(self.search.observe_around(shown, points, (), one))

        return however_shown(look, pixels, box, light=False, turned=False)

    def lying(self, observation: Observation) -> Proposal:
        """As `believed`, whichever way the object lies."""
        (_, first), *others = self.ways(observation)
        return one_of(first, others)

    def ways(self, observation: Observation) -> list[tuple[float, Proposal]]:
        """What it proposes for each way in which the object may lie, with how probable that is; as
        it seems to lie first."""
        others = [(weight, self.believed(other)) for weight, other in observation.others]
        return [(1 - sum(weight for weight, _ in others), self.believed(observation)), *others]

    def believed(self, observation: Observation) -> Proposal:
        """What it proposes for what is seen."""
        trust = self._trust_in(observation)
        mixture = trust.mixture(self.prior, observation)
        proposal = _proposal(observation.box, mixture, trust.degrees)
        novelty = self._novelty(observation)
        sight = None if self.beside is None else AnswerSight(self.beside, observation.answer)
        untold = self.trusts is None
        return replace(proposal, novelty=novelty, untold=untold, sight=sight)

    def _trust_in(self, observation: Observation) -> Trust:
        return self.trust if self.trusts is None else self.trusts.at(observation.depth)

    def _novelty(self, observation: Observation) -> float | None:
        """Above 1 where the filters find less of what they have learned than in labelled images.
        How much less to believe of such an image `Reliability` says."""
        if self.usual is None:
            return None
        return self.usual.least / max(observation.answer, _LEAST_ANSWER)

    def alone(self, pixels: Pixels, box: Box) -> Proposal:
        """What is seen at the landmarks, without the prior."""
        observation = self.search.observe(pixels, box)
        trust = self._trust_in(observation)
        mixture = trust.alone(self.prior, observation)
        return _proposal(observation.box, mixture, trust.degrees)


@dataclass(frozen=True, eq=False)
class Trusts:
    """By depth (`Observation`): a small image shows less than those that were calibrated with.
    looks: at labelled images, each by depth. slack: by which their priors are widened too."""

    prior: ShapeMixture
    slack: Floats
    looks: Sequence[tuple[Look, ...]]
    known: dict[int, tuple[Trust, Floats]] = field(default_factory=dict)

    def at(self, depth: int) -> Trust:
        """Calibrated when it is first asked for: mostly all images are as large as each other."""
        return self.calibrated(depth)[0]

    def calibrated(self, depth: int) -> tuple[Trust, Floats]:
        """See `calibrate`."""
        if depth not in self.known:
            looks = [look[depth] for look in self.looks if len(look) > depth]
            looks = [look.by(widened(look.prior, self.slack)) for look in looks]
            self.known[depth] = calibrate(looks, self.prior)
        return self.known[depth]


def templates(instances: Sequence[LabelledInstance]) -> Sequence[LabelledInstance]:
    """Those that are learned from: of every few that follow each other the first, of the next few
    the second, and so on. Always the first would be the same one of two objects in each image, or
    of two people's labels of it."""
    step = -(-len(instances) // _MOST_TEMPLATES) or 1
    places = (start + start // step % step for start in range(0, len(instances), step))
    return [instances[min(place, len(instances) - 1)] for place in places]


def widened(prior: ShapeMixture, slack: Floats) -> ShapeMixture:
    return prior.with_residual(prior.residual + slack)


def _proposal(box: Box, mixture: ShapeMixture, degrees: float = math.inf) -> Proposal:
    return Proposal(box, mixture, REGISTRATION, degrees)


def _cost(look: Look) -> float:
    """Of the prior alone; see `calibration.cost`."""
    truth = look.observation.box.to_image(look.truth)
    clicks: list[Evidence] = []
    total = 0.0
    for _ in range(CLICKS + 1):
        errors = np.linalg.norm(look.rival.given(clicks).points - truth, axis=1)
        total += float(np.nanmean(errors)) / look.observation.box.side / (CLICKS + 1)
        worst = int(np.nanargmax(errors))
        clicks.append(Evidence.click(worst, truth[worst], look.rival.click_deviation))
    return total
