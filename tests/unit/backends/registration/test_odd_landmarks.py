"""Landmarks of which an image shows nothing like what was learned, among others that it shows."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.backends.registration.calibration import Look, Trust, calibrate
from landmark_annotator.backends.registration.odd_landmarks import OddLandmarks
from landmark_annotator.backends.registration.search import Observation
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.fitting.gaussian_fit import smooth_covariance
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.unit.backends.registration.textures import SCHEME, bent, instance

_BOX = Box(0, 0, 100, 100)
_COUNT = 10
_TURNS = 2 * np.pi * np.arange(_COUNT) / _COUNT
_MEAN = 0.4 * np.stack([np.cos(_TURNS), np.sin(_TURNS)], axis=1)
_PRIOR = ShapeMixture(np.zeros(1), _MEAN[None], smooth_covariance(_MEAN, np.full(_COUNT, 0.06)))
_SEEN, _FAR, _ANSWER, _LOW = 0.01, 0.15, 12.0, 5.0


def look(seed: int, odd: int | None = None, far: float = _FAR) -> Look:
    """odd: landmark whose filter finds little, `far` from where it is."""
    random = np.random.default_rng(seed)
    truth = _MEAN + random.multivariate_normal(np.zeros(2 * _COUNT), _PRIOR.residual).reshape(-1, 2)
    error = random.normal(0, _SEEN, truth.shape)
    answers = _ANSWER * np.exp(random.normal(0, 0.05, _COUNT))
    if odd is not None:
        error[odd] += far * np.array([np.cos(seed), np.sin(seed)])
        answers[odd] = _LOW
    spreads = np.tile(_SEEN**2 * np.eye(2), (_COUNT, 1, 1))
    observation = Observation(_BOX, truth + error, spreads, np.full(_COUNT, _SEEN), answers)
    return Look(observation, truth, np.zeros(_COUNT), _PRIOR, Proposal(_BOX, _PRIOR, "prior"))


def trust(far: float = _FAR) -> Trust:
    """In every third labelled image one landmark is odd."""
    looks = [
        look(seed, odd=seed % _COUNT if seed % 3 == 0 else None, far=far) for seed in range(12)
    ]
    return calibrate(looks, _PRIOR)[0]


def deviations(covariances: Floats) -> Floats:
    return np.asarray(np.sqrt(np.trace(covariances, axis1=1, axis2=2)))


def test_it_alone_is_less_sure_and_left_to_the_others() -> None:
    odd = look(50, odd=4)
    learned = trust()
    belief = learned.mixture(_PRIOR, odd.observation)
    usual = learned.mixture(_PRIOR, look(50).observation)
    unsure, sure = (deviations(each.landmark_covariances) for each in (belief, usual))
    assert unsure[4] > 3 * sure[4]
    others = np.arange(_COUNT) != 4
    assert unsure[others].max() < 1.5 * sure[others].max()
    off = np.linalg.norm(belief.mean - odd.truth, axis=1)
    assert off[4] < 0.5 * np.linalg.norm(odd.observation.points - odd.truth, axis=1)[4]


def test_where_it_makes_no_difference_nothing_is_made_of_it() -> None:
    odd = look(50, odd=4, far=0.0)
    learned = trust(far=0.0)
    belief = learned.mixture(_PRIOR, odd.observation)
    usual = learned.mixture(_PRIOR, look(50).observation)
    unsure, sure = (deviations(each.landmark_covariances) for each in (belief, usual))
    assert unsure[4] < 1.5 * sure[4]


def test_of_one_of_which_more_is_seen_than_usual_no_more_is_believed() -> None:
    seen = [look(seed).observation for seed in range(6)]
    odd = OddLandmarks.of(seen)
    more, less = seen[0].answers.copy(), seen[0].answers.copy()
    more[2], less[2] = 3 * _ANSWER, _LOW
    assert odd.factors(replace(seen[0], answers=more))[2] == 1.0
    assert odd.factors(replace(seen[0], answers=less))[2] > 5


def test_how_much_an_image_shows_of_all_is_no_matter() -> None:
    seen = [look(seed).observation for seed in range(6)]
    odd = OddLandmarks.of(seen)
    fainter = replace(seen[0], answers=seen[0].answers / 2)
    assert odd.factors(fainter) == pytest.approx(odd.factors(seen[0]))


def legged(seed: int, far: float = 0.0) -> tuple[Pixels, Floats]:
    """One landmark is the tip of a leg on plain ground. far: pixels from where it mostly is."""
    pixels, points = bent(seed)
    hip = points[3] + [0, 44]
    tip = points[3] + np.random.default_rng(seed).normal(0, 2, 2)
    tip += far * np.array([np.cos(seed), np.sin(seed)])
    drawn, points = pixels.copy(), points.copy()
    x, y = points[3].round().astype(int).tolist()
    cv2.circle(drawn, (x, y), 44, (120, 120, 120), -1)
    ends = [(round(16 * u), round(16 * v)) for u, v in (hip.tolist(), tip.tolist())]
    cv2.line(drawn, *ends, (20, 20, 20), 5, cv2.LINE_AA, 4)
    points[3] = tip
    return drawn, points


def test_a_leg_that_is_bent_as_none_before_is_asked_for_and_told_to_be_unsure() -> None:
    labelled = [instance(*legged(seed), key=str(seed)) for seed in range(6)]
    model = RegistrationModel.of(labelled, SCHEME)
    for seed in range(20, 23):
        box = instance(*legged(seed)).box
        usual = model.propose(legged(seed)[0], box).given([])
        proposal = model.propose(legged(seed, far=34.0)[0], box).given([])
        sure, unsure = deviations(usual.covariances), deviations(proposal.covariances)
        assert proposal.query == 3
        assert unsure[3] > 10 * sure[3]
        assert np.delete(unsure, 3).max() < 3 * np.delete(sure, 3).max()
