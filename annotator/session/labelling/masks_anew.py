"""Masks that are still a model's word, proposed anew after landmarks were placed: these say where
borders of regions pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.backends.registry import Segmenting
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import Box, Mask
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels


@dataclass(frozen=True, eq=False)
class MaskQuestion:
    """All that an answer needs, in any thread. landmarks, covariances: what is believed of them.
    previous: masks that people have said. names: of the regions that are proposed."""

    pixels: Pixels
    box: Box
    landmarks: Floats
    covariances: Floats
    previous: Mapping[str, Mask]
    names: Sequence[str]


def mask_question(session: LabellingSession, pixels: Pixels) -> MaskQuestion | None:
    """Of the open instance; None where nobody has placed a landmark of it, or where no masks are
    proposed."""
    view, masks = session.view, session.masks
    placed = any(mark is not None and mark.is_evidence for mark in view.shape.provenance)
    box = view.instance.box
    if not (placed and masks.proposed and box) or view.instance.state is InstanceState.ACCEPTED:
        return None
    shape = view.shape
    names = tuple(masks.proposed)
    return MaskQuestion(pixels, box, shape.points, shape.covariances, dict(masks.said), names)


def masks_anew(question: MaskQuestion, model: Segmenting) -> dict[str, Mask]:
    """Of those regions that the model knows."""
    # OpenCV takes a while to load, and a window is to be seen before.
    from landmark_annotator.backends.region_masks import found_masks

    found = model.segment(
        question.pixels,
        question.box,
        question.landmarks,
        question.previous,
        (),
        question.covariances,
    )
    height, width = question.pixels.shape[:2]
    masks = found_masks(found, width, height)
    return {name: masks[name] for name in question.names if name in masks}
