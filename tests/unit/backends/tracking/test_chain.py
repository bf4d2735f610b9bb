"""The smoother of a chain against the same Gaussian written out as one matrix."""

import numpy as np
import pytest

from landmark_annotator.backends.tracking.chain import SolvedChain, Step, solved

FRAMES, SIZE = 7, 3


def _chain(seed: int) -> tuple[list[Step], np.ndarray, np.ndarray]:
    """Steps, and the precision and the linear part of all vectors in a row."""
    random = np.random.default_rng(seed)
    precision = np.zeros((FRAMES * SIZE, FRAMES * SIZE))
    linear = random.normal(size=FRAMES * SIZE)
    steps = []
    for t in range(FRAMES):
        rows = slice(t * SIZE, (t + 1) * SIZE)
        root = random.normal(size=(SIZE, SIZE))
        precision[rows, rows] = root @ root.T + 6 * np.eye(SIZE)
        to_next = None
        if t + 1 < FRAMES:
            to_next = random.normal(size=(SIZE, SIZE))
            after = slice((t + 1) * SIZE, (t + 2) * SIZE)
            precision[rows, after], precision[after, rows] = to_next, to_next.T
        steps.append(Step(precision[rows, rows].copy(), to_next, linear[rows]))
    return steps, precision, linear


@pytest.fixture(params=range(3))
def both(request: pytest.FixtureRequest) -> tuple[SolvedChain, np.ndarray, np.ndarray]:
    """The chain, and mean and covariance by one inversion."""
    steps, precision, linear = _chain(request.param)
    covariance = np.linalg.inv(precision)
    return solved(steps), covariance @ linear, covariance


def test_means_are_those_of_the_whole(both: tuple[SolvedChain, np.ndarray, np.ndarray]) -> None:
    chain, mean, _ = both
    assert chain.means.ravel() == pytest.approx(mean)


def test_covariances_are_those_of_the_whole(
    both: tuple[SolvedChain, np.ndarray, np.ndarray],
) -> None:
    chain, _, covariance = both
    for t, own in enumerate(chain.covariances):
        rows = slice(t * SIZE, (t + 1) * SIZE)
        assert own == pytest.approx(covariance[rows, rows])


@pytest.mark.parametrize("frame", [0, 3, FRAMES - 1])
def test_what_varies_with_one_frame_is_read_off_the_gains(
    both: tuple[SolvedChain, np.ndarray, np.ndarray], frame: int
) -> None:
    chain, _, covariance = both
    first, found = chain.across(frame, np.eye(SIZE))
    own = slice(frame * SIZE, (frame + 1) * SIZE)
    whole = np.zeros((FRAMES, SIZE, SIZE))
    whole[first : first + len(found)] = found
    expected = covariance[:, own].reshape(FRAMES, SIZE, SIZE)
    assert whole == pytest.approx(expected, abs=2e-2 * np.abs(expected).max())


def test_one_vector_alone_is_a_gaussian_of_its_own() -> None:
    chain = solved([Step(np.diag([4.0, 1.0]), None, np.array([4.0, 3.0]))])
    assert chain.means[0] == pytest.approx([1.0, 3.0])
    assert chain.covariances[0] == pytest.approx(np.diag([0.25, 1.0]))


def test_evidence_that_pins_nothing_down_is_refused() -> None:
    with pytest.raises(ValueError, match="pin"):
        solved([Step(np.diag([1.0, 0.0]), None, np.zeros(2))])


def test_what_is_hardly_known_goes_with_what_is_well_known_as_far_as_it_does() -> None:
    """As the frames after a cut with those before it: next to nothing of the variance of the
    first, and a lot of that of the second."""
    own, link = np.diag([1.0, 1.0, 1.0, 1e-6]), [-0.5, -0.5, -5e-4]
    precision = own.copy()
    for t, each in enumerate(link):
        precision[t, t + 1] = precision[t + 1, t] = each
    steps = [
        Step(own[t : t + 1, t : t + 1], np.array([[link[t]]]) if t < 3 else None, np.zeros(1))
        for t in range(4)
    ]
    start, found = solved(steps).across(3, np.ones((1, 1)))
    assert start == 0
    assert found[:, 0, 0] == pytest.approx(np.linalg.inv(precision)[:, 3], rel=1e-6)
