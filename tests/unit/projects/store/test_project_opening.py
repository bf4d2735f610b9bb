"""Making and opening projects."""

import subprocess
import sys
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.store.engine.address import ADDRESS_NAME
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ProjectError


def test_a_new_project_has_the_name_of_its_folder(project: Project) -> None:
    assert project.name == "kites"


def test_a_project_keeps_the_name_it_was_given(folder: Path) -> None:
    Project.create(folder, kites.SCHEME, "Kites of 2024").close()
    with Project.open(folder) as project:
        assert project.name == "Kites of 2024"


@pytest.mark.parametrize("scheme", [kites.SCHEME, Scheme.named("face68")], ids=lambda s: s.name)
def test_the_scheme_comes_back_as_it_was(folder: Path, scheme: Scheme) -> None:
    Project.create(folder, scheme).close()
    with Project.open(folder) as project:
        assert project.scheme == scheme


def test_a_folder_becomes_a_project_only_once(project: Project, kite: InstanceRecord) -> None:
    with pytest.raises(ProjectError, match="already is a project"):
        Project.create(project.folder, kites.SCHEME)
    assert project.instances() == [kite]


def test_a_folder_with_other_files_can_become_a_project(folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    Project.create(folder, kites.SCHEME).close()
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_project_cannot_be_made_inside_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProjectError, match="cannot be made"):
        Project.create(tmp_path / "file" / "project", kites.SCHEME)


def test_a_project_can_be_made_after_making_it_was_interrupted(folder: Path) -> None:
    folder.mkdir()
    (folder / "project.db.partial").write_bytes(b"half a database")
    Project.create(folder, kites.SCHEME).close()
    assert sorted(file.name for file in folder.iterdir()) == ["project.db"]


def test_a_folder_without_a_database_is_not_a_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is not a project"):
        Project.open(tmp_path)


def test_looking_for_a_project_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(ProjectError):
        Project.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_project_can_be_moved(folder: Path, tmp_path: Path) -> None:
    with Project.create(folder, kites.SCHEME) as project:
        project.add_image(folder / "images" / "a.png", kites.Facts("a"))
    folder.rename(tmp_path / "moved")
    with Project.open(tmp_path / "moved") as project:
        assert [i.path for i in project.images()] == [tmp_path / "moved" / "images" / "a.png"]


def test_two_processes_may_have_it_open(project: Project, kite: InstanceRecord) -> None:
    with Project.open(project.folder) as other:
        other.place(kite.id, kites.TOP, (1.0, 2.0), who="bob")
    assert project.shape(kite.id).points[kites.TOP].tolist() == [1.0, 2.0]


def test_opening_needs_no_heavy_import(folder: Path) -> None:
    Project.create(folder, kites.SCHEME).close()
    script = (
        "import sys; from pathlib import Path\n"
        "from landmark_annotator.projects.store import Project\n"
        "Project.open(Path(sys.argv[1])).close()\n"
        "heavy = {'torch', 'scipy', 'alembic', 'PIL', 'cv2', 'PySide6', 'gurobipy'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or None)"
    )
    command = [sys.executable, "-c", script, str(folder)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")


def test_commits_reach_the_disk(durable: None, project: Project) -> None:
    run = project._database.connection.exec_driver_sql
    pragmas = {
        name: run(f"PRAGMA {name}").scalar()
        for name in ("synchronous", "journal_mode", "foreign_keys")
    }
    assert pragmas == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}


def test_a_folder_is_known_for_a_project_without_opening_it(folder: Path, tmp_path: Path) -> None:
    Project.create(folder, kites.SCHEME).close()
    assert Project.is_project(folder)
    assert not Project.is_project(tmp_path)
    assert not Project.is_project(folder / "project.db")


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_beside_the_address_of_another_goes_before_nothing(
    project: Project, read_only: bool
) -> None:
    """Neither silently: who works in one of them sees nothing of the other."""
    project.close()
    address = project.folder / ADDRESS_NAME
    address.write_text("postgresql://lab.example.org/faces\n")
    with pytest.raises(ProjectError, match="holds two projects") as error:
        Project.open(project.folder, read_only=read_only)
    assert "Move the one that is not meant" in error.value.remedy
    address.rename(project.folder / "aside.address")
    with Project.open(project.folder) as opened:
        assert not opened.shared


def test_nor_is_a_project_made_beside_one(project: Project) -> None:
    project.close()
    (project.folder / ADDRESS_NAME).write_text("postgresql://lab.example.org/faces\n")
    with pytest.raises(ProjectError, match="holds two projects"):
        Project.create(project.folder, kites.SCHEME)


def test_damage_is_told_when_the_project_is_opened(project: Project, kite: InstanceRecord) -> None:
    for x in range(200):
        project.place(kite.id, kites.TOP, (x, 2), who="ada")
    project.close()
    database = project.folder / "project.db"
    content = bytearray(database.read_bytes())
    content[-8192:-4096] = b"\xff" * 4096
    database.write_bytes(content)
    with pytest.raises(ProjectError, match="damaged") as error:
        Project.open(project.folder)
    assert "annotator restore" in error.value.remedy
