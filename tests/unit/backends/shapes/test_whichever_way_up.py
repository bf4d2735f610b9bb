"""Photographs on their side: where nothing is known in a box, it is looked at from elsewhere."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.whichever_way_up import whichever_way_up
from landmark_annotator.projects.vocabulary import Box

_BOX = Box(20.0, 30.0, 10.0, 16.0, 0.25)


def _seen(asked: list[Box], *novelties: float | None) -> Callable[[Box], Proposal]:
    """Of a model to which the box is so novel as it lies, and after one, two and three quarters."""

    def propose(box: Box) -> Proposal:
        asked.append(box)
        quarters = round((box.angle - _BOX.angle) / (math.pi / 2)) % 4
        mixture = ShapeMixture(np.zeros(1), np.zeros((1, 3, 2)), np.eye(6) * 1e-4)
        return Proposal(box, mixture, "made-up", novelty=novelties[quarters])

    return propose


@pytest.mark.parametrize("novelty", [1.0, 0.4, None])
def test_what_a_model_knows_or_cannot_judge_is_looked_at_once(novelty: float | None) -> None:
    asked: list[Box] = []

    proposal = whichever_way_up(_seen(asked, novelty, 0.1, 0.1, 0.1), _BOX)

    assert asked == [_BOX]
    assert proposal.box == _BOX


def test_it_is_seen_from_the_side_from_which_it_is_most_familiar() -> None:
    proposal = whichever_way_up(_seen([], 30.0, 0.9, 0.3, 12.0), _BOX)

    assert proposal.box.angle == pytest.approx(_BOX.angle + math.pi)


def test_what_nothing_is_known_of_from_any_side_stays_as_it_lies() -> None:
    proposal = whichever_way_up(_seen([], 30.0, 4.0, 2.0, 1.5), _BOX)

    assert proposal.box == _BOX


def test_it_is_the_same_place_that_is_seen_from_every_side() -> None:
    asked: list[Box] = []
    whichever_way_up(_seen(asked, 30.0, 4.0, 2.0, 1.5), _BOX)

    def corners(box: Box) -> set[tuple[float, float]]:
        half = np.array([box.width, box.height]) / box.side / 2
        signs = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
        return {(round(x, 6), round(y, 6)) for x, y in box.to_image(signs * half).tolist()}

    assert len(asked) == 4
    assert all(corners(box) == corners(_BOX) for box in asked)
