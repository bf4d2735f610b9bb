"""Projects of kites."""

from collections.abc import Callable, Iterator
from pathlib import Path

import kites
import psycopg
import pytest

from landmark_annotator.projects.store import ImageRecord, InstanceRecord, Project
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.store.schema import METADATA
from tests.postgres_server import Server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kites"


ON_BOTH_STORES = {
    "test_conflicts",
    "test_labels_beside",
    "test_many_at_one_moment",
    "test_mask_labels",
    "test_own_proposals",
    "test_pixel_sizes",
    "test_project_undo",
    "test_repeated_clicks",
    "test_scheme_changes",
    "test_spending",
    "test_stored_values",
    "test_taken_back_imports",
    "test_track_actions",
    "test_work_done",
}
"""Modules whose laws hold for shared projects too."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "project" in metafunc.fixturenames and metafunc.module.__name__ in ON_BOTH_STORES:
        metafunc.parametrize("project", ("sqlite", "postgresql"), indirect=True)


@pytest.fixture(scope="session")
def shared_kites(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of one project for all tests, which empty it: to make one takes a second."""
    postgres.run("CREATE DATABASE kites")
    folder = tmp_path_factory.mktemp("shared") / "kites"
    write_address(folder, postgres.address("kites"))
    Project.create(folder, kites.SCHEME).close()
    return postgres.address("kites")


def emptied(address: str) -> None:
    """As it was when it was made."""
    tables = [table.name for table in METADATA.sorted_tables]
    kept = ("project", "scheme")
    said = ["SET session_replication_role = replica"]
    said += [f"DELETE FROM {name}" for name in tables if name not in kept]  # noqa: S608
    said += ["UPDATE project SET scheme_id = 1", "DELETE FROM scheme WHERE id > 1"]
    said += [
        "SELECT setval(c.oid::regclass, 1, c.relname IN ('project_id_seq', 'scheme_id_seq')) "
        "FROM pg_class c WHERE relkind = 'S'"
    ]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("; ".join(said))


@pytest.fixture
def project(request: pytest.FixtureRequest, folder: Path) -> Iterator[Project]:
    if getattr(request, "param", "sqlite") == "postgresql":
        emptied(request.getfixturevalue("shared_kites"))
        write_address(folder, request.getfixturevalue("shared_kites"))
        with Project.open(folder) as opened:
            yield opened
        return
    with Project.create(folder, kites.SCHEME) as opened:
        yield opened


@pytest.fixture
def add_image(project: Project) -> Callable[[str], ImageRecord]:
    def add(name: str) -> ImageRecord:
        return project.add_image(project.folder / name, kites.Facts(f"hash of {name}"))

    return add


@pytest.fixture
def kite(project: Project, add_image: Callable[[str], ImageRecord]) -> InstanceRecord:
    """An instance of which nothing is stored yet."""
    return project.add_instance(add_image("kite.png").id, kites.BOX, who="ada")
