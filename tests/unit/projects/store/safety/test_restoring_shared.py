"""A shared project made again from a backup, in a database of its own."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import kites
import pytest

from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.store.engine.server_databases import refuse_used
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.store.safety.restoring import newest_sound
from landmark_annotator.projects.store.safety.restoring_shared import restore, restore_in_place
from landmark_annotator.projects.vocabulary.errors import ProjectError
from tests.postgres_server import Server

HERE, THERE = (1.0, 2.0), (3.0, 4.0)
DATABASE = "again"


@pytest.fixture(scope="module")
def folder(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a project with people, with one click in its backup and another one since."""
    postgres.run(f"CREATE DATABASE {DATABASE}")
    folder = tmp_path_factory.mktemp("again") / "kites"
    write_address(folder, postgres.address(DATABASE))
    with Project.create(folder, kites.SCHEME) as project:
        project.set_person("lea", Role.LEAD, who="lea")
        project.set_person("ian", Role.ANNOTATOR, who="lea")
        image = project.add_image(folder / "kite.png", kites.Facts("kite"))
        kite = project.add_instance(image.id, kites.BOX, who="lea")
        project.place(kite.id, kites.TOP, HERE, who="lea")
        project.give_back([image.id], who="lea")
        project.back_up_now("asked")
        project.place(kite.id, kites.TOP, THERE, who="lea")
    return folder


@pytest.fixture(autouse=True)
def _no_more_databases(postgres: Server) -> Iterator[None]:
    there = databases(postgres)
    yield
    for name in set(databases(postgres)) - set(there):
        postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def databases(postgres: Server) -> list[str]:
    return postgres.run("SELECT datname FROM pg_database ORDER BY datname")


def clicks(folder: Path) -> list[object]:
    with Project.open(folder, read_only=True) as project:
        return [entry.to for entry in project.journal()]


def test_a_new_folder_has_it_as_it_was_in_a_new_database_where_people_can_go_on(
    postgres: Server, folder: Path, tmp_path: Path
) -> None:
    made = restore(newest_sound(folder), folder, tmp_path / "new")
    assert made.without_rights is None
    assert clicks(tmp_path / "new") == [HERE]
    assert check(tmp_path / "new") == []
    assert clicks(folder) == [HERE, THERE]
    database = urlsplit(made.place).path.strip("/")
    write_address(tmp_path / "ians", postgres.address(database, "ian"))
    with Project.open(tmp_path / "ians") as project:
        assert [image.path for image in project.images()] == [folder / "kite.png"]
        project.place(1, kites.TAIL, THERE, who="ian")


def test_in_place_what_was_there_is_kept_under_another_name(
    postgres: Server, folder: Path, tmp_path: Path
) -> None:
    with (
        Project.open(folder),
        pytest.raises(ProjectError, match="open: owner"),
    ):
        restore_in_place(newest_sound(folder), folder)
    assert clicks(folder) == [HERE, THERE]
    aside = restore_in_place(newest_sound(folder), folder).place
    assert clicks(folder) == [HERE]
    write_address(tmp_path / "before", postgres.address(aside))
    assert clicks(tmp_path / "before") == [HERE, THERE]
    postgres.run(f"DROP DATABASE {DATABASE}")
    postgres.run(f"ALTER DATABASE {aside} RENAME TO {DATABASE}")


def test_who_has_it_open_is_told_to_a_login_that_is_no_superuser(
    postgres: Server, folder: Path, tmp_path: Path
) -> None:
    """Of other logins' connections it reads little of what the server knows of them."""
    write_address(tmp_path / "ians", postgres.address(DATABASE, "ian"))
    with (
        Project.open(tmp_path / "ians"),
        pytest.raises(ProjectError, match=rf"/{DATABASE}\S* open: ian"),
    ):
        refuse_used(postgres.address(DATABASE, "lea"))


def test_who_came_after_the_backup_has_no_rights_in_what_was_restored_in_place(
    postgres: Server, folder: Path
) -> None:
    with Project.open(folder) as project:
        project.set_person("noa", Role.LEAD, who="lea")
    restored = restore_in_place(newest_sound(folder), folder)
    aside = restored.place
    assert [*restored.no_longer] == ["noa"]
    with Project.open(folder) as project:
        assert [person.name for person in project.people()] == ["ian", "lea"]
    rights = "SELECT pg_has_role('{}', '{}_annotator', 'MEMBER')"
    has = {name: postgres.run(rights.format(name, DATABASE)) for name in ("noa", "ian", "lea")}
    assert has == {"noa": ["f"], "ian": ["t"], "lea": ["t"]}
    postgres.run(f"DROP DATABASE {DATABASE}")
    postgres.run(f"ALTER DATABASE {aside} RENAME TO {DATABASE}")


def test_a_damaged_backup_is_refused_and_leaves_nothing(
    postgres: Server, folder: Path, tmp_path: Path
) -> None:
    whole, there = newest_sound(folder).read_bytes(), databases(postgres)
    damaged = tmp_path / "damaged.dump"
    damaged.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ProjectError, match="is damaged"):
        restore(damaged, folder, tmp_path / "new")
    assert databases(postgres) == there
    assert not (tmp_path / "new").exists()


def test_a_database_that_holds_something_is_not_restored_into(
    postgres: Server, folder: Path, tmp_path: Path
) -> None:
    full = postgres.address(DATABASE)
    with pytest.raises(ProjectError, match="is not empty"):
        restore(newest_sound(folder), folder, tmp_path / "new", full)
    assert clicks(folder) == [HERE, THERE]


def test_why_a_login_cannot_back_up_is_said_in_the_servers_own_word(
    postgres: Server, folder: Path, tmp_path: Path
) -> None:
    write_address(tmp_path / "ians", postgres.address(DATABASE, "ian"))
    with (
        Project.open(tmp_path / "ians") as project,
        pytest.raises(ProjectError, match=r"permission denied|row-level security"),
    ):
        project.back_up_now("asked")
