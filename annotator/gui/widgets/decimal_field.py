"""A field for a number with decimals, in which point and comma are the same."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget
from typing_extensions import override


class DecimalField(QDoubleSpinBox):
    """Shows a point, as every figure of the program does, whatever the machine's language.

    Qt's own drops the sign that divides thousands in that language: where that is the point, 2.5
    became 25 without a word, and elsewhere 2,5 did. Here a comma is a point as soon as it is typed,
    and there are no signs between thousands.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())

    @override
    def validate(self, input: str, pos: int) -> tuple[QValidator.State, str, int]:
        text = input.replace(",", ".")
        if text.count(".") > 1:
            return QValidator.State.Invalid, input, pos
        answer = super().validate(text, pos)
        assert isinstance(answer, tuple)  # the stubs name what C++ returns
        return answer

    @override
    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(",", "."))
