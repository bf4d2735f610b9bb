"""Whether the classifier tells that it has never seen the like."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.campaign_sets import set_named
from landmark_annotator.backends.exemplar import load
from landmark_annotator.backends.exemplar.novelty import class_spread, usual_spread
from landmark_annotator.backends.exemplar.proposer import ExemplarProposer
from landmark_annotator.projects.vocabulary import Scheme


def test_the_spread_is_the_variance_between_the_classes_that_are_possible() -> None:
    exemplars = np.array([[[0.0, 0.0]], [[2.0, 0.0]], [[90.0, 90.0]]], dtype=np.float32)
    assert class_spread(np.array([1.0, 1.0, -99.0]), 1.0, exemplars) == pytest.approx(1.0)
    assert class_spread(np.array([9.0, -99.0, -99.0]), 1.0, exemplars) == 0.0
    sharp, soft = (class_spread(np.array([4.0, 1.0, -99.0]), t, exemplars) for t in (0.5, 2.0))
    assert sharp < soft
    scores = np.array([[1.0, 1.0, -99.0]] * 99 + [[9.0, 1.0, -99.0]])
    assert usual_spread(scores, 1.0, exemplars) == pytest.approx(1.0)


@pytest.fixture(scope="module")
def told(face68: Scheme, landmark_data: Path) -> ExemplarProposer:
    """The weights that come with the program, with what its held-out faces have for usual."""
    weights = Path(__file__).parents[4] / "backends" / "exemplar" / "weights" / "face68"
    shipped = load(weights, face68)
    kept = set(shipped.model.card["held_out_keys"])
    faces = [face for face in faces300w.faces(faces300w.TRAINING) if face.key in kept][:30]
    classifier, temperature = shipped.model.classifier, shipped.model.alone.temperature
    scores = [classifier.classify(face.read_pixels(), face.box)[1][0] for face in faces]
    usual = usual_spread(np.stack(scores), temperature, classifier.exemplars)
    model = replace(shipped.model, card={**shipped.model.card, "usual_spread": usual})
    return ExemplarProposer(model)


def test_faces_are_familiar_radiographs_and_flies_are_not(told: ExemplarProposer) -> None:
    faces = faces300w.faces(faces300w.TESTING)[:12]
    seen = [told.propose(face.read_pixels(), face.box) for face in faces]
    assert np.mean([proposal.unfamiliar for proposal in seen]) < 0.2
    for name in ("ceph19", "fly32"):
        one = set_named(name)
        others = one.read(one.scheme())[:8]
        strange = [told.propose(each.read_pixels(), each.box) for each in others]
        assert np.mean([proposal.unfamiliar for proposal in strange]) > 0.6
    before = replace(told.model, card={**told.model.card, "usual_spread": None})
    sure = ExemplarProposer(before).propose(others[-1].read_pixels(), others[-1].box)
    assert sure.novelty is None
    wider = np.trace(strange[-1].mixture.residual) / np.trace(sure.mixture.residual)
    assert wider == pytest.approx(strange[-1].novelty)
    assert wider == pytest.approx(strange[-1].widened)
