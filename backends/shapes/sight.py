"""Whether a box shows the object at all: what is seen there, against what is seen where none is."""

from typing import Protocol


class Sight(Protocol):
    """What one look of a model tells of that. It may be slow to ask for the first time."""

    @property
    def odds(self) -> float | None:
        """The log of how many times more often such a look is had where the object is than where
        none is; None where nobody can tell."""

    @property
    def unlike(self) -> float:
        """The probability that an object which is there looks no more like labelled ones than
        nothing does, as one that has turned away."""
