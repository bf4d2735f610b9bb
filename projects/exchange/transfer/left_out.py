"""What of a project an export leaves out, and why."""

from dataclasses import dataclass
from enum import Enum, auto

from landmark_annotator.projects.exchange.transfer.whose_labels import WhoseLabels
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project


class LeftOut(Enum):
    """EXCLUDED: somebody left it out of the project. MERGED: its labels are in another shape.
    RULED: a rule accepted it, and what people labelled is asked for. OTHERS: of people whose
    labels are not asked for. NOT_ACCEPTED: somebody began it. UNLABELLED: nothing is there."""

    EXCLUDED = auto()
    MERGED = auto()
    RULED = auto()
    OTHERS = auto()
    NOT_ACCEPTED = auto()
    UNLABELLED = auto()


@dataclass(frozen=True)
class Taken:
    """What an export of these people's labels takes, with those that nobody has accepted or not."""

    project: Project
    whose: WhoseLabels
    include_unaccepted: bool = False

    def left_out(self, record: InstanceRecord, has_landmarks: bool | None = None) -> LeftOut | None:
        """Why the instance is left out; None where it is taken. has_landmarks: whether any of its
        landmarks has a position; None: it is looked at."""
        if record.excluded is not None:
            return LeftOut.EXCLUDED
        if record.id in self.whose.left_out:
            merged, ruled = record.id in self.whose.merged, record.id in self.whose.ruled
            return LeftOut.MERGED if merged else LeftOut.RULED if ruled else LeftOut.OTHERS
        if record.state is InstanceState.ACCEPTED:
            return None
        if not self.include_unaccepted:
            begun = record.state is InstanceState.STARTED
            return LeftOut.NOT_ACCEPTED if begun else LeftOut.UNLABELLED
        if record.box is not None:
            return None
        if has_landmarks is None:
            has_landmarks = bool(self.project.shape(record.id).known.any())
        there = has_landmarks or bool(self.project.masks(record.id))
        return None if there else LeftOut.UNLABELLED
