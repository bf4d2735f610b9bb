"""Whoever waits for a server is told so while it waits."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import kites
import pytest

from landmark_annotator.annotator.session.execution.laps import Laps
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.store.engine.server_waits import tell_waits, waited
from landmark_annotator.projects.vocabulary.errors import ServerAway
from tests.postgres_server import Server

HERE = (1.0, 2.0)


@pytest.fixture
def told() -> Iterator[list[float | None]]:
    waits: list[float | None] = []
    tell_waits(waits.append)
    yield waits
    tell_waits(None)


def test_a_wait_is_told_while_it_lasts_and_when_it_is_over(
    tmp_path: Path, new_database: Callable[[], str], told: list[float | None]
) -> None:
    write_address(tmp_path / "kites", new_database())
    with Project.create(tmp_path / "kites", kites.SCHEME) as project:
        image = project.add_image(tmp_path / "kite.png", kites.Facts("kite"))
        kite = project.add_instance(image.id, kites.BOX, who="ada")
        told.clear()
        project._database.connection.exec_driver_sql("SELECT pg_sleep(0.6)")
        *during, after = told
        assert after is None
        assert None not in during
        assert during == sorted(during)  # type: ignore[type-var]
        assert during[-1] >= 0.3  # type: ignore[operator]
        project.place(kite.id, kites.TOP, HERE, who="ada")
        [entry] = [entry for entry in project.journal() if entry.to == HERE]
        assert entry.who == "ada"


def test_a_server_that_never_answers_is_away_and_not_waited_for(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    write_address(tmp_path / "kites", new_database())
    with Project.create(tmp_path / "kites", kites.SCHEME) as project:
        image = project.add_image(tmp_path / "kite.png", kites.Facts("kite"))
        kite = project.add_instance(image.id, kites.BOX, who="ada")
        connection = project._database.connection
        connection.connection.dbapi_connection.most_seconds = 0.3  # type: ignore[union-attr]
        began = time.monotonic()
        with pytest.raises(ServerAway, match="it has said nothing for"):
            connection.exec_driver_sql("SELECT pg_sleep(20)")
        assert time.monotonic() - began < 10
        project.place(kite.id, kites.TOP, HERE, who="ada")  # by a connection of its own
        assert project.shape(kite.id).known[kites.TOP]


def test_what_is_waited_for_a_server_is_no_time_of_a_person(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    write_address(tmp_path / "kites", new_database())
    with Project.create(tmp_path / "kites", kites.SCHEME) as project:
        times = iter((100.0, 103.0))
        laps, before = Laps(lambda: next(times)), waited()
        project._database.connection.exec_driver_sql("SELECT pg_sleep(0.6)")
        took = laps.lap()
    assert waited() - before >= 0.3
    assert took == pytest.approx(3.0 - (waited() - before))


@pytest.fixture
def asked_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = "landmark_annotator.projects.store.engine"
    monkeypatch.setattr(f"{engine}.server_waits.ASK_SECONDS", 0.3)
    monkeypatch.setattr(f"{engine}.postgres._CONNECT_SECONDS", 2)


@pytest.mark.usefixtures("asked_soon")
def test_a_server_that_is_stopped_is_away_before_a_statement_could_end(
    tmp_path: Path, new_database: Callable[[], str], postgres: Server
) -> None:
    write_address(tmp_path / "kites", new_database())
    with Project.create(tmp_path / "kites", kites.SCHEME) as project:
        connection = project._database.connection
        server = int((postgres.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGSTOP)
        try:
            with pytest.raises(ServerAway, match="it has said nothing for"):
                connection.exec_driver_sql("SELECT pg_sleep(10)")
        finally:
            os.kill(server, signal.SIGCONT)


@pytest.mark.usefixtures("asked_soon")
def test_a_server_that_is_at_work_is_waited_for(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    write_address(tmp_path / "kites", new_database())
    with Project.create(tmp_path / "kites", kites.SCHEME) as project:
        connection = project._database.connection
        connection.exec_driver_sql("SELECT pg_sleep(1.5)")
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
