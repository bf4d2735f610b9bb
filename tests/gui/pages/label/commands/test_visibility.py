"""Hidden and missing landmarks: marked by key and by menu, and told apart by their signs."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu

from landmark_annotator.annotator.gui.canvas.layers.signs import paint_sign
from landmark_annotator.projects.store import ActionKind, InstanceState
from landmark_annotator.projects.vocabulary import Provenance, Visibility


def test_o_says_that_the_asked_landmark_is_hidden_and_asks_for_another(hands):
    asked = hands.window.controller.asked
    hands.key(Qt.Key.Key_O)
    (entry,) = hands.entries
    assert (entry.kind, entry.landmark) == (ActionKind.VISIBILITY, asked)
    assert hands.window.controller.view.shape.visibility[asked] == Visibility.OCCLUDED
    assert np.isfinite(hands.points[asked]).all()
    assert hands.window.controller.asked != asked


def test_x_says_that_it_is_not_in_the_image_and_the_shape_can_be_accepted(hands):
    first, asked = hands.open_id, hands.window.controller.asked
    hands.key(Qt.Key.Key_X)
    assert np.isnan(hands.points[asked]).all()
    hands.key(Qt.Key.Key_Return)
    assert hands.state(first) is InstanceState.ACCEPTED
    assert np.isnan(hands.window.project.shape(first).points[asked]).all()


def test_what_is_missing_can_still_be_taken_where_it_would_be(hands):
    asked, place = hands.window.controller.asked, hands.points.copy()
    hands.key(Qt.Key.Key_X)
    hands.click(*place[asked])
    assert hands.window.controller.asked == asked
    hands.key(Qt.Key.Key_V)
    assert hands.points == pytest.approx(place)


def test_v_makes_a_hidden_landmark_visible_again(hands):
    asked = hands.window.controller.asked
    hands.key(Qt.Key.Key_O)
    hands.window.controller.choose(asked)
    hands.key(Qt.Key.Key_V)
    assert hands.window.controller.view.shape.visibility[asked] == Visibility.VISIBLE
    assert hands.state(hands.open_id) is InstanceState.UNTOUCHED


def test_saying_what_is_said_already_stores_nothing(hands):
    hands.key(Qt.Key.Key_V)
    assert hands.entries == []
    assert "visible already" in hands.window.messages.banner.text.text()


def test_why_a_key_did_nothing_is_over_once_something_is_stored_or_taken_back(hands):
    banner, undo = hands.window.messages.banner, hands.window.actions_by_name["undo"]
    hands.key(Qt.Key.Key_O)
    hands.key(Qt.Key.Key_O)
    hands.window.controller.choose(0)
    hands.key(Qt.Key.Key_V)
    assert "visible already" in banner.text.text()
    assert banner.isVisible()
    undo.trigger()
    assert not banner.isVisible()
    hands.window.controller.choose(0)
    hands.key(Qt.Key.Key_V)
    assert banner.isVisible()
    hands.key(Qt.Key.Key_X)
    assert hands.window.controller.view.absent == {0}
    assert not banner.isVisible()


def test_what_was_said_since_then_stays_where_something_is_stored(hands):
    banner = hands.window.messages.banner
    hands.key(Qt.Key.Key_V)
    hands.window.messages.note("An import has brought 3 images.")
    hands.key(Qt.Key.Key_X)
    assert hands.window.controller.view.absent
    assert banner.isVisible()
    assert "3 images" in banner.text.text()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (Qt.Key.Key_Delete, "taken back"),
        (Qt.Key.Key_X, "marked as not in the image"),
        (Qt.Key.Key_O, "marked as hidden"),
        (Qt.Key.Key_V, "visible"),
    ],
)
def test_where_no_landmark_is_meant_a_key_says_how_to_mean_one(hands, key, said):
    accepted = hands.order[-1]
    hands.window.controller.open(accepted)
    hands.wait_for()
    hands.canvas.scene.see_cursor(None)
    hands.key(key)
    told = hands.window.messages.banner.text.text()
    assert f"Point at the landmark that is to be {said}." in told
    assert hands.state(accepted) is InstanceState.ACCEPTED


def test_marks_are_undone(hands):
    before = hands.points.copy()
    hands.key(Qt.Key.Key_X)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hands.points == pytest.approx(before)


def _open_menu(hands, place: QPoint, reason=QContextMenuEvent.Reason.Mouse) -> QMenu:
    where = hands.canvas.mapToGlobal(place)
    QApplication.sendEvent(hands.canvas, QContextMenuEvent(reason, place, where))
    (menu,) = [m for m in hands.window.findChildren(QMenu) if m.isVisible()]
    return menu


def test_the_right_button_opens_a_menu_for_the_point_under_it(hands):
    other = (hands.window.controller.asked + 1) % 6
    menu = _open_menu(hands, hands.at(*hands.points[other]))
    assert menu.actions()[0].text() == hands.window.project.scheme.landmarks[other]
    (hidden,) = [a for a in menu.actions() if a.text() == "Hidden by something"]
    hidden.trigger()
    menu.close()
    assert hands.entries[0].landmark == other


def test_the_menu_key_opens_it_for_the_one_that_is_asked_for(hands):
    asked = hands.window.controller.asked
    menu = _open_menu(hands, QPoint(5, 5), QContextMenuEvent.Reason.Keyboard)
    assert menu.actions()[0].text() == hands.window.project.scheme.landmarks[asked]
    menu.close()


def test_the_panel_says_in_words_what_is_hidden_and_missing(hands):
    asked, panel = hands.window.controller.asked, hands.window.landmarks
    hands.key(Qt.Key.Key_X)
    assert panel._rows[asked].text(0).endswith("(not in the image)")
    assert not panel._rows[asked].icon(0).isNull()
    assert panel.progress.text() == "0 landmarks placed by hand, of 6"


def _drawn(
    provenance: Provenance | None, visibility: Visibility, *, suggested: bool = False
) -> bytes:
    """The sign in black and white: its form without its colour."""
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    with QPainter(image) as painter:
        paint_sign(painter, (16.0, 16.0), 8.0, provenance, visibility, suggested=suggested)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    shades = np.frombuffer(grey.constBits(), np.uint8).reshape(32, -1)[:, :32]
    return (shades > 60).tobytes()


def test_every_sign_has_a_form_of_its_own():
    signs = [
        _drawn(provenance, visibility)
        for provenance in (None, Provenance.CLICKED, Provenance.CONFIRMED, Provenance.IMPORTED)
        for visibility in (Visibility.VISIBLE, Visibility.OCCLUDED)
    ]
    signs.append(_drawn(None, Visibility.NOT_LABELLED))
    signs.append(_drawn(None, Visibility.VISIBLE, suggested=True))
    assert len(set(signs)) == len(signs)
