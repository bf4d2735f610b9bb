"""Several instances looked at together by one person."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.sheet import Sheet
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.projects.exchange import export_set
from landmark_annotator.projects.exchange.codecs import coco
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ActionKind, Entry, InstanceState, Project
from landmark_annotator.projects.vocabulary import Visibility
from landmark_annotator.projects.vocabulary.errors import ActionableError

NOSE = 30


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sheet(project: Project, waiting, clock: Clock) -> Sheet:
    """Of two objects in one image, proposed for."""
    second = project.add_instance(waiting.image_id, waiting.box, who="anna")
    pixels = pixels_of(project.image(waiting.image_id))
    proposer, sheet = best_proposer(project), Sheet(project, who="anna", clock=clock)
    for record in (waiting, second):
        sheet.open(record.id, proposer.propose(pixels, record.box))
    sheet.begin()
    return sheet


def test_time_is_counted_once_whichever_it_was_spent_on(
    sheet: Sheet, project: Project, waiting, clock: Clock
) -> None:
    ids = [waiting.id, max(r.id for r in project.instances())]
    for seconds, instance_id in ((3.0, ids[0]), (5.0, ids[1])):
        clock.now = seconds
        place = sheet.view(instance_id).shape.points[NOSE] + 1
        sheet.place(instance_id, {NOSE: (float(place[0]), float(place[1]))})
    clock.now = 9.0
    sheet.accept(ids, sheet.lap())
    done = [e for e in project.journal() if e.who == "anna"]
    assert [e.duration for e in done] == [3.0, 2.0, 2.0, 2.0]
    assert [e.kind for e in done][2:] == [ActionKind.SHEET] * 2


def test_what_is_accepted_is_what_was_seen(sheet: Sheet, project: Project, waiting) -> None:
    seen = sheet.view(waiting.id).shape.points
    sheet.accept([waiting.id], 1.0)
    assert np.array_equal(project.shape(waiting.id).points, seen)


def test_nothing_is_accepted_where_somebody_else_was_at_work(
    sheet: Sheet, project: Project, waiting
) -> None:
    other = max(r.id for r in project.instances())
    project.place(other, NOSE, (1.0, 1.0), who="bert")
    with pytest.raises(ActionableError, match="Somebody else"):
        sheet.accept([waiting.id, other], 1.0)
    assert project.instance(waiting.id).state is InstanceState.UNTOUCHED


def test_nothing_is_accepted_where_somebody_clicks_just_before_it_is_written(
    sheet: Sheet, project: Project, waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a server: after the look whether anybody was at work, before the rows are held."""
    accept_sheet = project.accept_sheet

    def late(*args: Any, **named: Any) -> list[Entry]:
        project.place(waiting.id, NOSE, (1.0, 1.0), who="bert")
        return accept_sheet(*args, **named)

    monkeypatch.setattr(project, "accept_sheet", late)
    with pytest.raises(ActionableError, match="Somebody else"):
        sheet.accept([waiting.id], 1.0)
    assert project.instance(waiting.id).state is InstanceState.UNTOUCHED


def test_taking_back_is_of_one_alone(sheet: Sheet, project: Project, waiting) -> None:
    other = max(r.id for r in project.instances())
    for instance_id in (waiting.id, other):
        sheet.place(instance_id, {NOSE: (40.0, 40.0)})
    before = sheet.view(other).shape.points
    sheet.take_back(waiting.id)
    assert sheet.view(waiting.id).shape.provenance[NOSE] is None
    assert np.array_equal(sheet.view(other).shape.points, before)


@pytest.fixture
def told(project: Project, waiting) -> Sheet:
    """Of one object, the first five landmarks of which are probably hidden."""
    sheet, propose = Sheet(project, who="anna"), best_proposer(project).propose
    proposal = propose(pixels_of(project.image(waiting.image_id)), waiting.box)
    assert proposal is not None
    hidden = np.where(np.arange(68) < 5, 0.9, 0.1)
    assert sheet.open(waiting.id, replace(proposal, hidden=hidden)).suggested == set(range(5))
    return sheet


def test_nothing_is_marked_where_somebody_else_was_at_work(
    told: Sheet, project: Project, waiting
) -> None:
    project.place(waiting.id, NOSE, (1.0, 1.0), who="bert")
    with pytest.raises(ActionableError, match="Somebody else"):
        told.mark_suggested([waiting.id])
    assert not (project.shape(waiting.id).visibility == Visibility.OCCLUDED).any()


def test_what_is_marked_leaves_as_hidden(
    told: Sheet, project: Project, waiting, tmp_path: Path
) -> None:
    told.mark_suggested([waiting.id])
    told.accept([waiting.id], 1.0)
    export_set(project, tmp_path / "labels.json", format="coco")
    written = coco.read(tmp_path / "labels.json", project.scheme).instances
    name = project.image(waiting.image_id).path.name
    [own] = [each for each in written if each.image.name == name]
    assert own.shape.visibility.tolist() == [1] * 5 + [2] * 63
