"""Point and comma are the same in every field for a number, whatever the machine's language."""

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox

from landmark_annotator.annotator.gui.pages.label.panels.length_sheet import LengthSheet
from landmark_annotator.annotator.gui.pages.review.demand_sheet import DemandSheet
from landmark_annotator.annotator.gui.widgets.decimal_field import DecimalField


class Demand(DemandSheet):
    def look(self) -> None:
        pass


@pytest.fixture(params=["de_DE", "en_US"])
def language(request, qapp):
    """That of the machine."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield
    QLocale.setDefault(before)


def typed(field, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Tab)


@pytest.fixture
def field(language, qtbot) -> DecimalField:
    made = DecimalField()
    made.setSuffix(" s")
    made.setRange(0.0, 1000.0)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("text", ["2.5", "2,5"])
def test_point_and_comma_are_the_same_and_a_point_is_shown(field, text):
    # In a German desktop 2.5 was 25 without a word, in an English one 2,5.
    typed(field, text)
    assert field.value() == 2.5
    assert field.text() == "2.5 s"


@pytest.mark.parametrize(
    "sheet",
    [
        lambda: LengthSheet(None, 100.0, None, 0),
        lambda: Demand(None, "Certify", "the normaliser", lambda *_: None),
    ],
)
def test_sheets_take_them_alike(language, qtbot, sheet):
    made = sheet()
    qtbot.addWidget(made)
    made.show()
    for field in made.findChildren(QDoubleSpinBox):
        typed(field, "62,5")
        assert field.value() == 62.5
        typed(field, "72.5")
        assert field.value() == 72.5
