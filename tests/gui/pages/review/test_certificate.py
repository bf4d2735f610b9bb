"""The card of the review page: a batch is drawn, and its shapes are passed until it is enough."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.review.certificate_card import CertificateSheet
from landmark_annotator.annotator.session.review.certification import Certification
from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions
from landmark_annotator.projects.store import Project, Role

CONTROL = Qt.KeyboardModifier.ControlModifier


def asked_for(project, open_window):
    """The window, its review page, and what is asked there once somebody wants a certificate."""
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_2, CONTROL)
    page = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: page.painted)
    QTest.keyClick(page.canvas, Qt.Key.Key_C)
    [sheet] = page.findChildren(CertificateSheet)
    return hands, page, sheet


def test_drawn_shapes_are_passed_until_the_batch_is_certified(make_project, open_window):
    hands, page, sheet = asked_for(make_project(labelled=4, untouched=1), open_window)
    for number, value in zip(sheet.numbers, (7.0, 25.0, 60.0), strict=True):
        number.setValue(value)
    assert "pass each (Enter), or correct it first (Ctrl+Enter)." in sheet.said.text()
    assert "Of 4 accepted shapes 2 are to be checked if none" in sheet.said.text()
    sheet.accept()
    assert page.certificate.text.text().startswith("Not certified yet")
    certification = page.certificate.certification

    def pass_drawn() -> int:
        drawn = certification.drawn()
        hands.qtbot.waitUntil(lambda: page.painted and page.seen.record.id == drawn)
        page.accept()
        return drawn

    first = pass_drawn()
    hands.window.activateWindow()  # keys reach only the active one
    hands.qtbot.waitUntil(hands.window.isActiveWindow)
    QTest.keyClick(page.canvas, Qt.Key.Key_Z, CONTROL)
    hands.qtbot.waitUntil(lambda: certification.drawn() == first)
    assert "0 checked" in page.certificate.text.text()
    for _ in range(2):
        pass_drawn()
    assert page.certificate.text.text().startswith("Certified: at most 1 of 4")
    assert page.certificate.button.text() == "Certify\N{HORIZONTAL ELLIPSIS}"


def test_where_all_are_to_be_checked_it_is_said_so(make_project, open_window):
    """It said that 4 of 4 are, and 4 if one is wrong."""
    *_, sheet = asked_for(make_project(labelled=4, untouched=1), open_window)
    assert sheet.said.text().startswith(
        "4 accepted shapes are to be checked, which is all of them: fewer would not make it "
        "certain."
    )


def test_what_was_not_drawn_does_not_pass_behind_the_last_check(make_project, open_window):
    """Whoever pressed Enter once more passed it without a look."""
    project = make_project(labelled=4, untouched=1)
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_2, CONTROL)
    page = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: page.painted)
    page.certificate.begin(7.0, 25.0, 60.0)
    for _ in range(5):
        hands.qtbot.waitUntil(lambda: page.painted)
        QTest.keyClick(page.canvas, Qt.Key.Key_Return)
    assert len(project.reviews()) == 2
    assert "The batch is certified. Page Down goes on" in hands.window.messages.banner.text.text()
    passed = page.seen.record.id
    QTest.keyClick(page.canvas, Qt.Key.Key_PageDown)
    assert page.seen.record.id != passed
    hands.qtbot.waitUntil(lambda: page.painted)
    QTest.keyClick(page.canvas, Qt.Key.Key_Return)
    assert len(project.reviews()) == 3


def test_a_drawn_shape_that_is_hidden_by_now_is_waited_for(make_project, open_window):
    project = make_project(labelled=1, untouched=1)
    project.set_person("somebody", Role.LEAD, who="somebody")
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_2, CONTROL)
    page = hands.window.pages.page("review")
    page.certificate.begin(7.0, 2.0, 95.0)
    ask_for_second_opinions(project, 1, seed=0, who="somebody")
    QTest.keyClick(page.canvas, Qt.Key.Key_C)
    assert not page.findChildren(CertificateSheet)
    assert "hidden until both are done" in hands.window.messages.banner.text.text()


def test_the_batch_that_somebody_began_meanwhile_is_gone_on_with(make_project, open_window):
    """Whoever had the questions open began another one, and no check of the first counted."""
    hands, page, sheet = asked_for(make_project(labelled=4, untouched=1), open_window)
    with Project.open(hands.window.project.folder) as elsewhere:
        other = Certification(elsewhere, who="lea")
        other.start(visible=7.0, share=0.02, confidence=0.95)
        other.drawn()
        other.judge()
    sheet.accept()
    assert hands.window.project.certificate("accepted").who == "lea"
    assert "1 checked" in page.certificate.text.text()
    assert "lea has begun to check" in hands.window.messages.banner.text.text()
    assert page.certificate.button.text() == "Go on with the drawn shapes"
