"""A shared project with an older schema: what is copied before it is brought up to date."""

from collections.abc import Callable
from pathlib import Path

import kites
import pytest

from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import ADDRESS_NAME, write_address
from landmark_annotator.projects.store.engine.dump import is_whole
from landmark_annotator.projects.vocabulary.errors import OlderProject, ProjectError
from tests.postgres_server import Server

COPY = "project.schema_0014.backup.dump"
TO_0014 = """
    DROP TABLE mask_proposals; DROP TABLE masks; ALTER TABLE scheme DROP COLUMN region_numbers;
    UPDATE alembic_version SET version_num = '0014'
"""
"""What the migration after it made, taken back."""


@pytest.fixture
def old(folder: Path, new_database: Callable[[], str], postgres: Server) -> Path:
    """The folder of a project of the schema before masks, on the server."""
    address = new_database()
    write_address(folder, address)
    with Project.create(folder, kites.SCHEME) as project:
        image = project.add_image(folder / "a.png", kites.Facts("a"))
        project.add_instance(image.id, kites.BOX, shape=kites.ACCEPTED, who="ada")
    postgres.run(TO_0014, address.partition("@/")[2].partition("?")[0])
    return folder


def test_a_copy_of_it_as_it_was_lies_beside_the_address(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_to_read(old) as project:
        assert len(list(project.shapes())) == 1

    assert is_whole(old / COPY)
    assert f"a copy of it as it was is beside it, {COPY}" in " ".join(
        capsys.readouterr().err.split()
    )


def _refuse(address: str, target: Path) -> None:
    raise ProjectError("No backup of it could be made: the server is newer than pg_dump.")


def _no_program(program: str) -> None:
    return None


@pytest.mark.parametrize(
    ("where", "lacking", "why"),
    [
        ("landmark_annotator.projects.store.engine.dump.shutil.which", _no_program, "installed"),
        ("landmark_annotator.projects.store.shared_opening.dump", _refuse, "the server is newer"),
    ],
)
def test_where_none_can_be_made_it_is_said_why(
    old: Path,
    where: str,
    lacking: Callable[..., None],
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(where, lacking)
    with open_to_read(old) as project:
        assert len(list(project.shapes())) == 1

    assert sorted(path.name for path in old.iterdir()) == [ADDRESS_NAME]
    said = " ".join(capsys.readouterr().err.split())
    assert "no copy of it as it was could be made" in said
    assert why in said


def test_whoever_may_bring_it_up_to_date_is_not_sent_to_somebody_else(old: Path) -> None:
    with pytest.raises(OlderProject) as caught:
        Project.open(old, read_only=True)

    assert "it was opened so" in caught.value.happened
    assert "whoever made the project" not in caught.value.remedy


def test_what_is_of_the_newest_schema_has_no_older_copy(
    folder: Path, new_database: Callable[[], str]
) -> None:
    write_address(folder, new_database())
    with Project.create(folder, kites.SCHEME) as project:
        assert project.migration is None
