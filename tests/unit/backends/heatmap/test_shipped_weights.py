"""The weights that come with the program, on photographs that they were not trained on."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.proposers import ProposerRecipe
from landmark_annotator.projects.exchange.codecs import pts
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary import Box, Scheme
from tests.unit.one_click import mean_errors

pytestmark = pytest.mark.usefixtures("shipped_weights")


@pytest.fixture
def recipe(face68: Scheme, tmp_path: Path) -> ProposerRecipe:
    return ProposerRecipe(ModelLibrary(tmp_path, face68), ())


def test_a_new_project_of_faces_has_proposals_before_the_first_label(
    recipe: ProposerRecipe, face68: Scheme, landmark_data: Path
) -> None:
    proposer = recipe.make()
    assert proposer.name == "heatmap"
    assert "came with the program" in proposer.reason
    found = sorted(
        pts.read(landmark_data / "faces68" / "helen-test", face68).instances,
        key=lambda face: face.image.name,
    )
    faces = (
        (
            read_pixels(face.image),
            face.shape.points,
            Box.square_around(face.shape.points).moved((0.05, -0.04), 1.06),
        )
        for face in found[:8]
    )
    error, clicked = mean_errors(proposer.propose, faces, face68)
    assert error < 4.5
    assert clicked < error


def test_a_scheme_without_weights_starts_with_none(tmp_path: Path) -> None:
    leaf = Scheme("leaf", ("stem", "tip"))
    assert ProposerRecipe(ModelLibrary(tmp_path, leaf), ()).make().name == "none"


def test_all_weights_together_are_at_most_fifteen_megabytes() -> None:
    files = list((Path(__file__).parents[4] / "backends").glob("*/weights/*/*.safetensors"))
    assert len(files) > 4
    assert sum(file.stat().st_size for file in files) <= 15 * 2**20


def test_a_model_of_the_project_that_cannot_be_read_gives_way_to_them(
    recipe: ProposerRecipe, tmp_path: Path
) -> None:
    (tmp_path / "heatmap").mkdir()
    (tmp_path / "heatmap" / "card.json").write_text("{}")
    proposer = recipe.make()
    assert proposer.name == "heatmap"
    assert "came with the program" in proposer.reason
    assert "cannot be read" in proposer.reason


def test_what_is_no_face_is_unfamiliar_and_a_face_is_not(
    recipe: ProposerRecipe, face68: Scheme, landmark_data: Path
) -> None:
    propose = recipe.make().propose
    radiographs = sorted((landmark_data / "ceph19").glob("*.jpg"))[:2]
    flies = sorted((landmark_data / "fly32").glob("*.png"))[:2]
    for picture in radiographs + flies:
        pixels = read_pixels(picture)
        height, width = pixels.shape[:2]
        proposal = propose(pixels, Box(width / 2, height / 2, width, height))
        assert proposal is not None
        assert proposal.unfamiliar
    found = pts.read(landmark_data / "photos" / "helen-test", face68).instances
    for face in sorted(found, key=lambda face: face.image.name)[:4]:
        proposal = propose(read_pixels(face.image), Box.square_around(face.shape.points))
        assert proposal is not None
        assert not proposal.unfamiliar


def test_faces_that_are_mostly_beyond_the_border_are_rarely_unfamiliar(
    recipe: ProposerRecipe, face68: Scheme, landmark_data: Path
) -> None:
    propose, unfamiliar = recipe.make().propose, 0
    found = pts.read(landmark_data / "photos" / "helen-test", face68).instances
    for face in sorted(found, key=lambda face: face.image.name)[:8]:
        points = face.shape.points
        upper = read_pixels(face.image)[: int(np.quantile(points[:, 1], 0.45))]
        proposal = propose(upper, Box.square_around(points))
        assert proposal is not None
        unfamiliar += proposal.unfamiliar
    assert unfamiliar <= 2  # all of them, while what nobody sees counted as well


def test_a_box_without_a_face_has_a_predicted_error_far_above_that_of_faces(
    recipe: ProposerRecipe, face68: Scheme, landmark_data: Path
) -> None:
    propose = recipe.make().propose
    found = pts.read(landmark_data / "photos" / "helen-test", face68).instances
    familiar, strange = [], []
    for face in sorted(found, key=lambda face: face.image.name)[:4]:
        pixels, box = read_pixels(face.image), Box.square_around(face.shape.points)
        for other, errors in ((box, familiar), (box.moved((1.3, 0.8)), strange)):
            proposal = propose(pixels, other)
            assert proposal is not None
            errors.append(proposal.given([]).predicted_error(face68, proposal.box))
    assert min(strange) > 5 * max(familiar)
