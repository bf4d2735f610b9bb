"""What some work would do is shown, and never what nobody waits for any more."""

import threading

from landmark_annotator.annotator.gui.services.preview_panel import PreviewPanel


class Panel(PreviewPanel[str]):
    def lines_of(self, preview: str) -> list[str]:
        return [preview]

    def items_of(self, preview: str) -> list[str]:
        return []


def test_what_is_found_after_it_was_cleared_is_not_shown(qtbot):
    """Of the path before the one that was being typed, which could then be taken."""
    panel, goes_on, found = Panel("Looking", "What", "Which"), threading.Event(), []
    begun = threading.Event()
    qtbot.addWidget(panel)

    def look(progress) -> str:
        begun.set()
        goes_on.wait(20)
        found.append(1)
        return "of before"

    panel.look(look)
    assert begun.wait(20)
    panel.wait("Enter shows what would come in.")
    assert not panel.looking
    goes_on.set()
    qtbot.waitUntil(lambda: bool(found))
    qtbot.wait(200)
    assert panel.preview is None
    assert panel.text.text() == "Enter shows what would come in."
    panel.close_threads()
