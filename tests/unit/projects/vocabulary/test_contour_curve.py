import numpy as np
import pytest

from landmark_annotator.projects.vocabulary import Curve, Scheme, SchemeChange
from landmark_annotator.projects.vocabulary.curve import distances, nearest, smooth, tangents
from landmark_annotator.projects.vocabulary.errors import SchemeError
from landmark_annotator.projects.vocabulary.scheme_text import scheme_text

FACE = Scheme.named("face68")
ANGLES = np.linspace(0, 2 * np.pi, 9)[:-1]
RING = 10 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)


def test_the_curve_goes_through_its_points_and_follows_a_circle_closer_than_chords() -> None:
    corners = smooth(RING, closed=True)
    assert distances(RING, corners).max() < 1e-9
    assert (corners[0] == corners[-1]).all()
    chords = np.concatenate([RING, RING[:1]])
    middles = 10 * np.stack([np.cos(ANGLES + np.pi / 8), np.sin(ANGLES + np.pi / 8)], axis=1)
    assert distances(middles, corners).max() < distances(middles, chords).max() / 5


def test_unknown_and_repeated_points_are_passed_over() -> None:
    points = np.array([[0.0, 0], [np.nan, np.nan], [2, 0], [2, 0], [5, 0]])
    corners = smooth(points)
    assert np.isfinite(corners).all()
    assert corners[:, 1] == pytest.approx(0.0)
    assert corners[[0, -1], 0].tolist() == [0.0, 5.0]


def test_the_tangent_of_a_circle_is_across_its_radius() -> None:
    directions = tangents(np.roll(RING, 1, axis=0), RING, np.roll(RING, -1, axis=0))
    assert (directions * RING).sum(axis=1) == pytest.approx(0.0, abs=1e-9)
    assert np.linalg.norm(directions, axis=1) == pytest.approx(1.0)
    assert tangents(RING[:1], RING[:1], RING[1:2]) == pytest.approx(
        (RING[1] - RING[0])[None] / np.linalg.norm(RING[1] - RING[0])
    )
    assert np.isnan(tangents(RING[:1], RING[:1], RING[:1])).all()


def test_the_direction_beside_a_curve_is_that_of_its_nearest_place() -> None:
    corners = smooth(RING, closed=True)
    place, direction = nearest(np.array([0.0, 14.0]), corners)
    assert place == pytest.approx([0, 10], abs=0.01)
    assert direction == pytest.approx([-1, 0], abs=0.1)
    assert np.isnan(nearest(RING[0], RING[:1])).all()


def test_a_face_has_contours_whose_ends_are_points() -> None:
    corners = {17, 21, 22, 26, 27, 30, 36, 39, 42, 45, 48, 54, 60, 64}
    assert not corners & set(FACE.semilandmarks)
    assert len(FACE.semilandmarks) == 49
    assert FACE.semilandmarks[8] == (7, 9)


def test_the_jaw_ends_nowhere_in_particular() -> None:
    assert FACE.semilandmarks[0] == (0, 1)
    assert FACE.semilandmarks[16] == (15, 16)


def test_where_two_contours_cross_is_a_point() -> None:
    scheme = Scheme("cross", tuple("abcde"), curves=(Curve("x", (0, 1, 2)), Curve("y", (3, 1, 4))))
    assert scheme.semilandmarks == {}


@pytest.mark.parametrize(
    "curve", [Curve("x", (0,)), Curve("x", (0, 1), True), Curve("x", (0, 9)), Curve("", (0, 1))]
)
def test_a_curve_that_does_not_fit_is_refused(curve: Curve) -> None:
    with pytest.raises(SchemeError, match="curve"):
        Scheme("three", ("a", "b", "c"), curves=(curve,))


def test_curves_survive_a_scheme_file(tmp_path) -> None:
    path = tmp_path / "face.toml"
    path.write_text(scheme_text(FACE), encoding="utf-8")
    assert Scheme.load(path) == FACE


def test_a_curve_goes_past_a_landmark_that_goes() -> None:
    change = SchemeChange.none(FACE).remove(8)
    jaw = change.after.curves[0]
    assert jaw.free_ends
    assert jaw.landmarks == tuple(range(16))
    assert change.after.semilandmarks[8] == (7, 9)
    assert SchemeChange.none(FACE).unbend("jaw").after.curves == FACE.curves[1:]


def test_a_scheme_from_before_there_were_contours_takes_none_by_itself() -> None:
    older = {key: value for key, value in FACE.to_dict().items() if key != "curves"}
    assert Scheme.from_dict(older).curves == ()
