"""How wrong a network is where few densely labelled images show some landmarks, or show them
together, as an ear of each side."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.weak.cross_fitting import Unseen
from landmark_annotator.backends.weak.model_files import WeakModel
from landmark_annotator.backends.weak.proposer import WeakProposer
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats

BOX = Box(100, 100, 80, 80)
SHAPE = np.random.default_rng(0).uniform(-0.5, 0.5, (5, 2))


def _unseen(known: Bools, errors: Floats) -> Unseen:
    """known: (N, 5) what each image shows. errors: (N, 5, 2) of what was found."""
    shapes = SHAPE + np.random.default_rng(1).normal(0, 0.04, errors.shape)
    truths = np.where(known[..., None], shapes, np.nan)
    count = len(known)
    return Unseen(np.arange(count), [BOX] * count, shapes + errors, truths, np.full(count, 0.01))


def test_landmarks_that_are_hardly_ever_seen_together_can_both_be_clicked() -> None:
    """Where they were the network was lost: of the two alone no more is known than that."""
    known = np.ones((60, 5), dtype=bool)
    known[::2, 0] = known[1::2, 1] = False
    known[0] = True
    errors = np.random.default_rng(2).normal(0, 0.02, (60, 5, 2))
    errors[0] += 0.12
    residual = _unseen(known, errors).residual()
    assert np.linalg.eigvalsh(residual).min() > 0
    mixture = ShapeMixture(np.zeros(1), SHAPE[None], residual)
    clicks = [Evidence.click(j, BOX.to_image(SHAPE)[j], 0.3) for j in (0, 1)]
    after = Proposal(BOX, mixture, "weak").given(clicks)
    assert np.linalg.eigvalsh(after.covariances).min() > 0


def test_where_all_is_seen_errors_are_what_they_were() -> None:
    errors = np.random.default_rng(2).normal(0, 0.02, (60, 5, 2))
    unseen = _unseen(np.ones((60, 5), dtype=bool), errors)
    own = np.einsum("ni,nj->ij", errors.reshape(60, -1), errors.reshape(60, -1)) / 60
    assert np.trace(unseen.residual()) == pytest.approx(np.trace(own))


def test_what_one_image_alone_shows_is_proposed_for_by_the_others_too() -> None:
    """Of the errors in that one nothing is heeded, and the others show no such landmark."""
    known = np.ones((12, 5), dtype=bool)
    known[:, 0] = np.arange(12) == 3
    unseen = _unseen(known, np.random.default_rng(2).normal(0, 0.02, (12, 5, 2)))
    card = {"held_out_keys": [str(n) for n in range(12)]}
    model = cast(WeakModel, SimpleNamespace(unseen=unseen, card=card))
    found = WeakProposer(model).unseen()
    assert sorted(found) == sorted(card["held_out_keys"])
    residual = found["3"].mixture.residual
    assert np.linalg.eigvalsh(residual).min() > 0
    # It is no surer of it than of what it has seen itself err.
    assert np.diag(residual)[:2].min() > 0.5 * np.diag(residual)[2:].mean()
