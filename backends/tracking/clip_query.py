"""Which frame's which landmark a person should click next, for all frames of a clip together.

The classifier paper's closing idea: "actively select both the key frame and key point that will be
most informative". What is left to mend is counted as for a still
(`landmark_annotator.backends.shapes.queries`), and summed over the frames.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.backends.shapes.queries import to_mend, worth_asking
from landmark_annotator.backends.tracking.smoothed_clip import Clicks, SmoothedClip
from landmark_annotator.projects.vocabulary.arrays import Floats

GOING = 1.5
"""Clicks that going to another frame costs besides: it has to be looked at anew."""
_SMALL = 0.99
"""Share of a variance that is left, to tell what the next bit of it is worth."""


@dataclass(frozen=True)
class ClipQuery:
    """drop: by how many pixels that question is expected to lower what is left to mend, in all
    frames together: no click comes of it where the landmark is hidden."""

    frame: int
    landmark: int
    drop: float


def clip_query(
    clip: SmoothedClip,
    clicks: Clicks,
    shown: int | None = None,
    closed: Collection[int] = (),
    unseen: Mapping[int, Collection[int]] | None = None,
) -> ClipQuery | None:
    """The click that is worth most for what it costs; None where all is clicked.

    shown: the frame that a person looks at, in which a click is cheaper than in another. closed:
    frames that a person has seen to be right. unseen: by frame, landmarks of which a person has
    said that it does not show them.
    """
    drops = expected_drops(clip, clicks)
    for frame, hidden in clip.hidden.items():
        drops[frame] = worth_asking(drops[frame], hidden)
    for frame, landmarks in (unseen or {}).items():
        drops[frame, list(landmarks)] = 0.0
    drops[list(closed)] = 0.0
    for frame, pieces in clicks.items():
        for piece in pieces:
            drops[frame, piece.landmark] = 0.0
    worth = drops / (1 + GOING)
    if shown is not None:
        worth[shown] = drops[shown]
    frame, landmark = divmod(int(np.argmax(worth)), clip.size)
    if drops[frame, landmark] <= 0:
        return None
    return ClipQuery(frame, landmark, float(drops[frame, landmark]))


def expected_drops(clip: SmoothedClip, clicks: Clicks) -> Floats:
    """(T, L) by how many pixels a click on each landmark of each frame is expected to lower what is
    left to mend in all frames.

    To first order: what a bit less variance is worth at each landmark, times by how much a click
    lowers it, tr((P_jj + R)^-1 sum_s P_js W_s P_sj). That sum is had for all frames at once by one
    pass in each direction.
    """
    size, frames = clip.size, len(clip)
    width = clip.chain.means.shape[1]
    sides = np.array([box.side for box in clip.boxes])
    own = clip.together(clicks).covariances
    weights = np.zeros((frames, width))
    weights[:, : 2 * size] = np.repeat(_worth(own, sides), 2, axis=1)
    falls = clip.falls(clicks)
    reached = _reached(clip, weights, falls)
    noise = (CLICK_DEVIATION * sides) ** 2
    sure = np.linalg.inv(own + noise[:, None, None, None] * np.eye(2))
    return np.asarray(np.maximum(np.einsum("tjab,tjba->tj", sure, reached), 0.0))


def _worth(covariances: Floats, sides: Floats) -> Floats:
    """(T, L) pixels for each squared pixel of variance along an axis."""
    traces = np.trace(covariances, axis1=2, axis2=3) / sides[:, None] ** 2
    traces = np.maximum(traces, 1e-12)
    lower = to_mend(traces) - to_mend(_SMALL * traces)
    return np.asarray(lower / ((1 - _SMALL) * traces) / sides[:, None])


def _reached(clip: SmoothedClip, weights: Floats, falls: Floats) -> Floats:
    """(T, L, 2, 2) sum over s of Cov(y_tj, y_s) W_s Cov(y_s, y_tj), after the clicks.

    falls: (T, D, c), the covariance of frames t and s falls by falls_t falls_sᵀ.
    """
    chain = clip.chain
    frames, size = len(clip), clip.size
    width = weights.shape[1]
    blocks = np.zeros((frames, size, 2, 2))
    # With the falls as further rows: Cov(x_t, x_s) W_s [Cov(x_s, x_t), falls_s].
    for gains, later in ((chain.back[::-1], True), (chain.ahead, False)):
        total = np.zeros((width, width))
        crossed = np.zeros((width, falls.shape[2]))
        for step in range(frames):
            t = frames - 1 - step if later else step
            own = chain.covariances[t].astype(np.float64)
            weighed = own * weights[t]
            here, cross = weighed @ own, weighed @ falls[t]
            _add(blocks[t], total, crossed, falls[t])
            if later:  # One of both passes has the frame itself.
                _add(blocks[t], here, cross, falls[t])
            if step < len(gains):
                gain = gains[step].astype(np.float64)
                total = gain @ (total + here) @ gain.T
                crossed = gain @ (crossed + cross)
    fallen = np.einsum("tdc,td,tde->ce", falls, weights, falls)
    rows = falls[:, : 2 * size].reshape(frames, size, 2, -1)
    return np.asarray(blocks + np.einsum("tjac,ce,tjbe->tjab", rows, fallen, rows))


def _add(blocks: Floats, total: Floats, crossed: Floats, falls: Floats) -> None:
    size = len(blocks)
    own = np.einsum("iaib->iab", total[: 2 * size, : 2 * size].reshape(size, 2, size, 2))
    rows = slice(0, 2 * size)
    both = (crossed[rows].reshape(size, 2, -1), falls[rows].reshape(size, 2, -1))
    mixed = np.einsum("jac,jbc->jab", *both)
    blocks += own - mixed - mixed.transpose(0, 2, 1)
