"""What the latency protocol takes a model to believe."""

from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.beliefs import beliefs
from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import SILENT


def test_over_its_own_classes_it_is_what_the_model_proposes(hardly_trained: Path) -> None:
    options = Options(project=str(hardly_trained), backend="exemplar", images=1)
    face = faces300w.faces(faces300w.TESTING)[0]
    box = jittered(face.box, options.jitter, options.seed, 0)
    proposal = options.model(SILENT).propose(face.read_pixels(), box)
    given = beliefs(options, SILENT).over(proposal.mixture.classes)
    [belief] = given.each
    mixture = ShapeMixture(belief.scores, given.shapes, given.residual, belief.shift)
    found = Proposal(belief.box, mixture, "latency").given([]).points
    np.testing.assert_allclose(found, proposal.given([]).points, atol=0.1)
