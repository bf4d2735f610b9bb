"""The table of what everybody has spent asks for the room that its figures need."""

from landmark_annotator.annotator.gui.pages.budget.effort_table import EffortTable
from landmark_annotator.annotator.gui.pages.budget.sentences import DaySpent


def test_however_large_the_letters_figures_are_not_cut(qtbot):
    table = EffortTable()
    qtbot.addWidget(table)
    table.setStyleSheet("font-size: 24pt")
    table.show_days([DaySpent("2026-11-25", (("nora", "88", "99 s", "15", "5.9"),))])
    with qtbot.waitExposed(table):
        table.show()
    table.resize(table.minimumSizeHint().width(), 300)
    qtbot.waitUntil(lambda: not table.horizontalScrollBar().isVisible())
