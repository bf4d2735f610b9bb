"""A fill from two others that know different things of the same instance."""

from collections.abc import Sequence
from dataclasses import dataclass

from landmark_annotator.annotator.session.filling.dense import Clicked
from landmark_annotator.annotator.session.filling.methods import FillMethod
from landmark_annotator.backends.fill.combined import combined
from landmark_annotator.projects.vocabulary import Shape


@dataclass(frozen=True, eq=False)
class ByBoth:
    """Judged where the first can be judged; the second must say something of all instances."""

    first: FillMethod
    second: FillMethod

    @property
    def name(self) -> str:
        return f"{self.first.name}_and_{self.second.name}"

    @property
    def title(self) -> str:
        return f"{self.first.title}, with {self.second.title}"

    def fill(self, clicked: Clicked) -> Shape:
        return clicked.kept_in(combined(self.first.fill(clicked), self.second.fill(clicked)))

    def judged(self) -> Sequence[int]:
        other = set(self.second.judged())
        return [index for index in self.first.judged() if index in other]

    def unseen(self, index: int, clicked: Clicked) -> Shape:
        one, other = self.first.unseen(index, clicked), self.second.unseen(index, clicked)
        return clicked.kept_in(combined(one, other))
