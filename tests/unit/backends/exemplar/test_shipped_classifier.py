"""The classifier's weights that come with the program, on photographs it was not trained on."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.exemplar import load
from landmark_annotator.backends.exemplar.proposer import ExemplarProposer
from landmark_annotator.backends.learning.kmeans import class_distances
from landmark_annotator.backends.learning.training_shapes import training_shapes
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.vocabulary import SILENT, Scheme
from tests.unit.one_click import mean_errors

pytestmark = pytest.mark.usefixtures("shipped_weights")


@pytest.fixture(scope="module")
def shipped(face68: Scheme) -> ExemplarProposer:
    return load(Path(__file__).parents[4] / "backends" / "exemplar" / "weights" / "face68", face68)


def test_no_class_is_a_shape_that_somebody_labelled(
    shipped: ExemplarProposer, landmark_data: Path
) -> None:
    faces = faces300w.faces(faces300w.TRAINING)
    labelled = training_shapes(faces, 0.1, 0).shapes
    nearest = class_distances(labelled, shipped.model.classifier.exemplars).min(axis=0)
    assert nearest.min() > 0.005
    assert shipped.model.card["settings"]["fewest"] >= 3


def test_faces_are_found_without_training_and_follow_a_click(
    shipped: ExemplarProposer, face68: Scheme, landmark_data: Path
) -> None:
    faces = (
        (
            face.read_pixels(),
            face.shape.points,
            jittered(face.box, 0.05, 0, index),
        )
        for index, face in enumerate(faces300w.faces(faces300w.TESTING)[:8])
    )
    error, clicked = mean_errors(shipped.propose, faces, face68)
    assert error < 5
    assert clicked < error


def test_a_protocol_can_measure_them_without_training(face68: Scheme) -> None:
    backend = backend_named("exemplar")
    assert backend.shipped(face68) is not None
    model = Options(backend="exemplar", shipped=True).model(SILENT)
    assert isinstance(model, ExemplarProposer)
    assert model.model.classifier.exemplars.shape[1:] == (68, 2)
