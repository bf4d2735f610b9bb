"""A landmark that no label shows yet keeps back no other one."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.annotator.session.models.library import ModelLibrary, Origin
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.models.training import train_project
from landmark_annotator.backends.registry import Backend, Reconsidering, backend_named
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
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
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Cancelled,
    TooFewLabels,
)

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


EMPTY = LabelledInstance(
    "0.png",
    Box(80, 80, 110, 110),
    Shape(np.full((5, 2), np.nan), None, [Provenance.CLICKED] * 5),
    BLACK.copy,
)


def test_an_object_of_which_nothing_is_in_the_image_keeps_back_nothing() -> None:
    unseen = instance(9, SCHEME)
    both = PriorModel((EMPTY, instance(0, SCHEME)), SCHEME).load()
    alone = PriorModel((instance(0, SCHEME),), SCHEME).load()
    found, rest = (m.propose(unseen.read_pixels(), unseen.box).given([]) for m in (both, alone))
    np.testing.assert_allclose(found.points, rest.points)


def test_of_that_alone_there_is_no_prior() -> None:
    with pytest.raises(TooFewLabels, match="at least one labelled shape"):
        PriorModel((EMPTY,), SCHEME).load()


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


@pytest.fixture
def network(project: Project):
    """What a training on `WITHOUT` has left in the project, as its card says."""
    own = ModelLibrary.of(project).own(backend_named("exemplar"))
    own.folder.mkdir(parents=True)

    def named(*landmarks: str):
        (own.folder / "card.json").write_text(json.dumps({"scheme": {"landmarks": landmarks}}))
        return own

    return named


class Network:
    """In the place of a trained one: each landmark in the middle of the box, none hidden."""

    def __init__(self, size: int) -> None:
        self.size = size

    def propose(self, pixels, box: Box) -> Proposal:
        size = self.size
        mixture = ShapeMixture(np.zeros(1), np.zeros((1, size, 2)), np.eye(2 * size) * 0.01)
        return Proposal(box, mixture, "exemplar", hidden=np.full(size, 0.25))


def test_a_network_of_some_landmarks_proposes_those(network, monkeypatch) -> None:
    load = lambda _, folder, scheme, device="cpu": Network(len(scheme))  # noqa: E731
    monkeypatch.setattr(Backend, "load", load)
    own = network(*WITHOUT.landmarks)
    assert own.fits
    proposal = own.load().propose(BLACK, Box(80, 80, 110, 110))
    assert proposal.unlearned == {HIDDEN}
    assert proposal.hidden is not None
    assert proposal.hidden.tolist() == [0.25, 0.25, 0.0, 0.25, 0.25]


@pytest.mark.parametrize("landmarks", [("a", "b", "x"), ("b", "a"), ()])
def test_a_network_of_other_landmarks_or_in_another_order_does_not_fit(network, landmarks) -> None:
    assert not network(*landmarks).fits


def test_a_training_learns_what_labels_show(project: Project, monkeypatch) -> None:
    learned = []

    def train(instances, scheme, folder, settings, progress):
        learned.extend((scheme.landmarks, each.shape.known.all()) for each in instances)
        raise Cancelled("That is enough.", kept="Nothing.")

    monkeypatch.setattr(Backend, "train", property(lambda self: train))
    with pytest.raises(Cancelled):
        train_project(project, "exemplar", {}, SILENT)
    assert learned == [(WITHOUT.landmarks, True)]


def test_weights_from_elsewhere_are_of_all_landmarks_or_do_not_fit(network) -> None:
    own = replace(network("a", "b"), origin=Origin.TOLD)
    assert not own.fits
    assert replace(network(*SCHEME.landmarks), origin=Origin.TOLD).fits
