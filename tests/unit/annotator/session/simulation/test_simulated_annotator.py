from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.simulation.simulated_annotator import (
    Acceptance,
    drags,
    label,
)
from landmark_annotator.backends.shapes import Proposal, shape_prior
from landmark_annotator.projects.vocabulary import Box, Curve, Provenance, Scheme, Shape

SCHEME = Scheme("ring", tuple(f"p{i}" for i in range(12)), normaliser=(0, 6))
BOX = Box(100, 100, 100, 100)
ANGLES = np.linspace(0, 2 * np.pi, 12, endpoint=False)
RING = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1) * 45 + 100
LENGTH = 90.0
NOISE = np.random.default_rng(0).normal(size=RING.shape)


def prior() -> Proposal:
    random = np.random.default_rng(1)
    shapes = [
        Shape((RING - 100) * np.exp(random.normal(0, 0.1)) + 100 + random.normal(0, 0.3, (12, 2)))
        for _ in range(30)
    ]
    return Proposal(BOX, shape_prior([(BOX, shape) for shape in shapes]), "prior")


def labelled(  # type: ignore[no-untyped-def]
    proposal: Proposal | None,
    acceptance: Acceptance,
    absent: int | None = None,
    scheme: Scheme = SCHEME,
):
    truth = (RING - 100) * 1.3 + 100
    if absent is not None:
        truth[absent] = np.nan
    return label(
        proposal,
        truth,
        scheme,
        policy="worst",
        acceptance=acceptance,
        normaliser_length=LENGTH,
        click_noise=NOISE,
    )


def test_clicking_stops_as_soon_as_the_shape_is_good_enough() -> None:
    result = labelled(prior(), Acceptance())

    assert 1 <= result.clicks <= 4
    assert result.error <= 2.5
    clicked = [mark is Provenance.CLICKED for mark in result.shape.provenance]
    assert sum(clicked) == result.clicks
    assert set(result.shape.provenance) == {Provenance.CLICKED, Provenance.INFERRED}
    # As the store keeps it: the rest with the doubt of the model.
    assert np.isfinite(result.shape.covariances).all()


def test_a_stricter_hand_clicks_more() -> None:
    lenient, strict = (labelled(prior(), Acceptance(mean, 40.0)) for mean in (20.0, 2.5))

    assert lenient.clicks < strict.clicks
    assert strict.error <= 2.5 < lenient.error <= 20.0


def test_without_a_proposal_every_landmark_is_clicked() -> None:
    result = labelled(None, Acceptance())

    assert result.clicks == 12
    assert set(result.shape.provenance) == {Provenance.CLICKED}


@pytest.mark.parametrize("off", [0, 3, 12])
def test_dragging_moves_one_point_at_a_time(off: int) -> None:
    start = RING.copy()
    start[:off] += [18.0, 0.0]  # 20 % of the normaliser

    assert drags(start, RING, Acceptance(), LENGTH) == off


@pytest.mark.parametrize("proposal", [None, prior()], ids=["by hand", "proposed"])
def test_what_is_not_in_the_image_costs_no_click_and_gets_no_position(proposal) -> None:
    whole = labelled(proposal, Acceptance(0.0, 0.0))
    without = labelled(proposal, Acceptance(0.0, 0.0), absent=5)
    assert (whole.clicks, without.clicks) == (12, 11)
    assert np.flatnonzero(~without.shape.known).tolist() == [5]
    assert np.isfinite([without.error, without.visible]).all()


def test_by_hand_what_follows_on_a_contour_costs_no_click() -> None:
    contour = replace(SCHEME, curves=(Curve("ring", tuple(range(12)), closed=True),))
    result = labelled(None, Acceptance(), scheme=contour)
    assert 3 <= result.clicks <= 8
    assert result.error <= 2.5
    assert result.shape.provenance.count(Provenance.CLICKED) == result.clicks
    assert result.shape.provenance.count(Provenance.INFERRED) == 12 - result.clicks
