"""Laws of predicted errors: what is shown was measured by the scheme that holds."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, SchemeChange

SCHEME = Scheme("kite", ("top", "left", "tail", "right"), normaliser=(0, 2))
KINDS = ("rename", "add", "remove", "move", "edge", "colour", "normalise", "by the box")


@dataclass(frozen=True)
class Facts:
    sha256: str = "a"
    width: int = 100
    height: int = 80


@st.composite
def changes(draw: st.DrawFn) -> SchemeChange:
    """Some edits of the kite, one after the other, that leave two landmarks at least."""
    change = SchemeChange.none(SCHEME)
    for step, kind in enumerate(draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))):
        size = len(change.after)
        one, other = draw(st.permutations(range(size)))[:2]
        if kind == "rename":
            change = change.rename(one, f"name {step}")
        elif kind == "add":
            change = change.add(f"new {step}", one)
        elif kind == "remove" and size > 2:
            change = change.remove(one)
        elif kind == "move":
            change = change.move(one, other)
        elif kind == "edge":
            change = change.switch_edge(one, other)
        elif kind == "colour":
            change = change.colour(one, "#123456")
        elif kind == "normalise":
            change = change.normalise_by((one, other))
        elif kind == "by the box":
            change = change.normalise_by(None)
    return change


@contextmanager
def kites(number: int) -> Iterator[tuple[Project, list[int]]]:
    """A project of so many objects, and their ids."""
    with (
        tempfile.TemporaryDirectory() as parent,
        Project.create(Path(parent) / "kites", SCHEME) as project,
    ):
        image = project.add_image(Path(parent) / "a.png", Facts())
        there = [project.add_instance(image.id, Box(9, 9, 8, 8), who="ada") for _ in range(number)]
        yield project, [instance.id for instance in there]


def measures_alike(change: SchemeChange) -> bool:
    """Whether the mean is over the same landmarks, and divided by the distance of the same two."""
    pair = change.after.normaliser
    origins = None if pair is None else {change.origins[place] for place in pair}
    return not change.added and not change.removed and origins == {0, 2}


def propose(project: Project, instance_id: int, error: float, *, own: bool) -> None:
    size = len(project.scheme)
    points, doubts = np.ones((size, 2)), np.ones((size, 1, 1)) * np.eye(2)
    project.store_proposal(
        instance_id, points, doubts, predicted_error=error, model="some", own=own
    )


def shown(project: Project, instance_ids: list[int]) -> list[float | None]:
    """Of each instance; the chosen proposal says the same."""
    errors = [project.instance(i).predicted_error for i in instance_ids]
    for instance_id, error in zip(instance_ids, errors, strict=True):
        proposal = project.proposal(instance_id)
        assert (None if proposal is None else proposal.predicted_error) == error
    return errors


@settings(max_examples=25, deadline=None)
@given(changes(), st.booleans())
def test_errors_of_another_scheme_are_not_shown_and_are_there_again_with_it(
    change: SchemeChange, own: bool
) -> None:
    if change.changes_nothing:
        return
    with kites(3) as (project, ids):
        for instance_id, error in zip(ids, (17.9, 2.5), strict=False):  # the last has none
            propose(project, instance_id, error, own=own)
        alike = measures_alike(change)
        kept = [17.9, 2.5, None] if alike else [None] * 3

        project.change_scheme(change, who="ada")
        assert shown(project, ids) == kept
        project.undo("ada")
        assert shown(project, ids) == [17.9, 2.5, None]
        project.redo("ada")
        assert shown(project, ids) == kept

        # What is proposed by the new scheme is shown, and hidden by the old one.
        propose(project, ids[0], 3.5, own=own)
        assert shown(project, ids) == [3.5, *kept[1:]]
        project.undo("ada")
        assert shown(project, ids) == [3.5 if alike else None, 2.5, None]
        project.redo("ada")
        assert shown(project, ids) == [3.5, *kept[1:]]


@settings(max_examples=15, deadline=None)
@given(changes())
def test_a_brought_proposal_that_is_chosen_again_shows_no_error_of_another_scheme(
    change: SchemeChange,
) -> None:
    if change.changes_nothing:
        return
    with kites(1) as (project, ids):
        propose(project, ids[0], 17.9, own=False)
        project.change_scheme(change, who="ada")
        propose(project, ids[0], 3.5, own=True)
        project.set_proposals_aside("some")
        assert shown(project, ids) == [3.5]
        project.set_proposals_aside("some", aside=False)
        assert shown(project, ids) == [17.9 if measures_alike(change) else None]
