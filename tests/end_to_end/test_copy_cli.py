"""`annotator copy`, from the outside."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from landmark_annotator.projects.samples import create_sample_project
from tests.end_to_end.conftest import Annotator


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    with create_sample_project(tmp_path / "heads") as project:
        folder = project.folder
    model = folder / "models" / "heatmap"
    model.mkdir(parents=True)
    (model / "weights").write_bytes(b"learned")
    return folder


def test_a_copy_on_a_server_says_the_same_and_has_the_models(
    annotator: Annotator, heads: Path, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    copied = annotator("copy", heads, tmp_path / "shared", "--store", new_database(), "--json")
    assert copied.code == 0, copied.err
    assert copied.facts["models"] is True
    assert (tmp_path / "shared" / "models" / "heatmap" / "weights").read_bytes() == b"learned"
    assert f"lie in {heads}" in copied.err
    tables = []
    for folder in (heads, tmp_path / "shared"):
        table = folder.with_suffix(".csv")
        assert annotator("export", folder, table, "--format", "csv").code == 0
        tables.append(table.read_text())
    assert tables[0] == tables[1]


def test_what_cannot_be_copied_into_is_said(
    annotator: Annotator, heads: Path, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    copied = annotator("copy", heads, tmp_path / "full")
    assert copied.code == 3
    assert "is there already" in copied.err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]


def test_a_copy_of_an_older_project_says_which_of_the_two_has_which_schema(
    annotator: Annotator, tmp_path: Path
) -> None:
    kept = Path(__file__).parents[1] / "unit/projects/store/schema/kept"
    old = tmp_path / "old"
    shutil.copytree(kept / "images", old / "images")
    with closing(sqlite3.connect(old / "project.db")) as database:
        database.executescript((kept / "schema_0012.sql").read_text())

    copied = annotator("copy", old, tmp_path / "copy")

    assert copied.code == 0, copied.err
    assert "is as before, with its older schema; the copy has the newest one" in copied.out
    assert sorted(path.name for path in old.iterdir()) == ["images", "project.db"]
