"""The prior from labelled shapes alone: what proposes before any network is trained."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import likeness, nan_mean, similarity_box
from landmark_annotator.backends.shapes.fitting.gaussian_fit import Symmetry, fit_gaussian
from landmark_annotator.backends.shapes.fitting.label_noise import label_deviations
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.orientation import TURNS, headed
from landmark_annotator.backends.shapes.proposal import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape

PRIOR = "prior"
"""The name of what is proposed by it, where others have the name of their backend."""

_OWN_IMAGE = 0.8
"""Correlation of a shape with its mirror image: of a line, where it leans by 18 degrees."""
_BOX_SLACK = 0.05
"""Deviation of a drawn box from the box around the landmarks: shift in sides, and log scale."""


def shape_prior(
    labelled: Sequence[tuple[Box, Shape]],
    scheme: Scheme | None = None,
    groups: Sequence[str] | None = None,
) -> ShapeMixture:
    """One Gaussian (K = 1) over shapes in the box frame, from at least one labelled shape.

    Every landmark counts by its provenance (`label_deviations`). With a scheme, shapes are as
    likely as their mirror images where it names partners, and are compared in boxes turned by
    their heading where it has one: `prior_proposal` puts such a prior into an image. groups: which
    of the shapes are related.

    Boxes that came with the labels lie tightly around the landmarks, boxes that a person draws do
    not: the slack between them is added to the covariance. Raises TooFewLabels.
    """
    if not labelled:
        raise TooFewLabels(
            "A prior needs at least one labelled shape.",
            remedy="Label one instance completely by hand; from the second on the tool helps.",
        )
    frames = [box if scheme is None else headed(box, shape, scheme) for box, shape in labelled]
    shapes = [frame.to_frame(s.points) for frame, (_, s) in zip(frames, labelled, strict=True)]
    deviations = [label_deviations(shape) for _, shape in labelled]
    framed = np.stack(shapes)
    mean, covariance = fit_gaussian(
        framed, np.stack(deviations), symmetry_of(scheme, framed), groups
    )
    return ShapeMixture(np.zeros(1), mean[None], covariance + box_slack(mean, _BOX_SLACK))


def prior_proposal(mixture: ShapeMixture, box: Box, scheme: Scheme) -> Proposal:
    """What a `shape_prior` says of the object in a box, or `either_way` of it, before any click.

    Where objects have a heading, an upright box says nothing of it: the clicks have to.
    """
    unknown = scheme.heading is not None and box.angle == 0.0
    turns = TURNS if unknown else (0.0,)
    return Proposal(box, mixture, PRIOR, turns=turns, kinds=mixture.classes > 1)


def box_slack(mean: Floats, deviation: float) -> Floats:
    """(2L, 2L) covariance of a mean shape (L, 2) whose box is shifted and scaled at random."""
    moves = [np.tile([1.0, 0.0], len(mean)), np.tile([0.0, 1.0], len(mean)), mean.ravel()]
    basis = np.stack(moves) * deviation
    return np.asarray(basis.T @ basis)


def shape_slack(reference: Floats, truths: Floats, before: tuple[float, float] = (0, 0)) -> Floats:
    """(2L, 2L) covariance of a shape by the similarity that a fitted box is off by.

    truths: (N, L, 2) in fitted boxes; the boxes that fit the truths themselves are in the middle.
    before: so many looks of such a deviation are had already.
    """
    fits = [similarity_box(reference, truth) for truth in truths]
    values = np.array([[f.centre_x, f.centre_y, np.log(f.side), f.angle] for f in fits])
    count, known = before
    squares = (values.reshape(-1, 4) ** 2).sum(axis=0) + count * known**2
    # Seen from a handful of looks a deviation may be zero by chance.
    deviation = np.sqrt(squares / (len(truths) + count) + 0.005**2)
    turned = reference @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    moves = [np.tile([1.0, 0.0], len(reference)), np.tile([0.0, 1.0], len(reference))]
    basis = np.stack([*moves, reference.ravel(), turned.ravel()]) * deviation[:, None]
    return np.asarray(basis.T @ basis)


def symmetry_of(scheme: Scheme | None, shapes: Floats) -> Symmetry | None:
    """Of shapes (N, L, 2) in boxes that are turned by the heading where the scheme has one.

    None where the scheme names no partners, or the mean shape is its own mirror image neither
    across the one axis of the frame nor across the other. An upright face is so across the vertical
    one; a mouse that lies across the picture is not, whatever its scheme says of upright, and its
    mean with that mirror image would be no shape at all.
    """
    if scheme is None or not scheme.partners:
        return None
    upright, along = np.array([-1.0, 1.0]), np.array([1.0, -1.0])
    # The frame of an object with a heading has it as its x axis.
    likely = (upright, along) if scheme.heading is None else (along, upright)
    mean = nan_mean(shapes)
    for signs in likely:
        symmetry = Symmetry(np.array(scheme.mirror), signs)
        if likeness(mean, symmetry.of_mean(mean).reshape(-1, 2)) > _OWN_IMAGE:
            return symmetry
    return None
