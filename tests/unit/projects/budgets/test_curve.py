"""The curve c-hat(m), its jumps and its spread; formats that exist."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.budgets import affinity, curve, spread
from landmark_annotator.projects.budgets.curve import Curve, jumps
from landmark_annotator.projects.budgets.known_formats import (
    INNER,
    KNOWN_FORMATS,
    compared,
    counterpart,
)
from landmark_annotator.projects.budgets.sparse_format import minimum_affinity


@pytest.fixture(scope="module")
def faces(landmark_data: Path) -> np.ndarray:
    from landmark_annotator.annotator.protocols.datasets import faces300w

    return np.stack([face.shape.points for face in faces300w.faces(faces300w.TRAINING)])


@pytest.fixture(scope="module")
def found(faces: np.ndarray) -> Curve:
    return curve(affinity(faces))


def test_on_real_faces_the_ninth_point_brings_the_jump_that_the_thesis_found(found: Curve) -> None:
    assert found.jumps == [9]
    assert found.at(8).c_hat == pytest.approx(0.754, abs=0.01)
    assert found.at(9).c_hat == pytest.approx(0.810, abs=0.01)


def test_every_size_of_a_real_scheme_is_proven(found: Curve) -> None:
    assert found.sizes == list(range(1, 69))
    assert found.proven


def test_a_step_stands_out_only_beside_smaller_ones() -> None:
    assert jumps([0.1, 0.2, 0.3, 0.4, 0.5]) == []
    assert jumps([0.5, 0.51, 0.60, 0.61, 0.62]) == [2]
    assert jumps([0.5, 0.5001, 0.501, 0.5011]) == []


def test_more_shapes_a_sample_spread_less(faces: np.ndarray) -> None:
    few, many = (spread(faces, samples=4, share=share) for share in (0.03, 0.5))
    assert (few.samples, few.shapes) == (4, 50)
    assert few.deviation[:20].mean() > many.deviation[:20].mean()


def test_the_spread_depends_on_nothing_but_the_seed(faces: np.ndarray) -> None:
    one, other = (spread(faces[:100], samples=2, seed=3) for _ in range(2))
    assert np.array_equal(one.mean, other.mean)


def test_related_shapes_are_drawn_together() -> None:
    """Of a half that has a part of nearly every animal the spread was a third of what others of as
    many animals differ by."""
    random = np.random.default_rng(0)
    animals = np.cumsum(random.normal(10, 4, (12, 8, 2)), axis=1)
    shapes = np.repeat(animals, 10, axis=0) + random.normal(0, 0.1, (120, 8, 2))
    groups = np.repeat(np.arange(12), 10).tolist()
    apart, together = spread(shapes), spread(shapes, groups=groups)
    assert (apart.shapes, together.shapes) == (60, 60)
    assert together.deviation[:4].mean() > 2 * apart.deviation[:4].mean()


def test_no_known_format_reaches_the_exact_one(faces: np.ndarray) -> None:
    for comparison in compared(faces):
        assert len(set(comparison.landmarks)) == comparison.known.m
        assert set(comparison.landmarks) <= set(comparison.known.within)
        assert comparison.c < comparison.c_hat


def test_a_point_between_landmarks_is_served_by_the_one_that_suits_it_best(
    faces: np.ndarray,
) -> None:
    mafl = KNOWN_FORMATS[0]
    matrix = affinity(faces[:, list(INNER)]).matrix
    chosen = counterpart(mafl, matrix)
    other = [INNER.index(i) for i in (37, 43, 30, 48, 54)]
    assert minimum_affinity(matrix, [INNER.index(i) for i in chosen]) >= minimum_affinity(
        matrix, other
    )


def test_known_formats_have_the_sizes_of_their_names_or_say_what_is_missing() -> None:
    assert {k.name: k.m + len(k.left_out) for k in KNOWN_FORMATS} == {
        "mafl5": 5,
        "lfw10": 10,
        "aflw19": 19,
        "cofw29": 29,
    }
    assert len(INNER) == 41
