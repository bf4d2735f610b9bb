"""How many errors ellipses hold."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.registration.coverage import Residuals, fit_coverage, shortfall
from landmark_annotator.backends.registration.labelled_views import LabelledViews
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.provenance import Provenance
from tests.unit.backends.registration.textures import SCHEME, bent, instance

LANDMARKS = 18


def looks(count: int, far: float) -> list[Residuals]:
    """Errors as large as what is seen says, but for one in eight, which is `far` times as large."""
    random = np.random.default_rng(1)
    found = []
    for _ in range(count):
        errors = random.normal(0, 0.01, (LANDMARKS, 2))
        errors[random.random(LANDMARKS) < 1 / 8] *= far
        seen = np.tile(0.01**2 * np.eye(2), (LANDMARKS, 1, 1))
        found.append(Residuals(errors, seen, 0.01 * seen))
    return found


def held(residuals: list[Residuals], width: float, degrees: float, wide: float) -> float:
    """The share of errors that are in their 95 % ellipses."""
    end = wide * degrees * (0.05 ** (-2 / degrees) - 1)
    inside = []
    for each in residuals:
        offsets = each.errors[..., None]
        covariances = width * each.seen + each.prior
        squared = (offsets * np.linalg.solve(covariances, offsets)).sum(axis=(1, 2))
        inside.append(squared < end)
    return float(np.mean(inside))


def test_ellipses_hold_what_they_say_where_one_in_eight_is_far_off() -> None:
    found = looks(20, 8.0)
    fitted = fit_coverage(found)
    assert held(found, *fitted, 1.0) < 0.93
    assert held(found, *fitted, shortfall(found, *fitted)) > 0.94


def test_what_holds_enough_stays_and_few_images_change_little() -> None:
    usual = looks(20, 1.0)
    assert shortfall(usual, *fit_coverage(usual)) == pytest.approx(1.0, abs=0.1)
    fitted = fit_coverage(looks(20, 8.0))
    few, many = (shortfall(looks(20, 8.0)[:n], *fitted) for n in (2, 20))
    assert 1.0 <= few < many


def test_what_calibrates_is_fitted_as_what_proposes() -> None:
    """A prior of labels in doubt that is narrower than those it was tried with is too sure."""
    marks = [Provenance.INFERRED] * len(SCHEME)
    labelled = []
    for i in range(6):
        one = instance(*bent(i), key=str(i))
        labelled.append(replace(one, shape=Shape(one.shape.points, None, marks)))
    views = LabelledViews.of(labelled, SCHEME)
    whole = np.trace(views.search().prior.residual)
    parts = [search for i in range(6) if (search := views.without(i)) is not None]
    others = np.mean([np.trace(each.prior.residual) for each in parts])
    assert others < 1.05 * whole
