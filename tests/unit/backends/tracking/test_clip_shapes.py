"""Where an object is hidden, its shape is one of those that it has elsewhere."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import Clip, Persistence, smoothed
from landmark_annotator.backends.tracking.beliefs import Believed, slow_modes
from landmark_annotator.backends.tracking.clip_shapes import ClipShapes
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

REST = np.array([[-0.4, -0.4], [0.4, -0.4], [0.4, 0.1], [-0.4, 0.1], [-0.1, 0.4], [0.1, 0.4]])
OPEN = np.array([[0.0, 0.0], [0.0, 0.0], [0.1, 0.0], [-0.1, 0.0], [0.0, 0.1], [0.0, 0.1]])
FRAMES, HIDDEN = 60, range(40, 60)
COVERED = [4, 5]
RULE = Persistence(0.995, 0.5)


def _shape(frame: int) -> Floats:
    """It opens and closes."""
    return np.asarray(REST + np.sin(frame / 4) * OPEN)


def _truth(frame: int) -> Floats:
    return 60 * _shape(frame) + [100 + frame, 90]


def _proposal(frame: int, off: Floats, hidden: Floats) -> Proposal:
    box = Box(100 + frame, 90, 60, 60)
    mixture = ShapeMixture(np.zeros(1), (_shape(frame) + off)[None], np.eye(12) * 0.03**2)
    return Proposal(box, mixture, "made up", hidden=hidden)


def _proposals() -> list[Proposal]:
    """Two landmarks are hidden for a while, and meanwhile guessed where they are at rest."""
    random = np.random.default_rng(0)
    found = []
    for t in range(FRAMES):
        off = random.normal(0, 0.005, REST.shape)
        said = np.zeros(len(REST))
        if t in HIDDEN:
            off[COVERED] = (REST - _shape(t))[COVERED]
            said[COVERED] = 0.95
        found.append(_proposal(t, off, said))
    return found


def _shapes(hidden: float = 0.3) -> ClipShapes | None:
    found = [Believed.of(each) for each in _proposals()]
    shares = np.where([t in HIDDEN for t in range(FRAMES)], hidden, 0.0)
    return ClipShapes.of(found, shares, slow_modes(found), RULE)


def test_what_is_seen_tells_of_what_is_hidden() -> None:
    shapes = _shapes()
    assert shapes is not None
    frame = HIDDEN[4]
    guessed = _truth(frame)
    guessed[COVERED] = (60 * REST + [100 + frame, 90])[COVERED]
    said = shapes.said(frame, guessed)
    assert said is not None
    root, wanted = said
    open_ones = np.repeat([j in COVERED for j in range(len(REST))], 2)
    moved, *_ = np.linalg.lstsq(root[:, :12][:, open_ones], wanted, rcond=None)
    found = guessed[COVERED] + moved.reshape(-1, 2)
    before = np.linalg.norm(guessed - _truth(frame), axis=1)[COVERED].mean()
    assert np.linalg.norm(found - _truth(frame)[COVERED], axis=1).mean() < 0.3 * before


def test_place_size_and_angle_are_left_open() -> None:
    shapes = _shapes()
    assert shapes is not None
    points = _truth(HIDDEN[0])
    elsewhere = Box(300, 20, 1.5, 1.5, 0.7).to_image(points)
    said, again = shapes.said(HIDDEN[0], points), shapes.said(HIDDEN[0], elsewhere)
    assert said is not None
    assert again is not None
    assert again[1] == pytest.approx(said[1], abs=1e-6 * np.abs(said[1]).max())
    centred = points - points.mean(axis=0)
    bent = _norm_of(said[0], OPEN[::-1])
    turned = np.stack([-centred[:, 1], centred[:, 0]], axis=1)
    for move in (np.tile([1.0, 0.0], (6, 1)), np.tile([0.0, 1.0], (6, 1)), centred, turned):
        assert _norm_of(said[0], move) < 0.2 * bent


def _norm_of(root: Floats, move: Floats) -> float:
    """What a shape loses by such a move, whatever its length."""
    return float(np.linalg.norm(root[:, : move.size] @ move.ravel()) / np.linalg.norm(move))


def test_a_stretch_of_hidden_frames_is_one_observation() -> None:
    shapes = _shapes(0.3)
    assert shapes is not None
    assert shapes.shares[list(HIDDEN)].sum() == pytest.approx(1.0)
    assert shapes.shares.sum() == pytest.approx(1.0)
    assert shapes.said(0, _truth(0)) is None


def test_without_frames_that_show_it_or_hide_it_nothing_is_said_of_a_shape() -> None:
    found = [Believed.of(each) for each in _proposals()]
    modes = slow_modes(found)
    assert ClipShapes.of(found, np.zeros(FRAMES), modes, RULE) is None
    assert ClipShapes.of(found, np.full(FRAMES, 0.5), modes, RULE) is None


def test_a_landmark_that_is_not_seen_again_goes_with_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing tells where it goes but what is seen of the same object."""
    clip = Clip(len(REST), _proposals(), [None] * (FRAMES - 1))
    truth = np.stack([_truth(t) for t in range(FRAMES)])

    def error() -> float:
        apart = smoothed(clip, RULE).given({}).points - truth
        return float(np.linalg.norm(apart[list(HIDDEN)][:, COVERED], axis=2).mean())

    told = error()
    monkeypatch.setattr(ClipShapes, "of", lambda *_: None)
    assert told < 0.8 * error()
