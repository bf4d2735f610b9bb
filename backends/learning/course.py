"""How long a network learns, by the number of what it learns from."""

import math
from dataclasses import dataclass

from landmark_annotator.backends.learning.batches import BatchOrder


@dataclass(frozen=True)
class Course:
    """batch: crops of a step. least: crops of an epoch, however few instances there are. each:
    steps for an instance, where that is between `fewest` and `most` in all. part: of a step is
    taken at once where there are fewer instances than crops in an epoch: the same crops then make
    more and smaller steps, and teach more."""

    batch: int
    least: int
    each: float
    fewest: int
    most: int
    part: int = 1

    def order(self, instances: int) -> BatchOrder:
        few = instances < self.least
        return BatchOrder(instances, self.batch // self.part if few else self.batch, self.least)

    def epochs(self, instances: int) -> int:
        order = self.order(instances)
        crops = self.batch * min(max(self.each * instances, self.fewest), self.most)
        return math.ceil(crops / (order.steps * order.size))
