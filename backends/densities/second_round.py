"""The rest of sparsely labelled instances by a trained model, for it to learn from once more."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.backends.learning.checkpoints import GO_ON
from landmark_annotator.backends.learning.training_shapes import is_sparse
from landmark_annotator.backends.shapes.fitting.alignment import shown_box
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled
from landmark_annotator.projects.vocabulary.evidence import Evidence
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.provenance import Provenance
from landmark_annotator.projects.vocabulary.shape import Shape, Visibility


def filled(
    model: DensityProposer, instances: Sequence[LabelledInstance], progress: Progress
) -> list[LabelledInstance]:
    """The same instances, in the sparse ones every landmark that is not known where the model
    puts it given those that are: with its covariance, and FILLED as provenance. What was said to be
    hidden stays so, and what was said not to be in the image stays without a place. Instances whose
    image cannot be read stay as they are. Raises Cancelled."""
    found = []
    progress.start("filling sparsely labelled images", len(instances))
    for instance in instances:
        if is_sparse(instance):
            # That an image cannot be read is said by the training before, and by the one to come.
            with suppress(ActionableError):
                instance = replace(instance, shape=_filled(model, instance))
        found.append(instance)
        progress.advance()
        if progress.cancelled():
            raise Cancelled(
                "Training was stopped between its two rounds.",
                kept="The first round is kept.",
                remedy=GO_ON,
            )
    return found


def _filled(model: DensityProposer, instance: LabelledInstance) -> Shape:
    shape = instance.shape
    known = np.flatnonzero(shape.known).tolist()
    box = shown_box(model.model.inference.reference, shape.points, instance.box)
    proposal = model.propose(instance.read_pixels(), box)
    clicks = [Evidence.click(j, shape.points[j], proposal.click_deviation) for j in known]
    posterior = proposal.given(clicks)
    missing = ~(shape.known | shape.absent)
    points = np.where(missing[:, None], posterior.points, shape.points)
    marks = [
        Provenance.FILLED if lacks else mark or (Provenance.CLICKED if placed else None)
        for lacks, placed, mark in zip(missing, shape.known, shape.provenance, strict=True)
    ]
    visibility = np.where(
        missing & (shape.visibility == Visibility.NOT_LABELLED),
        Visibility.VISIBLE,
        shape.visibility,
    )
    return Shape(points, visibility, marks, posterior.covariances)
