"""A key that would lead beyond the list of what is to be reviewed says so."""

from PySide6.QtCore import Qt


def test_the_last_and_the_first_one_say_that_they_are(reviewer):
    waiting = reviewer.waiting
    reviewer.page.open(waiting[-1])
    reviewer.key(Qt.Key.Key_PageDown)
    assert reviewer.open_id == waiting[-1]
    assert "the last one in the list" in reviewer.window.messages.banner.text.text()
    reviewer.page.open(waiting[0])
    reviewer.key(Qt.Key.Key_PageUp)
    assert reviewer.open_id == waiting[0]
    assert "the first one in the list" in reviewer.window.messages.banner.text.text()
