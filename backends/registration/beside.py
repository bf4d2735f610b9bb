"""What the filters answer where no object is, against what they answer where one is.

They answer something everywhere, for they look for what answers most. How much that is beside the
labelled objects is known from their own images, and from a single one.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from landmark_annotator.backends.registration.gains import log_answer
from landmark_annotator.backends.registration.reliability import UsualAnswers
from landmark_annotator.backends.registration.search import Search
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance

_MOST, _FEWEST = 12, 3
"""Places that are looked at, and below which they tell nothing."""
_AWAY = (1.25, 2.0, 3.0)
"""Sides of its box from an object to the middles of places beside it."""
_DIRECTIONS = 8
_WITHIN = 0.25
"""Sides by which their middles are within the image at least."""
_APART = 0.05
"""Overlap with an object's box up to which a place is beside it."""


@dataclass(frozen=True, eq=False)
class Beside:
    """instances: what the search has learned from. usual: what it answers in one more image like
    theirs, by `looks` of them that it was tried on; None where there is none to try it on."""

    search: Search
    instances: Sequence[LabelledInstance]
    usual: UsualAnswers | None = None
    looks: int = 0
    seed: int = 0

    def odds(self, answer: float) -> float | None:
        """See `Sight`. The more they answer, the higher: in the tails of both nobody knows."""
        there, nothing = self._there, self._nothing
        if there is None or nothing is None:
            return None
        if there.middle <= nothing.middle:
            return 0.0
        within = min(max(log_answer(answer), nothing.middle), there.middle)
        between = math.exp(within)
        return there.log_density(between) - nothing.log_density(between)

    @property
    def unlike(self) -> float:
        """See `Sight`: none of those that it was tried on was (the rule of succession)."""
        return 1 / (self.looks + 2)

    @cached_property
    def _nothing(self) -> UsualAnswers | None:
        """What they answer where there is none."""
        found: list[float] = []
        share = -(-_MOST // max(len(self.instances), 1))
        order = np.random.default_rng(self.seed).permutation(len(self.instances))
        for index in order.tolist():
            if len(found) >= _MOST:
                break
            try:
                pixels = self.instances[index].read_pixels()
            except ActionableError:
                continue
            places = list(self._places(index, pixels.shape[1], pixels.shape[0]))
            chosen = np.unique(np.linspace(0, len(places) - 1, min(share, len(places))).astype(int))
            found += [self.search.observe(pixels, places[n]).answer for n in chosen.tolist()]
        return UsualAnswers.of(found) if len(found) >= _FEWEST else None

    @cached_property
    def _there(self) -> UsualAnswers | None:
        """What they answer where there is one. Of a single label, in its own image, they answer
        more than in any other: somewhere between that and what they answer to nothing."""
        if self.usual is not None or self._nothing is None:
            return self.usual
        try:
            own = [
                self.search.observe(each.read_pixels(), each.box).answer for each in self.instances
            ]
        except ActionableError:
            return None
        nothing = self._nothing
        half = (log_answer(float(np.median(own))) - nothing.middle) / 2
        middle = nothing.middle + half
        return replace(nothing, middle=middle, width=max(half, nothing.width))

    def _places(self, index: int, width: int, height: int) -> Iterator[Box]:
        """Boxes around nothing that is labelled, in the image of one of the instances."""
        own = self.instances[index]
        taken = [each.box for each in self.instances if each.split_key == own.split_key]
        for away in _AWAY:
            for angle in np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS):
                x, y = (away * own.box.side * np.array([np.cos(angle), np.sin(angle)])).tolist()
                place = own.box.shifted(x, y)
                x, y, edge = place.centre_x, place.centre_y, _WITHIN * place.side
                inside = edge <= x < width - edge and edge <= y < height - edge
                if inside and all(place.overlap(box) <= _APART for box in taken):
                    yield place


@dataclass(frozen=True, eq=False)
class AnswerSight:
    """See `Sight`. answer: of the filters, where they were looked with."""

    beside: Beside
    answer: float

    @property
    def odds(self) -> float | None:
        return self.beside.odds(self.answer)

    @property
    def unlike(self) -> float:
        return self.beside.unlike
