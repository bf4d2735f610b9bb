"""The embedded rendered heads: what is written of them agrees with itself and with the masks."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.projects.samples import RenderedHead, mask_labels, rendered_heads
from landmark_annotator.projects.samples.rendered_heads.heads import FOLDER
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

HEADS = rendered_heads()
STILLS = [head for head in HEADS if head.frame is None]
FRAMES = [head for head in HEADS if head.frame is not None]


def labels(*names: str) -> list[int]:
    return [number for number, name in mask_labels().items() if name in names]


@cache
def mask(name: str) -> Ints:
    return next(head for head in HEADS if head.name == name).mask()


def around(head: RenderedHead, landmark: int) -> list[int]:
    """The mask's labels at a landmark and beside it."""
    x, y = np.round(head.shape.points[landmark]).astype(int)
    found = mask(head.name)[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
    return sorted(set(found.ravel().tolist()))


def test_there_are_120_stills_and_a_sequence_of_60_frames_in_order() -> None:
    assert len(STILLS) == 120
    assert [head.frame for head in FRAMES] == list(range(60))


def test_all_of_it_takes_no_more_than_eight_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 8e6


def test_every_picture_has_the_size_of_its_camera_and_a_mask_of_known_labels() -> None:
    for head in HEADS:
        size = head.truth["camera"]["size"]
        with Image.open(head.picture) as picture:
            assert picture.size == (size, size)
        assert mask(head.name).shape == (size, size)
        assert set(np.unique(mask(head.name)).tolist()) <= set(mask_labels())


def test_the_points_are_the_3d_points_seen_through_the_camera() -> None:
    for head in HEADS:
        camera = head.truth["camera"]
        away = camera["distance"] - head.points_3d[:, 2:]
        seen = camera["focal"] * head.points_3d[:, :2] * [1, -1] / away + (camera["size"] - 1) / 2
        assert seen == pytest.approx(head.shape.points, abs=0.02)


def test_a_visible_landmark_lies_on_the_face_in_the_mask() -> None:
    own = set(mask_labels()) - set(
        labels("background", "hair", "glasses", "hat", "occluder", "clothes")
    )
    for head in HEADS[::7]:
        for landmark in np.flatnonzero(head.shape.visibility == 2).tolist():
            assert own & set(around(head, landmark)), (head.name, landmark)


def test_the_visible_tip_of_the_nose_is_nose_and_the_visible_chin_is_not() -> None:
    seen = [head for head in HEADS if (head.shape.visibility[[8, 30]] == 2).all()]
    nose = labels("nose")[0]
    assert len(seen) > 60
    assert all(nose in around(head, 30) for head in seen)
    assert not any(nose in around(head, 8) for head in seen)


def test_lashes_are_not_of_the_eye() -> None:
    """Each would be a row of single pixels beside it."""
    of_eyes = alone = 0
    for head in HEADS:
        eyes = np.isin(mask(head.name), labels("right_eye", "left_eye")).astype(np.uint8)
        beside = cv2.filter2D(eyes, -1, np.ones((3, 3)), borderType=cv2.BORDER_CONSTANT)
        of_eyes += int(eyes.sum())
        alone += int((eyes * (beside == 1)).sum())
    assert alone < of_eyes / 1000


def steps_to_the_chin(shapes: Floats) -> list[Floats]:
    """(8,) of each half of the jaws of (N, 68, 2): the share of the way that is behind each of its
    landmarks but the first, in the median."""
    found = []
    for side in (shapes[:, :9], shapes[:, 16:7:-1]):
        passed = np.linalg.norm(np.diff(side, axis=1), axis=2).cumsum(axis=1)
        found.append(np.median(passed / passed[:, -1:], axis=0))
    return found


def test_the_jaws_landmarks_are_evenly_spaced_from_each_ear_to_the_chin() -> None:
    """Where the outline turns sharply a step is shorter as the crow flies."""
    for shares in steps_to_the_chin(np.stack([head.shape.points for head in STILLS])):
        assert shares == pytest.approx(np.arange(1, 9) / 8, abs=0.02)


def test_so_do_annotators_space_them_whichever_way_a_head_is_turned(landmark_data: Path) -> None:
    shapes = np.stack([face.shape.points for face in faces300w.faces(faces300w.TRAINING)])
    right, left = (np.linalg.norm(shapes[:, 30] - shapes[:, j], axis=1) for j in (2, 14))
    turned = np.log(right / left)
    for low, high in ((-9, -1.2), (-1.2, -0.5), (-0.25, 0.25), (0.5, 1.2), (1.2, 9)):
        for shares in steps_to_the_chin(shapes[(low < turned) & (turned < high)]):
            assert shares == pytest.approx(np.arange(1, 9) / 8, abs=0.025)


def test_what_an_object_covers_is_hidden() -> None:
    occluder = labels("occluder")
    covered = [
        (head, landmark)
        for head in HEADS
        if head.truth["occluder"] != "none"
        for landmark in range(68)
        if ((head.shape.points[landmark] > 1) & (head.shape.points[landmark] < 382)).all()
        and around(head, landmark) == occluder
    ]
    assert len(covered) > 100
    assert all(head.shape.visibility[landmark] == 1 for head, landmark in covered)


def test_yaw_is_positive_where_the_nose_points_to_the_pictures_right() -> None:
    for head in HEADS:
        yaw, _, _ = head.pose
        forward = head.points_3d[30] - head.points_3d[[36, 45]].mean(axis=0)
        if abs(yaw) > 20:
            assert np.sign(forward[0]) == np.sign(yaw)


def test_the_set_reaches_extreme_poses_and_varied_faces() -> None:
    yaw, pitch, _ = np.abs([head.pose for head in STILLS]).T
    assert 45 < yaw.max() <= 60
    assert 15 < pitch.max() <= 30
    for what, least in (("hair", 8), ("beard", 4), ("expression", 6), ("background", 5)):
        assert len({head.truth[what] for head in STILLS}) >= least, what
    for what, kinds in (("glasses", 2), ("hat", 2), ("occluder", 3)):
        assert len({head.truth[what] for head in STILLS} - {"none"}) >= kinds, what


def test_stills_show_different_people_and_the_sequence_one() -> None:
    assert len({head.truth["identity"] for head in STILLS}) == len(STILLS)
    assert len({head.truth["identity"] for head in FRAMES}) == 1


def test_landmarks_move_little_from_one_frame_to_the_next_and_far_in_all() -> None:
    within = np.stack([head.shape.points[17:] for head in FRAMES])
    steps = np.linalg.norm(np.diff(within, axis=0), axis=2)
    assert steps.max() < 20
    assert np.ptp(within[:, 13], axis=0).max() > 40


def test_a_hand_passes_and_the_landmarks_come_back() -> None:
    hidden = np.array([(head.shape.visibility == 1).sum() for head in FRAMES])
    passing = np.array([head.truth["occluder"] == "hand" for head in FRAMES])
    assert hidden[passing].max() > 20
    assert passing[0] == passing[-1] == False  # noqa: E712  (numpy's own truth values)


def test_the_data_card_names_sources_licences_and_the_command() -> None:
    card = (FOLDER / "README.md").read_text()
    for said in (
        "CC0",
        "Mika Suominen",
        "MPFB2",
        "python -m landmark_annotator.projects.rendering set",
    ):
        assert said in card
