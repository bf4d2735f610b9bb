"""Landmarks and masks as evidence for each other, in the window."""

import json
from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.models import segmenters
from landmark_annotator.backends.borders.border_statistics import learned_borders
from landmark_annotator.projects.vocabulary import Box, Mask, Provenance, Region, RegionMap, Shape
from tests.gui.conftest import KITE, SIZE, kite

SCHEME = replace(KITE, regions=(Region("cloth"), Region("frame")))
CLOTH = Mask.of(np.ones((30, 30), dtype=bool), 100, 80)


def cloth(points: np.ndarray) -> Mask:
    """What the corners enclose."""
    rows, columns = np.mgrid[: SIZE[1], : SIZE[0]]
    inside = np.ones((SIZE[1], SIZE[0]), bool)
    corners = points[:4]
    for (x, y), (u, v) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        inside &= (u - x) * (rows - y) - (v - y) * (columns - x) >= 0
    return Mask.of(inside)


@pytest.fixture
def project(make_project):
    """Its parsing network knows where the borders of cloth are."""
    project = make_project(12, 1, scheme=SCHEME)
    rng = np.random.default_rng(3)
    shapes = [Shape(kite(rng)).with_provenance(Provenance.IMPORTED) for _ in range(20)]
    labelled = [(s, Box.square_around(s.points, 1.1), {"cloth": cloth(s.points)}) for s in shapes]
    learned = learned_borders(labelled, SCHEME, ["cloth"])
    card = {"scheme": SCHEME.to_dict(), "regions": ["cloth"], "borders": learned.lines()}
    folder = project.folder / "models" / "parsing"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(json.dumps(card))
    return project


class Network:
    """All that is to the left of the first landmark is cloth."""

    def regions(self):
        return ("cloth",)

    def segment(self, pixels, box, landmarks, previous, clicks, covariances=None):
        height, width = pixels.shape[:2]
        likely = np.zeros((1, height, width), np.float32)
        likely[0, :, : round(landmarks[0, 0])] = 1.0
        return RegionMap(("cloth",), likely, Box(width / 2 - 0.5, height / 2 - 0.5, width, height))


def test_a_drawn_mask_moves_landmarks_that_nobody_has_placed(project, open_window):
    hands = open_window(project)
    hands.wait_for()
    before = hands.points.copy()
    truth = before.copy()
    truth[:4] = before[:4].mean(axis=0) + 1.15 * (before[:4] - before[:4].mean(axis=0))
    hands.window.actions_by_name["polygon"].trigger()
    for x, y in truth[:4]:
        hands.click(float(x), float(y))
    hands.window.actions_by_name["accept"].trigger()

    assert "cloth" in project.masks(hands.open_id)
    apart = np.linalg.norm(before[:4] - truth[:4], axis=1).mean()
    assert np.linalg.norm(hands.points[:4] - truth[:4], axis=1).mean() < 0.7 * apart
    assert not project.shape(hands.open_id).known.any()

    hands.window.actions_by_name["undo"].trigger()
    assert np.allclose(hands.points, before)


def test_a_placed_landmark_moves_a_mask_that_is_proposed(project, open_window, monkeypatch):
    monkeypatch.setattr(segmenters, "segmenter", lambda folder, scheme, region: Network())
    waiting = project.queue()[0].instance_id
    project.store_mask_proposal(waiting, {"cloth": CLOTH}, model="parsing")
    hands = open_window(project)
    hands.wait_for()
    assert hands.canvas.masks.masks == {"cloth": CLOTH}

    x, y = hands.points[0]
    hands.window.controller.choose(0)
    hands.click(float(x) + 6, float(y))
    hands.qtbot.waitUntil(lambda: hands.canvas.masks.masks["cloth"] != CLOTH, timeout=20_000)
    right = hands.canvas.masks.masks["cloth"].spans[:, 2].max()
    assert right == pytest.approx(hands.points[0, 0], abs=1.5)

    hands.window.actions_by_name["undo"].trigger()
    hands.qtbot.waitUntil(lambda: hands.canvas.masks.masks == {"cloth": CLOTH}, timeout=20_000)
    assert project.masks(waiting) == {}
