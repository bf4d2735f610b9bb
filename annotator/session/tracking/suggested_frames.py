"""Which frames of a track are worth a label next: few, for a label says much of its neighbours."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.annotator.session.tracking.open_clip import OpenClip
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.backends.shapes.queries import to_mend
from landmark_annotator.backends.tracking import ClipPosterior
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

_MOST = 20
"""Frames that are suggested at once."""
_WORTH = 3.0
"""Times as much as is left to mend in a usual frame, from which on a label is worth going there: it
says so much of the frames around, or the object is lost in its own."""
_WORK = 1e9
"""Multiplications that one more label costs at most: of a long track with many landmarks fewer
landmarks are asked what they say of the others."""


def suggested_frames(clip: OpenClip, posterior: ClipPosterior) -> list[int]:
    """The places of the frames that are worth a label next, in their order. In any thread.

    The least sure of those that nobody has accepted, apart from each other and from what is
    accepted. One is left out where a label would mend, in its own frame and in all others, no more
    than is left in a few usual frames: the labels of those that were chosen before it have said by
    then what it would teach. posterior: of the clip.
    """
    frames = clip.frames
    seen = frames[-1].frame - frames[0].frame
    apart = max(seen, clip.span) / (2 * _MOST)
    waiting = [n for n, e in enumerate(frames) if e.instance is not None and n not in clip.closed]
    tried = [frames[n].frame for n in clip.closed]
    asked = _landmarks_asked(len(frames), clip.smoothed.size)
    left = _left_to_mend(clip, posterior)
    unsure = clip.uncertainty(posterior)
    chosen: list[int] = []
    for place in sorted(waiting, key=lambda n: -unsure[n]):
        if len(chosen) == _MOST or len(tried) - len(clip.closed) == 2 * _MOST:
            break
        if not _is_apart(frames[place].frame, tried, apart):
            continue
        tried.append(frames[place].frame)
        labelled = _labelled(clip, posterior, place, asked)
        after = labelled.posterior()
        mended = float((left - _left_to_mend(clip, after)).sum())
        # The least sure one of all is always worth it.
        if not chosen or mended >= _WORTH * float(left[waiting].mean()):
            chosen.append(place)
            clip, posterior, left = labelled, after, _left_to_mend(clip, after)
    return sorted(chosen)


def next_suggested(clip: OpenClip, suggested: Sequence[int], frame: int) -> int | None:
    """The place of the next suggested frame after this one, and round from the first again; None
    where there is no other one."""
    found = [n for n in suggested if clip.frames[n].frame != frame]
    return min(found, key=lambda n: (clip.frames[n].frame <= frame, n), default=None)


def _is_apart(frame: int, taken: Sequence[int], apart: float) -> bool:
    """Neighbouring frames say much the same."""
    return all(abs(frame - other) > apart for other in taken)


def _landmarks_asked(frames: int, size: int) -> int:
    """How many of a frame's landmarks are taken for clicked, the least sure ones."""
    columns = np.sqrt(_WORK / (frames * 2 * size))
    return min(max(int(columns / (2 * _MOST)), 1), size)


def _left_to_mend(clip: OpenClip, posterior: ClipPosterior) -> Floats:
    """(T,) over the landmarks of each frame that are in the image, in sides; see
    `landmark_annotator.backends.shapes.queries`."""
    traces = np.trace(posterior.covariances, axis1=2, axis2=3) / clip.sides[:, None] ** 2
    return np.asarray(to_mend(traces).sum(axis=1, where=clip.in_image))


def _labelled(clip: OpenClip, posterior: ClipPosterior, place: int, asked: int) -> OpenClip:
    """The same, as sure as if somebody had labelled that frame: where its landmarks would be
    clicked is of no matter to that."""
    deviation = CLICK_DEVIATION * float(clip.sides[place])
    known = clip.clicks.get(place, ())
    clicked = {piece.landmark for piece in known}
    clicked |= set(np.flatnonzero(~clip.in_image[place]).tolist())
    unsure = np.trace(posterior.covariances[place], axis1=1, axis2=2)
    least_sure = [j for j in np.argsort(-unsure, kind="stable").tolist() if j not in clicked]
    points = posterior.points[place]
    said = [Evidence.click(j, points[j], deviation) for j in least_sure[:asked]]
    return clip.with_clicks(place, [*known, *said])
