"""The expected error is measured as true errors are: by the object's own box, where no distance of
the scheme says it."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.batch_proposals import store_expectation
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility

BOX = Box(50.0, 50.0, 40.0, 40.0)
MEAN = np.array([[[-0.3, 0.0], [0.3, 0.0], [0.0, 0.3]]])


def looking_into(share: float, variance: float = 0.01) -> Proposal:
    """The same landmarks, as unsure, by a model that looks into a part of the box."""
    inner = Box(50.0, 50.0, 40.0 * share, 40.0 * share)
    spread = variance / share**2 * np.eye(6)
    return Proposal(inner, ShapeMixture(np.zeros(1), MEAN / share, spread), "model")


@pytest.mark.parametrize("share", [1.0, 0.25])
def test_it_does_not_depend_on_where_a_model_looks(tmp_path: Path, share: float) -> None:
    with Project.create(tmp_path / "dots", Scheme("dots", ("a", "b", "c"))) as project:
        image = project.add_image(tmp_path / "dots.png", ImageFacts(100, 100, "0" * 64))
        record = project.add_instance(image.id, BOX, who="ann")
        whole, proposal = looking_into(1.0), looking_into(share)
        expected = whole.given([]).predicted_error(project.scheme, BOX)

        view = LabellingSession(project, who="ann").open(record.id, proposal)
        store_expectation(project, record.id, proposal, proposal.given([]))

        assert view.predicted_error == pytest.approx(expected, rel=1e-4)
        assert project.instance(record.id).predicted_error == pytest.approx(expected, rel=1e-4)


def test_what_is_not_in_the_image_counts_not(tmp_path: Path) -> None:
    """Where a model would have put it, it is as unsure as can be."""
    with Project.create(tmp_path / "dots", Scheme("dots", ("a", "b", "c"))) as project:
        image = project.add_image(tmp_path / "dots.png", ImageFacts(100, 100, "0" * 64))
        record = project.add_instance(image.id, BOX, who="ann")
        spread = np.diag([0.01, 0.01, 0.01, 0.01, 9.0, 9.0])
        proposal = Proposal(BOX, ShapeMixture(np.zeros(1), MEAN, spread), "model")
        alike = looking_into(1.0).given([]).predicted_error(project.scheme, BOX)
        session = LabellingSession(project, who="ann")
        before = session.open(record.id, proposal)
        assert before.predicted_error is not None
        assert before.predicted_error > 5 * alike
        view = session.set_visibility(2, Visibility.NOT_LABELLED)
        assert view.predicted_error == pytest.approx(alike, rel=1e-4)


@pytest.mark.parametrize("share", [1.0, 0.25])
def test_what_may_be_anywhere_is_lost_until_somebody_says_where_it_is(
    tmp_path: Path, share: float
) -> None:
    with Project.create(tmp_path / "dots", Scheme("dots", ("a", "b", "c"))) as project:
        video = project.add_video(tmp_path / "dots.mp4", "1" * 64, 25.0)
        (image,) = project.add_frames(video.id, {0: ImageFacts(100, 100, "0" * 64)})
        record = project.add_instance(image.id, BOX, who="ann")
        session = LabellingSession(project, who="ann")
        assert not session.open(record.id, looking_into(share, 1.0)).lost
        project.gather_tracks(video.id, {"one": [record.id]}, who="ann")
        assert not session.open(record.id, looking_into(share)).lost
        assert session.open(record.id, looking_into(share, 1.0)).lost
        assert not session.click(0, (80.0, 20.0)).lost


NAMED = Scheme("dots", ("a", "b", "c"), normaliser=(0, 1))
USUAL = 24.0
"""Pixels of it in such a box, whose diagonal is 57."""
HAVE = Shape(BOX.to_image(MEAN[0]), provenance=[Provenance.CLICKED] * 3)


def test_without_the_normaliser_it_is_of_its_usual_length(tmp_path: Path) -> None:
    """By the box's diagonal it was less than half of it, and no more was asked of the object."""
    with Project.create(tmp_path / "dots", NAMED) as project:
        images = [
            project.add_image(tmp_path / f"{n}.png", ImageFacts(100, 100, str(n))) for n in range(2)
        ]
        project.add_instance(images[0].id, BOX, shape=HAVE, who="ann")
        record = project.add_instance(images[1].id, BOX, who="ann")
        proposal = looking_into(1.0)
        session = LabellingSession(project, who="ann")
        session.open(record.id, proposal)
        view = session.set_visibility(0, Visibility.NOT_LABELLED)
        distance = proposal.given([]).expected_distance
        assert view.predicted_error == pytest.approx(100 * distance / USUAL, rel=1e-4)
        assert view.measured is not None
        assert view.measured.diagonal == pytest.approx(USUAL)
        accepted = session.accept()
        assert accepted.measured is not None
        assert accepted.measured.diagonal == pytest.approx(USUAL)
