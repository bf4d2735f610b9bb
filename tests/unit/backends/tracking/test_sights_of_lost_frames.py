"""What frames show of an object, where what is seen of no object is known too."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import Clip, FlowField, lost_in
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

FRAMES, SIDE, LEAPS = 40, 60.0, 10
SHAPE = np.array([[0.0, -0.4], [0.15, -0.2], [-0.15, -0.2], [0.0, 0.4]]) * SIDE + 120
SHOWN, NOTHING = 1.5, -1.5


@dataclass(frozen=True)
class _Sight:
    odds: float | None
    unlike: float = 0.2


def _lost(odds: Floats | None, leaps: bool = True) -> Floats:
    """Of an object that its first frame has for sure, and whose proposals rest, but for one leap
    while flow is unsure. odds: (T,) of what each frame shows."""
    proposals = list[Proposal | None]()
    for t in range(FRAMES):
        points = SHAPE + np.random.default_rng(t).normal(0, 0.5, SHAPE.shape)
        box, away = Box(120, 120, SIDE, SIDE), 25.0 if leaps and t >= LEAPS else 0.0
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points + away)[None], np.eye(8) * 0.03**2)
        sight = None if odds is None else _Sight(float(odds[t]))
        proposals.append(Proposal(box, mixture, "made up", sight=sight))
    rests = np.zeros((30, 30, 2), dtype=np.float16)
    torn = [np.float16(40.0 if leaps and t + 1 == LEAPS else 0.0) for t in range(FRAMES - 1)]
    flows = [FlowField(np.zeros(2), 10.0, rests, rests + each) for each in torn]
    return lost_in(Clip(4, proposals, flows), [0])


def _odds(after: float) -> Floats:
    return np.where(np.arange(FRAMES) < LEAPS, SHOWN, after)


def test_what_has_leapt_and_shows_nothing_from_then_on_is_lost() -> None:
    found = _lost(_odds(NOTHING))
    assert found[:LEAPS].max() < 0.1
    assert found[LEAPS:].min() > 0.5
    assert _lost(None)[LEAPS:].max() < 0.5


def test_what_has_leapt_and_shows_the_object_is_not_lost() -> None:
    assert _lost(_odds(SHOWN)).max() < 0.1


def test_what_turns_away_for_a_while_without_a_leap_is_not_lost() -> None:
    odds = _odds(NOTHING)
    odds[LEAPS + 10 :] = SHOWN
    assert _lost(odds, leaps=False).max() < 0.2


def test_what_shows_nothing_for_long_is_lost_behind_something_without_a_leap() -> None:
    assert _lost(_odds(NOTHING), leaps=False)[LEAPS + 1 :].min() > 0.5


def test_where_nobody_knows_what_nothing_looks_like_what_does_not_leap_is_not_lost() -> None:
    assert _lost(None, leaps=False).max() < 0.1


def test_what_is_lost_and_shows_the_object_again_is_found() -> None:
    odds = _odds(NOTHING)
    odds[30:] = 3.0
    assert _lost(odds)[34:].max() < 0.2
