"""What there is to learn from: which instances are densely and which sparsely labelled."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_annotator.backends.shapes.fitting.alignment import align, shown_box
from landmark_annotator.backends.weak.settings import check_format
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape
from landmark_annotator.projects.vocabulary.wording import counted

FEWEST_DENSE = 10


@dataclass(frozen=True, eq=False)
class Labels:
    """sparse: the landmarks of the sparse format. reference: (L, 2) the mean of the dense shapes.

    frames: N boxes in image pixels, turned and scaled as the known landmarks say. shapes:
    (N, L, 2) in them, NaN where unknown. dense: (N,) whether all landmarks are labelled.
    """

    sparse: tuple[int, ...]
    reference: Floats
    frames: list[Box]
    shapes: Floats
    dense: npt.NDArray[np.bool_]


def labels_of(
    instances: Sequence[LabelledInstance], scheme: Scheme, sparse: tuple[int, ...]
) -> Labels:
    """sparse: as in `Settings`. Raises TooFewLabels, or ActionableError for a format that does
    not leave any landmark to the dense branch."""
    dense = np.array([is_dense(instance.shape) for instance in instances], dtype=bool)
    if dense.sum() < FEWEST_DENSE:
        raise TooFewLabels(
            f"The weakly supervised network needs at least {FEWEST_DENSE} densely labelled "
            f"instances with boxes; there are {int(dense.sum())}.",
            kept="Until then the prior from the labelled shapes proposes.",
            remedy="Label a few more instances completely, all landmarks of each.",
        )
    if not sparse:
        sparse = format_of([i.shape for i, d in zip(instances, dense, strict=True) if not d])
    check_format(sparse, scheme)
    whole = [i.shape.points for i, d in zip(instances, dense, strict=True) if d]
    reference = align(whole)[0]
    gone = np.flatnonzero(~np.isfinite(reference[:, 0]))
    if len(gone):
        raise TooFewLabels(
            f"{counted(len(gone), 'landmark is', 'landmarks are')} labelled in no instance, the "
            f"first is {scheme.landmarks[gone[0]]}.",
            remedy="Label a few instances completely, all landmarks of each.",
        )
    frames = [shown_box(reference, each.shape.points, each.box) for each in instances]
    shapes = np.stack([f.to_frame(i.shape.points) for f, i in zip(frames, instances, strict=True)])
    return Labels(sparse, reference, frames, shapes, dense)


def is_dense(shape: Shape) -> bool:
    """Whether nothing is left to label: every landmark is known, or said to be absent."""
    said = np.array([mark is not None for mark in shape.provenance])
    return bool((shape.known | (said & (shape.visibility == 0))).all())


def format_of(shapes: Sequence[Shape]) -> tuple[int, ...]:
    """The landmarks that most of the sparse shapes have. Raises TooFewLabels without any."""
    known = np.array([shape.known for shape in shapes])
    chosen = np.flatnonzero(known.mean(axis=0) > 0.5) if len(shapes) else np.empty(0)
    if not len(chosen):
        raise TooFewLabels(
            "There are no sparsely labelled instances that have the same landmarks, so weak "
            "supervision has nothing to learn from.",
            remedy="Choose a sparse format (annotator budget, annotator plan) and click its points "
            "on more images; or train another backend.",
        )
    return tuple(int(j) for j in chosen)
