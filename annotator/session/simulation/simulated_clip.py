"""A simulated annotator who clicks in a video until enough of it is right."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from typing_extensions import override

from landmark_annotator.annotator.session.simulation.hand import aimed
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.backends.tracking import Clip, SmoothedClip, clip_query, low_pass, smoothed
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

Clicks = Mapping[int, Sequence[Evidence]]
"""By frame, in image pixels."""
_ANEW, _MOST_ANEW = 12, 48
"""Clicks after which evidence is weighed anew, as is done in the background while people work: at
first, and after a quarter more of them each time up to the most."""


class Belief(Protocol):
    """What is believed of a clip after clicks."""

    def points(self, clicks: Clicks) -> Floats:
        """(T, L, 2) image pixels."""
        ...

    def query(self, clicks: Clicks, closed: Collection[int]) -> tuple[int, int] | None:
        """Frame and landmark to click next; None where there is none, or nobody asks. Clicks are
        counted, and the way to another frame is not. closed: frames that are right, which a person
        sees and passes by."""
        ...

    def deviation(self, frame: int) -> float:
        """Pixels along each axis that a click is taken to be off by."""
        ...


class InTime(Belief):
    """All frames together. clip: without clicks."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._base: dict[int, Sequence[Evidence]] = {}
        self.smoothed: SmoothedClip = smoothed(clip)

    @property
    def _due(self) -> int:
        """Clicks that are weighed by what was smoothed before them."""
        return min(max(_ANEW, sum(map(len, self._base.values())) // 4), _MOST_ANEW)

    @override
    def points(self, clicks: Clicks) -> Floats:
        if sum(map(len, self._new(clicks).values())) >= self._due:
            self._weigh(clicks)
        return _pinned(self.smoothed.given(self._new(clicks)).points, clicks)

    def _weigh(self, clicks: Clicks) -> None:
        """All evidence anew, these clicks among it."""
        labels = {
            t: [*self._clip.labels.get(t, ()), *clicks.get(t, ())]
            for t in {*self._clip.labels, *clicks}
        }
        self.smoothed = smoothed(replace(self._clip, labels=labels))
        self._base = {t: tuple(pieces) for t, pieces in clicks.items()}

    @override
    def query(self, clicks: Clicks, closed: Collection[int]) -> tuple[int, int] | None:
        found = clip_query(self.smoothed, self._new(clicks), closed=closed)
        return None if found is None else (found.frame, found.landmark)

    @override
    def deviation(self, frame: int) -> float:
        return CLICK_DEVIATION * self.smoothed.boxes[frame].side

    def _new(self, clicks: Clicks) -> dict[int, Sequence[Evidence]]:
        """Those that were made since evidence was weighed."""
        known = {t: {p.landmark for p in pieces} for t, pieces in self._base.items()}
        return {
            t: [p for p in pieces if p.landmark not in known.get(t, ())]
            for t, pieces in clicks.items()
        }


class Learning(InTime):
    """All frames together, proposed for by a model that learns while people click. learned: from
    the clicks and where all landmarks are after them to the clip as a newer model proposes for it,
    None where nothing has been learned since."""

    def __init__(self, clip: Clip, learned: Callable[[Clicks, Floats], Clip | None]) -> None:
        super().__init__(clip)
        self._learned = learned

    @override
    def points(self, clicks: Clicks) -> Floats:
        found = super().points(clicks)
        clip = self._learned(clicks, found)
        if clip is None:
            return found
        self._clip = clip
        self._weigh(clicks)
        return super().points(clicks)


@dataclass
class Stills(Belief):
    """Each frame by itself; filtered: averaged with its neighbours then."""

    proposals: Sequence[Proposal]
    filtered: bool = False

    def __post_init__(self) -> None:
        self._believed: dict[int, tuple[int, Posterior]] = {}

    @override
    def points(self, clicks: Clicks) -> Floats:
        found = np.stack([self._given(t, clicks.get(t, ())) for t in range(len(self.proposals))])
        return _pinned(low_pass(found), clicks) if self.filtered else found

    def _given(self, frame: int, evidence: Sequence[Evidence]) -> Floats:
        kept = self._believed.get(frame)
        if kept is None or kept[0] != len(evidence):
            kept = len(evidence), self.proposals[frame].given(evidence)
            self._believed[frame] = kept
        return kept[1].points

    @override
    def query(self, clicks: Clicks, closed: Collection[int]) -> tuple[int, int] | None:
        return None

    @override
    def deviation(self, frame: int) -> float:
        return self.proposals[frame].click_deviation


def _pinned(points: Floats, clicks: Clicks) -> Floats:
    """With what was clicked where it was clicked."""
    points = points.copy()
    for frame, pieces in clicks.items():
        for piece in pieces:
            points[frame, piece.landmark] = piece.position
    return points


@dataclass(frozen=True)
class Wanted:
    """When a clip is right. each: of a frame, whether it is, given the errors (T, L) in shares of
    the lengths; share: of frames that have to be. A landmark is a frame of its own where `each`
    says (T, L)."""

    right: Callable[[Floats], np.ndarray]
    share: float = 0.95

    def met(self, errors: Floats) -> bool:
        known = np.isfinite(errors) if self.right(errors).ndim == 2 else slice(None)
        return float(self.right(errors)[known].mean()) >= self.share

    def closed(self, errors: Floats) -> list[int]:
        """The frames that are right."""
        right = self.right(errors)
        whole = (right | ~np.isfinite(errors)).all(axis=1) if right.ndim == 2 else right
        return np.flatnonzero(whole).tolist()


def clicks_needed(
    belief: Belief,
    truth: Floats,
    lengths: Floats,
    wanted: Wanted,
    *,
    most: int,
    seed: int = 0,
    by_query: bool = False,
    whole_frames: Callable[[], bool] | None = None,
    begun: Clicks | None = None,
) -> tuple[int, Floats]:
    """How many clicks it takes, `most` + 1 where that is not enough, and the errors (T, L) then.

    The frame that is most wrong, and in it the landmark that is. whole_frames: as
    long as it says so, a frame that was begun is made right before another one is looked for, as by
    people whose labels are learned from. by_query: the frame that is asked
    for, of those that a person sees to be wrong, and in it the landmark that is most wrong: whoever
    is led to a frame sees more of it than the landmark that is asked for, which may be right.
    truth: (T, L, 2) image pixels, NaN where unknown; lengths: (T,). begun: clicks that were made
    before, which are not counted.
    """
    noise = np.random.default_rng((seed, 2)).normal(size=truth.shape)
    targets = aimed(truth, noise, lengths[:, None, None])
    clicks: dict[int, list[Evidence]] = {t: list(p) for t, p in (begun or {}).items()}
    frame: int | None = None
    for count in range(most + 1):
        errors = np.linalg.norm(belief.points(clicks) - truth, axis=2) / lengths[:, None]
        if wanted.met(errors):
            return count, errors
        asked = belief.query(clicks, wanted.closed(errors)) if by_query else None
        stays = frame if whole_frames is not None and whole_frames() else None
        place = _worst(errors, wanted, clicks, stays if asked is None else asked[0])
        if place is None:
            break
        frame, landmark = place
        position = targets[frame, landmark]
        if not np.isfinite(position).all():  # A person sees that it is not there, and goes on.
            position = belief.points(clicks)[frame, landmark]
        piece = Evidence.click(landmark, position, belief.deviation(frame))
        clicks.setdefault(frame, []).append(piece)
    return most + 1, errors


def _worst(
    errors: Floats, wanted: Wanted, clicks: Clicks, asked: int | None = None
) -> tuple[int, int] | None:
    """Of frames that are not right the one asked for, else the worst one, and in it the worst
    landmark without a click."""
    right = wanted.right(errors)
    open_ones = np.where(np.isfinite(errors), errors, -np.inf)
    for frame, pieces in clicks.items():
        open_ones[frame, [piece.landmark for piece in pieces]] = -np.inf
    wrong = ~right.all(axis=1) if right.ndim == 2 else ~right
    wrong &= np.isfinite(open_ones).any(axis=1)
    if not wrong.any():
        return None
    known = np.isfinite(errors)
    sizes = np.minimum(np.where(known, errors, 0.0), 1.0).sum(axis=1)
    sizes = sizes / np.maximum(known.sum(axis=1), 1)
    frame = int(np.argmax(np.where(wrong, sizes, -np.inf)))
    if asked is not None and asked in np.flatnonzero(wrong):
        frame = asked
    return frame, int(np.argmax(open_ones[frame]))
