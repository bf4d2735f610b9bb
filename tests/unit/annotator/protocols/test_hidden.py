"""Gestures that mark what is hidden, and the figures of a model that knows it or says nothing."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import hidden
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.hidden import gestures
from landmark_annotator.annotator.protocols.hidden_questions import answered
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.samples.rendered_heads.heads import rendered_heads
from landmark_annotator.projects.vocabulary import SILENT, Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError

LIKELY, UNLIKELY = 0.9, 0.1


@pytest.mark.parametrize(
    ("suggested", "hidden_ones", "alone", "taken", "with_it"),
    [
        ((), (), 0, 0, 0),
        ((), (1, 2), 2, 2, 2),
        ((1, 2, 3), (1, 2, 3), 3, 1, 1),
        ((1, 2, 3), (1, 2), 2, 2, 2),
        ((1, 2, 3), (), 0, 4, 0),  # nothing is taken that only has to be mended
        ((1, 2, 3), (2, 3, 4, 5), 4, 4, 4),
    ],
)
def test_gestures(
    suggested: tuple[int, ...],
    hidden_ones: tuple[int, ...],
    alone: int,
    taken: int,
    with_it: int,
) -> None:
    said = np.where(np.isin(np.arange(8), suggested), LIKELY, UNLIKELY)
    made = gestures(said, np.isin(np.arange(8), hidden_ones))
    assert (made.alone, made.taken, made.suggested) == (alone, taken, with_it)


@dataclass(frozen=True)
class Answers:
    """Proposes always alike, with these probabilities, in the order of the heads."""

    said: list[Floats | None]

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        mixture = ShapeMixture(np.zeros(1), np.zeros((1, 68, 2)), np.eye(136))
        return Proposal(box, mixture, "answers", hidden=self.said.pop(0))


def _run(monkeypatch: pytest.MonkeyPatch, said: list[Floats | None]) -> hidden.Figures:
    monkeypatch.setattr(Options, "model", lambda *_: Answers(said))
    return hidden.run(Options(images=3), SILENT)


def test_a_model_that_knows_all_finds_all(monkeypatch: pytest.MonkeyPatch) -> None:
    heads = rendered_heads()
    stills = [head for head in heads if head.frame is None][:3]
    film = [head for head in heads if head.frame is not None][:3]
    truth: list[Floats | None] = [(h.shape.visibility == 1).astype(float) for h in (*stills, *film)]
    figures = _run(monkeypatch, truth)
    assert figures["hidden/stills/faces"] == 3
    assert figures["hidden/stills/average_precision"] == 1
    assert figures["hidden/stills/calibration_error"] == 0
    assert figures["hidden/stills/gestures_with"] <= 1
    assert figures["hidden/stills/questions_with/in_vain"] == 0
    assert figures["hidden/stills/questions_without/in_vain"] > 0
    assert figures["hidden/sequence/persons"] == 1
    json.dumps(figures)


@pytest.mark.parametrize(("said", "vain"), [(None, 1), ([0.9, 0, 0], 0), ([0.0, 0, 0], 1)])
def test_a_question_for_what_is_hidden_places_nothing_and_costs_a_key(
    said: list[float] | None, vain: int
) -> None:
    """The first landmark is the least sure one, and hidden; the others are off."""
    truth = np.array([[10.0, 10.0], [90.0, 10.0], [50.0, 90.0]])
    mean = np.array([[-0.5, -0.5], [0.5, -0.4], [0.0, 0.6]])[None]
    covariance = np.diag([0.2**2] * 2 + [0.1**2] * 4)
    probabilities = None if said is None else np.array(said)
    mixture = ShapeMixture(np.zeros(1), mean, covariance)
    proposal = Proposal(Box(50, 50, 80, 80), mixture, "made up", hidden=probabilities)
    hidden, still = np.array([True, False, False]), np.zeros((3, 2))
    made = answered(proposal, truth, hidden, 80.0, still)
    assert (made.clicks, made.vain) == (2, vain)
    assert answered(proposal, truth, np.ones(3, dtype=bool), 80.0, still).gestures == 0


def test_a_model_that_says_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ActionableError, match="says nothing of hidden"):
        _run(monkeypatch, [None])
