"""Joining and copying a shared project that an earlier version of the program has made."""

from collections.abc import Callable
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.setup.joined_project import join_project
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import database_name, write_address
from landmark_annotator.projects.store.safety.copying import copy_project
from landmark_annotator.projects.vocabulary.errors import OlderProject
from tests.postgres_server import Server


@pytest.fixture
def address(
    postgres: Server, new_database: Callable[[], str], tmp_path: Path, project: Project
) -> str:
    """Of a project with the schema before the newest."""
    address = new_database()
    project.close()
    copy_project(project.folder, tmp_path / "first", address)
    with Project.open(tmp_path / "first") as project:
        connection = project._database.connection
        for statement in (
            "ALTER TABLE scheme DROP COLUMN region_numbers",
            "DROP TABLE masks",
            "DROP TABLE mask_proposals",
            "UPDATE alembic_version SET version_num = '0014'",
        ):
            connection.exec_driver_sql(statement)
        connection.commit()
    return address


def test_whoever_made_it_brings_it_up_to_date(address: str, tmp_path: Path) -> None:
    joined = join_project(address, tmp_path / "joined")

    assert joined.migration is not None
    assert joined.migration.copy is not None or joined.migration.why_none
    assert joined.images > 0
    assert not join_project(address, tmp_path / "again").migration


def test_whoever_cannot_is_told_who_can_and_nothing_is_left(
    address: str, postgres: Server, tmp_path: Path
) -> None:
    name = database_name(address)
    postgres.run("DROP ROLE IF EXISTS onlooker")
    postgres.run("CREATE ROLE onlooker LOGIN")
    postgres.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker", name)

    with pytest.raises(OlderProject) as caught:
        join_project(postgres.address(name, "onlooker"), tmp_path / "joined")

    assert "older schema" in str(caught.value)
    assert "Ask whoever made the project" in caught.value.remedy
    assert not (tmp_path / "joined").exists()


def test_a_copy_says_that_the_project_on_the_server_was_brought_up_to_date(
    address: str, tmp_path: Path
) -> None:
    write_address(tmp_path / "mine", address)

    copied = copy_project(tmp_path / "mine", tmp_path / "copy")

    assert copied.migration is not None
    with Project.open(tmp_path / "copy", read_only=True) as project:
        assert project.images()
