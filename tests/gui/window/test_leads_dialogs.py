"""What only leads may do asks nothing of anybody else: who may not is told so at once."""

import pytest
from PySide6.QtWidgets import QDialog

from landmark_annotator.projects.store import Role


def opened(window):
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


@pytest.mark.parametrize(
    ("action", "deed"),
    [
        ("import", "import images or labels"),
        ("landmarks", "change the landmarks"),
        ("related", "say which images are related"),
    ],
)
def test_a_leads_dialog_does_not_open_for_an_annotator(make_project, open_window, action, deed):
    project = make_project(untouched=1)
    for name, role in (("bob", Role.LEAD), ("somebody", Role.ANNOTATOR)):
        project.set_person(name, role, who="bob")
    window = open_window(project).window
    window.actions_by_name[action].trigger()
    assert f"cannot {deed}" in window.messages.banner.text.text()
    assert not opened(window)


@pytest.mark.parametrize("action", ["import", "landmarks", "related"])
def test_it_opens_for_a_lead(make_project, open_window, action):
    project = make_project(untouched=1)
    project.set_person("somebody", Role.LEAD, who="somebody")
    window = open_window(project).window
    window.actions_by_name[action].trigger()
    [dialog] = opened(window)
    dialog.reject()
