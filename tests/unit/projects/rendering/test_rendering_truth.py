"""What the renderer says of a picture: projection, visibility, light, and going on after a stop."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from landmark_annotator.projects.rendering.mesh.landmarks import _evenly
from landmark_annotator.projects.rendering.mesh.parts import Label
from landmark_annotator.projects.rendering.person.posing import Pose
from landmark_annotator.projects.rendering.production import batch
from landmark_annotator.projects.rendering.production.batch import Order, head_names, produce
from landmark_annotator.projects.rendering.production.truth import visibility
from landmark_annotator.projects.rendering.scene.camera import View, draw_view
from landmark_annotator.projects.rendering.scene.lighting import _lamp
from landmark_annotator.projects.rendering.scene.path_tracing import Traced
from landmark_annotator.projects.vocabulary import SILENT

VIEW = View(np.array([1.0, 2.0, 3.0]), distance=10.0, across=4.0, size=100)


def traced(label: Label, depth: float) -> Traced:
    empty = np.zeros((100, 100, 3))
    labels = np.full((100, 100), int(label))
    return Traced(empty, empty[..., 0], empty, empty, labels, np.full((100, 100), depth))


def seen(label: Label, depth: float, x: float = 50, landmark_depth: float = 10.0) -> int:
    points, depths = np.full((68, 2), [x, 50.0]), np.full(68, landmark_depth)
    return int(visibility(points, depths, traced(label, depth))[30])


def test_the_views_centre_is_the_middle_of_the_picture() -> None:
    assert VIEW.project(VIEW.centre[None])[0] == pytest.approx([49.5, 49.5])


def test_up_is_up_and_what_is_nearer_is_larger() -> None:
    offsets = np.array([[0, 1.0, 0], [0, 1.0, 5]])
    above, near = VIEW.project(VIEW.centre + offsets)
    assert above == pytest.approx([49.5, 49.5 - 25])
    assert near[1] == pytest.approx(49.5 - 50)


def test_a_landmark_is_visible_on_the_face_and_hidden_behind_anything() -> None:
    assert seen(Label.NOSE, 10.02) == 2
    assert seen(Label.NOSE, 9.5) == 1
    assert seen(Label.HAIR, 9.9) == 1
    assert seen(Label.BACKGROUND, np.inf) == 1


def test_outside_the_picture_is_hidden() -> None:
    assert seen(Label.NOSE, 10.0, x=120) == 1


def test_a_turn_to_the_right_turns_the_face_to_the_pictures_right() -> None:
    forward = np.array([0, 0, 1.0])
    assert Pose(30, 0, 0).rotation.apply(forward)[0] == pytest.approx(0.5)
    assert Pose(0, 30, 0).rotation.apply(forward)[1] == pytest.approx(0.5)
    assert Pose(0, 0, 30).rotation.apply([0, 1.0, 0])[0] == pytest.approx(0.5)


@given(st.floats(-80, 80), st.floats(-80, 80), st.floats(-170, 170))
def test_a_pose_is_that_of_its_rotation(yaw: float, pitch: float, roll: float) -> None:
    again = Pose.of(Pose(yaw, pitch, roll).rotation)
    assert (again.yaw, again.pitch, again.roll) == pytest.approx((yaw, pitch, roll))


def test_a_camera_that_goes_around_sees_what_turns_the_other_way() -> None:
    orbit = Pose(30, 10, -20).rotation
    around = replace(VIEW, orbit=orbit)
    points = VIEW.centre + np.random.default_rng(0).normal(size=(20, 3))
    turned = VIEW.centre + orbit.apply(points - VIEW.centre)
    assert around.project(points) == pytest.approx(VIEW.project(turned))
    assert around.depth(points) == pytest.approx(VIEW.depth(turned))
    assert around.placed(around.seen(points)) == pytest.approx(points)
    assert np.linalg.norm(around.eye - points, axis=1) == pytest.approx(
        np.linalg.norm(VIEW.eye - turned, axis=1)
    )


def test_a_further_camera_frames_the_face_as_the_first_one_does() -> None:
    points = np.random.default_rng(1).uniform(-1, 1, (68, 3)) + VIEW.centre
    for orbit in (Rotation.identity(), Pose(40, 10, 5).rotation):
        view = draw_view(points, 200, np.random.default_rng(2), orbit)
        seen = view.project(points)
        assert ((seen > 0) & (seen < 200)).all()
        assert np.ptp(seen, axis=0).max() > 60


def test_a_line_is_divided_evenly_as_the_picture_shows_it() -> None:
    line = VIEW.centre + np.array([[-1, 0, 0], [-0.9, 0.1, 0], [0.5, 0, 0], [1.0, 1.0, 0]])
    points = VIEW.project(_evenly(line, VIEW.project))
    passed = np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert points[[0, -1]] == pytest.approx(VIEW.project(line[[0, -1]]))
    assert passed[1:4] == pytest.approx(passed[5])  # those that go around no corner


def test_a_lamp_gives_its_light_whatever_its_size() -> None:
    for width in (6.0, 20.0):
        lamp = _lamp(np.array([0.6, 0.0, 0.8]), width, np.array([2.0, 1.0, 0.5]))
        polar = (np.arange(64) + 0.5) / 64 * np.pi
        total = (lamp * np.sin(polar)[:, None, None]).sum(axis=(0, 1)) * (np.pi / 64) ** 2
        assert total == pytest.approx([2.0, 1.0, 0.5])


def test_a_stopped_production_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def make(order: Order, names: list[str]) -> list[str]:
        for name in names:
            made.append(name)
            (order.folder / f"{name}.json").touch()
        return names

    monkeypatch.setattr(batch, "_make", make)
    monkeypatch.setattr(batch, "fetched_assets", lambda _folder: None)
    order = Order(tmp_path / "out", 1, 64, 1, tmp_path, "scalar_rgb")
    produce(order, head_names(3), 1, SILENT)
    produce(order, head_names(5), 1, SILENT)
    assert made == head_names(5)


def test_pictures_of_one_sitting_are_made_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sittings = []

    def make(_order: Order, names: list[str]) -> list[str]:
        sittings.append(names)
        return names

    monkeypatch.setattr(batch, "_make", make)
    monkeypatch.setattr(batch, "fetched_assets", lambda _folder: None)
    (tmp_path / "head_001.json").touch()
    order = Order(tmp_path, 1, 64, 1, tmp_path, "scalar_rgb", views=2)
    produce(order, head_names(5), 1, SILENT)
    assert sittings == [["head_000"], ["head_002", "head_003"], ["head_004"]]
