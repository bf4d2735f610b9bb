"""A comment that was refused is not to be written once more."""

from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.projects.store import Verdict
from landmark_annotator.projects.vocabulary.errors import ProjectError


def written(reviewer) -> str:
    # The one before is deleted a little after it was closed.
    page = reviewer.page
    reviewer.hands.qtbot.waitUntil(lambda: len(page.findChildren(CommentSheet)) == 1)
    [sheet] = page.findChildren(CommentSheet)
    return sheet.comment.text()


def test_what_somebody_else_was_faster_than_can_be_sent_after_all(reviewer):
    first = reviewer.open_id
    reviewer.key(Qt.Key.Key_Backspace)
    reviewer.project.review(first, Verdict.ACCEPTED, who="ben")
    reviewer.comment("the tail is off")
    assert reviewer.project.reviews()[first].who == "ben"
    reviewer.key(Qt.Key.Key_Backspace)
    assert written(reviewer) == "the tail is off"
    reviewer.comment("")
    assert reviewer.project.reviews()[first].comment == "the tail is off"
    # It is of that shape, and was sent.
    reviewer.key(Qt.Key.Key_Backspace)
    assert written(reviewer) == ""


def test_a_flag_that_was_not_stored_keeps_its_comment(reviewer, monkeypatch):
    def away(*_):
        raise ProjectError("The server does not answer.")

    with monkeypatch.context() as without:
        without.setattr(reviewer.page.session, "flag", away)
        reviewer.key(Qt.Key.Key_R)
        reviewer.comment("is this a kite?")
    reviewer.key(Qt.Key.Key_R)
    assert written(reviewer) == "is this a kite?"
