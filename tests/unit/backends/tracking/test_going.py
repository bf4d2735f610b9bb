"""How an object goes on, by the places where it was."""

import numpy as np
import pytest

from landmark_annotator.backends.tracking.going import Going
from landmark_annotator.projects.vocabulary import Box

BOX = Box(100.0, 100.0, 40.0, 40.0)


def _places(*steps: tuple[float, float]) -> list[Box]:
    boxes = [BOX]
    for step in steps:
        boxes.append(boxes[-1].shifted(*step))
    return boxes


def test_nothing_is_known_of_what_was_seen_once() -> None:
    assert Going.of([BOX]) is None


def test_one_wrong_step_does_not_turn_it_round() -> None:
    going = Going.of(_places((9.0, 1.0), (10.0, 0.0), (-30.0, 20.0)))
    assert going is not None
    assert going.step == pytest.approx([9.0, 1.0])


def test_of_what_goes_on_evenly_all_else_is_unlikely() -> None:
    going = Going.of(_places(*[(10.0, 0.0)] * 4))
    assert going is not None
    there, near, away, back = (
        going.unlikely(np.array([10.0 + off, 0.0])) for off in (0.0, 2.0, 15.0, -20.0)
    )
    assert there == 0.0
    assert there < near < 1.0 < away < back


def test_of_what_goes_anyhow_nothing_is() -> None:
    going = Going.of(_places((40.0, 0.0), (0.0, 40.0), (-40.0, 0.0), (0.0, -40.0)))
    assert going is not None
    assert going.unlikely(np.array([40.0, 0.0])) < 0.7
