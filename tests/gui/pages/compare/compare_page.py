"""The compare page, opened."""

from PySide6.QtCore import Qt

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(hands, qtbot):
    hands.key(Qt.Key.Key_3, CONTROL)
    page = hands.window.pages.page("compare")
    qtbot.waitUntil(lambda: bool(page.found), timeout=20_000)
    qtbot.waitUntil(lambda: page.canvas.scene.image_size is not None, timeout=20_000)
    return page
