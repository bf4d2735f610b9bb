"""A project whose database is on a server: how it is made, found and lost, and what is told."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import kites
import psycopg
import pytest
from sqlalchemy import Connection

from landmark_annotator.projects.store import ActionKind, InstanceRecord, Project, opening
from landmark_annotator.projects.store.engine import postgres
from landmark_annotator.projects.store.engine.address import ADDRESS_NAME, folder_of, write_address
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import SchemeChange
from landmark_annotator.projects.vocabulary.errors import (
    Conflict,
    ProjectError,
    ProjectLocked,
    SchemeChanged,
    ServerAway,
)
from tests.postgres_server import Server

pytestmark = pytest.mark.parametrize("project", ["postgresql"], indirect=True)
HERE, THERE = (1.0, 2.0), (3.0, 4.0)


@pytest.fixture
def address(project: Project) -> str:
    return (project.folder / ADDRESS_NAME).read_text().strip()


def test_another_folder_with_the_address_is_the_same_project(
    project: Project, kite: InstanceRecord, address: str, tmp_path: Path
) -> None:
    project.place(kite.id, kites.TOP, HERE, who="ada")
    write_address(tmp_path / "bob", address)
    with Project.open(tmp_path / "bob") as other:
        assert other.shape(kite.id).points[kites.TOP].tolist() == [*HERE]
        assert other.image(kite.image_id).path == tmp_path / "bob" / "kite.png"
        assert other.shared


def test_an_address_alone_has_a_folder_of_this_person(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = folder_of(address)
    assert folder == folder_of(address)
    assert folder.is_relative_to(tmp_path)
    with Project.open(folder) as opened:
        assert opened.scheme == kites.SCHEME


def test_a_second_project_at_the_address_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="There already is a project at") as error:
        Project.create(project.folder, kites.SCHEME)
    assert "annotator join" in error.value.remedy


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:s3cret@host/faces",
        "postgresql://host/faces?password=s3cret",
        "postgresql://host/faces?user=ada&password=s3cret&connect_timeout=1",
    ],
)
def test_a_password_is_neither_stored_nor_told(project: Project, address: str) -> None:
    folder = project.folder.with_name("new")
    with pytest.raises(ProjectError, match="The address holds a password") as error:
        write_address(folder, address)
    assert "s3cret" not in str(error.value)
    assert not folder.exists()


def test_an_empty_database_is_no_project(
    project: Project, new_database: Callable[[], str], tmp_path: Path
) -> None:
    write_address(tmp_path / "empty", new_database())
    with pytest.raises(ProjectError, match="There is no project at"):
        Project.open(tmp_path / "empty")


def test_a_missing_database_is_told_with_what_makes_it(
    project: Project, postgres: Server, tmp_path: Path
) -> None:
    write_address(tmp_path / "none", postgres.address("nothing"))
    with pytest.raises(ProjectError, match='database "nothing" does not exist') as error:
        Project.open(tmp_path / "none")
    assert "createdb" in error.value.remedy


def test_a_server_that_is_away_is_told(project: Project, tmp_path: Path) -> None:
    with pytest.raises(ServerAway, match="does not answer"):
        Project.open(_away(tmp_path))


def cut(project: Project, server: Server) -> None:
    """As a server does that is restarted: all connections end."""
    server.run(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = 'kites' AND application_name = 'landmark-annotator'"
    )


def test_a_click_after_the_server_came_back_is_stored(
    project: Project, kite: InstanceRecord, postgres: Server
) -> None:
    cut(project, postgres)
    project.place(kite.id, kites.TOP, HERE, who="ada")
    assert project.shape(kite.id).points[kites.TOP].tolist() == [*HERE]


def test_a_change_that_the_server_left_in_the_middle_is_not_stored_and_the_next_one_is(
    project: Project, kite: InstanceRecord, postgres: Server
) -> None:
    with pytest.raises(ServerAway) as error, project.transaction():  # noqa: PT012
        project.place(kite.id, kites.TOP, HERE, who="ada")
        cut(project, postgres)
        project.place(kite.id, kites.TAIL, HERE, who="ada")
    assert "This was not stored" in error.value.kept
    project.place(kite.id, kites.LEFT, THERE, who="ada")
    assert [e.landmark for e in project.journal(kite.id)] == [kites.LEFT]


def test_whoever_sleeps_over_a_change_is_waited_for_so_long_and_no_longer(
    project: Project, kite: InstanceRecord, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 0.2)
    with psycopg.connect(address) as sleeper, Project.open(project.folder) as other:
        sleeper.execute("SELECT 1 FROM instances FOR UPDATE")
        with pytest.raises(ProjectLocked, match="Somebody else is writing"):
            other.place(kite.id, kites.TOP, HERE, who="bob")
        sleeper.rollback()
        other.place(kite.id, kites.TOP, HERE, who="bob")


def test_a_program_that_sleeps_within_a_change_is_thrown_out_of_it(
    project: Project, kite: InstanceRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "ASLEEP_SECONDS", 0.1)
    with Project.open(project.folder) as sleeper:
        with pytest.raises(ServerAway), sleeper.transaction():  # noqa: PT012
            sleeper.place(kite.id, kites.TOP, HERE, who="ada")
            while any(entry.who == "ada" for entry in sleeper.journal(kite.id)):
                time.sleep(0.3)
        project.place(kite.id, kites.TOP, THERE, who="bob")
    assert [entry.who for entry in project.journal(kite.id)] == ["bob"]


def test_clicks_go_on_while_somebody_imports(project: Project, kite: InstanceRecord) -> None:
    with Project.open(project.folder) as other, other.transaction():
        other.add_image(other.folder / "b.png", kites.Facts("b"))
        project.place(kite.id, kites.TOP, HERE, who="ada")
        project.accept(kite.id, kites.ACCEPTED, who="ada")
        assert project.undo("ada") is not None
    assert len(project.images()) == 2


def test_the_scheme_is_not_changed_while_somebody_writes(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of a row would be another landmark's."""
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 0.2)
    change = SchemeChange.none(kites.SCHEME).remove(kites.RIGHT)
    with Project.open(project.folder) as other:
        with project.transaction(), pytest.raises(ProjectLocked):
            other.change_scheme(change, who="lead")
        other.change_scheme(change, who="lead")
    with pytest.raises(SchemeChanged):
        project.add_image(project.folder / "b.png", kites.Facts("b"))


def test_while_the_server_is_away_every_action_says_so_and_then_it_goes_on(
    project: Project,
    kite: InstanceRecord,
    postgres: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for pause in ("_AGAIN_SECONDS", "_AGAIN_TIMES"):
        monkeypatch.setattr(f"landmark_annotator.projects.store.engine.postgres.{pause}", 0)
    database = project._database
    with monkeypatch.context() as away:
        away.setattr(database, "address", f"postgresql://ada@/kites?host={tmp_path}")
        cut(project, postgres)
        for _ in range(2):
            with pytest.raises(ServerAway, match="does not answer"):
                project.place(kite.id, kites.TOP, HERE, who="ada")
            with pytest.raises(ServerAway, match="does not answer"):
                project.shape(kite.id)
    project.place(kite.id, kites.TOP, HERE, who="ada")
    assert project.shape(kite.id).points[kites.TOP].tolist() == [*HERE]


def test_what_was_only_read_is_not_said_not_to_be_stored(
    project: Project, kite: InstanceRecord, postgres: Server, tmp_path: Path
) -> None:
    """Nor does a click within the second in which the server is not asked again say what reading
    says."""
    database = project._database
    database.address = f"postgresql://ada@/kites?host={tmp_path}"
    cut(project, postgres)
    with pytest.raises(ServerAway) as reading:
        project.shape(kite.id)
    assert reading.value.kept == "Everything stored before is kept."
    with pytest.raises(ServerAway) as clicking:
        project.place(kite.id, kites.TOP, HERE, who="ada")
    assert clicking.value.kept.startswith("This was not stored.")
    with pytest.raises(ServerAway) as opening:
        Project.open(_away(tmp_path))
    assert opening.value.kept == reading.value.kept


def _away(tmp_path: Path) -> Path:
    write_address(tmp_path / "away", f"postgresql://ada@/kites?host={tmp_path}")
    return tmp_path / "away"


def test_of_many_who_click_at_the_same_time_no_click_is_lost(
    project: Project, kite: InstanceRecord
) -> None:
    """Each is acknowledged or refused, and what is stored is what the journal says."""

    def clicks(name: str) -> list[int]:
        with Project.open(project.folder) as own:
            stored = []
            for number in range(10):
                seen = own.revision(kite.id)
                with suppress(Conflict):
                    place = (float(number), 2.0)
                    stored.append(own.place(kite.id, number % 5, place, who=name, seen=seen).id)
            return stored

    with ThreadPoolExecutor(4) as pool:
        acknowledged = [i for ids in pool.map(clicks, ("a", "b", "c", "d")) for i in ids]
    journal = {e.id: e for e in project.journal(kite.id)}
    assert {journal[i].kind for i in acknowledged} == {ActionKind.CLICK}
    refused = [e for e in journal.values() if e.kind is ActionKind.REFUSED]
    assert len(acknowledged) + len(refused) == 40
    assert list(content_findings(project)) == []


def test_a_connection_that_is_lost_while_it_is_opened_is_no_damage(
    project: Project, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = opening.is_sealed_as_stored

    def cut(connection: Connection) -> bool:
        postgres.run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'landmark-annotator'"
        )
        return real(connection)

    monkeypatch.setattr(opening, "is_sealed_as_stored", cut)
    with pytest.raises(ServerAway):
        Project.open(project.folder)
