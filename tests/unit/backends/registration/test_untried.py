"""What a single label says of how sure to be."""

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.metrics.calibration import inside, squared_mahalanobis
from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.backends.registration.untried import anywhere
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.unit.backends.registration.textures import SCHEME, SIDE, bent, instance

FIELD, SMALL = 480, 96


def small_in_field(seed: int, place: tuple[int, int]) -> LabelledInstance:
    """A small object somewhere in an image whose box is all of it."""
    pixels, points = bent(seed)
    grain = np.random.default_rng(seed).normal(120, 8, (FIELD, FIELD, 1))
    field = np.repeat(np.clip(grain, 0, 255), 3, axis=2).astype(np.uint8)
    x, y = place
    small = cv2.resize(pixels, (SMALL, SMALL), interpolation=cv2.INTER_AREA)
    field[y : y + SMALL, x : x + SMALL] = small
    there = points * SMALL / SIDE + np.array(place)
    return LabelledInstance(f"{seed}", Box.whole_image(FIELD, FIELD), Shape(there), lambda: field)


def held(model: RegistrationModel, one: LabelledInstance) -> Floats:
    proposal = model.propose(one.read_pixels(), one.box)
    believed = proposal.given([])
    squared = squared_mahalanobis(believed.points, believed.covariances, one.shape.points)
    return np.asarray(inside(squared, 0.95, proposal.degrees))


def test_of_a_small_object_that_may_be_anywhere_one_label_is_not_sure() -> None:
    model = RegistrationModel.of([small_in_field(0, (20, 30))], SCHEME)
    places = [(350, 340), (360, 20), (30, 360), (200, 180), (300, 120), (120, 310)]
    shares = [held(model, small_in_field(n + 1, place)) for n, place in enumerate(places)]
    assert np.mean(shares) > 90


def test_where_flow_and_filters_agree_one_label_is_surer_than_assumed() -> None:
    model = RegistrationModel.of([instance(*bent(0))], SCHEME)
    for seed in (20, 21, 22):
        pixels, points = bent(seed)
        box = Box.square_around(points, 1.2).moved((0.04, -0.03), 1.05)
        believed = model.propose(pixels, box).given([])
        off = float(np.linalg.norm(believed.points - points, axis=1).mean())
        expected = believed.predicted_error(SCHEME, box) / 100
        length = SCHEME.normaliser_length(points, box)
        assert off / length < expected < 0.045


def test_what_may_be_turned_and_shifted_anywhere_has_these_moments() -> None:
    points = np.array([[0.3, 0.1], [-0.2, 0.2], [0.1, -0.4]])
    room = np.array([[0.09, 0.02], [0.02, 0.04]])
    random = np.random.default_rng(0)
    middle = points.mean(axis=0)
    angles = random.uniform(0, 2 * np.pi, 200_000)
    turns = np.array([[np.cos(angles), -np.sin(angles)], [np.sin(angles), np.cos(angles)]])
    shifts = random.multivariate_normal((0, 0), room, len(angles))
    there = middle + np.einsum("abn,lb->nla", turns, points - middle) + shifts[:, None]
    away = (there - points).reshape(len(angles), -1)
    assert away.T @ away / len(away) == pytest.approx(anywhere(points, room), abs=0.005)
