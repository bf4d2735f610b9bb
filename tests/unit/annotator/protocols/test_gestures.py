"""What a simulated person does to faces is counted gesture by gesture."""

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import gestures
from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.backends.shapes import Proposal, shape_prior
from landmark_annotator.projects.vocabulary import Box, Found
from landmark_annotator.projects.vocabulary.progress import SILENT

FACES = 4


class Shapes:
    """Proposes the mean of a few faces."""

    def __init__(self) -> None:
        faces = faces300w.faces(("faces68/lfpw-train",))[:24]
        self.prior = shape_prior([(face.box, face.shape) for face in faces])

    def propose(self, pixels, box):
        return Proposal(box, self.prior, "shapes")


@pytest.fixture
def counted(landmark_data, monkeypatch):
    model = Shapes()
    monkeypatch.setattr(Options, "model", lambda self, progress: model)
    monkeypatch.setattr(gestures, "TOLERANCES", (10,))
    return lambda: gestures.run(Options(images=FACES), SILENT)


def test_a_face_costs_its_box_its_clicks_and_enter(counted, monkeypatch):
    monkeypatch.setattr(gestures, "_finder", lambda: None)
    found = counted()
    assert found["gestures/single/10/per_face"] == pytest.approx(
        2 + found["gestures/single/10/clicks"]
    )
    # One sheet for all of them: Enter once.
    assert found["gestures/sheet/10/drawn"] == pytest.approx(
        1 + found["gestures/sheet/10/clicks"] + 1 / FACES
    )
    assert found["gestures/sheet/10/boxes_given"] == found["gestures/sheet/10/drawn"] - 1


def test_what_the_finder_misses_is_drawn_and_what_is_no_face_removed(counted, monkeypatch):
    boxes = iter(face.box for face in faces300w.faces(("photos/helen-test",))[:FACES])

    class Half:
        """Finds every other face, and something in the corner of each photograph."""

        number = 0

        def find(self, pixels):
            self.number, box = self.number + 1, next(boxes)
            corner = Found(Box(3.0, 3.0, 6.0, 6.0), 0.9)
            return [corner, Found(box, 0.8)] if self.number % 2 else [corner]

    monkeypatch.setattr(gestures, "_finder", Half)
    found = counted()
    assert found["gestures/boxes_missed"] == 50.0
    assert found["gestures/boxes_removed"] == 100.0
    assert np.isfinite(found["gestures/sheet/10/per_face"])
    assert found["gestures/sheet/10/per_face"] != found["gestures/sheet/10/drawn"]
