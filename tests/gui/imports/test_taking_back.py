"""A wrong import is taken back from the window."""

from landmark_annotator.annotator.gui.imports.taken_back_dialog import TakenBackDialog
from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.store import InstanceState, Project, Role


def with_an_import(project: Project, tmp_path) -> int:
    """The labels of the same photographs from a file, in a project of their own."""
    export_labels(project, tmp_path / "wrong.csv", format="csv")
    with Project.create(tmp_path / "again", project.scheme) as again:
        import_labels(again, tmp_path / "wrong.csv", who="lea")
        return len(again.instances())


def test_it_is_chosen_from_a_list_and_undone_by_a_key(make_project, open_window, tmp_path) -> None:
    count = with_an_import(make_project(), tmp_path)
    hands = open_window(Project.open(tmp_path / "again"))
    project, window = hands.window.project, hands.window
    window.actions_by_name["take_back"].trigger()
    [dialog] = window.findChildren(TakenBackDialog)
    [row] = [dialog.list.topLevelItem(i) for i in range(dialog.list.topLevelItemCount())]
    assert (row.text(0), row.text(1), row.text(3)) == ("wrong.csv", str(count), "lea")

    dialog.take.click()
    hands.qtbot.waitUntil(
        lambda: "Taken back: what the import brought to" in window.messages.banner.text.text(),
        timeout=20_000,
    )
    assert project.count_of(InstanceState.ACCEPTED) == 0
    assert window.controller.view.instance.state is InstanceState.UNTOUCHED
    hands.qtbot.waitUntil(lambda: not window.work.importing.running, timeout=20_000)
    undo = window.actions_by_name["undo"]
    assert undo.text() == "Undo taking back of the import of wrong.csv"
    undo.trigger()
    assert project.count_of(InstanceState.ACCEPTED) == count
    assert window.controller.view.instance.state is InstanceState.ACCEPTED


def test_where_there_is_none_it_is_said(make_project, open_window) -> None:
    hands = open_window(make_project())
    hands.window.actions_by_name["take_back"].trigger()
    assert hands.window.findChildren(TakenBackDialog) == []
    assert "no import of labels" in hands.window.messages.banner.text.text()


def test_who_leads_nothing_is_told_so(make_project, open_window, tmp_path) -> None:
    with_an_import(make_project(), tmp_path)
    project = Project.open(tmp_path / "again")
    hands = open_window(project)
    for name, role in (("lea", Role.LEAD), (hands.window.context.who, Role.ANNOTATOR)):
        project.set_person(name, role, who="lea")
    hands.window.actions_by_name["take_back"].trigger()
    assert hands.window.findChildren(TakenBackDialog) == []
    assert "cannot take back an import" in hands.window.messages.banner.text.text()
