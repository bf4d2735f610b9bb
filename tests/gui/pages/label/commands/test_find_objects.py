"""Objects found in an image without any: stored when it is open, accepted together, thrown out."""

from itertools import count
from threading import Event
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.commands.find_objects import _Searcher
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.finding.search import Search, SearchRecipe
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.backends.finders import FINDER
from landmark_annotator.backends.learning.model_cards import CARD
from landmark_annotator.projects.store import ActionKind, InstanceState, Role
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.vocabulary import Box, Found
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.own_boxes import UsualBox

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
SIZE = (240, 200)
BOXES = [Box(70, 100, 90, 90), Box(170, 100, 80, 80)]


@pytest.fixture
def finds(monkeypatch):
    """Every image holds two objects, for what looks for them."""

    def find(pixels, threshold=None):
        return [Found(box, 0.9) for box in BOXES]

    made = Search("Somebody looks.", None, SimpleNamespace(find=find))
    monkeypatch.setattr(SearchRecipe, "make", lambda self: made)


@pytest.fixture
def found(finds, make_project, open_window):
    """A window on an image without a box, in which two objects were found and are proposed."""
    hands = open_window(make_project(boxes=False))
    window = hands.window
    hands.qtbot.waitUntil(lambda: len(window.label_page.objects.others) == 1, timeout=20_000)
    hands.wait_for()
    hands.qtbot.waitUntil(
        lambda: window.preparation.prior(window.label_page.objects.others[0].id) is not None,
        timeout=20_000,
    )
    # On a busy machine what is proposed last is painted a while after it is known.
    page = window.label_page
    hands.qtbot.waitUntil(
        lambda: set(page.objects.others) <= page.image_acceptance._seen, timeout=20_000
    )
    hands.canvas.repaint()
    return hands


def boxes(hands) -> list[Box | None]:
    project = hands.window.project
    return [record.box for record in project.instances_of(project.images()[0].id)]


def test_opening_an_image_without_objects_shows_those_that_are_found(found):
    assert boxes(found) == BOXES
    journal = list(found.window.project.journal())[-2:]
    assert [(entry.kind, entry.who) for entry in journal] == [(ActionKind.FIND, BY_ITSELF)] * 2
    assert "accepts all 2" in found.text


def test_all_stay_in_sight_when_the_picture_is_shown_again(found):
    found.window.controller.picture_changed.emit()
    assert all(found.canvas.scene.shows(box) for box in BOXES)


def test_the_next_object_is_shown_by_itself(found):
    found.key(Qt.Key.Key_J)
    found.qtbot.waitUntil(lambda: found.open_id == found.order[1], timeout=20_000)
    assert not found.canvas.scene.shows(BOXES[0])


def test_they_are_found_where_the_project_has_people(finds, make_project, open_window):
    project = make_project(boxes=False)
    project.set_person("ada", Role.LEAD, who="ada")
    project.set_person("somebody", Role.ANNOTATOR, who="ada")
    hands = open_window(project)
    hands.qtbot.waitUntil(lambda: boxes(hands) == BOXES, timeout=20_000)
    assert not hands.window.messages.banner.isVisible()


def test_who_only_looks_at_a_project_finds_nothing(finds, make_project, open_window):
    project = make_project(boxes=False)
    project.set_person("ada", Role.LEAD, who="ada")
    hands = open_window(project)
    hands.qtbot.waitUntil(lambda: hands.window.preparation.settled, timeout=20_000)
    assert not hands.window.label_page.finding.at_work
    assert boxes(hands) == [None]
    assert "not among the people" in hands.window.messages.banner.text.text()


def test_one_key_accepts_all_and_one_undo_takes_all_back(found):
    both = found.order[:2]
    found.key(Qt.Key.Key_Return, SHIFT)
    assert [found.state(i) for i in both] == [InstanceState.ACCEPTED] * 2
    assert found.window.project.accepted_on_sheets() == frozenset(), "nobody saw a sheet"
    assert found.open_id not in both
    found.key(Qt.Key.Key_Z, CONTROL)
    assert [found.state(i) for i in both] == [InstanceState.UNTOUCHED] * 2


def test_undo_of_all_shows_the_image_that_they_are_in_and_says_what_it_took_back(found):
    """It stayed at the next one, as if nothing had happened, and called the image a sheet."""
    image = found.window.controller.record.image_id
    found.key(Qt.Key.Key_Return, SHIFT)
    assert found.window.controller.record.image_id != image
    assert found.window.actions_by_name["undo"].text() == "Undo acceptance of 2 shapes"
    found.key(Qt.Key.Key_Z, CONTROL)
    assert found.window.controller.record.image_id == image
    assert found.window.status.stored.text() == "Undone: acceptance of 2 shapes"


def test_what_is_none_is_thrown_out_under_the_cursor_and_undo_brings_it_back(found):
    first, second = found.order[:2]
    found.canvas.scene.see_cursor(QPointF(found.at(BOXES[1].centre_x, BOXES[1].centre_y)))
    found.key(Qt.Key.Key_Delete, CONTROL)
    assert boxes(found) == BOXES[:1]
    assert found.open_id == first
    assert found.window.label_page.objects.others == ()
    why = found.window.project.instance(second).excluded
    assert why is not None
    assert why.why == "not an object"
    found.key(Qt.Key.Key_Z, CONTROL)
    assert boxes(found) == BOXES


def test_what_lies_under_a_cursor_at_rest_is_not_thrown_out_in_place_of_what_a_key_opened(found):
    first, second = found.order[:2]
    found.key(Qt.Key.Key_J)
    assert found.open_id == second
    scene = found.canvas.scene
    scene.cursor = QPointF(found.at(BOXES[0].centre_x, BOXES[0].centre_y))
    assert scene.resting
    found.key(Qt.Key.Key_Delete, CONTROL)
    assert found.window.project.instance(first).excluded is None
    assert found.window.project.instance(second).excluded is not None


def test_where_every_object_lies_alike_no_box_is_asked_for(make_project, open_window, monkeypatch):
    usual = UsualBox((0.0, 0.0), (0.5, 0.5))
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.finding.search.usual_box_of", lambda project: usual
    )
    hands = open_window(make_project(boxes=False))
    hands.qtbot.waitUntil(lambda: boxes(hands) == [usual.box(*SIZE)], timeout=20_000)
    hands.wait_for()


def test_once_it_can_be_found_it_is_in_the_image_that_is_open(
    make_project, open_window, monkeypatch
):
    """It was in those that were opened later, and here a box had to be drawn."""
    usual = UsualBox((0.0, 0.0), (0.5, 0.5))
    made = [Search("Nothing finds anything yet."), Search("It is where the others are.", usual)]
    stamps = count()
    monkeypatch.setattr(SearchRecipe, "stamp", property(lambda self: next(stamps)))
    monkeypatch.setattr(SearchRecipe, "make", lambda self: made.pop(0))
    hands = open_window(make_project(boxes=False))
    finding = hands.window.label_page.finding
    hands.qtbot.waitUntil(lambda: len(made) == 1 and not finding.at_work)
    hands.window.work.training.ended.emit()
    hands.qtbot.waitUntil(lambda: boxes(hands) == [usual.box(*SIZE)])
    hands.wait_for()


def test_who_has_begun_to_place_the_object_is_let_be(make_project, open_window, monkeypatch):
    answer = Event()

    def slow(self):
        answer.wait(20)
        return Search("Somebody looks.", UsualBox((0.0, 0.0), (0.5, 0.5)))

    monkeypatch.setattr(SearchRecipe, "make", slow)
    hands = open_window(make_project(boxes=False))
    placement = hands.window.label_page.placement
    hands.qtbot.waitUntil(lambda: placement.wanted is not None, timeout=20_000)
    hands.click(80, 60)
    answer.set()
    finding = hands.window.label_page.finding
    hands.qtbot.waitUntil(lambda: not finding.at_work, timeout=20_000)
    assert placement.begun
    assert boxes(hands) == [None]


def test_while_an_object_is_looked_for_the_prompt_says_so(make_project, open_window, monkeypatch):
    usual = UsualBox((0.0, 0.0), (0.5, 0.5))
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.finding.search.usual_box_of", lambda project: usual
    )
    hands = open_window(make_project(boxes=False))
    hands.wait_for()
    answer, found = Event(), _Searcher.boxes

    def slow(self, pixels):
        answer.wait(20)
        return found(self, pixels)

    monkeypatch.setattr(_Searcher, "boxes", slow)
    hands.window.label_page.finding.look_anew()
    hands.key(Qt.Key.Key_PageDown)
    hands.qtbot.waitUntil(lambda: hands.text.startswith("Looking for the object"), timeout=20_000)
    answer.set()
    hands.wait_for()
    assert not hands.text.startswith("Looking")


def test_what_is_out_of_sight_is_shown_before_all_is_accepted(found):
    both = found.order[:2]
    found.key(Qt.Key.Key_J)
    found.key(Qt.Key.Key_J)
    found.canvas.scene.zoom(4.0, QPointF(found.at(BOXES[0].centre_x, BOXES[0].centre_y)))
    found.canvas.repaint()
    found.key(Qt.Key.Key_Return, SHIFT)
    assert [found.state(i) for i in both] == [InstanceState.UNTOUCHED] * 2
    found.canvas.repaint()
    found.key(Qt.Key.Key_Return, SHIFT)
    assert [found.state(i) for i in both] == [InstanceState.ACCEPTED] * 2


def cross(hands, box: Box) -> QPoint:
    """Where the cross of this box is: at its upper right corner."""
    right, top = box.centre_x + box.width / 2, box.centre_y - box.height / 2
    return hands.at(right, top)


def click_on(hands, place: QPoint) -> None:
    hands.rest_cursor(place)
    QTest.mouseClick(hands.canvas, Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize("gone", [0, 1])
def test_a_click_on_its_cross_throws_an_object_out_and_undo_brings_it_back(found, gone):
    """The open one as well as one beside it."""
    both = found.order[:2]
    place = cross(found, BOXES[gone])
    found.rest_cursor(place)
    assert [name.text for name in found.canvas.cursor_names] == ["throw out this object"]
    click_on(found, place)
    assert boxes(found) == [BOXES[1 - gone]]
    assert found.open_id == both[1 - gone]
    why = found.window.project.instance(both[gone]).excluded
    assert why is not None
    assert why.why == "not an object"
    found.key(Qt.Key.Key_Z, CONTROL)
    assert boxes(found) == BOXES


def test_the_second_of_two_quick_clicks_on_a_cross_says_nothing(found):
    place = cross(found, BOXES[1])
    click_on(found, place)
    QTest.mouseDClick(found.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert boxes(found) == BOXES[:1]
    assert found.state(found.open_id) is InstanceState.UNTOUCHED


def test_what_a_person_has_begun_has_no_cross(found):
    found.click(*found.free_place())
    assert [each.id for each in found.canvas.scene.crosses] == [found.order[1]]
    place = cross(found, BOXES[0])
    found.rest_cursor(place)
    assert "throw out" not in " ".join(name.text for name in found.canvas.cursor_names)


def test_a_hand_that_leaves_the_cross_before_it_lets_go_throws_nothing_out(found):
    place = cross(found, BOXES[1])
    found.rest_cursor(place)
    QTest.mousePress(found.canvas, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(found.canvas, Qt.MouseButton.LeftButton, pos=place + QPoint(30, 30))
    assert boxes(found) == BOXES
    assert found.entries == []


def test_a_finder_that_was_trained_at_a_terminal_is_used_in_the_next_image(
    make_project, open_window, monkeypatch
):
    """Without a new label, and where that image was looked at before there was a finder."""

    def make(recipe: SearchRecipe) -> Search:
        own = recipe.library.own(FINDER)
        looks = SimpleNamespace(find=lambda pixels: [Found(box, 0.9) for box in BOXES])
        return Search("Somebody looks.", None, looks if own.is_there else None)

    monkeypatch.setattr(SearchRecipe, "make", make)
    hands = open_window(make_project(boxes=False))
    window = hands.window
    first, following = hands.order[0], window.project.instance(hands.order[1]).image_id
    hands.qtbot.waitUntil(lambda: following in window.label_page.finding._found, timeout=20_000)
    card = ModelLibrary.of(window.project).own(FINDER).folder / CARD
    card.parent.mkdir(parents=True)
    card.write_text("{}")
    hands.key(Qt.Key.Key_PageDown)
    assert hands.open_id != first
    hands.qtbot.waitUntil(
        lambda: [r.box for r in window.project.instances_of(following)] == BOXES, timeout=20_000
    )


def test_where_nothing_is_found_the_prompt_says_so_and_what_to_do(
    make_project, open_window, monkeypatch
):
    """Images without an object stayed among those that wait for a box, for ever."""
    made = Search("Somebody looks.", None, SimpleNamespace(find=lambda pixels: []))
    monkeypatch.setattr(SearchRecipe, "make", lambda self: made)
    hands = open_window(make_project(boxes=False))
    hands.qtbot.waitUntil(lambda: hands.text.startswith("No object was found. "), timeout=20_000)
    assert hands.text.startswith("No object was found. Draw a box around the object: drag")
    assert hands.text.endswith(". Shift+Delete if there is none")
    hands.drag((60, 30), (180, 170))
    hands.wait_for()
    hands.key(Qt.Key.Key_I)
    hands.qtbot.waitUntil(lambda: hands.text.startswith("Draw a box"), timeout=20_000)
    assert "none" not in hands.text


def test_where_looking_went_wrong_nobody_says_that_there_is_nothing(
    make_project, open_window, monkeypatch
):
    def find(pixels):
        raise ImageError("It cannot be read.", remedy="Look at it.")

    made = Search("Somebody looks.", None, SimpleNamespace(find=find))
    monkeypatch.setattr(SearchRecipe, "make", lambda self: made)
    hands = open_window(make_project(boxes=False))
    finding, image_id = hands.window.label_page.finding, hands.window.controller.record.image_id
    hands.qtbot.waitUntil(lambda: image_id in finding._found, timeout=20_000)
    hands.wait_for(Phase.BOX)
    assert hands.text.startswith("Draw a box around the object: drag")


def test_after_the_last_image_it_is_said_that_all_is_accepted(found):
    found.window.project.exclude(instances=found.order[2:4], why="why", who="ada")
    found.key(Qt.Key.Key_Return, SHIFT)
    assert found.state(found.open_id) is InstanceState.ACCEPTED
    assert "Everything is accepted" in found.window.messages.banner.text.text()
