"""Which fly is which in the next frame."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import FlowField, assignment
from landmark_annotator.backends.tracking.assignment import matched
from landmark_annotator.backends.tracking.beliefs import Believed, likely
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

SHAPE = np.array([[-0.5, 0.0], [0.5, 0.0], [0.0, 0.2], [0.1, -0.2]])


def _object(x: float, y: float, angle: float = 0.0) -> Proposal:
    mixture = ShapeMixture(np.zeros(1), SHAPE[None], np.eye(8) * 0.02**2)
    return Proposal(Box(x, y, 60, 60, angle), mixture, "made up")


def _flow(step: tuple[float, float]) -> FlowField:
    there = np.full((20, 20, 2), step, dtype=np.float16)
    return FlowField(np.zeros(2), 15.0, there, -there)


def test_objects_that_cross_are_told_apart_by_where_they_point() -> None:
    """Both boxes lie on each other; one object lies along x, the other along y."""
    before = [_object(100, 100), _object(103, 102, np.pi / 2)]
    after = [_object(102, 101, np.pi / 2), _object(102, 100)]
    assert matched(before, after, [None, None]) == [1, 0]


def test_flow_says_which_went_where() -> None:
    """One went on to where the other was, which went on as well."""
    before = [_object(60, 100), _object(100, 100)]
    after = [_object(140, 100), _object(100, 100)]
    assert matched(before, after, [_flow((40.0, 0.0))] * 2) == [1, 0]


def test_one_that_was_not_there_is_new() -> None:
    assert matched([_object(60, 60)], [_object(220, 200), _object(62, 60)], [None]) == [None, 0]


def test_nothing_before_and_nothing_after() -> None:
    assert matched([], [_object(1, 1)], []) == [None]
    assert matched([_object(1, 1)], [], [None]) == []


def test_each_of_many_objects_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not once for every other one: that takes the square of the time."""
    made, of = list[Proposal](), Believed.of

    def counted(one: Proposal) -> Believed:
        made.append(one)
        return of(one)

    monkeypatch.setattr(Believed, "of", counted)
    before = [_object(60.0 * n, 60) for n in range(5)]
    after = [_object(60.0 * n + 2, 60) for n in range(5)]
    assert matched(before, after, [None] * 5) == [0, 1, 2, 3, 4]
    assert len(made) == 10


def test_all_that_come_after_are_compared_with_one_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pair by pair, 150 objects took two seconds a frame."""
    compared = list[int]()

    def counted(off: Floats, covariances: Floats) -> Floats:
        compared.append(len(off))
        return likely(off, covariances)

    monkeypatch.setattr(assignment, "likely", counted)
    before = [_object(60.0 * n, 60) for n in range(5)]
    after = [_object(60.0 * n + 2, 60) for n in (3, 1, 4, 0, 2, 9)]
    assert matched(before, after, [None] * 5) == [3, 1, 4, 0, 2, None]
    assert compared == [6 * len(SHAPE)] * 5
