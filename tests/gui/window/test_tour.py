"""The first steps are told while they are taken."""

from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.window.tour import STEPS


def title(hands) -> str:
    return hands.window.tour.title.text()


def test_each_step_follows_on_what_it_asks_for(hands, qtbot):
    window = hands.window
    window.actions_by_name["tour"].trigger()
    assert title(hands) == STEPS[0].title
    hands.click(*hands.free_place())
    qtbot.waitUntil(lambda: title(hands) == STEPS[1].title)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: title(hands) == STEPS[2].title)
    hands.wait_for()
    hands.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: title(hands) == STEPS[3].title)
    window.pages.turn_to("sheet")
    assert title(hands) == STEPS[4].title
    window.tour.onward.click()
    assert window.tour is None
    assert window.preferences.toured


def test_what_was_done_before_is_no_step_of_it(hands, qtbot):
    hands.click(*hands.free_place())
    qtbot.waitUntil(lambda: bool(hands.entries))
    hands.window.begin_tour()
    hands.window.pages.turn_to("review")
    assert title(hands) == STEPS[0].title


def test_it_covers_no_part_of_the_canvas_but_its_corner_and_moves_nothing(hands):
    before = hands.canvas.geometry()
    hands.window.begin_tour()
    assert hands.canvas.geometry() == before
    tour = hands.window.tour
    assert hands.canvas.rect().contains(
        tour.geometry().translated(-hands.canvas.mapTo(tour.parentWidget(), before.topLeft() * 0))
    )
    assert tour.width() * tour.height() < 0.15 * before.width() * before.height()


def test_it_names_the_keys_that_are_in_use(hands):
    hands.window.begin_tour()
    hands.window.tour.onward.click()
    assert "Ctrl+Z" in hands.window.tour.text.text()


def test_escape_ends_it_unless_a_hand_has_a_use_for_the_key(hands):
    hands.window.begin_tour()
    hands.canvas.scene.select({0})
    hands.key(Qt.Key.Key_Escape)
    assert hands.window.tour is not None
    assert not hands.canvas.scene.selected
    hands.key(Qt.Key.Key_Escape)
    assert hands.window.tour is None
    assert hands.window.preferences.toured


def test_it_lies_over_no_landmark_that_is_asked_for_nor_its_name(hands, qtbot):
    hands.window.begin_tour()
    tour, canvas = hands.window.tour, hands.canvas

    def hidden() -> bool:
        corner = tour.mapTo(hands.window, tour.rect().topLeft())
        card = tour.rect().translated(canvas.mapFrom(hands.window, corner))
        return canvas.asked_area.toRect().intersects(card)

    begun_at, asked = tour.pos(), hands.window.controller.asked
    # The asked landmark comes to lie where the card is.
    there = tour.geometry().center()
    place = canvas.mapFrom(tour.parentWidget(), there)
    step = place - hands.at(*hands.points[asked])
    canvas.scene.look_at(canvas.scene.viewport.panned(step.x(), step.y()))
    qtbot.waitUntil(lambda: tour.pos() != begun_at)
    assert not hidden()
