"""Whether flow leads to what it came from, and to where an object has leapt."""

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.tracking import flow_or_leap
from landmark_annotator.backends.tracking.going import Going
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Pixels

SIDE = 200
BOX = Box(70, 70, 40, 40)


def _texture(seed: int, side: int) -> Pixels:
    noise = np.random.default_rng(seed).uniform(0, 255, (side, side)).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.asarray(cv2.normalize(blurred, None, 0, 255, cv2.NORM_MINMAX), dtype=np.uint8)


def _frame(step: tuple[int, int] | None, ground: int = 9) -> Pixels:
    """A thing in the box, gone by a step, on a ground that rests; None where there is none."""
    pixels = _texture(ground, SIDE) // 4
    if step is not None:
        left, top = 54 + step[0], 54 + step[1]
        pixels[top : top + 32, left : left + 32] = _texture(1, 32)
    return pixels


@pytest.mark.parametrize("step", [(3, -2), (36, 30)])
def test_it_leads_to_an_object_however_fast_it_is(step: tuple[int, int]) -> None:
    flow = flow_or_leap(_frame((0, 0)), _frame(step), (BOX, BOX))
    found, _ = flow.carried(np.array([[70.0, 70.0], [62.0, 75.0]]))
    assert found == pytest.approx(np.tile(step, (2, 1)), abs=1.5)
    assert flow.alike is not None
    assert flow.alike > 0.8


def test_an_object_that_was_found_far_away_is_led_to() -> None:
    """Farther than a leap is looked for."""
    there = BOX.shifted(80, 70)
    flow = flow_or_leap(_frame((0, 0)), _frame((80, 70)), (BOX, there))
    found, _ = flow.carried(np.array([[70.0, 70.0]]))
    assert found == pytest.approx(np.array([[80.0, 70.0]]), abs=1.5)


@pytest.mark.parametrize("later", [_frame(None), _frame(None, ground=5)])
def test_where_it_is_gone_nothing_is_like_it(later: Pixels) -> None:
    flow = flow_or_leap(_frame((0, 0)), later, (BOX, BOX))
    assert flow.alike is not None
    assert flow.alike < 0.6


@pytest.mark.parametrize(
    ("going", "step"), [(None, (25, 0)), (Going(np.array([-9.0, 1.0]), 4.0), (-10, 0))]
)
def test_among_others_of_its_kind_it_is_the_one_that_goes_on(
    going: Going | None, step: tuple[int, int]
) -> None:
    """Where it is shaded, the other one is more like it."""
    later = _frame((25, 0))
    shaded = _texture(1, 32) * np.linspace(0.3, 1, 32)
    later[54:86, 44:76] = shaded.astype(np.uint8)
    flow = flow_or_leap(_frame((0, 0)), later, (BOX, BOX), going)
    found, _ = flow.carried(np.array([[66.0, 70.0]]))
    assert found == pytest.approx(np.array([step]), abs=1.5)
