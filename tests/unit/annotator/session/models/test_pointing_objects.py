"""Objects that point anywhere are proposed as such, though their scheme names no heading."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.free_heading import pointing_scheme, tried_schemes
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.backends.shapes.fitting.facing import mirrored_instance
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance
from tests.unit.backends.registration.textures import SCHEME, bent, instance


def turned(turns: list[float]) -> tuple[LabelledInstance, ...]:
    return tuple(instance(*bent(i, turn), key=str(i)) for i, turn in enumerate(turns))


@pytest.mark.parametrize("turn", [2.5, -1.0])
def test_they_are_found_in_an_upright_box(turn: float) -> None:
    model = PriorModel(turned([0.0, 1.7, 3.4, 5.1]), SCHEME).load()
    pixels, points = bent(20, turn=turn)
    found = model.propose(pixels, Box.square_around(points, 1.2)).given([]).points
    assert float(np.linalg.norm(found - points, axis=1).mean()) < 3.0


def test_upright_ones_are_learned_as_the_scheme_says() -> None:
    labelled = turned([0.0, 0.0, 0.0, 0.0])
    assert pointing_scheme(SCHEME, [each.shape for each in labelled]) is SCHEME


def test_of_those_that_lean_both_are_tried() -> None:
    schemes = tried_schemes(SCHEME, [each.shape for each in turned([0.4, -0.4, 0.3, -0.3])])
    assert schemes[0] is SCHEME
    assert [scheme.heading is None for scheme in schemes] == [True, False]


def test_clicks_tell_the_prior_alone_which_way_an_object_faces() -> None:
    facing = [False, True, True, False, False]
    labelled = [
        mirrored_instance(each, SCHEME) if other else each
        for each, other in zip(turned([0.0] * 5), facing, strict=True)
    ]
    model = PriorModel(tuple(labelled), SCHEME).blind()
    one = mirrored_instance(instance(*bent(20)), SCHEME)
    proposal = model.propose(one.read_pixels(), one.box)
    clicks = [Evidence.click(j, one.shape.points[j], proposal.click_deviation) for j in (0, 3)]
    off = np.linalg.norm(proposal.given(clicks).points - one.shape.points, axis=1)
    assert off.mean() < 6.0
