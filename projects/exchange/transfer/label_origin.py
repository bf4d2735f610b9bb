"""Where the labels of an import are from, whose they are, and who brings them."""

from dataclasses import dataclass

from landmark_annotator.projects.store import Project


@dataclass
class LabelOrigin:
    """name: of the file or folder. who: whose labels they are, where it does not say. by: who
    imports them. number: by which they can be taken back, once there is one of them."""

    name: str
    who: str
    by: str
    number: int | None = None

    def begin(self, project: Project) -> None:
        """A label is about to be stored."""
        if self.number is None:
            self.number = project.begin_import(self.name, who=self.by)
