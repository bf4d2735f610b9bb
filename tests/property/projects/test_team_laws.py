"""Three people at one project, whose leases run out: nobody shares an image, nothing is lost."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.store.people import leases
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, Conflict, NotAllowed
from tests.property.projects.test_store_laws import copy_of_template

PEOPLE = {"ada": Role.LEAD, "ann": Role.ANNOTATOR, "bob": Role.ANNOTATOR}
LANDMARKS = 3


@dataclass
class Clock:
    """The time that leases go by."""

    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@contextmanager
def team() -> Iterator[tuple[Project, Clock]]:
    clock = Clock()
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(leases, "now", clock.now),
        Project.open(copy_of_template(folder)) as project,
    ):
        for name, role in PEOPLE.items():
            project.set_person(name, role, who="ada")
        yield project, clock


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        return connection.execute(query).fetchall()


def others_rows(project: Project, who: str) -> set[tuple[object, ...]]:
    every = rows(project.folder, "SELECT * FROM landmarks")
    columns = rows(project.folder, "PRAGMA table_info(landmarks)")
    place = [name for _, name, *_ in columns].index("who")
    return {row for row in every if row[place] != who}


people = st.sampled_from(list(PEOPLE))
instances = st.sampled_from([1, 2])
coordinates = st.integers(0, 40).map(float)
steps = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 11)),
    st.tuples(st.just("next"), people),
    st.tuples(st.just("leave"), people),
    st.tuples(
        st.just("click"), people, instances, st.integers(0, LANDMARKS - 1), coordinates, coordinates
    ),
    st.tuples(
        st.just("click"), people, instances, st.integers(0, LANDMARKS - 1), coordinates, coordinates
    ),
    st.tuples(st.just("accept"), people, instances),
    st.tuples(st.just("undo"), people),
    st.tuples(st.just("redo"), people),
)


@given(script=st.lists(steps, min_size=3, max_size=14))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_shares_an_image_nothing_is_lost_and_undo_is_ones_own(
    script: list[tuple[object, ...]],
) -> None:
    with team() as (project, clock):
        kept: set[int] = set()
        for what, *details in script:
            before = {lease.image_id: lease.who for lease in project.leases()}
            match what, *details:
                case "wait", int(minutes):
                    clock.at += timedelta(minutes=minutes)
                case "next", str(who):
                    found = project.take_next(None, who=who)
                    if found is not None:
                        assert before.get(found.image_id, who) == who
                case "leave", str(who):
                    project.give_back([1, 2], who=who)
                case "click", str(who), int(instance), int(landmark), float(x), float(y):
                    click(project, who, instance, landmark, (x, y), before)
                case "accept", str(who), int(instance):
                    accept(project, who, instance)
                case (("undo" | "redo"), str(who)):
                    theirs = others_rows(project, who)
                    try:
                        project.undo(who) if what == "undo" else project.redo(who)
                    except ActionableError:
                        assert others_rows(project, who) == theirs
                    assert theirs <= others_rows(project, who)
            now = [lease.image_id for lease in project.leases()]
            assert len(now) == len(set(now))
            every = {
                int(str(row[0])) for row in rows(project.folder, "SELECT id FROM alternatives")
            }
            assert kept <= every
            kept = every


def click(
    project: Project,
    who: str,
    instance: int,
    landmark: int,
    place: tuple[float, float],
    before: dict[int, str],
) -> None:
    """It is in the shape, or beside it under its author's name; or it was refused for good."""
    image = project.instance(instance).image_id
    try:
        project.place(instance, landmark, place, who=who)
        shape = project.shape(instance)
        assert before.get(image, who) == who
        assert {lease.image_id: lease.who for lease in project.leases()}[image] == who
    except Conflict:
        assert before[image] != who
        [own] = [one for one in project.kept_beside(instance) if one.who == who]
        shape = project.shape_kept(own)
    except NotAllowed:  # of an annotator, at what another has placed
        assert who != "ada"
        return
    assert shape.points[landmark].tolist() == [*place]


def accept(project: Project, who: str, instance: int) -> None:
    """As a window does: with what is stored, and a place for the rest."""
    stored = project.shape(instance)
    points = np.where(stored.known[:, None], stored.points, 7.0)
    try:
        project.accept(instance, Shape(points, provenance=stored.provenance), who=who)
    except ActionableError:
        assert who != "ada" or {lease.who for lease in project.leases()} != {"ada"}
