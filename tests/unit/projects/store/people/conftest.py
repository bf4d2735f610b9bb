"""A project on a server that four people share, of whose tests a module names the database."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import InstanceRecord, Project, Role
from landmark_annotator.projects.store.engine.address import write_address
from tests.postgres_server import Server

ROLES = {"ada": Role.LEAD, "rev": Role.REVIEWER, "ann": Role.ANNOTATOR, "bob": Role.ANNOTATOR}
_NUMBERS = count()


@pytest.fixture(scope="module")
def team(
    request: pytest.FixtureRequest, postgres: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """A shared project with a lead, a reviewer and two annotators, opened by who made it."""
    database = request.module.DATABASE
    postgres.run(f"CREATE DATABASE {database}")
    folder = tmp_path_factory.mktemp("rights") / "owner"
    write_address(folder, postgres.address(database))
    with Project.create(folder, kites.SCHEME) as project:
        for name, role in ROLES.items():
            project.set_person(name, role, who="ada")
        yield project


@pytest.fixture
def new_kite(team: Project) -> InstanceRecord:
    image = team.add_image(team.folder / "a.png", kites.Facts(str(next(_NUMBERS))))
    return team.add_instance(image.id, kites.BOX, who="ada")


@pytest.fixture
def opened(
    request: pytest.FixtureRequest, postgres: Server, team: Project, tmp_path: Path
) -> Iterator[Callable[[str], Project]]:
    """The project as each of them has it open, with a login of one's own."""
    there: list[Project] = []

    def open_as(name: str) -> Project:
        write_address(tmp_path / name, postgres.address(request.module.DATABASE, name))
        there.append(Project.open(tmp_path / name))
        return there[-1]

    yield open_as
    for project in there:
        project.close()
