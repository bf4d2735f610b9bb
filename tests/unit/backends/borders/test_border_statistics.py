"""What is learned of borders beside landmarks."""

import numpy as np
import pytest

from landmark_annotator.backends.borders.border_statistics import Borders, learned_borders
from landmark_annotator.projects.vocabulary import Shape, Visibility
from tests.unit.backends.borders.ring import COUNT, REGIONS, RING, SIDE, borders, objects


@pytest.mark.parametrize("beyond", [-3.0, 0.0, 4.0])
def test_a_border_lies_as_far_from_its_landmarks_as_it_did(beyond: float) -> None:
    learned = borders(beyond)

    assert learned.landmarks.tolist() == list(range(COUNT))
    assert np.allclose(abs(learned.offset), abs(beyond) / SIDE, atol=0.004)
    # Round a ring with y downwards the way across is inwards: it enters, farther out.
    assert not learned.leaves.any()
    assert (np.sign(learned.offset) == -np.sign(beyond)).all() or beyond == 0


def test_a_region_that_lies_anywhere_is_not_told_of() -> None:
    assert {REGIONS[number] for number in borders().region} == {"disk"}


def test_what_varies_more_has_a_larger_spread() -> None:
    assert (borders(spread=2.0).spread > 2 * borders(spread=0.3).spread).all()


def test_hidden_landmarks_teach_nothing() -> None:
    hidden = np.full(COUNT, int(Visibility.OCCLUDED))
    unseen = [(Shape(s.points, hidden), box, masks) for s, box, masks in objects(0.0)]

    assert len(learned_borders(unseen, RING, REGIONS)) == 0


def test_few_objects_teach_nothing() -> None:
    assert len(learned_borders(objects(0.0, count=7), RING, REGIONS)) == 0


def test_what_is_written_is_read() -> None:
    learned = borders(2.0)
    read = Borders.read(RING, REGIONS, learned.lines())

    assert (read.beside == learned.beside).all()
    assert (read.region == learned.region).all()
    assert (read.leaves == learned.leaves).all()
    for name in ("offset", "spread", "share"):
        assert np.allclose(getattr(read, name), getattr(learned, name), atol=6e-4)
