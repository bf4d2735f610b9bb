"""The image around landmarks tells where they belong, also where the other landmarks do not."""

import tracemalloc

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.audit import displacement, label_audit
from landmark_annotator.backends.audit.displacement import DESCRIBED
from landmark_annotator.backends.audit.label_audit import audited
from landmark_annotator.backends.audit.shape_surprise import ShapeModel
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels

SCHEME = Scheme("rods", ("a1", "a2", "b1", "b2"), edges=((0, 1), (2, 3)))
MEAN = np.array([[-0.3, -0.3], [-0.3, 0.3], [0.3, -0.3], [0.3, 0.3]])
COUNT, WRONG = 40, 11


def rods(seed: int) -> LabelledInstance:
    """Two rods that turn as they like: where their ends are, nothing but the image tells."""
    random = np.random.default_rng(seed)
    pixels = random.integers(90, 110, (160, 160, 3), dtype=np.uint8)
    ends = []
    for centre in ((45, 80), (115, 80)):
        angle = random.uniform(-1.2, 1.2)
        half = 28 * np.array([np.sin(angle), np.cos(angle)])
        ends += [centre - half, centre + half]
    points = np.array(ends)
    corners = points.round().astype(int).tolist()
    for one, other in (corners[:2], corners[2:]):
        cv2.line(pixels, tuple(one), tuple(other), (255, 255, 255), 5)
    return LabelledInstance(f"{seed}", Box(80, 80, 140, 140), Shape(points), lambda: pixels)


def judged(instances: list[LabelledInstance]) -> list[float]:
    keys = [each.key for each in instances]
    found = audited(instances, [None] * len(keys), keys, SCHEME, SILENT)
    return [each.score for each in found]


def test_a_landmark_off_its_limb_is_found_where_the_limb_may_point_anywhere() -> None:
    instances = [rods(seed) for seed in range(COUNT)]
    points = instances[WRONG].shape.points.copy()
    along = points[1] - points[0]
    points[1] += 12 * np.array([along[1], -along[0]]) / np.linalg.norm(along)
    wrong = LabelledInstance(
        f"{WRONG}", instances[WRONG].box, Shape(points), instances[WRONG].read_pixels
    )
    spoiled = [*instances[:WRONG], wrong, *instances[WRONG + 1 :]]
    before, after = judged(instances), judged(spoiled)
    assert int(np.argmax(after)) == WRONG
    assert int(np.argmax(before)) != WRONG


def test_the_gain_of_an_exchange_is_what_the_surprise_falls_by() -> None:
    random = np.random.default_rng(0)
    shapes = MEAN + 0.05 * random.normal(size=(30, 4, 2))
    shapes[3, 2] = np.nan
    model = ShapeModel.of(shapes, None)
    pairs = np.array([[0, 1], [1, 2]])
    gains = model.swap_gains(shapes, pairs)
    assert np.isnan(gains[3, 1])
    for row in (0, 3):
        known = np.isfinite(shapes[row, :, 0]).sum()
        swapped = shapes[row, [1, 0, 2, 3]]
        both = model.surprise(np.stack([shapes[row], swapped])).wholes * 2 * known
        assert gains[row, 0] == pytest.approx(both[0] - both[1])


def test_memory_does_not_grow_with_the_number_of_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the image shows of a landmark is thousands of numbers: of 20,000 faces 6 GB."""
    size = 10
    scheme = Scheme("many", tuple(f"p{j}" for j in range(size)))
    random, pixels = np.random.default_rng(0), np.zeros((60, 60, 3), dtype=np.uint8)
    instances = [
        LabelledInstance(
            f"{i}", Box(30, 30, 60, 60), Shape(random.uniform(5, 55, (size, 2))), lambda: pixels
        )
        for i in range(240)
    ]

    def most(count: int) -> int:
        keys = [each.key for each in instances[:count]]
        tracemalloc.start()
        audited(instances[:count], [None] * count, keys, scheme, SILENT)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    def described(_: Pixels, box: Box, shape: Floats, moves: Floats, *rest: object) -> AnyFloats:
        return np.zeros((2 + len(moves), size, DESCRIBED), np.float16)

    monkeypatch.setattr(displacement, "described", described)
    monkeypatch.setattr(label_audit, "_TAUGHT", 12)
    assert most(240) - most(80) < 160 * size * DESCRIBED
