"""What is accepted elsewhere than in its box takes the box along, as one step for undo."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.sheet import accept_together
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

BOX = Box(50.0, 50.0, 40.0, 30.0)
SHAPE = np.array([[-0.3, 0.0], [0.3, 0.0], [0.0, 0.3]])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    scheme = Scheme("dots", ("a", "b", "c"), heading=(0, 1))
    with Project.create(tmp_path / "dots", scheme) as made:
        yield made


def opened(
    project: Project, box: Box = BOX, shape: Floats = SHAPE, *, at: Box | None = None
) -> LabellingSession:
    """at: where it is proposed, if not in the box."""
    video = project.add_video(project.folder / "dots.mp4", "1" * 64, 25.0)
    (image,) = project.add_frames(video.id, {0: ImageFacts(400, 400, "0" * 64)})
    record = project.add_instance(image.id, box, who="ann")
    session = LabellingSession(project, who="ann")
    session.open(record.id, proposed(at or box, shape))
    return session


def proposed(box: Box, shape: Floats = SHAPE) -> Proposal:
    return Proposal(box, ShapeMixture(np.zeros(1), shape[None], 0.1 * np.eye(6)), "model")


def click_all(session: LabellingSession, points: Floats) -> None:
    for landmark, (x, y) in enumerate(points.tolist()):
        session.click(landmark, (x, y))


def follow(project: Project, session: LabellingSession) -> None:
    """Through the video: it is of a track."""
    (video,), instance_id = project.videos(), session.view.instance.id
    project.gather_tracks(video.id, {"one": [instance_id]}, who="ann")
    session.open(instance_id, session.proposal)


def near(box: Box | None, there: Box) -> bool:
    """Around the same object: boxes are not all drawn around the middle of its landmarks."""
    assert box is not None
    assert (box.width, box.height) == (there.width, there.height)
    return np.hypot(box.centre_x - there.centre_x, box.centre_y - there.centre_y) < 10


@pytest.mark.parametrize("together", [False, True])
def test_the_box_of_what_is_elsewhere_goes_with_it_until_undone(
    project: Project, *, together: bool
) -> None:
    session = opened(project)
    there = BOX.shifted(200.0, 150.0)
    click_all(session, there.to_image(SHAPE))
    before = project.instance(session.view.instance.id)
    if together:
        accept_together([session], 1.0, masked=())
    else:
        assert near(session.accept().instance.box, there)
    after = project.instance(before.id)
    assert near(after.box, there)
    assert after.state is InstanceState.ACCEPTED
    project.undo("ann")
    assert project.instance(before.id) == before


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_it_becomes_as_large_as_one_of_such_a_shape(project: Project, scale: float) -> None:
    session = opened(project)
    there = BOX.shifted(200.0, 150.0).moved(scale=scale)
    click_all(session, there.to_image(SHAPE))
    box = session.accept().instance.box
    assert box is not None
    assert (box.width, box.height) == pytest.approx((there.width, there.height))


def test_it_does_so_where_it_was_looked_for_around_the_clicks(project: Project) -> None:
    session = opened(project)
    there = BOX.shifted(200.0, 150.0)
    session.click(0, tuple(there.to_image(SHAPE)[0].tolist()))
    assert session.proposal is not None
    session.belief.reconsider(session.proposal, proposed(there))
    assert near(session.look_again().instance.box, BOX)
    assert near(session.accept().instance.box, there)


def test_the_frame_beside_it_is_proposed_there_and_its_box_goes_too(project: Project) -> None:
    there = BOX.shifted(200.0, 150.0)
    session = opened(project, at=there)
    follow(project, session)
    assert near(session.accept().instance.box, there)


def test_one_that_is_turned_lies_as_the_shape_does(project: Project) -> None:
    session = opened(project, BOX.moved(turn=0.5))
    there = BOX.shifted(200.0, 150.0).moved(turn=2.0)
    click_all(session, there.to_image(SHAPE))
    box = session.accept().instance.box
    assert near(box, there)
    assert box is not None
    assert box.angle == pytest.approx(2.0)


@pytest.mark.parametrize("followed", [False, True])
def test_a_corrected_shape_leaves_its_box_alone(project: Project, *, followed: bool) -> None:
    session = opened(project)
    if followed:
        follow(project, session)
    click_all(session, BOX.shifted(8.0, -8.0).to_image(SHAPE))
    assert session.accept().instance.box == BOX


def test_so_does_one_that_always_lies_beside_its_box(project: Project) -> None:
    beside = SHAPE + np.array([0.0, 2.0])
    session = opened(project, shape=beside)
    click_all(session, BOX.shifted(8.0, -8.0).to_image(beside))
    assert session.accept().instance.box == BOX
