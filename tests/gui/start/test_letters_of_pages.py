"""Each letter that is underlined on a page of the wizard is of one thing there: of two, a key only
goes from one to the other and does neither."""

from collections import Counter

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel

from tests.gui.start.wizard_steps import next_page, type_names


def letters(wizard) -> Counter[str]:
    shown = [each for each in wizard.findChildren(QAbstractButton) if each.isVisible()]
    shown += [each for each in wizard.findChildren(QLabel) if each.isVisible() and each.buddy()]
    found = (QKeySequence.mnemonic(each.text()).toString() for each in shown)
    return Counter(letter for letter in found if letter)


def test_no_letter_is_of_two_things(wizard) -> None:
    pages = []
    for step in range(4):
        if step == 1:
            type_names(wizard)
        pages.append(letters(wizard))
        assert pages[-1].most_common(1)[0][1] == 1, pages[-1]
        if step < 3:
            next_page(wizard)
    assert wizard.stack.currentWidget() is wizard.labels
    assert all(len(page) > 2 for page in pages)
