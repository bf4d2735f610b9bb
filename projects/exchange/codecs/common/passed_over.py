"""What of a label file is neither a landmark nor a box of the scheme's objects: a person who drew
contours or boxes of other things there is told that they did not come in."""

from collections import Counter
from pathlib import Path

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.wording import counted, first_few

_NAMED = 4
"""Kinds that a note names."""


class PassedOver(Counter[str]):
    """How many there are of each kind, as the file calls it."""

    def notes(self, source: Path, scheme: Scheme) -> list[str]:
        """A sentence; none where there are none."""
        if not self.total():
            return []
        kinds = [f"{kind} ({count:,})" for kind, count in self.most_common()]
        one = f"entry of {source.name} is neither a landmark nor a box"
        several = f"entries of {source.name} are neither landmarks nor boxes"
        return [
            f"{counted(self.total(), one, several)} of {scheme.name} and did not come in: "
            f"{first_few(kinds, _NAMED)}."
        ]
