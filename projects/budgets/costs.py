"""How long people take: seconds a click, by landmark, and seconds an image besides."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.budgets.working_time import WorkingTime
from landmark_annotator.projects.store import ActionKind, Project
from landmark_annotator.projects.vocabulary.wording import counted

CLICK_SECONDS = 2.0
"""Assumed of a click until the journal knows better."""
IMAGE_SECONDS = 3.0
"""Assumed of looking at an image and accepting it."""

_ENOUGH = 30
"""Measured clicks from which on the journal is believed."""
_PSEUDO_CLICKS = 10.0
"""How many clicks the mean of all landmarks counts as, beside a landmark's own."""
_CLICKS = (ActionKind.CLICK, ActionKind.CONFIRM)


@dataclass(frozen=True)
class Costs:
    """clicks: (L,) seconds of a click on each landmark. image: seconds an image besides clicks;
    of several objects in one, of each.

    source: a sentence on where the figures come from.
    """

    clicks: tuple[float, ...]
    image: float
    source: str

    def seconds(self, landmarks: Iterable[int]) -> float:
        """Of one image on which these landmarks are clicked."""
        return self.image + sum(self.clicks[i] for i in landmarks)


def costs(project: Project) -> Costs:
    """Measured from the project's journal where it holds enough; without pauses."""
    size = len(project.scheme)
    total, count = np.zeros(size), np.zeros(size)
    besides, accepted = 0.0, 0
    timed, time = project.timed_landmarks(), WorkingTime()
    for one in timed:
        time.add_durations(one.who, one.kind, one.durations)
    for one in timed:
        seconds = time.of(one.who, one.kind, one.durations)
        if one.kind in _CLICKS and one.landmark is not None:
            total[one.landmark] += seconds.sum()
            count[one.landmark] += len(seconds)
        else:
            besides += float(seconds.sum())
            accepted += len(seconds) * one.kind.accepts
    noun = project.counted_in()
    if count.sum() < _ENOUGH:
        return Costs(
            (CLICK_SECONDS,) * size,
            IMAGE_SECONDS,
            f"Assumed: {CLICK_SECONDS:g} s a click and {IMAGE_SECONDS:g} s an {noun} besides; the "
            f"journal holds {counted(int(count.sum()), 'timed click')}, {_ENOUGH} are needed to "
            "measure.",
        )
    mean = total.sum() / count.sum()
    each = (total + _PSEUDO_CLICKS * mean) / (count + _PSEUDO_CLICKS)
    image = besides / accepted if accepted else IMAGE_SECONDS
    return Costs(
        tuple(each.tolist()),
        image,
        f"Measured: {mean:.1f} s a click over {counted(int(count.sum()), 'click')} and "
        f"{image:.1f} s an {noun} besides{'' if accepted else ' (assumed)'}.",
    )
