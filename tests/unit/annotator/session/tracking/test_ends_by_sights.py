"""Where a track ends whose model cannot say what is familiar, and tells what is nothing."""

from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.annotator.session.tracking.carried_objects import (
    CARRIED_BEFORE,
    SeenObject,
)
from landmark_annotator.annotator.session.tracking.ended_tracks import PathParts
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import FlowField
from landmark_annotator.projects.vocabulary import Box

FRAMES, LEAPS = 30, 10
BOX = Box(120.0, 120.0, 60.0, 60.0)
SHAPE = np.array([[0.0, -0.4], [0.15, -0.2], [-0.15, -0.2], [0.0, 0.4]])


@dataclass(frozen=True)
class _Sight:
    odds: float
    unlike: float = 0.2


def _path(shows: range) -> list[SeenObject]:
    """Labelled in the first frame; it leaps while flow rests, and stays where nothing is but for
    these frames, in which it is back. Its model says of none whether it is familiar."""
    rests = np.zeros((30, 30, 2), dtype=np.float16)
    path = list[SeenObject]()
    for t in range(FRAMES):
        here = t < LEAPS or t in shows
        mixture = ShapeMixture(
            np.zeros(1), (SHAPE + (0.0 if here else 0.4))[None], np.eye(8) * 0.03**2
        )
        sight = _Sight(1.5 if here else -1.5)
        each = SeenObject(
            t,
            t + 1,
            BOX,
            instance=None if t else 1,
            proposal=Proposal(BOX, mixture, "made up", sight=sight),
            before=path[-1] if path else None,
            flow=FlowField(np.zeros(2), 10.0, rests, rests) if t else None,
            carried=CARRIED_BEFORE if t else None,
        )
        path.append(each)
    return path


def _kept(path: list[SeenObject]) -> list[int]:
    return [each.frame for each in PathParts.of(path, len(SHAPE)).kept]


def test_a_track_ends_where_it_has_leapt_to_what_shows_nothing() -> None:
    assert _kept(_path(range(0))) == list(range(LEAPS))


def test_it_goes_on_where_it_is_shown_again() -> None:
    assert _kept(_path(range(22, FRAMES))) == [*range(LEAPS), *range(22, FRAMES)]


def test_it_does_not_go_on_where_nothing_looks_a_little_like_it() -> None:
    path = _path(range(0))
    for each in path[22:25]:
        assert each.proposal is not None
        each.proposal = replace(each.proposal, sight=_Sight(0.3))
    assert _kept(path) == list(range(LEAPS))


def test_where_nobody_can_tell_it_goes_on() -> None:
    path = _path(range(0))
    for each in path:
        assert each.proposal is not None
        each.proposal = replace(each.proposal, sight=None)
    assert _kept(path) == list(range(FRAMES))
