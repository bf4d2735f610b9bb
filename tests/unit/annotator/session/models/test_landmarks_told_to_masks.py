"""Masks are proposed by the landmarks that are stored, else by the proposed ones."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.models import mask_proposals
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    Provenance,
    Region,
    RegionMap,
    Scheme,
    Shape,
)

THREE = Scheme("three", ("left", "middle", "right"), regions=(Region("bar"),))
PROPOSED = np.array([[10.0, 20.0], [30.0, 21.0], [50.0, 22.0]])
SPREAD = np.tile(np.diag([4.0, 9.0]), (3, 1, 1))


class Asked:
    """A network that keeps what it was told of the landmarks."""

    def __init__(self) -> None:
        self.points = self.covariances = np.empty(0)

    def regions(self):
        return ("bar",)

    def segment(self, pixels, box, landmarks, previous, clicks, covariances=None):
        self.points, self.covariances = landmarks, covariances
        return RegionMap(("bar",), np.full((1, 8, 8), 0.9), box)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    model = Asked()
    monkeypatch.setattr(mask_proposals, "load_parsers", lambda *_: model)
    kept = type("Kept", (), {"name": "any", "folder": Path(), "subject": "It", "maker": str})
    monkeypatch.setattr(mask_proposals, "kept_parsers", lambda _: [kept])
    return model


def told(folder: Path, asked: Asked, shape: Shape, proposed: bool = True) -> Asked:
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(folder / "one.png")
    with Project.create(folder / "project", THREE) as project:
        image = project.add_image(folder / "one.png", examine(folder / "one.png"))
        added = project.add_instance(image.id, Box(30, 20, 40, 20), shape=shape, who="ada")
        if proposed:
            project.store_proposal(
                added.id, PROPOSED, SPREAD, predicted_error=None, model="m", own=True
            )
        assert mask_proposals.propose_masks(project, SILENT).count == 1
    return asked


def test_what_nobody_has_placed_is_told_as_it_is_proposed(tmp_path: Path, asked: Asked) -> None:
    placed = Shape(
        [[11.0, 19.0], [np.nan] * 2, [np.nan] * 2], None, [Provenance.CLICKED, None, None]
    )
    told(tmp_path, asked, placed)
    assert asked.points == pytest.approx(np.array([[11.0, 19.0], *PROPOSED[1:]]))
    assert asked.covariances[1:] == pytest.approx(SPREAD[1:])


def test_what_is_absent_is_not_told(tmp_path: Path, asked: Asked) -> None:
    absent = Shape(np.full((3, 2), np.nan), [0, 0, 0], [Provenance.CLICKED, None, None])
    told(tmp_path, asked, absent)
    assert np.isnan(asked.points[0]).all()
    assert asked.points[1:] == pytest.approx(PROPOSED[1:])


def test_without_a_proposal_what_is_unknown_stays_so(tmp_path: Path, asked: Asked) -> None:
    told(tmp_path, asked, Shape(np.full((3, 2), np.nan)), proposed=False)
    assert np.isnan(asked.points).all()
