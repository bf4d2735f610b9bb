"""From one page of the wizard to the next."""

from pathlib import Path

from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard

PATIENCE_MS = 60_000
NAMES = "left end\nright end\nmiddle"


def next_page(wizard: NewProjectWizard) -> None:
    wizard.next.click()


def type_names(wizard: NewProjectWizard) -> None:
    wizard.landmarks.ways["typed"].setChecked(True)
    wizard.landmarks.name.setText("ends")
    wizard.landmarks.names.setPlainText(NAMES)


def to_labels(wizard: NewProjectWizard, *, box: str = "drawn") -> None:
    next_page(wizard)
    type_names(wizard)
    next_page(wizard)
    wizard.boxes.ways[box].setChecked(True)
    next_page(wizard)


def finish(wizard: NewProjectWizard, qtbot) -> Path:
    with qtbot.waitSignal(wizard.made, timeout=PATIENCE_MS) as made:
        wizard.next.click()
    return made.args[0]


def look(wizard: NewProjectWizard, qtbot, source: Path) -> None:
    wizard.labels.source.show_path(source)
    qtbot.waitUntil(lambda: not wizard.labels.panel.looking, timeout=PATIENCE_MS)
