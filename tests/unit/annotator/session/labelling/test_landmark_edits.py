"""Actions on the whole shape: left and right swapped, all taken back, another one copied."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.shape_copy import copied
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

RIGHT_EYE, LEFT_EYE = 36, 45


@pytest.fixture
def session(project: Project, waiting: InstanceRecord) -> LabellingSession:
    session = LabellingSession(project, who="anna")
    pixels = read_pixels(project.image(waiting.image_id).path)
    assert waiting.box is not None
    session.open(waiting.id, best_proposer(project).propose(pixels, waiting.box))
    return session


def test_swapping_gives_what_was_clicked_to_the_partner(session: LabellingSession) -> None:
    place = tuple(session.view.shape.points[LEFT_EYE])
    session.click(RIGHT_EYE, place)
    view = session.swap()
    assert view.shape.points[LEFT_EYE] == pytest.approx(place)
    assert view.shape.provenance[RIGHT_EYE] is None


def test_swapping_twice_changes_nothing(session: LabellingSession) -> None:
    before = session.click(RIGHT_EYE, (90.0, 80.0)).shape
    session.swap()
    assert session.swap().shape.points == pytest.approx(before.points)


def test_an_accepted_shape_is_swapped_whole_and_stays_accepted(
    session: LabellingSession, project: Project
) -> None:
    before = session.accept().shape.points
    view = session.swap()
    assert view.shape.points == pytest.approx(before[list(project.scheme.mirror)])
    assert view.instance.state is InstanceState.ACCEPTED


def test_without_a_click_there_is_nothing_to_swap(session: LabellingSession) -> None:
    with pytest.raises(ActionableError, match="nothing to swap"):
        session.swap()


def test_starting_again_takes_every_click_back_at_once(session: LabellingSession) -> None:
    proposed = session.view.shape.points
    for landmark in (1, 2, 3):
        session.click(landmark, (10.0 * landmark, 20.0))
    view = session.start_again()
    assert view.shape.points == pytest.approx(proposed)
    assert view.instance.state is InstanceState.UNTOUCHED
    session.undo()
    assert session.view.shape.points[3] == pytest.approx((30, 20))


def test_a_copy_lies_in_the_new_box_as_the_shape_lay_in_its_own() -> None:
    points = np.random.default_rng(0).uniform(20, 60, (68, 2))
    own, box = Box(40.0, 40.0, 50.0, 50.0), Box(200.0, 100.0, 100.0, 100.0)
    found = copied(Shape(points), own, box).given([]).points
    assert found == pytest.approx(box.to_image(own.to_frame(points)))


def test_without_boxes_a_copy_lies_where_the_shape_lay() -> None:
    points = np.random.default_rng(0).uniform(20, 60, (68, 2))
    assert copied(Shape(points), None, None).given([]).points == pytest.approx(points)


def test_a_copy_has_no_position_for_what_the_shape_lacks() -> None:
    """What was marked as not in the image: the frame before is worth as much without it."""
    points = np.random.default_rng(0).uniform(20, 60, (68, 2))
    points[RIGHT_EYE] = np.nan
    own, box = Box(40.0, 40.0, 50.0, 50.0), Box(200.0, 100.0, 100.0, 100.0)
    copy = copied(Shape(points), own, box)
    assert copy.unlearned == {RIGHT_EYE}
    shown = copy.given([]).positions
    assert shown == pytest.approx(box.to_image(own.to_frame(points)), nan_ok=True)


def test_a_shape_without_landmarks_is_not_copied() -> None:
    with pytest.raises(ActionableError, match="has no landmark"):
        copied(Shape(np.full((2, 2), np.nan)), None, None)
