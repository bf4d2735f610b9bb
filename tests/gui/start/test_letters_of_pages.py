"""Each letter that is underlined on a page of the wizard is of one thing there: of two, a key only
goes from one to the other and does neither."""

from tests.gui.letters import letters, of_several
from tests.gui.start.wizard_steps import next_page, type_names


def test_no_letter_is_of_two_things(wizard) -> None:
    for step in range(4):
        if step == 1:
            type_names(wizard)
        assert of_several(wizard) == []
        assert len(letters(wizard)) > 2
        if step < 3:
            next_page(wizard)
    assert wizard.stack.currentWidget() is wizard.labels
