"""What a file left out of its labels: none of it is in the image, where a person says so."""

from collections.abc import Iterable, Mapping

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.projects.store import Entry
from landmark_annotator.projects.vocabulary.errors import ActionableError


def left_out_of(views: Iterable[View]) -> Mapping[int, frozenset[int]]:
    """By instance. Raises ActionableError where files have left nothing out that nobody has said
    anything of since."""
    found = {view.instance.id: view.left_out for view in views if view.left_out}
    if not found:
        raise ActionableError(
            "No file left a landmark out here of which nobody has said anything.",
            kept="Nothing was changed.",
            remedy="Mark landmark by landmark what is not in the image.",
        )
    return found


def mark_left_out(session: LabellingSession) -> View:
    """Of the open instance. Raises as `left_out_of`, and as `LabellingSession.acted`."""
    said, mark = left_out_of([session.view]), session.project.mark_absent

    def act(*, who: str, seen: int) -> Entry:
        [entry] = mark(said, who=who, seen=seen, duration=session.lap())
        return entry

    return session.acted(act)
