"""What the renderer says of a picture: projection, visibility, light, and going on after a stop."""

from pathlib import Path

import numpy as np
import pytest

from projects.samples.rendering import production
from projects.samples.rendering.lighting import _lamp
from projects.samples.rendering.parts import Label
from projects.samples.rendering.posing import Pose
from projects.samples.rendering.production import Order, head_names, produce
from projects.samples.rendering.tracing import Traced
from projects.samples.rendering.truth import visibility
from projects.samples.rendering.view import View
from projects.vocabulary import SILENT

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

    def make(order: Order, name: str) -> str:
        made.append(name)
        (order.folder / f"{name}.json").touch()
        return name

    monkeypatch.setattr(production, "_make", make)
    monkeypatch.setattr(production, "fetched_assets", lambda _folder: None)
    order = Order(tmp_path / "out", 1, 64, 1, tmp_path, "scalar_rgb")
    produce(order, head_names(3), 1, SILENT)
    produce(order, head_names(5), 1, SILENT)
    assert made == head_names(5)
