"""The queue of the review page: what a search for wrong labels found, and of a long one."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.review import queue_reading
from landmark_annotator.annotator.gui.pages.review.label_search import searched
from landmark_annotator.annotator.session.evaluation import label_audit
from landmark_annotator.annotator.session.review.suspicions import Suspicion, keep, revision
from landmark_annotator.projects.vocabulary import SILENT

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_after_a_search_for_wrong_labels_the_likeliest_are_next(reviewer, monkeypatch):
    page = reviewer.page
    reviewer.hands.qtbot.waitUntil(lambda: not page.search.running)
    last = reviewer.waiting[-1]
    page.open(last)
    page._list_found(True)
    assert reviewer.open_id == last
    reviewer.key(Qt.Key.Key_Return)
    assert reviewer.open_id == reviewer.waiting[0]


def test_a_search_tells_of_something_else_than_it_found_before_alone(reviewer, monkeypatch):
    page, project = reviewer.page, reviewer.project
    reviewer.hands.qtbot.waitUntil(lambda: not page.search.running)
    found = {each: ("0", Suspicion(1.0, "moved", (0,), 3.0)) for each in reviewer.waiting}
    monkeypatch.setattr(label_audit, "changed_since", lambda project: 1.0)
    monkeypatch.setattr(label_audit, "audit_labels", lambda project, _: keep(project, found))
    assert searched(project.folder, SILENT)
    assert not searched(project.folder, SILENT)
    found.popitem()
    assert searched(project.folder, SILENT)


def test_of_what_is_open_only_another_finding_is_asked_for(reviewer, monkeypatch):
    page = reviewer.page
    reviewer.hands.qtbot.waitUntil(lambda: not page.search.running)
    page.open(reviewer.waiting[0])
    asked, look = [], page.session.look_again
    monkeypatch.setattr(page.session, "look_again", lambda i: asked.append(i) or look(i))
    page._list_found(True)
    assert asked == []
    record, shape = page.seen.record, page.seen.shape
    one = Suspicion(9.0, "moved", (0,), 3.0)
    keep(reviewer.project, {record.id: (revision(record.box, shape), one)})
    page._list_found(True)
    assert asked == [record.id]
    assert page.seen.suspicion == one


@pytest.fixture
def large(reviewer, monkeypatch):
    """As in a project of more objects than are read as a whole."""
    monkeypatch.setattr(queue_reading, "FEW", 0)
    reviewer.key(Qt.Key.Key_1, CONTROL)
    reviewer.hands.key(Qt.Key.Key_2, CONTROL)
    reviewer.hands.qtbot.waitUntil(lambda: reviewer.page.settled)
    return reviewer


def test_a_long_queue_is_read_beside_the_window(large):
    assert large.open_id == large.project.instances()[2].id
    assert len(large.waiting) == large.page.model.waiting == 3


def test_of_a_long_queue_what_was_judged_alone_is_looked_at(large):
    others = large.waiting[1:]
    large.key(Qt.Key.Key_Return)
    assert large.waiting == others
    assert large.open_id == others[0]


def test_undo_brings_it_back_into_a_long_queue(large):
    first, *others = large.waiting
    large.key(Qt.Key.Key_Return)
    large.key(Qt.Key.Key_Z, CONTROL)
    large.hands.qtbot.waitUntil(lambda: large.waiting == [first, *others])
    assert large.open_id == first
