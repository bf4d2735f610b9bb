"""A person writes about a photograph that stays to be seen."""

from PySide6.QtWidgets import QMainWindow

from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet


def test_it_opens_low_in_the_window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setGeometry(30, 20, 700, 560)
    with qtbot.waitExposed(window):
        window.show()
    sheet = CommentSheet(window, "Send back", "What is to be corrected?", lambda text: None)
    with qtbot.waitExposed(sheet):
        sheet.open()
    there, around = sheet.frameGeometry(), window.frameGeometry()
    assert around.contains(there)
    assert there.top() > around.top() + 0.7 * around.height()
    assert abs(there.center().x() - around.center().x()) <= 1
