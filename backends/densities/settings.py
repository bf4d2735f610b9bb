"""What a training of densities must be told, whatever else a backend lets people set."""

from typing import Protocol

from landmark_annotator.backends.learning.batches import BatchOrder
from landmark_annotator.backends.learning.course import Course

COURSE = Course(batch=16, least=16 * 16, each=3.6, fewest=400, most=6000)


class TrainingSettings(Protocol):
    """Base of the frozen dataclass of each backend; `annotator train --list-settings` says what its
    fields mean."""

    @property
    def seed(self) -> int: ...

    @property
    def epochs(self) -> int: ...

    @property
    def size(self) -> int: ...

    @property
    def held_out(self) -> float: ...

    @property
    def learning_rate(self) -> float: ...

    @property
    def device(self) -> str: ...

    def order(self, instances: int) -> BatchOrder:
        """In which order so many instances fill batches."""
        return COURSE.order(instances)

    def epochs_for(self, instances: int) -> int:
        """Passes over so many training instances."""
        return self.epochs or COURSE.epochs(instances)
