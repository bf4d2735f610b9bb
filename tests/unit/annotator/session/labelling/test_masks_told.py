"""Masks that a person draws are evidence for landmarks that nobody has placed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.open_masks import set_masks
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.projects.vocabulary import Mask, RegionMask
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.unit.annotator.session.disks import SCHEME, add_disk, disk_project
from tests.unit.backends.borders.ring import BOX, SIZE, disk, proposal, ring

RADIUS, CENTRE = 33.0, (77.0, 74.0)
TRUTH = ring(RADIUS, CENTRE)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[LabellingSession]:
    """A disk is open, in a project whose parsing network knows the borders of disks."""
    with disk_project(tmp_path) as project:
        session = LabellingSession(project, who="ada")
        session.open(add_disk(project, tmp_path), proposal())
        yield session


def draw(session: LabellingSession, mask: Mask) -> None:
    set_masks(session, {"disk": RegionMask(mask)}, "stroke of disk")


def off(session: LabellingSession) -> float:
    """Pixels from the true contour."""
    apart = np.linalg.norm(session.view.shape.points - CENTRE, axis=1)
    return float(abs(apart - RADIUS).mean())


def seen(session: LabellingSession) -> Floats:
    return session.view.shape.points.copy()


def test_a_drawn_mask_moves_the_landmarks_to_its_border(session: LabellingSession) -> None:
    before = off(session)
    draw(session, disk(RADIUS, CENTRE))

    assert off(session) < before / 2
    assert not any(session.view.shape.provenance)
    assert session.view.query is not None


def test_undo_of_the_mask_takes_its_word_back(session: LabellingSession) -> None:
    before = seen(session)
    draw(session, disk(RADIUS, CENTRE))
    session.undo()
    assert np.allclose(seen(session), before)
    session.redo()
    assert not np.allclose(seen(session), before, atol=1.0)


def test_a_click_stays_where_it_is_whatever_a_mask_says(session: LabellingSession) -> None:
    session.click(3, (70.0, 100.0))
    draw(session, disk(RADIUS, CENTRE))
    assert seen(session)[3] == pytest.approx((70.0, 100.0))


def test_mask_and_click_say_the_same_in_either_order(session: LabellingSession) -> None:
    draw(session, disk(RADIUS, CENTRE))
    session.click(0, (float(TRUTH[0, 0]), float(TRUTH[0, 1])))
    one = seen(session)
    session.undo()
    session.undo()
    session.click(0, (float(TRUTH[0, 0]), float(TRUTH[0, 1])))
    draw(session, disk(RADIUS, CENTRE))
    assert np.allclose(seen(session), one, atol=1e-6)


def test_what_a_model_proposes_as_a_mask_says_nothing(session: LabellingSession) -> None:
    before = seen(session)
    number = session.view.instance.id
    session.project.store_mask_proposal(number, {"disk": disk(RADIUS, CENTRE)}, model="parsing")
    session.look_again()
    assert session.masks.of("disk")
    assert np.allclose(seen(session), before)


def test_a_region_that_is_not_to_be_seen_says_nothing(session: LabellingSession) -> None:
    before = seen(session)
    draw(session, Mask())
    assert np.allclose(seen(session), before)


def test_hidden_landmarks_are_not_pulled_to_what_hides_them(session: LabellingSession) -> None:
    assert session.proposal is not None
    hidden = replace(session.proposal, hidden=np.ones(len(SCHEME)))
    session.open(session.view.instance.id, hidden)
    before = seen(session)
    draw(session, disk(RADIUS, CENTRE))
    assert np.allclose(seen(session), before)


def test_the_edge_of_the_photograph_is_no_border(session: LabellingSession) -> None:
    """All of the photograph belongs to the region, and its edge is where a contour may be."""
    number = session.view.instance.id
    session.set_box(BOX.moved((-0.5, 0.0)))
    assert session.proposal is not None
    session.open(number, replace(session.proposal, box=BOX.moved((-0.5, 0.0))))
    before = seen(session)
    draw(session, Mask.of(np.ones((SIZE, SIZE), dtype=bool)))
    assert np.allclose(seen(session), before)
