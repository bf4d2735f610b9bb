"""How long a click in a clip of 1,000 frames of 68 landmarks takes to reach all of them; the figure
is for reading, nothing is asserted of times."""

from collections.abc import Callable

import numpy as np

from landmark_annotator.backends.tracking import ClipPosterior, SmoothedClip
from landmark_annotator.backends.tracking.chain import SolvedChain
from landmark_annotator.projects.vocabulary import Box, Evidence

FRAMES, LANDMARKS, MODES = 1000, 68, 12


def _clip() -> SmoothedClip:
    """Of frames that all vary alike, and hang together for hundreds of frames."""
    width = 2 * LANDMARKS + MODES
    root = np.random.default_rng(0).normal(size=(width, width)).astype(np.float32)
    covariance = root @ root.T / width + np.eye(width, dtype=np.float32)
    gains = np.repeat(0.995 * np.eye(width, dtype=np.float32)[None], FRAMES - 1, axis=0)
    chain = SolvedChain(
        np.zeros((FRAMES, width)), np.repeat(covariance[None], FRAMES, axis=0), gains, gains.copy()
    )
    path = np.zeros((FRAMES, LANDMARKS, 2))
    return SmoothedClip(chain, path, [Box(50, 50, 100, 100)] * FRAMES, [np.inf] * FRAMES)


def test_time_of_a_click_in_all_frames(benchmark: Callable[..., ClipPosterior]) -> None:
    clip = _clip()
    places = iter(range(FRAMES))

    def click() -> ClipPosterior:
        """In another frame each time: what varies with it has to be found."""
        place = np.array([3.0, -2.0])
        return clip.given({next(places): [Evidence.click(7, place, 0.4)]})

    found = benchmark(click)
    assert np.abs(found.points[:, 7]).max() > 1.0
    assert (np.linalg.eigvalsh(found.covariances) > 0).all()
