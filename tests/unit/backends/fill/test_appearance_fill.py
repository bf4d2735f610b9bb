"""The rest of a shape from its clicks and the image around its landmarks."""

from functools import cache

import numpy as np
import pytest

from landmark_annotator.backends.fill.appearance import AppearanceFill, learned_from
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.drawn_heads import drawn_head

FORMAT = (8, 36, 45, 54)


@cache
def head(seed: int) -> LabelledInstance:
    pixels, shape = drawn_head(seed)
    box = Box.square_around(shape.points)
    return LabelledInstance(f"head{seed}", box, Shape(shape.points), lambda: pixels)


@pytest.fixture(scope="module")
def fitted(face68: Scheme) -> AppearanceFill:
    return AppearanceFill.fitted([head(seed) for seed in range(24)], face68, FORMAT)


def clicks(instance: LabelledInstance) -> Floats:
    known = np.isin(np.arange(68), FORMAT)
    return np.where(known[:, None], instance.shape.points, np.nan)


def test_the_image_says_more_than_the_clicks_alone(fitted: AppearanceFill) -> None:
    alone, seen = [], []
    for seed in range(24, 30):
        face = head(seed)
        start = fitted.linear.fill(clicks(face), face.box)[0]
        filled = fitted.fill(clicks(face), face.box, face.read_pixels())[0]
        alone.append(np.linalg.norm(start - face.shape.points, axis=1).mean())
        seen.append(np.linalg.norm(filled - face.shape.points, axis=1).mean())
        assert np.array_equal(filled[list(FORMAT)], face.shape.points[list(FORMAT)])
    assert np.mean(seen) < 0.9 * np.mean(alone)


def test_it_knows_how_unsure_it_is_from_instances_it_had_not_seen(fitted: AppearanceFill) -> None:
    face = head(25)
    _, covariances = fitted.fill(clicks(face), face.box, face.read_pixels())
    traces = np.trace(covariances, axis1=1, axis2=2)
    assert (np.linalg.eigvalsh(covariances) > 0).all()
    assert traces[list(FORMAT)].max() < np.delete(traces, FORMAT).min()
    assert sorted(fitted.unseen) == list(range(24))


def test_from_many_instances_some_are_learned_from() -> None:
    assert list(learned_from(400)) == list(range(400))
    assert 200 < len(learned_from(1672)) <= 400
