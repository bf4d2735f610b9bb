"""What the instances that are not accepted will take, by those that were finished last."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.wording import count, duration

RECENT = 100
"""Instances that a forecast goes by: the last ones, because the tool learns and so do people."""
LEAST = 4
"""Finished instances from which on there is a forecast."""
_CERTAINTY = 0.95
_ROUNDS = 3
_RULE_OF_THREE = 3.0
"""What never happened in n cases happens in fewer than 3 / n of them, with 95 %."""


@dataclass(frozen=True)
class Interval:
    """The true figure lies within with 95 %, if the rest is like the last ones."""

    expected: float
    low: float
    high: float

    def said(self, words: Callable[[float], str] = count) -> str:
        """words: for one figure.

        Where every image took what is asked of each there is nothing to be unsure of.
        """
        low, middle, high = (words(v) for v in (self.low, self.expected, self.high))
        return f"{middle} ({low} to {high})" if high != low else middle

    def said_as_time(self) -> str:
        """Of seconds."""
        return self.said(duration)


@dataclass(frozen=True)
class Effort:
    """What one instance has taken so far. by_hand: most of what was clicked on it was clicked
    where nothing was proposed yet, as on the first instance of a new scheme."""

    clicks: int
    seconds: float
    by_hand: bool = False


@dataclass(frozen=True)
class Forecast:
    """What the instances that are not accepted will take. based_on: how many finished ones; apart:
    as how many unrelated ones they say as much, at most so many. each_clicks, each_seconds: of one
    of those, on average. by_hand: whether they were clicked where nothing was proposed."""

    remaining: int
    clicks: Interval
    seconds: Interval
    based_on: int
    apart: float
    each_clicks: float
    each_seconds: float
    by_hand: bool

    @property
    def certainty(self) -> str:
        """What the intervals are worth, to be told beside them: what is left of a video may be
        unlike what came before; and those that took fewer and fewer, or alike in rows, are many
        that say little."""
        said = f"{100 * _CERTAINTY:.0f} % if like the last {self.based_on}"
        few = f", which say no more than {self.apart:.0f} unrelated ones would"
        return said + few * (self.apart < LEAST - 0.5)


def typical(finished: Sequence[Effort]) -> list[Effort]:
    """The last ones, and only those of the way of working that goes on: as soon as something is
    proposed, what was clicked without it says nothing about the rest.

    finished: in the order in which they were.
    """
    proposed = [effort for effort in finished if not effort.by_hand]
    return (proposed or list(finished))[-RECENT:]


def forecast(
    finished: Sequence[Effort],
    begun: Mapping[Effort, int],
    remaining: int,
    landmarks: int,
    asked: int | None = None,
) -> Forecast | None:
    """None with fewer than `LEAST` typical finished instances to go by.

    begun: what those have taken that were worked on and are not accepted, and how many have taken
    that; they are among the remaining. landmarks: of the scheme. An instance takes at most a click
    on each, or as many clicks as the most so far; and as long as that takes at the pace of the
    finished ones, or as the longest. asked: on how many landmarks of each instance, by default all;
    where every one took just those clicks, so will the rest that has not had them yet.
    """
    recent = typical(finished)
    if len(recent) < LEAST:
        return None
    clicks = np.array([float(effort.clicks) for effort in recent])
    seconds = np.array([effort.seconds for effort in recent])
    # Accepting is an action as well, and all that some of them took.
    pace = float(seconds.sum()) / (float(clicks.sum()) + len(recent))
    most_clicks = max(float(landmarks), float(clicks.max()))
    most_seconds = max((landmarks + 1) * pace, float(seconds.max()))
    begun_clicks = [(float(one.clicks), times) for one, times in begun.items()]
    begun_seconds = [(one.seconds, times) for one, times in begun.items()]
    rest = _rest(clicks, begun_clicks, remaining, most_clicks)
    in_clicks = Interval(rest.expected, math.floor(rest.low), math.ceil(rest.high))
    each = landmarks if asked is None else asked
    # One that has them already waits to be accepted, or was sent back.
    if (clicks == each).all() and all(done < each for done, _ in begun_clicks):
        in_clicks = Interval(rest.expected, rest.expected, rest.expected)
    return Forecast(
        remaining,
        in_clicks,
        _rest(seconds, begun_seconds, remaining, most_seconds),
        len(recent),
        len(recent) / max(_in_a_row(clicks), _in_a_row(seconds)),
        float(clicks.mean()),
        float(seconds.mean()),
        recent[-1].by_hand,
    )


def why_none(finished: Sequence[Effort], one: str = "image", since: str = "") -> str:
    """Why there is no forecast: half a sentence. one: what an instance is called. since: words for
    what those that were finished before it are left out for."""
    there = len(typical(finished))
    alone = bool(finished) and len(finished) > there and len(finished) <= RECENT
    since = " since the model proposes" if alone else since
    if there == 0:
        done = "none is finished" + (since or " by hand")
        since = ""
    else:
        done = f"{there} {'is' if there == 1 else 'are'} finished"
    return f"too few {one}s to say ({done}{since}, {LEAST} are needed)"


def _rest(
    values: np.ndarray, begun: Sequence[tuple[float, int]], remaining: int, most: float
) -> Interval:
    """So many more like these, (n,), where `begun`, each of so many, have taken something already.
    most: what one can take.

    The sum of the rest is taken as lognormal, which is never negative and has a long tail upward;
    its spread is that of the rest itself and of the mean that stands for it. Related images, which
    mostly follow each other, take alike: so many in a row say as much as one (`_in_a_row`). Of few
    rows the quantile is large, and as an exponent past all that can be: `most` is the upper end.

    Where all took the same they tell nothing of how much others differ, and only how many do: the
    fewer than `_RULE_OF_THREE` / n take anything from nothing to `most`.
    """
    mean, variance = float(values.mean()), float(values.var(ddof=1))
    expected = (remaining - sum(times for _, times in begun)) * mean
    expected += sum(times * _left(values, done) for done, times in begun)
    if not remaining or not np.ptp(values):
        others = min(_RULE_OF_THREE / len(values), 1.0)
        alike = (1 - others) * expected
        return Interval(expected, alike, alike + others * remaining * most)
    # Imported late: the window knows the ledger, and is not to wait for scipy.
    from scipy.special import stdtrit

    row = _in_a_row(values)
    apart = len(values) / row
    variance *= (1 - 1 / len(values)) / (1 - 1 / apart)
    variance_of_rest = remaining * min(row, remaining) * variance + remaining**2 * variance / apart
    spread = math.sqrt(math.log1p(variance_of_rest / expected**2))
    reach = float(stdtrit(apart - 1, (1 + _CERTAINTY) / 2)) * spread
    middle = expected * math.exp(-(spread**2) / 2)
    low = min(middle * math.exp(-reach), expected)
    high = min(middle * math.exp(reach), remaining * most)
    return Interval(expected, low, max(high, expected))


def _in_a_row(values: np.ndarray) -> float:
    """How many of (n,) in a row say as much of the mean as one alone would; from 1 to n / 2.

    The integrated autocorrelation time, cut where the correlation of two lags next to each other is
    not positive any more (Geyer, "Practical Markov chain Monte Carlo", Statistical Science 1992).
    The mean is of these values themselves, so that they seem to differ more than they do, and each
    lag is too small by that time over n: it is put right by the time found so far, a few times.
    """
    count = len(values)
    centred = values - values.mean()
    power = float((centred**2).sum())
    if power <= 0:
        return 1.0
    found = np.correlate(centred, centred, "full")[count - 1 :] / power
    row = 1.0
    # Where a few rows are all there is, more often has no end.
    for _ in range(_ROUNDS):
        row = min(max(_summed(found + row / count), 1.0), count / 2)
    return row


def _summed(lags: np.ndarray) -> float:
    row = 1 + 2 * float(lags[1])
    for lag in range(2, len(lags) // 2, 2):
        both = float(lags[lag] + lags[lag + 1])
        if both <= 0:
            break
        row += 2 * both
    return row


def _left(values: np.ndarray, done: float) -> float:
    """What is still to come of an instance that has taken `done`: what those took beyond it that
    took more. Where none did, it is unlike them all, such as one that was sent back, and takes as
    much again. What has taken nothing, such as what was found or followed, takes what those took,
    of which some may have taken nothing either."""
    if done <= 0:
        return float(values.mean())
    longer = values[values > done]
    return float((longer - done).mean()) if len(longer) else float(values.mean())
