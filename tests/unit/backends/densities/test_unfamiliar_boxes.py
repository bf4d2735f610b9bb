"""What a network proposes in a box that shows nothing it has learned, and what clicks do to it."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.hardships import HARDSHIPS, hard_faces
from landmark_annotator.annotator.session.models.looking_again import looked_again
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.backends.heatmap import load
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels


@pytest.fixture(scope="module")
def shipped(face68: Scheme) -> DensityProposer:
    weights = Path(__file__).parents[4] / "backends" / "heatmap" / "weights" / "face68"
    return load(weights, face68)


@pytest.fixture(scope="module")
def face(landmark_data: Path) -> LabelledInstance:
    return faces300w.faces(faces300w.TESTING)[5]


def _clicks(proposal: Proposal, face: LabelledInstance, *landmarks: int) -> list[Evidence]:
    points = face.shape.points
    return [Evidence.click(j, points[j], proposal.click_deviation) for j in landmarks]


def test_it_says_by_how_much_it_was_widened(
    shipped: DensityProposer, face: LabelledInstance
) -> None:
    pixels = face.read_pixels()
    familiar = shipped.propose(pixels, face.box)
    unfamiliar = shipped.propose(np.zeros_like(pixels), face.box)

    assert familiar.widened == 1.0
    assert unfamiliar.widened == unfamiliar.novelty
    assert unfamiliar.widened > 1


def test_a_face_beside_the_box_is_found_with_two_clicks(
    shipped: DensityProposer, face: LabelledInstance, face68: Scheme
) -> None:
    pixels, box = face.read_pixels(), face.box.moved((0.9, 0.2))
    first = shipped.propose(pixels, box)
    evidence = _clicks(first, face, 8, 36)

    again = looked_again(shipped, pixels, first, evidence)

    length = face68.normaliser_length(face.shape.points, face.box)
    off = np.linalg.norm(again.given(evidence).points - face.shape.points, axis=1) / length
    assert off.mean() < 0.05


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_face_is_found_whichever_way_up_the_photograph_is(
    shipped: DensityProposer, face: LabelledInstance, face68: Scheme, quarters: int
) -> None:
    pixels, truth, box = _turned(face, quarters)

    points = shipped.propose(pixels, box).given([]).points

    length = face68.normaliser_length(truth, box)
    assert np.linalg.norm(points - truth, axis=1).mean() / length < 0.05


@pytest.mark.parametrize("kind", ["negative", "pale"])
def test_a_face_is_found_in_its_negative_and_with_hardly_any_contrast(
    shipped: DensityProposer, landmark_data: Path, face68: Scheme, kind: str
) -> None:
    face = faces300w.faces(faces300w.TESTING)[100]
    (hard,) = hard_faces(HARDSHIPS[kind], [face], 0.0, 0)
    as_it_is = shipped.ablations(hard.pixels, hard.box)["fused"]

    proposal = shipped.propose(hard.pixels, hard.box)

    length = face68.normaliser_length(face.shape.points, face.box)
    off = np.linalg.norm(proposal.given([]).points - face.shape.points, axis=1).mean() / length
    assert as_it_is.unfamiliar
    assert not proposal.unfamiliar
    assert off < 0.05


def test_clicks_on_it_carry_the_known_shape_before_anybody_looks_again(
    shipped: DensityProposer, face: LabelledInstance, face68: Scheme
) -> None:
    pixels, truth, box = _turned(face, 2)
    first = shipped.ablations(pixels, box)["fused"]  # seen as the box lies alone
    evidence = [Evidence.click(j, truth[j], first.click_deviation) for j in (8, 36, 45)]

    length = face68.normaliser_length(truth, face.box)
    off = np.linalg.norm(first.given(evidence).points - truth, axis=1) / length

    assert off.mean() < 0.25


def _turned(face: LabelledInstance, quarters: int) -> tuple[Pixels, Floats, Box]:
    """The photograph turned so often to the left, the landmarks in it, and the face's box."""
    pixels, truth = face.read_pixels(), face.shape.points
    for _ in range(quarters):
        right = pixels.shape[1] - 1.0
        pixels = np.ascontiguousarray(np.rot90(pixels))
        truth = np.stack([truth[:, 1], right - truth[:, 0]], axis=1)
    return pixels, truth, Box.square_around(truth)
