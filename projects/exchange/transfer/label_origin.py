"""Where the labels of an import are from, whose they are, and who brings them."""

from dataclasses import dataclass, field

from landmark_annotator.projects.store import PlacedBox, Project
from landmark_annotator.projects.vocabulary import Box


@dataclass
class LabelOrigin:
    """name: of the file or folder. who: whose labels they are, where it does not say. by: who
    imports them. number: by which they can be taken back, once there is one of them. boxes: by
    instance, of what was added in this turn and has a box of the file and nothing more. placed: of
    what was there and got one."""

    name: str
    who: str
    by: str
    number: int | None = None
    boxes: dict[int, Box] = field(default_factory=dict)
    placed: dict[int, PlacedBox] = field(default_factory=dict)

    def begin(self, project: Project) -> None:
        """A label, or a box of the file, is about to be stored."""
        if self.number is None:
            self.number = project.begin_import(self.name, who=self.by)

    def note_boxes(self, project: Project) -> None:
        """At the end of a turn, within it."""
        if (self.boxes or self.placed) and self.number is not None:
            about = self.boxes, self.placed
            project.note_boxes(self.number, *about, name=self.name, who=self.by)
        self.forget_boxes()

    def forget_boxes(self) -> None:
        self.boxes, self.placed = {}, {}
