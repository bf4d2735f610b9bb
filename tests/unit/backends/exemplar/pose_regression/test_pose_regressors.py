import numpy as np
import pytest

from landmark_annotator.backends.exemplar.pose_regression.corrections import (
    PoseClasses,
    fit_correction,
)
from landmark_annotator.backends.exemplar.pose_regression.initial_shapes import HeldOutErrors
from landmark_annotator.backends.exemplar.pose_regression.regressors import PoseRegressors, flipped
from landmark_annotator.backends.exemplar.pose_regression.training import PoseSettings, fit
from landmark_annotator.backends.learning.ridge_regression import Folds, Ridge
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.drawn_heads import drawn_head

QUICK = PoseSettings(pose_classes=4, levels=2, kept=3)
DEVIATION = 0.03
HELD_OUT = range(100, 112)


def perturbed(truths: Floats, count: int, seed: int = 0) -> Floats:
    """(N, count, L, 2): misplaced as a whole and landmark by landmark."""
    random = np.random.default_rng(seed)
    moves = random.normal(0, DEVIATION, (len(truths), count, 1, 2))
    return truths[:, None] + moves + random.normal(0, 0.01, (len(truths), count, *truths.shape[1:]))


def box_of(points: Floats) -> Box:
    return Box.square_around(points)


def error(shapes: Floats, truths: Floats) -> float:
    return float(np.linalg.norm(shapes - truths, axis=-1).mean())


@pytest.fixture(scope="module")
def images(heads: list[LabelledInstance]) -> list[Pixels]:
    return [head.read_pixels() for head in heads]


@pytest.fixture(scope="module")
def boxes(heads: list[LabelledInstance]) -> list[Box]:
    return [box_of(head.shape.points) for head in heads]


@pytest.fixture(scope="module")
def truths(heads: list[LabelledInstance], boxes: list[Box]) -> Floats:
    return np.stack([b.to_frame(h.shape.points) for b, h in zip(boxes, heads, strict=True)])


@pytest.fixture(scope="module")
def fitted(
    images: list[Pixels], boxes: list[Box], truths: Floats, face68: Scheme
) -> PoseRegressors:
    return fit(images, boxes, truths, perturbed(truths, 3), face68, QUICK)


@pytest.fixture(scope="module")
def unseen() -> list[tuple[Pixels, Box, Floats, Floats]]:
    """Pixels, box, truth and initial shape of heads that nothing was fitted to."""
    found = []
    for seed in HELD_OUT:
        pixels, shape = drawn_head(seed)
        box = box_of(shape.points)
        truth = box.to_frame(shape.points)
        found.append((pixels, box, truth, perturbed(truth[None], 1, seed)[0, 0]))
    return found


def mean_errors(
    regressors: PoseRegressors, unseen: list[tuple[Pixels, Box, Floats, Floats]]
) -> tuple[float, float]:
    before = np.mean([error(initial, truth) for _, _, truth, initial in unseen])
    after = np.mean([error(regressors.refine(p, b, i), truth) for p, b, truth, i in unseen])
    return float(before), float(after)


def test_refinement_brings_unseen_heads_nearer_to_the_truth(
    fitted: PoseRegressors, unseen: list[tuple[Pixels, Box, Floats, Floats]]
) -> None:
    before, after = mean_errors(fitted, unseen)
    assert after < 0.6 * before


def test_arrays_round_trip_to_the_precision_of_float16(
    fitted: PoseRegressors, unseen: list[tuple[Pixels, Box, Floats, Floats]]
) -> None:
    arrays = fitted.to_arrays()
    assert all(array.dtype == np.float16 for array in arrays.values())
    again = PoseRegressors.from_arrays(arrays, fitted.mirror)
    pixels, box, _, initial = unseen[0]
    np.testing.assert_allclose(
        again.refine(pixels, box, initial), fitted.refine(pixels, box, initial), atol=1e-3
    )


def test_a_mirrored_image_gives_the_mirrored_shape(
    fitted: PoseRegressors, unseen: list[tuple[Pixels, Box, Floats, Floats]], face68: Scheme
) -> None:
    pixels, box, _, initial = unseen[0]
    turned_box = Box(pixels.shape[1] - 1 - box.centre_x, box.centre_y, box.side, box.side)
    turned = fitted.refine(
        np.ascontiguousarray(pixels[:, ::-1]), turned_box, flipped(initial[None], face68.mirror)[0]
    )
    straight = fitted.refine(pixels, box, initial)
    np.testing.assert_allclose(flipped(turned[None], face68.mirror)[0], straight, atol=2e-3)


def test_a_turned_box_is_followed(
    fitted: PoseRegressors, unseen: list[tuple[Pixels, Box, Floats, Floats]]
) -> None:
    pixels, box, truth, initial = unseen[1]
    quarter = np.ascontiguousarray(np.rot90(pixels, -1))  # (x, y) goes to (height - 1 - y, x)
    turned = Box(
        pixels.shape[0] - 1 - box.centre_y, box.centre_x, box.side, box.side, box.angle + np.pi / 2
    )
    refined = fitted.refine(quarter, turned, initial)
    assert error(refined, truth) == pytest.approx(
        error(fitted.refine(pixels, box, initial), truth), rel=0.1
    )


def test_missing_landmarks_in_training_are_no_obstacle(
    images: list[Pixels],
    boxes: list[Box],
    truths: Floats,
    face68: Scheme,
    unseen: list[tuple[Pixels, Box, Floats, Floats]],
) -> None:
    gappy = truths.copy()
    for i, shape in enumerate(gappy):
        shape[(i * 7) % 68 : (i * 7) % 68 + 8] = np.nan
    regressors = fit(images, boxes, gappy, perturbed(truths, 2), face68, QUICK)
    before, after = mean_errors(regressors, unseen)
    assert after < 0.7 * before


@pytest.mark.parametrize("count", [1, 7])
def test_with_very_few_instances_shapes_stay_as_they_are(
    count: int, images: list[Pixels], boxes: list[Box], truths: Floats, face68: Scheme
) -> None:
    regressors = fit(
        images[:count],
        boxes[:count],
        truths[:count],
        perturbed(truths[:count], 2),
        face68,
    )
    initial = truths[0] + 0.02
    np.testing.assert_array_equal(regressors.refine(images[0], boxes[0], initial), initial)
    again = PoseRegressors.from_arrays(regressors.to_arrays(), regressors.mirror)
    np.testing.assert_array_equal(again.refine(images[0], boxes[0], initial), initial)


def test_few_instances_of_a_scheme_without_partners_give_a_finite_shape(
    images: list[Pixels], boxes: list[Box], truths: Floats
) -> None:
    wing = Scheme("wing", ("base", "tip", "edge"))
    few = truths[:12, :3]
    regressors = fit(images[:12], boxes[:12], few, perturbed(few, 2), wing)
    assert regressors.mirror is None
    assert np.isfinite(regressors.refine(images[20], boxes[20], truths[20, :3])).all()


def test_nothing_to_see_is_not_learned_from(
    boxes: list[Box], truths: Floats, face68: Scheme
) -> None:
    # Grey images say nothing, but the prior does: moves stay finite and no wilder than before.
    blank = [np.full((8, 8, 3), 128, np.uint8) for _ in boxes]
    regressors = fit(blank, boxes, truths, perturbed(truths, 2), face68, QUICK)
    refined = regressors.refine(blank[0], boxes[0], truths[0] + 0.02)
    assert np.isfinite(refined).all()
    assert error(refined, truths[0]) < 0.1


def test_a_ridge_leaves_unknown_targets_out() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(300, 5)).astype(np.float32)
    targets = (features @ random.normal(size=(5, 2))).astype(np.float32)
    gappy = targets.copy()
    gappy[random.random(300) < 0.3, 0] = np.nan
    folds = Folds.dealt(np.arange(300), 5, random)
    whole = Ridge.cross_fitted(features, targets, folds, (1e-4,))
    part = Ridge.cross_fitted(features, gappy, folds, (1e-4,))
    np.testing.assert_allclose(part.weights, whole.weights, atol=5e-3)


def test_a_ridge_predicts_an_instance_from_the_others_only() -> None:
    random = np.random.default_rng(0)
    instances = np.repeat(np.arange(60), 2)
    features = np.repeat(random.normal(size=(60, 40)), 2, axis=0).astype(np.float32)
    targets = np.repeat(random.normal(size=(60, 1)), 2, axis=0).astype(np.float32)
    folds = Folds.dealt(instances, 5, random)
    found = Ridge.cross_fitted(features, targets, folds, (1e-4,))
    own = float(((features @ found.weights - targets) ** 2).mean())
    assert own < 0.8
    assert float(((found.unseen - targets) ** 2).mean()) > 1.0  # noise cannot be predicted


def test_classes_that_move_differently_get_corrections_of_their_own() -> None:
    random = np.random.default_rng(0)
    side = np.repeat([-1.0, 1.0], 150)
    shapes = side[:, None, None] + random.normal(0, 0.05, (300, 3, 2))
    features = np.column_stack([random.normal(size=(300, 6)), np.ones(300)]).astype(np.float32)
    left = (side[:, None] * features[:, :1] * np.ones(6)).astype(np.float32)
    classes = PoseClasses.of(shapes, 2, 0)
    # 200 shared examples would mix these two: each class learns from its own half.
    halves = PoseClasses(classes.centres, classes.radius, 0.5)
    folds = Folds.dealt(np.arange(300), 5, random)
    found = fit_correction(features, left, halves, shapes, folds)
    assert found is not None
    assert float(((found.unseen - left) ** 2).mean()) < 0.2 * float((left**2).mean())


def test_drawn_initial_shapes_have_the_error_of_the_held_out_looks(
    truths: Floats, face68: Scheme
) -> None:
    initial = perturbed(truths, 1, 5)[:, 0]
    errors = HeldOutErrors.measured(initial, truths, truths, face68)
    gappy = truths.copy()
    gappy[:, 3] = np.nan
    drawn = errors.draw(gappy, 4, np.random.default_rng(0))
    assert np.isfinite(drawn).all()
    known = np.arange(68) != 3
    expected = error(initial[:, known], truths[:, known])
    assert error(drawn[:, :, known], truths[:, None, known]) == pytest.approx(expected, rel=0.25)
