"""A project with its whole history on a server, and from there in a folder again."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import Assignment, Check, GroupRule, GroupsBy, Project, Role
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.store.safety.copying import copy_project
from landmark_annotator.projects.vocabulary import SILENT, Mask, Region, RegionMask, SchemeChange
from landmark_annotator.projects.vocabulary.errors import Cancelled, ProjectError
from tests.postgres_server import Server

KEPT = Path(__file__).parents[1] / "schema" / "kept"
HERE, THERE = (1.0, 2.0), (3.0, 4.0)


def _kept(folder: Path, schema: str) -> Path:
    shutil.copytree(KEPT / "images", folder / "images")
    with closing(sqlite3.connect(folder / "project.db")) as database:
        database.executescript((KEPT / schema).read_text())
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a project with something of nearly everything, which an earlier version had made."""
    folder = _kept(tmp_path / "kites", "schema_0014.sql")
    with Project.open(folder) as project:
        _add_the_rest(project)
    return folder


def _add_the_rest(project: Project) -> None:
    """What no kept project has."""
    after = replace(project.scheme, regions=(Region("cloth"),))
    project.change_scheme(SchemeChange.to(project.scheme, after), who="ada")
    one, *_, other = [each.id for each in project.instances()]
    mask = Mask.of(np.ones((10, 20), dtype=bool), 10, 20)
    project.set_masks(one, {"cloth": RegionMask(mask)}, title="stroke", who="ada")
    project.store_mask_proposal(other, {"cloth": mask}, model="model")
    project.set_pixel_size(0.4, who="ada")
    project.set_pixel_size(0.5, images=[project.images()[0].id], who="ada")
    project.set_group_rule(GroupRule(GroupsBy.PATTERN, "kite"), who="ada")
    project.set_assignment(Assignment(60.0, 0.5, 3), who="ada")
    certificate = project.start_certificate(
        [(one, "a")], scope="all", seed=1, visible=2.0, share=0.1, confidence=0.9, who="ada"
    )
    drawn = Check(1, one, "a", kites.POINTS, "ada", datetime.now(UTC))
    project.keep_check(certificate, drawn)


def tables(folder: Path) -> dict[str, list[Any]]:
    """All rows of the database's file, but for who has what in hands and where files lie."""
    names = [row[0] for row in kites.rows(folder, "SELECT name FROM sqlite_master "
                                          "WHERE type = 'table' ORDER BY name")]  # fmt: skip
    found = {name: kites.rows(folder, f"SELECT * FROM {name}") for name in names}  # noqa: S608
    del found["leases"]
    for name in ("images", "videos"):
        columns = [row[1] for row in kites.rows(folder, f"PRAGMA table_info({name})")]
        at = columns.index("path")
        found[name] = [
            (*row[:at], Path(row[at]).name, *row[at + 1 :]) for row in found[name]
        ]  # fmt: skip
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def clicks(folder: Path) -> list[object]:
    with Project.open(folder, read_only=True) as project:
        return [entry.to for entry in project.journal()]


def test_on_a_server_and_back_every_row_is_the_same(
    folder: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    shared, back = tmp_path / "shared", tmp_path / "back"
    copied = copy_project(folder, shared, new_database())
    returned = copy_project(shared, back)
    before = tables(folder)
    assert sum(bool(rows) for rows in before.values()) >= 18, "else there is little to lose"
    assert tables(back) == before
    assert copied.rows == returned.rows == sum(map(len, before.values())) - 1  # the schema's own
    assert check(shared) == check(back) == []


def test_images_of_the_first_folder_are_found_from_the_copy(folder: Path, tmp_path: Path) -> None:
    copied = copy_project(folder, tmp_path / "copy")
    with Project.open(tmp_path / "copy") as project:
        paths = [image.path for image in project.images(excluded=True)]
        assert copied.inside == len(paths) + len(project.videos())
    assert all(path.is_file() and folder in path.parents for path in paths)


def test_work_goes_on_in_the_copy_and_not_in_the_first(
    folder: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    before = tables(folder)
    copy_project(folder, tmp_path / "shared", new_database())
    with Project.open(tmp_path / "shared") as project:
        known = {each.id for each in project.instances(excluded=True)}
        image = project.add_image(folder / "new.png", kites.Facts("new"))
        kite = project.add_instance(image.id, kites.BOX, who="ada")
        project.place(kite.id, kites.TOP, HERE, who="ada")
        assert kite.id not in known
        project.undo("ada")
        project.redo("ada")
        assert project.shape(kite.id).points[kites.TOP].tolist() == list(HERE)
    assert tables(folder) == before


def test_the_people_of_a_project_have_their_roles_on_the_server(
    postgres: Server, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    with Project.create(tmp_path / "own", kites.SCHEME) as project:
        project.set_person("lea", Role.LEAD, who="lea")
        project.set_person("ian", Role.ANNOTATOR, who="lea")
        image = project.add_image(tmp_path / "kite.png", kites.Facts("kite"))
        project.add_instance(image.id, kites.BOX, who="lea")
    address = new_database()
    copied = copy_project(tmp_path / "own", tmp_path / "shared", address)
    assert copied.without_rights is None
    write_address(tmp_path / "ians", postgres.address(urlsplit(address).path.strip("/"), "ian"))
    with Project.open(tmp_path / "ians") as project:
        project.place(1, kites.TAIL, THERE, who="ian")
    assert clicks(tmp_path / "shared") == [THERE]
    with pytest.raises(ProjectError, match="may not read all"):
        copy_project(tmp_path / "ians", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_neither_a_folder_nor_a_database_that_holds_something_is_copied_into(
    folder: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    full = new_database()
    copy_project(folder, tmp_path / "shared", full)
    with pytest.raises(ProjectError, match="is not empty"):
        copy_project(folder, tmp_path / "other", full)
    assert not (tmp_path / "other").exists()
    with pytest.raises(ProjectError, match="is there already"):
        copy_project(folder, tmp_path / "shared")


def test_what_a_copy_that_was_killed_has_left_does_not_refuse_the_next_one(
    folder: Path, tmp_path: Path
) -> None:
    """To a person the folder was new, and in it lay what only the program knows."""
    there = tmp_path / "copy"
    there.mkdir()
    (there / "project.db.partial-journal").write_bytes(b"half")
    with closing(sqlite3.connect(there / "project.db.partial")) as writing:
        writing.execute("CREATE TABLE images (id)")
        writing.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProjectError, match="is there already"):
            copy_project(folder, there)
    copy_project(folder, there)
    assert [one.name for one in there.iterdir()] == ["project.db"]


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """As an earlier version of the program left it."""
    return _kept(tmp_path / "older", "schema_0009.sql")


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("closed", [False, True])
def test_a_project_of_an_older_schema_stays_and_its_copy_has_the_newest(
    older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    before = _content(older)
    if closed:  # as on a disk that cannot be written
        real = sqlite3.connect

        def connect(name: Any, *args: Any, **kwargs: Any) -> sqlite3.Connection:
            if str(older) in str(name) and "immutable" not in str(name):
                raise _cannot_open()
            return real(name, *args, **kwargs)

        monkeypatch.setattr(sqlite3, "connect", connect)

    copied = copy_project(older, tmp_path / "copy")

    monkeypatch.undo()
    assert copied.older == "0009"
    assert _content(older) == before
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["project.db"]
    with Project.open(tmp_path / "copy", read_only=True) as project:
        assert len(project.images()) == 2
    with Project.open(older) as project:
        assert len(project.images()) == 2


def _cannot_open() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    return error


def test_a_damaged_project_of_an_older_schema_is_not_copied(older: Path, tmp_path: Path) -> None:
    content = bytearray((older / "project.db").read_bytes())
    content[-4096:] = b"\xff" * 4096
    (older / "project.db").write_bytes(content)
    with pytest.raises(ProjectError, match="damaged"):
        copy_project(older, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


class _Stopping:
    """Somebody stops it after the first rows."""

    def __init__(self) -> None:
        self.rows = 0

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.rows += steps

    def cancelled(self) -> bool:
        return self.rows > 0


@pytest.mark.parametrize("where", ["folder", "server"])
def test_of_a_copy_that_is_stopped_nothing_is_left(
    folder: Path, tmp_path: Path, new_database: Callable[[], str], where: str
) -> None:
    address = new_database() if where == "server" else None
    with pytest.raises(Cancelled):
        copy_project(folder, tmp_path / "copy", address, _Stopping())
    assert not (tmp_path / "copy").exists()
    copy_project(folder, tmp_path / "copy", address, SILENT)
    assert clicks(tmp_path / "copy") == clicks(folder)
