"""Laws of the store: undo and redo restore exactly the rows that were there; nothing is lost."""

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import ActionKind, Project, Spend, Verdict
from landmark_annotator.projects.store.journal.replay import differences
from landmark_annotator.projects.vocabulary import (
    Box,
    Mask,
    Provenance,
    Region,
    RegionMask,
    Scheme,
    Shape,
    Visibility,
)
from landmark_annotator.projects.vocabulary.errors import ProjectError

REGIONS = (Region("wood"), Region("bark"), Region("moss", overlaps=True))
SCHEME = Scheme("bar", ("start", "middle", "end"), regions=REGIONS)
INSTANCES = (1, 2)
COMMENTS = st.characters(codec="utf-8", exclude_characters="\0")
"""What a text can hold: the rest is refused, see `test_stored_values`."""


@cache
def template() -> Path:
    """A project with two images and an instance in each, made once and copied for each example."""
    folder = Path(tempfile.mkdtemp(prefix="store-laws-"))
    atexit.register(shutil.rmtree, folder)
    with Project.create(folder, SCHEME) as project:
        for name in ("a", "b"):
            image = project.add_image(folder / name, ImageFacts(100, 80, name))
            project.add_instance(image.id, None, who="ada")
    return folder


def copy_of_template(parent: str) -> Path:
    folder = Path(parent) / "project"
    shutil.copytree(template(), folder)
    return folder


def stored_rows(folder: Path) -> list[Any]:
    """All that actions can change, straight from the database file."""
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        return [
            connection.execute(query).fetchall()
            for query in (
                "SELECT * FROM images ORDER BY id",
                "SELECT * FROM instances ORDER BY id",
                "SELECT * FROM landmarks ORDER BY instance_id, landmark",
                "SELECT * FROM masks ORDER BY instance_id, region",
                "SELECT * FROM flags ORDER BY instance_id",
                "SELECT * FROM reviews ORDER BY instance_id",
            )
        ]


def gapless(shape: Shape) -> bool:
    """Whether every landmark has a place or is said to have none: a provenance in both cases."""
    return None not in shape.provenance


# Values that do not survive a careless way through text or 32 bits, and nothing near overflow.
numbers = st.floats(-1e6, 1e6, width=64)
sizes = st.floats(1e-3, 1e4)
landmarks = st.integers(0, len(SCHEME) - 1)
several = st.lists(st.sampled_from(INSTANCES), max_size=3)
"""Ids, of images or of instances: there is one in each image."""
Action = Callable[[Project, str], object]
KINDS = (
    "place",
    "trace",
    "confirm",
    "see",
    "suggest",
    "absent",
    "clear",
    "box",
    "accept",
    "mask",
    "flag",
    "send back",
    "exclude",
    "restore",
)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    points = draw(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=3))
    visibility = draw(st.lists(st.integers(0, 2), min_size=3, max_size=3))
    provenance = draw(
        st.lists(st.sampled_from([None, *Provenance]), min_size=3, max_size=3).map(tuple)
    )
    covariances = np.full((3, 2, 2), np.nan)
    covariances[draw(landmarks)] = np.diag(draw(st.tuples(sizes, sizes)))
    return Shape(np.array(points), np.array(visibility), provenance, covariances)


drawn = arrays.arrays(np.bool_, (3, 4)).map(Mask.of)
regions = st.sampled_from([region.name for region in REGIONS])


@st.composite
def actions(draw: st.DrawFn) -> Action:
    instance = draw(st.sampled_from(INSTANCES))
    landmark = draw(landmarks)
    match draw(st.sampled_from(KINDS)):
        case "place" | "confirm" as kind:
            at = draw(st.tuples(numbers, numbers))
            how = Provenance.CLICKED if kind == "place" else Provenance.CONFIRMED
            return lambda p, who: p.place(
                instance, landmark, at, provenance=how, who=who, duration=0.5
            )
        case "trace":
            at, (long, short) = draw(st.tuples(numbers, numbers)), draw(st.tuples(sizes, sizes))
            covariance = np.array([[long + short, short], [short, short]])
            return lambda p, who: p.place(
                instance,
                landmark,
                at,
                provenance=Provenance.TRACED,
                covariance=covariance,
                who=who,
                duration=0.5,
            )
        case "see":
            visibility = draw(st.sampled_from(Visibility))
            return lambda p, who: p.set_visibility(instance, landmark, visibility, who=who)
        case "suggest":
            suggested = draw(st.dictionaries(st.sampled_from(INSTANCES), st.sets(landmarks)))
            now = draw(st.sampled_from([Visibility.OCCLUDED, Visibility.VISIBLE]))
            return lambda p, who: p.mark_suggested_on_sheet(suggested, now, who=who)
        case "absent":
            absent = draw(st.dictionaries(st.sampled_from(INSTANCES), st.sets(landmarks)))
            return lambda p, who: p.mark_absent(absent, who=who)
        case "clear":
            return lambda p, who: p.clear(instance, landmark, who=who)
        case "box":
            box = Box(*draw(st.tuples(numbers, numbers, sizes, sizes, numbers)))
            return lambda p, who: p.set_box(instance, box, who=who)
        case "accept":
            shape = draw(shapes())
            in_review = draw(st.booleans())
            proposed = draw(st.dictionaries(regions, drawn, max_size=2))
            return lambda p, who: p.accept(
                instance, shape, who=who, in_review=in_review, masks=proposed
            )
        case "mask":
            masks = draw(st.dictionaries(regions, st.none() | drawn, min_size=1))
            given = {n: None if m is None else RegionMask(m) for n, m in masks.items()}
            return lambda p, who: p.set_masks(instance, given, title="stroke", who=who)
        case "flag":
            comment = draw(st.text(COMMENTS, max_size=5))
            return lambda p, who: p.flag(instance, comment, who=who)
        case "exclude":
            images, instances = draw(several), draw(several)
            return lambda p, who: p.exclude(images=images, instances=instances, why="?", who=who)
        case "restore":
            images, instances = draw(several), draw(several)
            return lambda p, who: p.restore(images=images, instances=instances, who=who)
        case _:
            return lambda p, who: p.review(instance, Verdict.SENT_BACK, "jaw", who=who)


class OnePerson(RuleBasedStateMachine):
    """Any sequence of actions, undo, redo and restarts, against two lists of snapshots."""

    def __init__(self) -> None:
        super().__init__()
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = copy_of_template(self.temporary.name)
        self.project = Project.open(self.folder)
        self.undone: list[tuple[list[Any], int]] = []
        """The rows after each step, and how many entries it has in the journal."""
        self.done: list[tuple[list[Any], int]] = []
        """The same, with the rows before each."""
        self.now = stored_rows(self.folder)
        self.clicks = 0
        self.entries = 0

    def teardown(self) -> None:
        self.project.close()
        self.temporary.cleanup()

    @rule(action=actions())
    def act(self, action: Action) -> None:
        made: Any = action(self.project, "ada")
        entries = made if isinstance(made, list) else [made]
        if not entries:  # they were excluded already, or were not
            return
        self.done.append((self.now, len(entries)))
        self.now = stored_rows(self.folder)
        self.undone = []
        self.clicks += entries[0].kind in (ActionKind.CLICK, ActionKind.CONFIRM)
        self.entries += len(entries)

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        assert self.project.undo("ada") is not None
        rows, count = self.done.pop()
        self.undone.append((self.now, count))
        self.now = rows
        self.entries += count

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        assert self.project.redo("ada") is not None
        rows, count = self.undone.pop()
        self.done.append((self.now, count))
        self.now = rows
        self.entries += count

    @rule()
    def restart(self) -> None:
        self.project.close()
        self.project = Project.open(self.folder)

    @invariant()
    def rows_are_those_of_the_snapshot(self) -> None:
        assert stored_rows(self.folder) == self.now

    @invariant()
    def there_is_something_to_undo_or_redo_where_there_should_be(self) -> None:
        assert (self.project.undoable("ada") is not None) == bool(self.done)
        assert (self.project.redoable("ada") is not None) == bool(self.undone)

    @invariant()
    def the_journal_and_the_spend_only_grow(self) -> None:
        assert len(list(self.project.journal())) == self.entries
        assert self.project.spend() == Spend(self.clicks, self.clicks * 0.5)

    @invariant()
    def the_state_says_what_is_stored(self) -> None:
        for record in self.project.instances(excluded=True):
            shape = self.project.shape(record.id)
            nothing = not shape.known.any() and not shape.visibility.any()
            if record.state == "accepted":
                assert gapless(shape)
            elif record.state == "untouched":
                assert nothing
                assert not self.project.masks(record.id)

    @invariant()
    def a_pixel_belongs_to_one_region_but_for_those_that_overlap(self) -> None:
        for record in self.project.instances(excluded=True):
            masks = self.project.masks(record.id)
            if {"wood", "bark"} <= set(masks):
                assert not masks["wood"].mask & masks["bark"].mask

    @invariant()
    def the_journal_tells_what_is_stored(self) -> None:
        assert not list(differences(self.project._reading))

    @invariant()
    def only_accepted_shapes_have_passed_the_review(self) -> None:
        for instance_id, review in self.project.reviews().items():
            if review.verdict is Verdict.ACCEPTED:
                assert self.project.instance(instance_id).state == "accepted"


TestOnePerson = OnePerson.TestCase
TestOnePerson.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


steps = st.lists(
    st.tuples(st.sampled_from(["ada", "bob"]), st.one_of(actions(), st.sampled_from(["undo"]))),
    min_size=1,
    max_size=15,
)


@given(steps=steps, who=st.sampled_from(["ada", "bob"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_undo_among_others_is_turned_back_by_redo_or_refused_whole(
    steps: list[tuple[str, Any]], who: str
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = copy_of_template(temporary)
        with Project.open(folder) as project:
            for person, step in steps:
                if step != "undo":
                    step(project, person)
                    continue
                with suppress(ProjectError):  # the other person was there since
                    project.undo(person)
            before = stored_rows(folder)
            try:
                undone = project.undo(who)
            except ProjectError:
                assert stored_rows(folder) == before
                return
            if undone is not None:
                assert project.redo(who) == undone
            assert stored_rows(folder) == before
            assert all(
                gapless(project.shape(record.id))
                for record in project.instances(excluded=True)
                if record.state == "accepted"
            )
