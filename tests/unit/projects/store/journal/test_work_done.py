"""What was spent, read off the journal without the rest of it."""

import kites
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project, WorkDone
from landmark_annotator.projects.store.journal import work_done
from landmark_annotator.projects.vocabulary.errors import ProjectError


def test_it_is_what_the_entries_say(
    project: Project, kite: InstanceRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada", duration=1.5)
    project.place(kite.id, kites.TAIL, (1, 2), who="bob", proposed=(3, 4))
    project.undo("bob")
    project.accept(kite.id, kites.ACCEPTED, who="ada", duration=2.0)
    project.exclude(images=[kite.image_id], why="dark", who="ada")
    said = [
        WorkDone(e.at, e.who, e.kind, e.instance_id, e.duration, e.proposed is None)
        for e in project.journal()
    ]
    assert list(project.work_done()) == said
    monkeypatch.setattr(work_done, "_CHUNK", 2)
    monkeypatch.setattr(work_done, "_ROWS", work_done._ROWS.limit(2))
    assert list(project.work_done()) == said


def test_a_time_that_is_none_is_told() -> None:
    with pytest.raises(ProjectError, match="'noon' is no time"):
        work_done._time("noon")
