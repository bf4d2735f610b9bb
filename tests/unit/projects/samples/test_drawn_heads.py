"""Drawn heads: deterministic, different from each other, and with a truth that is a face."""

import numpy as np
import pytest

from landmark_annotator.projects.samples import IMAGE_SIZE, draw_head
from landmark_annotator.projects.vocabulary import Provenance, Scheme

SEEDS = range(8)


def test_the_same_seed_draws_the_same_head() -> None:
    first, second = draw_head(3), draw_head(3)
    assert np.array_equal(first[0], second[0])
    assert first[1] == second[1]


def test_another_seed_draws_another_head() -> None:
    (pixels, shape), (other_pixels, other_shape) = draw_head(0), draw_head(1)
    assert not np.array_equal(pixels, other_pixels)
    assert np.abs(shape.points - other_shape.points).max() > 5


def test_the_picture_is_an_rgb_image_with_content() -> None:
    pixels, _ = draw_head(0)
    assert pixels.shape == (IMAGE_SIZE, IMAGE_SIZE, 3)
    assert pixels.dtype == np.uint8
    assert pixels.std() > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_the_truth_has_every_landmark_inside_the_image(seed: int) -> None:
    shape = draw_head(seed)[1]
    assert len(shape) == len(Scheme.named("face68"))
    assert shape.complete
    assert (shape.points > 0).all()
    assert (shape.points < IMAGE_SIZE - 1).all()
    assert set(shape.provenance) == {Provenance.IMPORTED}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_truth_is_ordered_as_in_300w(seed: int) -> None:
    points = draw_head(seed)[1].points
    x, y = points[:, 0], points[:, 1]
    assert (np.diff(x[[0, 8, 16]]) > 0).all()
    assert (np.diff(x[17:27]) > 0).all()
    assert (np.diff(y[27:31]) > 0).all()
    assert (np.diff(x[[36, 39, 42, 45]]) > 0).all()
    assert x[48] < x[51] < x[54]
    # Down the middle of the face: brows, eyes, nose, mouth, chin.
    heights = [y[part].mean() for part in (range(17, 27), range(36, 48), range(31, 36))]
    heights += [y[48:60].mean(), y[8]]
    assert (np.diff(heights) > 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_partners_are_mirror_images_before_the_head_turns(seed: int) -> None:
    from landmark_annotator.projects.samples.drawn_heads.face_model import MIRROR, sampled_face

    points = sampled_face(np.random.default_rng(seed)).landmarks
    mirror = list(Scheme.named("face68").mirror)
    assert points[mirror] * MIRROR == pytest.approx(points)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_truth_lies_where_the_head_is_drawn(seed: int) -> None:
    """The white of an eye, or the lashes of a closed one, differs from the cheek below."""
    pixels, shape = draw_head(seed)
    eye = shape.points[36:42].mean(axis=0)
    cheek = 0.5 * (shape.points[41] + shape.points[31])
    (ex, ey), (cx, cy) = np.round(eye).astype(int), np.round(cheek).astype(int)
    grey = pixels.mean(axis=2)
    around_eye = grey[ey - 3 : ey + 4, ex - 6 : ex + 7]
    around_cheek = grey[cy - 3 : cy + 4, cx - 6 : cx + 7]
    assert around_eye.std() > 2 * around_cheek.std()
