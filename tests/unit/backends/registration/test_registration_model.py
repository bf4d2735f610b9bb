"""What labelled images teach about the next one, on drawn textures that are bent."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from landmark_annotator.backends.metrics.calibration import inside, squared_mahalanobis
from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError, TooFewLabels
from landmark_annotator.projects.vocabulary.provenance import Provenance
from tests.unit.backends.registration.textures import (
    POINTING,
    POINTS,
    SCHEME,
    SIDE,
    bent,
    instance,
    noisy,
)


def _labelled(count: int, turn: Callable[[int], float] = lambda i: 0.0) -> list[LabelledInstance]:
    return [instance(*bent(i, turn(i)), key=str(i)) for i in range(count)]


@cache
def _learned(count: int) -> RegistrationModel:
    """From so many upright ones: of a dozen that takes seconds, and no test changes it."""
    return RegistrationModel.of(_labelled(count), SCHEME)


def _error(
    model: RegistrationModel,
    pixels: Pixels,
    points: Floats,
    shift: tuple[float, float] = (0.04, -0.03),
    scale: float = 1.05,
    turn: float = 0.0,
) -> float:
    box = Box.square_around(points, 1.2).moved(shift, scale, turn)
    found = model.propose(pixels, box).given([]).points
    return float(np.linalg.norm(found - points, axis=1).mean())


@pytest.mark.parametrize("count", [1, 4])
def test_landmarks_are_carried_from_the_first_label_on(count: int) -> None:
    model = _learned(count)
    assert _error(model, *bent(20)) < 2.0


def test_light_and_contrast_make_no_difference() -> None:
    model = _learned(3)
    pixels, points = bent(20)
    assert _error(model, (pixels // 3 + 20).astype(np.uint8), points) < 2.0


def test_an_object_that_points_anywhere_is_found_in_an_upright_box() -> None:
    model = RegistrationModel.of(_labelled(4, turn=lambda i: 1.7 * i), POINTING)
    assert _error(model, *bent(20, turn=2.5)) < 3.0


@pytest.mark.parametrize("turn", [1.5, 3.1])
def test_one_in_a_photograph_on_its_side_is_found_though_no_labelled_one_lies_so(
    turn: float,
) -> None:
    assert _error(_learned(6), *bent(20, turn)) < 2.0


def test_one_in_a_negative_is_found() -> None:
    pixels, points = bent(20)
    assert _error(_learned(6), 255 - pixels, points) < 2.0


def test_in_a_negative_it_looks_again_after_clicks_and_beside_another_model() -> None:
    model, (pixels, points) = _learned(6), bent(20)
    negative, box = 255 - pixels, Box.square_around(points, 1.2).moved((0.1, -0.08))
    first = model.propose(pixels, box)
    told = [Evidence.click(0, points[0], first.click_deviation)]

    again = model.reconsider(negative, first, told).given(told)
    around = model.propose_around(negative, points + 2.0, box).given([])

    for found in (again, around):
        assert np.linalg.norm(found.points - points, axis=1).mean() < 2.0


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_box_drawn_far_off_is_mended_where_flow_leads_nowhere(sign: int) -> None:
    labelled = [noisy(bent(i), 50 + i) for i in range(4)]
    model = RegistrationModel.of(labelled, SCHEME)
    unseen = noisy(bent(20), 70)
    pixels, points = unseen.read_pixels(), unseen.shape.points
    assert _error(model, pixels, points, (0.16 * sign, -0.14), 1.2, -0.22 * sign) < 5.0


def test_landmarks_that_some_images_lack_are_proposed() -> None:
    labelled = _labelled(3)
    points = labelled[0].shape.points.copy()
    points[2] = np.nan
    lacking = replace(labelled[0], shape=Shape(points))
    model = RegistrationModel.of([lacking, *labelled[1:]], SCHEME)
    assert _error(model, *bent(20)) < 2.0


def test_a_landmark_that_no_image_has_is_said_to_be_missing() -> None:
    points = POINTS.copy()
    points[2] = np.nan
    with pytest.raises(TooFewLabels):
        RegistrationModel.of([instance(bent(0)[0], points)], SCHEME)


def test_images_that_cannot_be_read_are_left_out() -> None:
    def gone() -> Pixels:
        raise ImageError("There is no image.")

    labelled = _labelled(3)
    model = RegistrationModel.of([replace(labelled[0], read_pixels=gone), *labelled[1:]], SCHEME)
    assert _error(model, *bent(20)) < 2.0
    with pytest.raises(TooFewLabels):
        RegistrationModel.of([replace(labelled[0], read_pixels=gone)], SCHEME)


def test_without_labels_there_is_no_model() -> None:
    with pytest.raises(TooFewLabels):
        RegistrationModel.of([], SCHEME)


def test_what_the_labels_show_of_each_other_says_that_it_helps() -> None:
    model = _learned(4)
    assert model.helps
    assert model.cost is not None
    assert model.prior_cost is not None
    assert model.cost < model.prior_cost


def test_with_one_label_it_is_untried() -> None:
    model = _learned(1)
    assert model.helps
    assert model.cost is None


def test_it_says_of_what_it_has_never_seen_the_like() -> None:
    model = _learned(6)
    for seed in (20, 21, 22):
        pixels, points = bent(seed)
        box = Box.square_around(points, 1.2)
        assert not model.propose(pixels, box).unfamiliar
        assert model.propose(pixels, box.moved((1.2, 0.0))).unfamiliar
        assert model.propose(bent(seed, texture=9)[0], box).unfamiliar


def test_from_one_label_nobody_can_tell_what_is_usual() -> None:
    pixels, points = bent(20)
    model = _learned(1)
    assert model.propose(pixels, Box.square_around(points, 1.2)).novelty is None


@pytest.mark.parametrize(("prior_cost", "helps"), [(0.31, True), (0.29, True), (0.2, False)])
def test_by_chance_it_costs_no_more_than_the_prior(prior_cost: float, helps: bool) -> None:
    model = replace(_learned(4), cost=0.3, prior_cost=prior_cost, doubt=0.05)
    assert model.helps == helps


@pytest.mark.parametrize(("labels", "untold"), [(1, True), (3, False)])
def test_one_label_tells_nothing_of_how_far_it_errs(labels: int, untold: bool) -> None:
    pixels, points = bent(20)
    model = _learned(labels)
    assert model.propose(pixels, Box.square_around(points, 1.2)).untold == untold


def test_ellipses_hold_where_images_are_alike() -> None:
    models = [_learned(count) for count in (6, 8, 10, 12)]
    assert np.mean([_inside95(model, texture=0) for model in models]) > 85


def test_where_images_are_of_different_things_it_is_much_less_sure() -> None:
    alike = _learned(6)
    different = [instance(*bent(i, texture=100 + i), key=str(i)) for i in range(6)]
    unlike = RegistrationModel.of(different, SCHEME)
    assert _spread(unlike, texture=99) > 3 * _spread(alike, texture=0)
    assert _inside95(unlike, texture=99) > 80


def _inside95(model: RegistrationModel, texture: int) -> float:
    squared = []
    for seed in range(20, 28):
        pixels, points = bent(seed, texture=texture)
        proposal = model.propose(pixels, Box.square_around(points, 1.2))
        belief = proposal.given([])
        squared.append(squared_mahalanobis(belief.points, belief.covariances, points))
    return inside(np.concatenate(squared), 0.95, proposal.degrees)


def _spread(model: RegistrationModel, texture: int) -> float:
    pixels, points = bent(20, texture=texture)
    belief = model.propose(pixels, Box.square_around(points, 1.2)).given([])
    return float(np.sqrt(np.linalg.det(belief.covariances)).mean() ** 0.5)


def test_images_that_show_nothing_leave_it_to_the_prior() -> None:
    grey = np.full((SIDE, SIDE, 3), 128, dtype=np.uint8)
    labelled = [replace(each, read_pixels=lambda: grey) for each in _labelled(4)]
    model = RegistrationModel.of(labelled, SCHEME)
    points = bent(20)[1]
    found = model.propose(grey, Box.square_around(points, 1.2)).given([]).points
    assert np.linalg.norm(found - points, axis=1).mean() < 0.15 * SIDE


def test_points_that_a_model_misplaced_teach_less_than_clicked_ones() -> None:
    assert _landmark_error(Provenance.INFERRED) < 0.8 * _landmark_error(Provenance.CLICKED)


def _landmark_error(mark: Provenance) -> float:
    """Of a landmark that most labels, marked so, have in a wrong place."""
    labelled = _labelled(6)
    for i in range(4):
        points = labelled[i].shape.points.copy()
        points[2] += 14.0
        marks = [mark if landmark == 2 else Provenance.CLICKED for landmark in range(len(points))]
        labelled[i] = replace(labelled[i], shape=Shape(points, provenance=marks))
    model = RegistrationModel.of(labelled, SCHEME)
    pixels, points = bent(20)
    found = model.propose(pixels, Box.square_around(points, 1.2)).given([]).points
    return float(np.linalg.norm(found[2] - points[2]))


def test_related_images_do_not_judge_each_other() -> None:
    """Pairs of one texture each, which says all of its twin and nothing of the other pairs."""
    pairs = [
        replace(instance(*bent(n, texture=n // 2), key=str(n)), group=f"pair {n // 2}")
        for n in range(8)
    ]
    strangers = [replace(each, group="") for each in pairs]

    apart = RegistrationModel.of(pairs, SCHEME)
    together = RegistrationModel.of(strangers, SCHEME)

    assert apart.cost is not None
    assert together.cost is not None
    assert apart.cost > together.cost
