from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import evaluate
from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.hardships import (
    HARDSHIPS,
    Hardship,
    hard_faces,
    occluded,
)
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.backends.shapes.summaries.global_variables import variables
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

WHITE = np.full((200, 200, 3), 255, np.uint8)
BOX = Box(100, 100, 120, 120)


@pytest.fixture(scope="module")
def faces(landmark_data: Path) -> list[LabelledInstance]:
    return faces300w.faces(faces300w.TESTING)[:60]


def share(kind: str, seed: int) -> float:
    """Of the box that is black."""
    axes = HARDSHIPS[kind].ellipse
    assert axes is not None
    black = occluded(WHITE, BOX, axes, np.random.default_rng(seed))
    assert WHITE.min() == 255  # the image itself stays as it is
    return float((black == 0).all(axis=2).sum()) / BOX.side**2


def test_large_ellipses_cover_more_than_medium_ones() -> None:
    medium, large = (
        np.mean([share(kind, seed) for seed in range(12)])
        for kind in ("ellipse_medium", "ellipse_large")
    )

    assert 0.05 < medium < 0.12
    assert 0.18 < large < 0.35


def test_one_seed_occludes_alike(faces: list[LabelledInstance]) -> None:
    hardship = Hardship(ellipse=(0.2, 0.3))

    first, second = (list(hard_faces(hardship, faces[:2], 0.05, 3)) for _ in range(2))

    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.pixels, other.pixels)
        assert one.box == other.box


def test_large_poses_are_those_turned_farthest(faces: list[LabelledInstance]) -> None:
    yaw = variables(Scheme.named("face68"))["yaw"]
    turned = np.abs(yaw(np.stack([face.box.to_frame(face.shape.points) for face in faces])))

    chosen = [hard.index for hard in hard_faces(HARDSHIPS["pose"], faces, 0.0, 0)]

    assert len(chosen) == 6
    assert turned[chosen].min() >= np.delete(turned, chosen).max()


def test_looser_boxes_are_farther_off(faces: list[LabelledInstance]) -> None:
    def off(kind: str) -> float:
        boxes = [(hard.box, hard.face.box) for hard in hard_faces(HARDSHIPS[kind], faces, 0.05, 0)]
        return float(np.mean([abs(b.centre_x - a.centre_x) / a.side for b, a in boxes]))

    assert off("none") < off("box10") < off("box15") < off("box25")


def test_every_hardship_has_its_figures(hardly_trained: Path) -> None:
    options = Options(project=str(hardly_trained), backend="exemplar", images=4, clicks=1)

    figures = evaluate("hard", options, "annotator evaluate hard", SILENT).figures

    for kind in HARDSHIPS:
        assert figures[f"hard/{kind}/nme"] > 0
        assert 0 <= figures[f"hard/{kind}/noc_all10"] <= 2
    assert figures["hard/pose/images"] == 1


def test_upside_down_landmarks_are_where_they_were_on_the_face(
    faces: list[LabelledInstance],
) -> None:
    (hard,) = hard_faces(Hardship(jitter=0.0, upside_down=True), faces[:1], 0.0, 0)
    before = np.rint(faces[0].shape.points).astype(int)
    after = np.rint(hard.face.shape.points).astype(int)
    inside = ((before >= 0) & (before < np.array(hard.pixels.shape[1::-1]))).all(axis=1)

    seen = faces[0].read_pixels()[before[inside, 1], before[inside, 0]]

    np.testing.assert_array_equal(hard.pixels[after[inside, 1], after[inside, 0]], seen)
    assert hard.face.shape.points[8, 1] < hard.face.shape.points[27, 1]  # the chin, the nose
    assert hard.box == Box.square_around(hard.face.shape.points)


def test_a_box_beside_is_off_by_so_many_sides(faces: list[LabelledInstance]) -> None:
    (hard,) = hard_faces(Hardship(jitter=0.0, beside=0.9), faces[:1], 0.0, 0)
    off = hard.box.centre_x - faces[0].box.centre_x, hard.box.centre_y - faces[0].box.centre_y

    assert np.hypot(*off) == pytest.approx(0.9 * faces[0].box.side)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("negative", lambda grey: 255 - grey),
        ("pale", lambda grey: 127.5 + 0.05 * (grey - 127.5)),
    ],
)
def test_other_light_changes_what_is_seen_and_nothing_else(
    faces: list[LabelledInstance], kind: str, shown: Callable[[Floats], Floats]
) -> None:
    (hard,) = hard_faces(HARDSHIPS[kind], faces[:1], 0.0, 0)

    off = hard.pixels - shown(faces[0].read_pixels().astype(np.float64))

    assert np.abs(off).max() <= 0.5
    np.testing.assert_array_equal(hard.face.shape.points, faces[0].shape.points)


def test_hardships_can_be_measured_one_by_one(hardly_trained: Path) -> None:
    options = Options(
        project=str(hardly_trained), backend="exemplar", images=2, clicks=1, variants=("pale",)
    )

    figures = evaluate("hard", options, "annotator evaluate hard", SILENT).figures

    assert {name.split("/")[1] for name in figures if name.startswith("hard/")} == {"pale"}
