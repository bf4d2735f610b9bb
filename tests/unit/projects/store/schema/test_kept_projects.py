"""A project of every schema that there was opens today, with all that the code of then said of it.

See `kept/make_kept_project.py` for how they were made.
"""

import csv
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import kites
import pytest

from landmark_annotator.projects.exchange.transfer.export_labels import export_labels
from landmark_annotator.projects.store import Entry, Project, Verdict
from landmark_annotator.projects.store.schema import revisions

KEPT = Path(__file__).parent / "kept"
REVISIONS = [file.stem.removeprefix("schema_") for file in sorted(KEPT.glob("schema_*.sql"))]


@pytest.fixture(params=REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def told(revision: str) -> dict[str, Any]:
    """What the code of then said of the project."""
    content: dict[str, Any] = json.loads((KEPT / f"schema_{revision}.json").read_text())
    return content


def restored(revision: str, folder: Path) -> Path:
    shutil.copytree(KEPT / "images", folder / "images")
    with closing(sqlite3.connect(folder / "project.db")) as database:
        database.executescript((KEPT / f"schema_{revision}.sql").read_text())
        database.execute("PRAGMA journal_mode = WAL")
    return folder


@pytest.fixture
def kept(revision: str, folder: Path) -> Path:
    """The folder of the project as that schema's program left it."""
    return restored(revision, folder)


@pytest.fixture(scope="module")
def migrated_at(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A folder of such a project that was opened since: bringing one to the newest schema takes
    most of the time of what is looked at afterwards."""

    @cache
    def folder(revision: str) -> Path:
        place = restored(revision, tmp_path_factory.mktemp("kept") / "kites")
        Project.open(place).close()
        return place

    return folder


@pytest.fixture
def migrated(revision: str, folder: Path, migrated_at: Callable[[str], Path]) -> Path:
    """A copy of that folder."""
    shutil.copytree(migrated_at(revision), folder)
    return folder


def shapes(project: Project) -> list[dict[str, Any]]:
    def numbers(values: Any) -> list[float | None]:
        return [None if value != value else value for value in values.ravel().tolist()]

    found = [
        {
            "id": record.id,
            "state": record.state.value,
            "points": numbers(shape.points),
            "visibility": shape.visibility.tolist(),
            "provenance": [mark and mark.value for mark in shape.provenance],
            "covariances": numbers(shape.covariances),
        }
        for record, shape in project.shapes(None, excluded=True)
    ]
    return sorted(found, key=lambda one: one["id"])


def without_source(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: one[key] for key in one if key != "source"} for one in told]


def undo_all(project: Project) -> list[str]:
    """As the code that made the project did: the newest action first, whoever did it."""
    titles = []
    while tops := [top for who in ("ada", "bob") if (top := project.undoable(who)) is not None]:
        newest = max(tops, key=lambda top: top.id)
        project.undo(newest.who)
        titles.append(titled(newest))
    return titles


def redo_all(project: Project) -> list[str]:
    titles = []
    while tops := [top for who in ("ada", "bob") if (top := project.redoable(who)) is not None]:
        oldest = min(tops, key=lambda top: top.id)
        project.redo(oldest.who)
        titles.append(titled(oldest))
    return titles


def titled(entry: Entry) -> str:
    return f"{entry.who}: {entry.title}"


def test_every_earlier_schema_has_a_kept_project() -> None:
    assert set(revisions.revisions()[:-1]) <= set(REVISIONS)


def test_it_is_brought_to_the_newest_schema(kept: Path) -> None:
    Project.open(kept).close()
    newest = revisions.revisions()[-1]
    assert kites.rows(kept, "SELECT version_num FROM alembic_version") == [(newest,)]


def test_a_copy_of_the_older_schema_is_left_beside_it(kept: Path, revision: str) -> None:
    Project.open(kept).close()
    backup = kept / f"project.schema_{revision}.backup.db"
    assert backup.is_file() == (revision != revisions.revisions()[-1])
    if backup.is_file():
        with closing(sqlite3.connect(backup)) as copy:
            statements = "\n".join(copy.iterdump()) + "\n"
        assert statements == (KEPT / f"schema_{revision}.sql").read_text()


def test_its_shapes_are_as_they_were(migrated: Path, told: dict[str, Any]) -> None:
    with Project.open(migrated) as project:
        assert shapes(project) == without_source(told["shapes"])


def test_its_journal_is_as_it_was(migrated: Path, told: dict[str, Any]) -> None:
    with Project.open(migrated) as project:
        found = [[e.id, e.who, e.kind.value, e.title] for e in project.journal()]
    assert found == told["journal"]


def test_all_of_it_can_be_undone(migrated: Path, told: dict[str, Any]) -> None:
    with Project.open(migrated) as project:
        assert undo_all(project) == told["undone"]
        assert shapes(project) == without_source(told["shapes_undone"])


def test_what_is_undone_can_be_redone(migrated: Path, told: dict[str, Any]) -> None:
    with Project.open(migrated) as project:
        undo_all(project)
        assert redo_all(project) == told["redone"]
        assert shapes(project) == without_source(told["shapes_redone"])


def test_its_images_are_found(migrated: Path) -> None:
    with Project.open(migrated) as project:
        paths = [image.path for image in project.images(excluded=True)]
    there = [path.name for path in paths if path.is_file()]
    assert there == ["kite0.png", "kite1.png", "kite2.png"]


def test_another_programs_prediction_is_known_as_such(migrated: Path) -> None:
    with Project.open(migrated) as project:
        records = project.instances(excluded=True)
        proposals = {record.id: project.proposal(record.id) for record in records}
    assert {i: p.own for i, p in proposals.items() if p is not None} == {2: True, 5: False}


def test_the_file_of_a_prediction_has_its_own_column(migrated: Path) -> None:
    with Project.open(migrated) as project:
        proposals = [project.proposal(instance_id) for instance_id in (2, 5)]
    assert [p and (p.model, p.imported_from) for p in proposals] == [
        ("exemplar", None),
        (None, "kites.results.json"),
    ]


def test_a_second_opinion_says_what_it_is_on(migrated: Path) -> None:
    with Project.open(migrated) as project:
        records = project.instances(excluded=True)
    assert {r.id: r.second_opinion_on for r in records if r.second_opinion_on} == {5: 1}


def test_what_came_from_label_files_says_so_still(migrated: Path) -> None:
    with Project.open(migrated) as project:
        sources = {r.id: r.source for r in project.instances(excluded=True)}
    assert sources == {1: None, 2: "kites.json#7", 3: None, 4: "kites.pts#0", 5: None, 6: None}


def test_exports_name_the_instances_as_before(
    migrated: Path, told: dict[str, Any], tmp_path: Path
) -> None:
    with Project.open(migrated) as project:
        export_labels(project, tmp_path / "kites.csv", format="csv", include_unaccepted=True)
        counted = {record.id for record in project.instances()}
    with (tmp_path / "kites.csv").open(newline="") as file:
        names = {row["source"] for row in csv.DictReader(file)}
    opinion = {5: "second opinion on 1"}  # the text of schemas that had no column for it
    assert names == {
        one["source"] or opinion.get(one["id"], f"kept#{one['id']}")
        for one in told["shapes"]
        if one["id"] in counted
    }


def test_its_states_are_still_checked(migrated: Path) -> None:
    with (
        closing(sqlite3.connect(migrated / "project.db")) as database,
        pytest.raises(sqlite3.IntegrityError, match="ck_instances_state"),
    ):
        database.execute("UPDATE instances SET state = 'lost'")


def test_a_text_about_no_instance_of_the_image_stays_a_source(folder: Path) -> None:
    restored("0003", folder)
    with closing(sqlite3.connect(folder / "project.db")) as database:
        database.execute("UPDATE instances SET source = 'second opinion on 2' WHERE id = 5")
        database.commit()
    with Project.open(folder) as project:
        record = project.instance(5)
    assert (record.source, record.second_opinion_on) == ("second opinion on 2", None)


def test_a_plan_is_kept(folder: Path) -> None:
    with Project.open(restored("0002", folder)) as project:
        plan = project.plan()
    assert (plan.name, plan.landmarks, plan.clicks) == ("k2", (kites.TOP, kites.TAIL), 40)


def test_flags_and_verdicts_are_kept(folder: Path) -> None:
    with Project.open(restored("0003", folder)) as project:
        flags = {i: (flag.comment, flag.resolved_by) for i, flag in project.flags().items()}
        verdicts = {i: review.verdict for i, review in project.reviews().items()}
    assert flags == {1: ("where is the tail?", "ada"), 5: ("blurred", "ada")}
    assert verdicts == {3: Verdict.ACCEPTED, 5: Verdict.SENT_BACK}
