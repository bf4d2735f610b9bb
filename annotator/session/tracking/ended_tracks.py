"""Where tracks end: what is carried goes on for ever, whether or not its object is still there.

An object that is carried out of the picture has left it. It is hidden or gone where two things say
so: it is most probably lost (`lost_in`) and unlike what it was while it was seen, or flow has led
to something else than what was there (`breaks`) and that is not known to be like what was labelled.
Those frames get nothing, for what could be proposed in them is told to be off by as much as the
object is large, or more. It goes on where it looks for several frames as it did. All this of frames
after the last one that says where it is, and likewise before the first one.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject, novelty
from landmark_annotator.backends.tracking import Clip, breaks, lost_in, sight_odds
from landmark_annotator.projects.vocabulary.wording import counted

_RATHER = 0.5
"""Probability of being lost from which on an object is rather lost than seen."""
_SEVERAL = 3
"""Frames in a row that show it, or do not."""
_SURE = np.log(0.99 / 0.01)
"""Log odds of them together from which on it is shown again: a floor is looked at many times."""
_NAMED = 6
"""Tracks that a sentence names."""


@dataclass(frozen=True)
class Ending:
    """Of a track, after `last` or before `next`, or both: frames that were looked at and get
    nothing, `frames` of them. left: it was carried out of the picture. apart: frames of the video
    from one that was looked at to the next, at most."""

    track: str
    last: int | None
    next: int | None
    frames: int
    left: bool = False
    apart: int = 1

    @property
    def frame(self) -> int:
        """The one of the track that is next to what it lacks."""
        return (self.next or 0) if self.last is None else self.last

    @property
    def sentence(self) -> str:
        """For people."""
        why = "nothing shows it where it was carried to, so it is hidden or gone"
        if self.apart > 1:  # it is as likely that it was not where it was searched
            why += f", or moved too far between frames that are up to {self.apart:,} apart"
        if self.left:
            return f"Track {self.track} ends at frame {self.last:,}: it leaves the picture there."
        if self.last is None:
            return f"Track {self.track} begins at frame {self.next:,}: before that {why}."
        if self.next is None:
            return f"Track {self.track} ends at frame {self.last:,}: after that {why}."
        between = f"between frames {self.last:,} and {self.next:,}"
        return f"Track {self.track} has nothing {between}: {why}."


@dataclass(frozen=True, eq=False)
class PathParts:
    """One object's path. kept: what its track gets; stretches: what is left out of it, each with
    the last object before it and the first one after it."""

    kept: Sequence[SeenObject]
    stretches: Sequence[tuple[SeenObject | None, Sequence[SeenObject], SeenObject | None]] = ()

    @classmethod
    def of(cls, path: Sequence[SeenObject], size: int) -> "PathParts":
        """path: the objects frame by frame; size: L. Nothing is left out that the project has, or
        that was drawn or found, nor between two of these."""
        there = [t for t, each in enumerate(path) if each.carried is None or each.instance]
        if not there or len(there) == len(path):
            return cls(path)
        said = [t for t, each in enumerate(path) if each.carried is None]
        proposals, flows = [each.proposal for each in path], [each.flow for each in path[1:]]
        unlike, odds = np.array([novelty(each) for each in path]), sight_odds(proposals)
        untold = np.isinf(unlike) & np.isnan(odds)
        seen = (lost_in(Clip(size, proposals, flows), said) <= _RATHER) | untold
        broken = breaks(flows) > _RATHER
        seen[there[0] : there[-1] + 1] = True
        ahead = [(t, t - 1) for t in range(there[-1] + 1, len(path))]
        back = [(t, t) for t in range(there[0])[::-1]]
        for way in (ahead, back):
            gone = False
            for t, step in way:
                gone = (gone or broken[step]) and unlike[t] > 1 and not odds[t] > 0
                seen[t] &= not gone
        usual = min(float(unlike[seen].max()), 1.0)
        like = np.where(np.isinf(unlike), ~untold, unlike <= usual) & ~(odds <= 0)
        tells = np.where(np.isnan(odds), np.inf, odds)
        for way in (ahead, back):
            lost = [t for t, _ in way if not seen[t]]
            seen[lost] = _shown(like[lost].tolist(), tells[lost].tolist())
        return cls._cut(path, seen.tolist())

    @classmethod
    def _cut(cls, path: Sequence[SeenObject], seen: Sequence[bool]) -> "PathParts":
        """seen: of each object whether it stays; what follows on others is linked to these."""
        kept: list[SeenObject] = []
        out: list[SeenObject] = []
        stretches: list[tuple[SeenObject | None, Sequence[SeenObject], SeenObject | None]] = []
        for each, stays in zip(path, seen, strict=True):
            if not stays:
                out.append(each)
                continue
            if out:
                each.before, each.flow = kept[-1] if kept else None, None
                stretches.append((each.before, out, each))
                out = []
            kept.append(each)
        if out:
            stretches.append((kept[-1], out, None))
        return cls(kept, stretches)

    def endings(self, track: str, left: Collection[SeenObject]) -> Iterator[Ending]:
        """left: objects that were carried out of the picture from where they were."""
        for before, out, after in self.stretches:
            last, first = (None if each is None else each.frame for each in (before, after))
            leaves = out[-1] in left and after is None
            looked = [each.frame for each in (before, *out, after) if each is not None]
            apart = max(other - one for one, other in pairwise(looked))
            yield Ending(track, last, first, len(out), left=leaves, apart=apart)
        if self.kept[-1] in left:
            yield Ending(track, self.kept[-1].frame, None, 0, left=True)


def _shown(like: Sequence[bool], odds: Sequence[float]) -> list[bool]:
    """Whether each frame in which an object is probably lost shows it all the same. like: whether
    they look like those in which it was seen, away from these; odds: as of `Sight`, infinite where
    nobody can tell. Floors have looked a little like objects for three frames in a row."""
    found, shown = list[bool](), True
    for t in range(len(like)):
        near = like[t : t + _SEVERAL]
        again = len(near) == _SEVERAL and all(near) and sum(odds[t : t + _SEVERAL]) > _SURE
        shown = any(near) if shown else again
        found.append(shown)
    return found


def told(endings: Sequence[Ending], but_for: Collection[str] = ()) -> str:
    """For people; "" where no track has an end of its own. but_for: tracks of which something else
    is said."""
    known = [each for each in endings if each.track not in but_for]
    said = [each.sentence for each in known[:_NAMED]]
    if len(known) > _NAMED:
        said.append(f"So it is {counted(len(known) - _NAMED, 'more time')}.")
    if any(not each.left for each in known):
        said.append(
            "What was seen of it is kept. Label it where it is seen again, and follow from there"
        )
        between = any(each.apart > 1 and not each.left for each in known)
        said[-1] += ", or follow through all frames between." if between else "."
    return " ".join(said)
