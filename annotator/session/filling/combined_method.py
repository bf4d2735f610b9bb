"""A fill from two others that know different things of the same instance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotator.session.filling.methods import Clicked, Way
from projects.vocabulary import Shape


def joined(one: Shape, other: Shape) -> Shape:
    """The landmarks of both, each weighed by its precision (the inverse of its covariance).

    Both know the clicks, so their errors go together to a degree that nobody knows: the covariance
    is that of covariance intersection with equal shares (Julier and Uhlmann, "A non-divergent
    estimation algorithm", ACC 1997), never more sure than that allows.
    """
    first, second = np.linalg.inv(one.covariances), np.linalg.inv(other.covariances)
    sums = first @ one.points[..., None] + second @ other.points[..., None]
    covariances = 2 * np.linalg.inv(first + second)
    return Shape((covariances @ sums)[..., 0] / 2, covariances=covariances)


@dataclass(frozen=True, eq=False)
class ByBoth:
    """Judged where the first way can be judged; the second must say something of all instances."""

    first: Way
    second: Way

    @property
    def name(self) -> str:
        return f"{self.first.name}_and_{self.second.name}"

    @property
    def title(self) -> str:
        return f"{self.first.title}, with {self.second.title}"

    def fill(self, clicked: Clicked) -> Shape:
        return clicked.kept_in(joined(self.first.fill(clicked), self.second.fill(clicked)))

    def judged(self) -> Sequence[int]:
        other = set(self.second.judged())
        return [index for index in self.first.judged() if index in other]

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        one, other = self.first.unseen(index, clicked), self.second.unseen(index, clicked)
        return clicked.kept_in(joined(one, other))
