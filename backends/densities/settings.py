"""What a training of densities must be told, whatever else a backend lets people set."""

from typing import Protocol

from landmark_annotator.backends.learning.batches import BatchOrder


class TrainingSettings(Protocol):
    """A frozen dataclass of a backend; `annotator train --list-settings` says what each means."""

    @property
    def seed(self) -> int: ...

    @property
    def size(self) -> int: ...

    @property
    def held_out(self) -> float: ...

    @property
    def device(self) -> str: ...

    def order(self, instances: int) -> BatchOrder:
        """In which order so many instances fill batches."""
        ...

    def epochs_for(self, instances: int) -> int:
        """Passes over so many training instances."""
        ...
