"""Of each dialog no letter is underlined twice."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QTabWidget

from landmark_annotator.annotator.gui.exports.dialog import ExportDialog
from landmark_annotator.annotator.gui.imports.dialog import ImportDialog
from landmark_annotator.annotator.gui.imports.taken_back_dialog import TakenBackDialog
from landmark_annotator.annotator.gui.pages.budget.fill_dialog import FillDialog
from landmark_annotator.annotator.gui.pages.label.panels.tone_sheet import ToneSheet
from landmark_annotator.annotator.gui.schemes.dialog import ChangeSchemeDialog, NewSchemeDialog
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.start.join_dialog import JoinDialog
from landmark_annotator.annotator.gui.start.start_window import StartWindow
from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard
from landmark_annotator.annotator.gui.window.preferences_dialog import PreferencesDialog
from landmark_annotator.projects.store.journal.brought_files import BroughtFile
from landmark_annotator.projects.vocabulary import Scheme
from tests.gui.letters import of_several

FACE = Scheme.named("face68")
PEOPLE = ("ada", "bob")
ROLE_OF_CANCEL = QDialogButtonBox.ButtonRole.RejectRole
BROUGHT = BroughtFile(1, "faces.csv", "ada", datetime(2026, 1, 1, tzinfo=UTC), 3)
DIALOGS = {
    "export": lambda folder: ExportDialog(folder, "faces", FACE, videos=True, people=PEOPLE),
    "import": lambda folder: ImportDialog(folder, FACE),
    "taking back": lambda folder: TakenBackDialog([BROUGHT]),
    "joining": lambda folder: JoinDialog(),
    "start": lambda folder: StartWindow(Preferences()),
    "preferences": lambda folder: PreferencesDialog(Preferences()),
    "scheme": lambda folder: ChangeSchemeDialog(folder, FACE, "ada", None),
    "new scheme": lambda folder: NewSchemeDialog(),
    "filling": lambda folder: FillDialog(folder),
    "tone": lambda folder: ToneSheet(),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_no_letter_is_of_two_things(qtbot, make_project, name):
    dialog = DIALOGS[name](make_project().folder)
    qtbot.addWidget(dialog)
    dialog.show()
    found = [of_several(dialog)]
    for tabs in dialog.findChildren(QTabWidget):
        for place in range(tabs.count()):
            tabs.setCurrentIndex(place)
            found.append(of_several(dialog))
    close_threads(dialog)
    assert not any(found), found


@pytest.mark.parametrize("name", DIALOGS)
def test_tab_comes_to_what_a_dialog_does_before_it_comes_to_cancel(qtbot, make_project, name):
    dialog = DIALOGS[name](make_project().folder)
    qtbot.addWidget(dialog)
    chain = [dialog]
    while (follows := chain[-1].nextInFocusChain()) is not dialog:
        chain.append(follows)
    for box in dialog.findChildren(QDialogButtonBox):
        done, cancelled = (
            [chain.index(button) for button in box.buttons() if box.buttonRole(button) is role]
            for role in (QDialogButtonBox.ButtonRole.AcceptRole, ROLE_OF_CANCEL)
        )
        assert not done or not cancelled or max(done) < min(cancelled)
    close_threads(dialog)


@pytest.mark.parametrize("name", [*DIALOGS, "wizard"])
def test_each_letter_goes_somewhere(qtbot, make_project, name, tmp_path):
    """Qt goes to no field of several parts that says of itself that it takes no keys."""
    made = DIALOGS | {"wizard": lambda folder: NewProjectWizard("ada", tmp_path)}
    dialog = made[name](make_project().folder)
    qtbot.addWidget(dialog)
    named = [each for each in dialog.findChildren(QLabel) if each.buddy() is not None]
    keyed = [each for each in named if not QKeySequence.mnemonic(each.text()).isEmpty()]
    deaf = [k.text() for k in keyed if k.buddy().focusPolicy() is Qt.FocusPolicy.NoFocus]
    close_threads(dialog)
    assert deaf == []


def close_threads(dialog) -> None:
    if isinstance(dialog, StartWindow):
        dialog.recent.close_threads()
    else:
        dialog.reject()
