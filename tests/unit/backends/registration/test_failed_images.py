"""Images in which what is seen is wrong altogether, among labelled ones and when proposing."""

from dataclasses import replace

import numpy as np

from landmark_annotator.backends.registration.calibration import Look, Trust, calibrate
from landmark_annotator.backends.registration.reliability import UsualAnswers
from landmark_annotator.backends.registration.search import Observation
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.fitting.gaussian_fit import smooth_covariance
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

_BOX = Box(0, 0, 100, 100)
_MEAN = np.array([[-0.4, -0.4], [0, -0.5], [0.4, -0.4], [0.5, 0], [0.4, 0.4], [-0.4, 0.4]])
_PRIOR = ShapeMixture(np.zeros(1), _MEAN[None], smooth_covariance(_MEAN, np.full(len(_MEAN), 0.06)))
_SEEN, _WORST = 0.01, 0.3


def _look(seed: int, fails: bool = False, prior: ShapeMixture = _PRIOR) -> Look:
    random = np.random.default_rng(seed)
    bent = random.multivariate_normal(np.zeros(12), prior.residual).reshape(-1, 2)
    truth = _MEAN + bent
    error = random.normal(0, _SEEN, truth.shape)
    if fails:
        error += _WORST * np.array([[1, 0], [-1, 1], [0, -1], [1, 1], [-1, 0], [0, 1]])
    observation = Observation(
        _BOX,
        truth + error,
        np.tile(_SEEN**2 * np.eye(2), (len(truth), 1, 1)),
        np.full(len(truth), _SEEN),
        np.full(len(truth), 1.0 if fails else 12.0 + random.normal()),
    )
    return Look(observation, truth, np.zeros(6), prior, Proposal(_BOX, prior, "prior"))


def _trust(fail: int) -> Trust:
    return calibrate([_look(seed, fails=seed < fail) for seed in range(8)], _PRIOR)[0]


def _deviation(belief: ShapeMixture) -> float:
    return float(np.sqrt(np.trace(belief.residual) / len(belief.residual)))


def _error(belief: ShapeMixture, truth: Floats) -> float:
    return float(np.linalg.norm(belief.mean - truth, axis=1).mean())


def test_one_failed_label_makes_no_other_image_less_sure() -> None:
    usual = _look(50)
    before = _trust(fail=0).mixture(_PRIOR, usual.observation)
    after = _trust(fail=1).mixture(_PRIOR, usual.observation)
    assert _deviation(after) < 2 * _deviation(before)
    assert _error(after, usual.truth) < 2 * _SEEN


def test_an_image_that_looks_like_none_before_is_left_to_the_prior() -> None:
    failed = _look(51, fails=True)
    belief = _trust(fail=1).mixture(_PRIOR, failed.observation)
    seen = np.linalg.norm(failed.observation.points - failed.truth, axis=1).mean()
    assert _error(belief, failed.truth) < 0.5 * seen
    assert _deviation(belief) > 0.7 * _deviation(_PRIOR)


def test_costs_of_labels_are_by_what_the_others_teach() -> None:
    costs = calibrate([_look(seed, fails=seed == 0) for seed in range(8)], _PRIOR)[1]
    assert len(costs) == 8
    assert costs.argmax() == 0
    assert costs[1:].max() < 2 * _SEEN


def test_what_is_familiar_stays_below_what_the_labelled_images_answer() -> None:
    assert 7 < UsualAnswers.of([11.0, 12.0, 11.5, 10.5] * 3).least < 10.5
    assert 4 < UsualAnswers.of([11.0, 12.0]).least < UsualAnswers.of([11.0, 12.0] * 6).least
    assert UsualAnswers.of([11.0, 12.0] * 5 + [0.2]).least > 4


def test_of_a_pose_that_no_label_shows_no_more_is_told_than_is_known() -> None:
    # As of frames that follow each other.
    alike = ShapeMixture(np.zeros(1), _MEAN[None], _PRIOR.residual / 100)
    trust = calibrate([_look(seed, prior=alike) for seed in range(8)], alike)[0]
    usual, moved = _look(52, prior=alike), _look(53)
    unlike = replace(moved.observation, answers=np.full(6, 6.0))
    belief = trust.mixture(alike, unlike)
    assert _deviation(belief) > 2 * _deviation(trust.mixture(alike, usual.observation))
    assert _deviation(belief) > 2 * _deviation(alike)
