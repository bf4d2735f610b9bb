"""Two parts of a page, one below the other."""

from PySide6.QtWidgets import QVBoxLayout, QWidget


def one_below_other(upper: QWidget, lower: QWidget) -> QWidget:
    """The upper one gets what the lower one leaves."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(upper, 1)
    column.addWidget(lower)
    return both
