"""Objects that point anywhere are proposed as such, though their scheme names no heading."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.free_heading import pointing_scheme, tried_schemes
from landmark_annotator.annotator.session.models.prior_model import PriorModel, judged_registration
from landmark_annotator.backends.registration import EitherWay, RegistrationModel
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.backends.shapes.fitting.facing import mirrored_instance
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.unit.backends.registration.textures import SCHEME, bent, instance

LEANING = [0.4, -0.4, 0.3, -0.3]
MADE: dict[Hashable, RegistrationModel] = {}
"""By scheme, whether it leans, and what is labelled: tests say what it costs."""


def turned(turns: list[float]) -> tuple[LabelledInstance, ...]:
    return tuple(instance(*bent(i, turn), key=str(i)) for i, turn in enumerate(turns))


@cache
def learned(*turns: float) -> TrainedModel:
    """To learn takes seconds, and what is learned is asked for several objects."""
    return PriorModel(turned([*turns]), SCHEME).load()


@pytest.mark.parametrize("turn", [2.5, -1.0])
def test_they_are_found_in_an_upright_box(turn: float) -> None:
    model = learned(0.0, 1.7, 3.4, 5.1)
    pixels, points = bent(20, turn=turn)
    found = model.propose(pixels, Box.square_around(points, 1.2)).given([]).points
    assert float(np.linalg.norm(found - points, axis=1).mean()) < 3.0


def test_upright_ones_are_learned_as_the_scheme_says() -> None:
    labelled = turned([0.0, 0.0, 0.0, 0.0])
    assert pointing_scheme(SCHEME, [each.shape for each in labelled]) is SCHEME


def test_of_those_that_lean_both_are_tried() -> None:
    schemes = tried_schemes(SCHEME, [each.shape for each in turned(LEANING)])
    assert schemes[0] is SCHEME
    assert [scheme.heading is None for scheme in schemes] == [True, False]


def test_without_registration_the_prior_that_was_better_than_it_proposes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not an upright one, where what was tried with a heading was the best."""
    monkeypatch.setattr(RegistrationModel, "helps", False)
    labelled = turned([0.0, 0.1, 0.0, 2.5])
    assert pointing_scheme(SCHEME, [each.shape for each in labelled]) is SCHEME
    one = labelled[0]
    proposal = PriorModel(labelled, SCHEME).load().propose(one.read_pixels(), one.box)
    assert len(proposal.turns) > 1


@pytest.mark.parametrize("turn", [0.5, 3.5])
def test_two_landmarks_point_anywhere_too(turn: float) -> None:
    one = two(instance(*bent(20, turn=turn)))
    found = learned_of_two().propose(one.read_pixels(), one.box).given([]).points
    assert float(np.linalg.norm(found - one.shape.points, axis=1).mean()) < 4.0


@pytest.mark.parametrize(("cost", "turns"), [(0.0098, False), (0.005, True)])
def test_a_turn_is_assumed_where_it_is_clearly_worth_it(
    cost: float, turns: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look takes several times as long, and left and right ones may look alike then."""
    monkeypatch.setattr(RegistrationModel, "of", costing(turned=cost, leaning=0.02))
    found = judged_registration(turned(LEANING), SCHEME)[1]
    assert (found.heading is not None) == turns


@pytest.mark.parametrize(("cost", "leans"), [(0.0149, True), (0.0151, False)])
def test_a_lean_is_assumed_unless_it_clearly_costs(
    cost: float, leans: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Labelled ones cannot tell what becomes of one that leans further than they do."""
    monkeypatch.setattr(RegistrationModel, "of", costing(turned=0.01, leaning=cost))
    found = judged_registration(turned(LEANING), SCHEME)[0]
    assert isinstance(found, EitherWay)
    assert found.leaning == leans


@pytest.mark.parametrize(("cost", "leans"), [(0.0074, True), (0.0076, False)])
def test_so_it_is_where_a_turn_is_worth_it(
    cost: float, leans: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes all turns for alike takes some of them for lying the other way."""
    monkeypatch.setattr(RegistrationModel, "of", costing(turned=0.005, leaning=cost))
    found, scheme = judged_registration(turned(LEANING), SCHEME)
    assert isinstance(found, EitherWay)
    assert found.leaning == leans
    assert scheme.heading is not None


@pytest.mark.parametrize("turn", [0.2, -0.9, 1.6, 3.0])
def test_one_that_leans_further_than_any_labelled_one_is_found(turn: float) -> None:
    model = learned(*LEANING, 0.5, -0.2)
    pixels, points = bent(20, turn=turn)
    found = model.propose(pixels, Box.square_around(points, 1.2)).given([]).points
    assert float(np.linalg.norm(found - points, axis=1).mean()) < 3.0


def two(one: LabelledInstance) -> LabelledInstance:
    points = one.shape.points[[3, 1]]
    return replace(one, box=Box.square_around(points), shape=Shape(points))


@cache
def learned_of_two() -> TrainedModel:
    labelled = tuple(two(each) for each in turned([0.0, 1.7, 3.4, 5.1]))
    return PriorModel(labelled, Scheme("two", ("tail", "head"))).load()


def costing(turned: float, leaning: float) -> Any:
    """Registration that costs 0.01 where objects are learned as they lie."""
    made, lean = RegistrationModel.of, leaning

    def of(
        labelled: Sequence[LabelledInstance], scheme: Scheme, *rest: Any, leaning: bool = False
    ) -> RegistrationModel:
        cost = 0.01 if scheme.heading is None else lean if leaning else turned
        kind = scheme, leaning, *(each.shape.points.tobytes() for each in labelled)
        if kind not in MADE:
            MADE[kind] = made(labelled, scheme, *rest, leaning=leaning)
        return replace(MADE[kind], cost=cost)

    return of


def after_clicks(labelled: Sequence[LabelledInstance], scheme: Scheme, count: int) -> Floats:
    """How far the prior alone is off at each landmark of an object that faces the other way."""
    model = PriorModel(tuple(labelled), scheme).blind()
    one = mirrored_instance(instance(*bent(20)), SCHEME)
    proposal, truth = model.propose(one.read_pixels(), one.box), one.shape.points
    clicks = [Evidence.click(j, truth[j], proposal.click_deviation) for j in (0, 3)[:count]]
    return np.asarray(proposal.given(clicks).points[: len(truth)] - truth)


def facing_either_way() -> list[LabelledInstance]:
    facing = [False, True, True, False, False]
    return [
        mirrored_instance(each, SCHEME) if other else each
        for each, other in zip(turned([0.0] * 5), facing, strict=True)
    ]


def test_clicks_tell_the_prior_alone_which_way_an_object_faces() -> None:
    off = after_clicks(facing_either_way(), SCHEME, 2)
    assert float(np.linalg.norm(off, axis=1).mean()) < 6.0


def test_and_they_tell_the_same_while_nobody_has_shown_one_landmark() -> None:
    labelled = facing_either_way()
    shapes = [Shape(np.vstack([each.shape.points, [[np.nan] * 2]])) for each in labelled]
    less = [replace(each, shape=shape) for each, shape in zip(labelled, shapes, strict=True)]
    more = Scheme("more", (*SCHEME.landmarks, "unseen"))
    np.testing.assert_allclose(
        after_clicks(less, more, 1), after_clicks(labelled, SCHEME, 1), atol=1e-6
    )
