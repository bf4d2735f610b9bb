"""Objects that face either way, on drawn textures that are bent and mirrored."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.prior_model import registration
from landmark_annotator.backends.metrics.calibration import squared_mahalanobis
from landmark_annotator.backends.registration import EitherWay, RegistrationModel
from landmark_annotator.backends.registration.search import Observation, Search
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.fitting.facing import mirrored_instance
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance
from landmark_annotator.projects.vocabulary.arrays import Pixels
from tests.unit.backends.registration.textures import SCHEME, bent, instance, texture_of


def labelled(facing: Sequence[bool]) -> list[LabelledInstance]:
    """One for each, mirrored where it is true."""
    plain = [instance(*bent(i), key=str(i)) for i in range(len(facing))]
    return [
        mirrored_instance(each, SCHEME) if other else each
        for each, other in zip(plain, facing, strict=True)
    ]


@cache
def known(*facing: bool) -> RegistrationModel | EitherWay:
    """Learned from these. That takes seconds, so tests that change nothing of how it looks share
    one."""
    return registration(labelled(facing), SCHEME)


@cache
def plain_of_four() -> RegistrationModel:
    return RegistrationModel.of(labelled((False,) * 4), SCHEME)


def unseen(mirrored: bool) -> LabelledInstance:
    one = instance(*bent(20), key="unseen")
    return mirrored_instance(one, SCHEME) if mirrored else one


def error(proposal: Proposal, one: LabelledInstance) -> float:
    off = proposal.given([]).points - one.shape.points
    return float(np.linalg.norm(off, axis=1).mean())


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    "facing", [(False,), (False,) * 4, (False, True, True, False), (False, True, False, False)]
)
def test_whichever_way_it_faces_landmarks_are_carried(
    facing: tuple[bool, ...], mirrored: bool
) -> None:
    one = unseen(mirrored)
    model = known(*facing)
    assert error(model.propose(one.read_pixels(), one.box), one) < 2.5


@pytest.mark.parametrize("turn", [1.5, 3.1])
@pytest.mark.parametrize("count", [1, 2])
def test_one_that_lies_as_the_first_labelled_ones_do_not_is_found(count: int, turn: float) -> None:
    one = instance(*bent(20, turn), key="turned")
    model = known(*(False,) * count)
    assert error(model.propose(one.read_pixels(), one.box), one) < 2.5


@pytest.mark.parametrize(
    ("facing", "mirrored"), [((False,) * 4, True), ((False, True, True, False), False)]
)
def test_one_in_a_photograph_on_its_side_is_found_whichever_way_it_faces(
    facing: tuple[bool, ...], mirrored: bool
) -> None:
    one = instance(*bent(20, 1.5), key="turned")
    one = mirrored_instance(one, SCHEME) if mirrored else one
    assert error(known(*facing).propose(one.read_pixels(), one.box), one) < 2.5


@pytest.mark.parametrize("mirrored", [False, True])
def test_one_in_a_negative_is_found_whichever_way_it_faces(mirrored: bool) -> None:
    one, model = unseen(mirrored), known(False, True, True, False)
    negative = 255 - one.read_pixels()
    assert isinstance(model, EitherWay)

    first = model.propose(negative, one.box)
    told = [Evidence.click(0, one.shape.points[0], first.click_deviation)]

    assert error(first, one) < 2.5
    assert error(model.reconsider(negative, first, told), one) < 2.5
    assert error(model.propose_around(negative, one.shape.points + 2.0, one.box), one) < 2.5


def test_of_those_that_all_face_one_way_nothing_changes() -> None:
    one = unseen(False)
    plain = plain_of_four().propose(one.read_pixels(), one.box)
    found = known(*(False,) * 4).propose(one.read_pixels(), one.box)
    np.testing.assert_array_equal(found.given([]).points, plain.given([]).points)


def test_what_looks_like_nothing_labelled_is_not_turned_round() -> None:
    examples = labelled((False,) * 4)
    plain, model = plain_of_four(), known(*(False,) * 4)
    pixels, box = texture_of(99), examples[0].box
    np.testing.assert_array_equal(
        model.propose(pixels, box).given([]).points, plain.propose(pixels, box).given([]).points
    )


def test_where_another_model_has_the_landmarks_it_faces_as_they_do() -> None:
    one = unseen(True)
    model = known(False, True, True, False)
    assert isinstance(model, EitherWay)
    around = model.propose_around(one.read_pixels(), one.shape.points + 2.0, one.box)
    assert error(around, one) < 2.5


def test_looking_again_after_clicks_heeds_them() -> None:
    one = unseen(True)
    model = known(False, True, True, False)
    first = model.propose(one.read_pixels(), one.box)
    clicks = [Evidence.click(j, one.shape.points[j], first.click_deviation) for j in (0, 3)]
    again = model.reconsider(one.read_pixels(), first, clicks)
    assert error(again, one) < 2.5


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_click_far_from_where_it_was_sure_turns_it_round(mirrored: bool) -> None:
    one = unseen(mirrored)
    model = known(*(False,) * 4)
    assert isinstance(model, EitherWay)
    # What is seen at the image of the other kind.
    taken = mirrored_instance(one, SCHEME)
    wrong = model.propose_around(one.read_pixels(), taken.shape.points, one.box)
    click = Evidence.click(1, one.shape.points[1], wrong.click_deviation)
    assert error(model.reconsider(one.read_pixels(), wrong, [click]), one) < 2.5


def test_what_may_face_either_way_is_shown_as_one_of_the_two() -> None:
    first, second = (unseen(mirrored) for mirrored in (False, True))
    sure = plain_of_four()
    own = sure.propose(first.read_pixels(), first.box)
    apart = second.shape.points - first.shape.points
    means = np.stack([own.mixture.mean, own.box.to_frame(first.shape.points + apart)])
    open_ = ShapeMixture(np.log([0.6, 0.4]), means, own.mixture.residual)
    shown = replace(own, mixture=open_, kinds=True).given([])
    np.testing.assert_allclose(shown.points, own.given([]).points)
    squared = squared_mahalanobis(shown.points, shown.covariances, second.shape.points)
    assert (squared < -2 * np.log(0.05)).all()


def test_it_costs_where_both_kinds_look_alike_though_none_was_taken_for_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fish turned along its heading looks the same upside down: by a hair, filters were right."""
    examples = labelled((False, True, True, False))
    model = EitherWay.of(examples, np.array([False, True, True, False]), SCHEME)
    monkeypatch.setattr(EitherWay, "_gains", np.full(4, 0.02))
    alike = model.cost
    monkeypatch.setattr(EitherWay, "_gains", np.full(4, 1.0))
    assert model.cost is not None
    assert alike is not None
    assert alike > model.cost + 0.05


@pytest.mark.parametrize("mirrored", [False, True])
def test_what_may_face_as_no_labelled_one_is_proposed_as_both(
    mirrored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = unseen(mirrored)
    model = known(False)
    monkeypatch.setattr(EitherWay, "_odds", lambda *_: 0.35 if mirrored else 0.65)
    found = model.propose(one.read_pixels(), one.box)
    assert error(found, one) < 2.5
    believed = found.given([])
    image = mirrored_instance(one, SCHEME).shape.points
    squared = squared_mahalanobis(believed.points, believed.covariances, image)
    assert (squared < -2 * np.log(0.05)).all()


def test_what_looks_less_like_labelled_ones_is_looked_at_in_the_mirror_before_it_is_strange(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = unseen(True)
    model = registration(labelled((False,) * 4), SCHEME)
    assert isinstance(model, EitherWay)
    pixels, observe = one.read_pixels(), Search.observe
    usual = model.model.usual
    assert usual is not None

    def answers(search: Search, image: Pixels, box: Box) -> Observation:
        seen = observe(search, image, box)
        less = np.full(len(seen.points), 1.05 * usual.least)
        return replace(seen, answers=less) if image is pixels else seen

    monkeypatch.setattr(Search, "observe", answers)
    found = model.propose(pixels, one.box)
    assert not found.unfamiliar
    assert error(found, one) < 2.5


def test_what_looks_like_its_mirror_image_faces_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    one = unseen(False)
    model = registration(labelled((False,)), SCHEME)
    observe = Search.observe

    def answers(search: Search, image: Pixels, box: Box) -> Observation:
        seen = observe(search, image, box)
        return replace(seen, answers=np.full(len(seen.points), 10.0))

    monkeypatch.setattr(Search, "observe", answers)
    assert not model.propose(one.read_pixels(), one.box).kinds


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_click_turns_round_what_was_open_as_to_its_ends_alone(mirrored: bool) -> None:
    one = unseen(mirrored)
    model = known(*(False,) * 4)
    assert isinstance(model, EitherWay)
    taken = mirrored_instance(one, SCHEME)
    wrong = model.propose_around(one.read_pixels(), taken.shape.points, one.box)
    means = np.stack([wrong.mixture.mean, -wrong.mixture.mean])
    ends = ShapeMixture(np.log([0.6, 0.4]), means, wrong.mixture.residual)
    click = Evidence.click(1, one.shape.points[1], wrong.click_deviation)
    again = model.reconsider(one.read_pixels(), replace(wrong, mixture=ends, kinds=True), [click])
    assert error(again, one) < 2.5
