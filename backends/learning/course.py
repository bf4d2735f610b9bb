"""How long a network learns, by the number of what it learns from."""

import math
from dataclasses import dataclass

from landmark_annotator.backends.learning.batches import BatchOrder


@dataclass(frozen=True)
class Course:
    """batch: crops of a step. least: crops of an epoch, however few instances there are. each:
    steps for an instance, where that is between `fewest` and `most` in all."""

    batch: int
    least: int
    each: float
    fewest: int
    most: int

    def order(self, instances: int) -> BatchOrder:
        return BatchOrder(instances, self.batch, self.least)

    def epochs(self, instances: int) -> int:
        steps = min(max(self.each * instances, self.fewest), self.most)
        return math.ceil(steps / self.order(instances).steps)
