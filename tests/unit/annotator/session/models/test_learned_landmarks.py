"""A landmark that no label shows yet keeps back no other one."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.backends.registry import Reconsidering
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    Evidence,
    LabelledInstance,
    Provenance,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError, TooFewLabels

SIZE, HIDDEN = 160, 2
SCHEME = Scheme("fly", ("a", "b", "hidden", "c", "d"), partners=((0, 4),), normaliser=(0, 4))
WITHOUT = Scheme("fly", ("a", "b", "c", "d"), partners=((0, 3),), normaliser=(0, 3))
SEEN = [0, 1, 3, 4]
BLACK = np.zeros((SIZE, SIZE, 3), np.uint8)
CORNERS = np.array([[40, 50], [80, 40], [80, 80], [75, 120], [120, 52]], float)


def instance(seed: int, scheme: Scheme) -> LabelledInstance:
    random = np.random.default_rng(seed)
    points = CORNERS + random.normal(0, 4, CORNERS.shape)
    points[HIDDEN] = np.nan
    pixels = random.integers(90, 110, (SIZE, SIZE, 3), dtype=np.uint8)
    for x, y in points[SEEN]:
        pixels[int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5] = (250, 20, 20)
    points = points if len(scheme) == len(CORNERS) else points[SEEN]
    # What a person says is not in the image has no position and comes from somebody.
    shape = Shape(points, None, [Provenance.CLICKED] * len(points))
    return LabelledInstance(f"{seed}.png", Box(80, 80, 110, 110), shape, lambda: pixels)


def model_of(scheme: Scheme, count: int):
    return PriorModel(tuple(instance(seed, scheme) for seed in range(count)), scheme).load()


@pytest.mark.parametrize("count", [1, 3])
def test_the_others_are_proposed_as_if_the_scheme_had_never_named_it(count: int) -> None:
    unseen = instance(9, SCHEME)
    pixels = unseen.read_pixels()
    proposal = model_of(SCHEME, count).propose(pixels, unseen.box)
    without = model_of(WITHOUT, count).propose(pixels, unseen.box)
    assert proposal.unlearned == {HIDDEN}
    np.testing.assert_allclose(proposal.mixture.mean[SEEN], without.mixture.mean, atol=1e-9)
    clicked = Evidence.click(0, np.array([44.0, 47.0]), proposal.click_deviation)
    found, rest = proposal.given([clicked]), without.given([clicked])
    np.testing.assert_allclose(found.points[SEEN], rest.points, atol=1e-6)
    assert found.predicted_error(SCHEME, unseen.box) == pytest.approx(
        rest.predicted_error(WITHOUT, unseen.box)
    )


def test_it_has_no_position_until_it_is_placed() -> None:
    unseen = instance(9, SCHEME)
    proposal = model_of(SCHEME, 2).propose(unseen.read_pixels(), unseen.box)
    assert np.isnan(proposal.given([]).positions[HIDDEN]).all()
    placed = Evidence.click(HIDDEN, np.array([81.0, 82.0]), proposal.click_deviation)
    np.testing.assert_allclose(proposal.given([placed]).positions[HIDDEN], [81, 82])


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(5)), st.integers(0, 5))
def test_what_is_seen_again_does_not_depend_on_the_order_of_clicks(order, count) -> None:
    unseen = instance(9, SCHEME)
    pixels, model = unseen.read_pixels(), model_of(SCHEME, 2)
    assert isinstance(model, Reconsidering)
    first = model.propose(pixels, unseen.box)
    clicks = [Evidence.click(j, CORNERS[j] + 2.0, first.click_deviation) for j in order[:count]]
    again = [model.reconsider(pixels, first, each) for each in (clicks, sorted_by(clicks))]
    np.testing.assert_allclose(again[0].mixture.mean, again[1].mixture.mean, atol=1e-9)
    assert again[0].unlearned == {HIDDEN}


def sorted_by(clicks: list[Evidence]) -> list[Evidence]:
    return sorted(clicks, key=lambda each: each.landmark)


def test_where_it_is_placed_says_nothing_of_the_others() -> None:
    unseen = instance(9, SCHEME)
    model = model_of(SCHEME, 2)
    first = model.propose(unseen.read_pixels(), unseen.box)
    placed = Evidence.click(HIDDEN, np.array([20.0, 30.0]), first.click_deviation)
    again = model.reconsider(unseen.read_pixels(), first, [placed])
    np.testing.assert_array_equal(again.given([placed]).points[SEEN], first.given([]).points[SEEN])


def test_where_nothing_is_shown_there_is_no_prior() -> None:
    nothing = LabelledInstance("0.png", Box(80, 80, 110, 110), Shape.unknown(5), lambda: BLACK)
    with pytest.raises(TooFewLabels, match="labelled in none of 1 shapes"):
        PriorModel((nothing,), SCHEME).load()


@pytest.fixture
def project(tmp_path: Path):
    """One labelled fly on which nobody sees `hidden`, and one that waits."""
    with Project.create(tmp_path / "flies", SCHEME) as made:
        for seed in range(2):
            one = instance(seed, SCHEME)
            path = tmp_path / one.key
            Image.fromarray(one.read_pixels()).save(path)
            image = made.add_image(path, examine(path))
            shape = one.shape if seed == 0 else None
            made.add_instance(image.id, one.box, shape=shape, source=path.name, who="import")
        yield made


def test_a_person_is_asked_for_it_and_nothing_is_accepted_without(project: Project) -> None:
    waiting = project.instances()[1]
    proposer = best_proposer(project)
    pixels = instance(1, SCHEME).read_pixels()
    proposal = proposer.propose(pixels, waiting.box)
    session = LabellingSession(project, who="anna")
    view = session.open(waiting.id, proposal)
    assert view.shape.known.tolist() == [True, True, False, True, True]
    assert view.query == HIDDEN
    with pytest.raises(ActionableError, match="The hidden has no position yet"):
        session.accept()
    session.click(HIDDEN, (80.0, 81.0))
    session.accept()
    assert project.shape(waiting.id).known.all()


def test_what_is_proposed_for_all_leaves_it_out(project: Project) -> None:
    assert propose_all(project, SILENT).count == 1
    stored = project.proposal(project.instances()[1].id)
    assert stored is not None
    assert np.isfinite(stored.points).all(axis=1).tolist() == [True, True, False, True, True]
