"""What all frames of the open instance's track say of each of them, kept up beside the window.

The frames are looked at one by one, from the open one outwards, where the window's model has
nothing else to do. A click in one of them changes what is proposed in all others, at once for the
frame that is opened next, and a moment later for the curves of the timeline.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from annotator.gui.pages.context import Change, Kind
from annotator.gui.pages.label.controller.controller import LabelController
from annotator.gui.services.tasks import Tasks
from annotator.session.models.proposers import Proposer
from annotator.session.tracking.growing_clip import GrowingClip, Looked
from annotator.session.tracking.open_clip import OpenClip, labels_of
from backends.shapes import Proposal
from backends.tracking import ClipPosterior, TimeTrust

_LOOK, _SMOOTH, _READ = "frame of the track", "smoothing", "posterior"


class OpenTrack(QObject):
    """At most one track is open: that of the instance that was opened last."""

    found = Signal()
    """`clip` and `posterior` are others, or none any more."""

    def __init__(self, controller: LabelController, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._folder = controller, folder
        self._preparation = controller.preparation
        self.clip: OpenClip | None = None
        self.posterior: ClipPosterior | None = None
        """Of all its frames; of a moment ago while it is worked out anew."""
        self._track: int | None = None
        self._growing: GrowingClip | None = None
        self._proposer: Proposer | None = None
        self._trust: TimeTrust | None = None
        self._stale = False
        self._known: tuple[OpenClip, int, Proposal] | None = None
        self._at_work = Tasks(1, self)
        self._preparation.in_time = self.proposal
        self._preparation.proposer_ready.connect(self._begin_anew)
        controller.opened.connect(self._enter)
        controller.changes.announced.connect(self._hear)

    def close(self) -> None:
        self._at_work.leave()

    @property
    def busy(self) -> bool:
        """Whether frames are still to be looked at, or to be smoothed."""
        waits = self._growing is not None and self._proposer is not None
        looks = waits and self._growing is not None and not self._growing.complete
        return looks or self._at_work.pending(_SMOOTH) or self._at_work.pending(_READ)

    def proposal(self, instance_id: int) -> Proposal | None:
        """Given all other frames; None where nothing is known of the instance in time."""
        clip = self.clip
        place = None if clip is None else clip.place_of(instance_id)
        if clip is None or place is None:
            return None
        if self._known is None or self._known[:2] != (clip, place):
            self._known = clip, place, clip.proposal(place)
        return self._known[2]

    # Another track, or another model

    def _enter(self, instance_id: int) -> None:
        record = self._controller.record
        assert record is not None
        if record.track_id != self._track:
            self._track = record.track_id
            self._begin_anew()
        elif self._growing is not None and self._growing.lacks(instance_id):
            self._begin_anew()

    def _begin_anew(self) -> None:
        """Nothing that was seen with another model is of use."""
        proposer, record = self._preparation.proposer, self._controller.record
        for key in (_SMOOTH, _READ):
            self._at_work.drop(key)
        self._preparation.models_at_work.drop(_LOOK)
        self._growing = self._proposer = self._trust = None
        self._stale = False
        if self._track is None or record is None or proposer is None or proposer.model is None:
            self._show(None)
            return
        if self.clip is not None and self.clip.place_of(record.id) is None:
            self._show(None)
        self._proposer = proposer
        self._growing = GrowingClip.of(self._controller.project, self._track, record.id)
        self._look()

    def _show(self, clip: OpenClip | None) -> None:
        self.clip, self.posterior, self._known = clip, None, None
        self.found.emit()

    # Frame by frame

    def _look(self) -> None:
        growing, proposer = self._growing, self._proposer
        if growing is None or proposer is None:
            return
        work = growing.look()
        if work is not None:
            at_work = self._preparation.models_at_work
            at_work.request(_LOOK, partial(work, proposer), self._take, self._fail)

    def _take(self, looked: Looked) -> None:
        if self._growing is None:
            return
        self._growing.take(looked)
        if self._growing.due:
            self._smooth()
        self._look()

    def _smooth(self) -> None:
        """One after the other: what has come meanwhile is smoothed after it."""
        if self._growing is None or self._proposer is None:
            return
        if self._at_work.pending(_SMOOTH):
            self._stale = True
            return
        self._stale = False
        work = self._growing.smooth(self._folder, self._proposer, self._trust)
        self._at_work.request(_SMOOTH, work, self._take_smoothed, self._fail)

    def _take_smoothed(self, answer: tuple[OpenClip, TimeTrust | None]) -> None:
        clip, self._trust = answer
        instances = [each.instance for each in clip.frames if each.instance is not None]
        self.clip = self._as_stored(clip, instances)
        self._show_anew()
        if self._stale:
            self._smooth()

    # What people do

    def _hear(self, change: Change) -> None:
        if self.clip is None or not change.kinds & Kind.STORED:
            return
        clip = self._as_stored(self.clip, sorted(change.instances))
        if clip is not self.clip:
            self.clip = clip
            self._read()

    def _as_stored(self, clip: OpenClip, instances: list[int]) -> OpenClip:
        """With what the store says of these now; all are smoothed anew where that is not enough."""
        there = [(place, n) for n in instances if (place := clip.place_of(n)) is not None]
        labels = labels_of(self._controller.project, [n for _, n in there])
        for place, instance in there:
            clip = clip.with_labels(place, labels.get(instance))
        if any(clip.outdated(place, labels.get(n)) for place, n in there):
            self._smooth()
        return clip

    def _show_anew(self) -> None:
        """What is open and nobody has begun is proposed by all frames from now on."""
        record = self._controller.record
        self._read()
        if record is not None and not self._controller.in_hands(record.id):
            self._preparation.proposal_ready.emit(record.id)

    def _read(self) -> None:
        if self.clip is not None:
            self._at_work.request(_READ, self.clip.posterior, self._take_read, self._fail)

    def _take_read(self, posterior: ClipPosterior) -> None:
        self.posterior = posterior
        self.found.emit()

    def _fail(self, error: Exception) -> None:
        self._growing = None
        self._controller.fail(error)
