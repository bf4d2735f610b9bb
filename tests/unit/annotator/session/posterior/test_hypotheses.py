"""Distinct hypotheses of an instance, and choosing one of them."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.posterior.hypotheses import hypotheses
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import ActionKind, InstanceRecord, Project
from landmark_annotator.projects.vocabulary import Box, Evidence, Provenance, Visibility

BOX = Box(100.0, 100.0, 80.0, 80.0)
LEFT = np.array([[-0.3, 0.0], [0.3, 0.0], [0.0, 0.4]])
RIGHT = LEFT + np.array([[0.0, 0.1], [0.0, 0.0], [0.0, -0.8]])


def proposal(*shapes: np.ndarray, weights: tuple[float, ...]) -> Proposal:
    residual = np.eye(2 * len(shapes[0])) * 0.02**2
    return Proposal(BOX, ShapeMixture(np.log(weights), np.stack(shapes), residual), "test")


def test_two_distinct_shapes_are_two_hypotheses_heaviest_first() -> None:
    found = hypotheses(proposal(LEFT, RIGHT, weights=(0.3, 0.7)), [])
    assert [h.weight for h in found] == pytest.approx([0.7, 0.3])
    assert found[0].points == pytest.approx(BOX.to_image(RIGHT))


def test_the_telling_landmark_is_where_they_differ_most() -> None:
    assert [h.telling for h in hypotheses(proposal(LEFT, RIGHT, weights=(0.5, 0.5)), [])] == [2, 2]


def test_what_has_been_clicked_tells_nothing_any_more() -> None:
    between = Evidence.click(2, BOX.to_image((LEFT + RIGHT) / 2)[2], 40.0)
    found = hypotheses(proposal(LEFT, RIGHT, weights=(0.5, 0.5)), [between])
    assert {h.telling for h in found} == {0}


def test_shapes_that_look_alike_are_no_choice() -> None:
    alike = LEFT + 0.001
    assert hypotheses(proposal(LEFT, alike, weights=(0.5, 0.5)), []) == []


def test_what_is_hardly_likely_is_no_choice() -> None:
    assert hypotheses(proposal(LEFT, RIGHT, weights=(0.99, 0.01)), []) == []


def test_choosing_one_is_a_confirmation_and_moves_the_shape_there(
    project: Project, waiting: InstanceRecord
) -> None:
    assert waiting.box is not None
    first = np.random.default_rng(1).normal(scale=0.3, size=(68, 2))
    second = first + np.linspace(0, 0.4, 68)[:, None]
    mixture = ShapeMixture(np.log([0.6, 0.4]), np.stack([first, second]), np.eye(136) * 0.01**2)
    session = LabellingSession(project, who="anna")
    session.open(waiting.id, Proposal(waiting.box, mixture, "test"))
    other = session.hypotheses()[1]
    view = session.choose(other)
    assert view.shape.points == pytest.approx(other.points, abs=0.05 * waiting.box.side)
    (entry,) = [entry for entry in project.journal(waiting.id) if entry.who == "anna"]
    assert (entry.kind, entry.landmark) == (ActionKind.CONFIRM, 67)
    assert session.hypotheses() == []


def test_choosing_one_places_nothing_that_is_not_in_the_image(
    project: Project, waiting: InstanceRecord
) -> None:
    assert waiting.box is not None
    first = np.random.default_rng(1).normal(scale=0.3, size=(68, 2))
    second = first + np.linspace(0, 0.4, 68)[:, None]
    mixture = ShapeMixture(np.log([0.6, 0.4]), np.stack([first, second]), np.eye(136) * 0.01**2)
    session = LabellingSession(project, who="anna")
    session.open(waiting.id, Proposal(waiting.box, mixture, "test"))
    session.set_visibility(67, Visibility.NOT_LABELLED)

    view = session.choose(session.hypotheses()[1])

    assert view.absent == {67}
    assert view.shape.provenance[66] is Provenance.CONFIRMED
