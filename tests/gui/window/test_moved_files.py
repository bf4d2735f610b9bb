"""Images that were moved are found again from the window, and shown."""

from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.panels.image_list import NAME
from landmark_annotator.annotator.gui.window import moved_files
from landmark_annotator.annotator.session.setup.missing_files import Located
from landmark_annotator.projects.store import Project


def move_images(project: Project, folder: Path) -> None:
    folder.mkdir()
    for image in project.images():
        image.path.rename(folder / f"moved {image.path.name}")


def test_what_was_moved_is_shown_again(make_project, open_window, tmp_path) -> None:
    project = make_project()
    move_images(project, tmp_path / "new")
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    hands.window.work.moved_files.look_in(tmp_path / "new")
    hands.wait_for(Phase.READY)
    assert all(image.path.is_file() for image in project.images())
    model = hands.window.label_page.list_model
    small = model.index(0, NAME)
    hands.qtbot.waitUntil(
        lambda: small.data(Qt.ItemDataRole.DecorationRole).toImage().pixelColor(24, 16).alpha() > 0,
        timeout=20_000,
    )


def test_what_this_machine_alone_has_elsewhere_is_shown_in_the_list_too(
    make_project, open_window, tmp_path, monkeypatch
) -> None:
    """As of a project on a server."""
    project = make_project()
    images = project.images()
    places = {image.sha256: tmp_path / "new" / f"moved {image.path.name}" for image in images}

    def locate_here(folder, place, progress):
        with Project.open(folder) as project:
            project.say_places(places)
        return Located(tuple((None, path) for path in places.values()), (), here=True)

    monkeypatch.setattr(moved_files, "_locate", locate_here)
    move_images(project, tmp_path / "new")
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    hands.window.work.moved_files.look_in(tmp_path / "new")
    hands.wait_for(Phase.READY)
    small = hands.window.label_page.list_model.index(0, NAME)
    hands.qtbot.waitUntil(
        lambda: small.data(Qt.ItemDataRole.DecorationRole).toImage().pixelColor(24, 16).alpha() > 0,
        timeout=20_000,
    )


def test_what_is_not_there_either_is_told(make_project, open_window, tmp_path) -> None:
    project = make_project()
    project.images()[0].path.unlink()
    (tmp_path / "empty").mkdir()
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    hands.window.messages.banner.hide()
    hands.window.work.moved_files.look_in(tmp_path / "empty")
    hands.qtbot.waitUntil(
        lambda: "is missing" in hands.window.messages.banner.text.text(), timeout=20_000
    )


def test_a_project_that_was_moved_while_it_was_open_is_told_as_that(
    make_project, open_window, tmp_path
) -> None:
    hands = open_window(make_project())
    hands.wait_for()
    folder = hands.window.project.folder
    folder.rename(tmp_path / "elsewhere")
    hands.window.actions_by_name["propose"].trigger()
    banner = hands.window.messages.banner.text
    hands.qtbot.waitUntil(lambda: "moved or deleted" in banner.text(), timeout=20_000)
    (tmp_path / "elsewhere").rename(folder)


def test_who_imports_meanwhile_is_told_what_is_waited_for(
    make_project, open_window, tmp_path, monkeypatch
) -> None:
    """It said that an import was running, in the words and in the line at the bottom."""
    found = Event()

    def locate(folder, place, progress):
        found.wait(20)
        return Located((), ())

    monkeypatch.setattr(moved_files, "_locate", locate)
    hands = open_window(make_project())
    hands.wait_for()
    work = hands.window.work
    work.moved_files.look_in(tmp_path)
    assert work.lines["import"].text.text() == "Looking for files: beginning"
    work.choose()
    assert "Looking for files is running." in hands.window.messages.banner.text.text()
    found.set()
    hands.qtbot.waitUntil(lambda: not work.importing.running, timeout=20_000)


def test_the_path_of_a_moved_file_that_is_typed_is_as_good_as_its_folder(
    make_project, open_window, tmp_path
) -> None:
    project = make_project()
    move_images(project, tmp_path / "new")
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    hands.window.actions_by_name["locate"].trigger()
    dialog = hands.window.findChild(QDialog)
    said = f"{len(project.images())} images of {tmp_path} are missing."
    hands.qtbot.waitUntil(lambda: dialog.missing.text() == said, timeout=20_000)
    line = dialog.findChild(QLineEdit)
    QTest.keyClicks(line, str(next((tmp_path / "new").iterdir())))
    QTest.keyClick(line, Qt.Key.Key_Return)
    hands.wait_for(Phase.READY)
    assert all(image.path.is_file() for image in project.images())


def test_all_that_is_missing_is_read_in_full(make_project, open_window, monkeypatch) -> None:
    """Of several folders the first and the last line were cut off."""
    folders = [f"/data/{'a long name ' * 7}{number}" for number in range(4)]
    told = "\n".join(f"2 videos of {folder} are missing." for folder in folders)
    monkeypatch.setattr(moved_files, "_missing", lambda folder: told)
    hands = open_window(make_project())
    hands.wait_for()
    hands.window.actions_by_name["locate"].trigger()
    dialog = hands.window.findChild(moved_files.PlaceDialog)
    hands.qtbot.waitUntil(lambda: dialog.missing.text() == told, timeout=20_000)
    for label in dialog.findChildren(QLabel):
        hands.qtbot.waitUntil(lambda it=label: it.height() >= it.heightForWidth(it.width()))
