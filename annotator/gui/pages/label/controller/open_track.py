"""What all frames of the open instance's track say of each of them, kept up beside the window.

The frames are looked at one by one, from the open one outwards, where the window's model has
nothing else to do. A click in one of them changes what is proposed in all others, at once for the
frame that is opened next, and a moment later for the curves of the timeline.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.models.model_identity import (
    identity_of,
    propose_alike,
)
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking.growing_clip import MOST, GrowingClip, Looked
from landmark_annotator.annotator.session.tracking.open_clip import OpenClip, labels_of
from landmark_annotator.annotator.session.tracking.seen_instances import SeenInstances
from landmark_annotator.annotator.session.tracking.suggested_frames import suggested_frames
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking import ClipPosterior, TimeTrust

_LOOK, _SMOOTH, _READ = "frame of the track", "smoothing", "posterior"
_MOST = 4
"""Tracks that are kept: people label all objects of a frame before they go to the next one."""


@dataclass(frozen=True, eq=False)
class Read:
    """What all frames of a clip say of each. suggested: the places in it of those that are worth a
    label next."""

    clip: OpenClip
    posterior: ClipPosterior
    suggested: Sequence[int]


@dataclass(eq=False)
class _Known:
    """What is known of a track. stale: whether labels have come since it was smoothed. outdated:
    whether instances of it have moved, or others have come, since it was looked at; moved: the ids
    of those, of which the clip says nothing any more. read: of the clip, or of the one before it,
    which may have had other frames."""

    growing: GrowingClip
    clip: OpenClip | None = None
    read: Read | None = None
    trust: TimeTrust | None = None
    stale: bool = False
    outdated: bool = False
    moved: frozenset[int] = frozenset()


class OpenTrack(QObject):
    """One track is open, that of the instance that was opened last; a few others are kept."""

    found = Signal()
    """`clip` and `read` are others, or none any more."""
    looked = Signal()
    """At one more frame."""
    withdrawn = Signal(frozenset)
    """(instance ids) Of a track of which less is known than was: a click was taken back, or a frame
    is no longer accepted."""

    def __init__(self, controller: LabelController, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._folder = controller, folder
        self._preparation = controller.preparation
        self._tracks: OrderedDict[int, _Known] = OrderedDict()
        self._open: _Known | None = None
        self._proposer: Proposer | None = None
        self._seen: SeenInstances | None = None
        """By the same model, while somebody had the objects of the video followed."""
        self._proposed: tuple[OpenClip, int, Proposal] | None = None
        self._blind = frozenset[int]()
        """Instances that two people label, and are not both done with: they say nothing here."""
        self._at_work = Tasks(1, self)
        self._preparation.in_time = self.proposal
        self._preparation.proposer_ready.connect(self._begin_anew)
        controller.opened.connect(self._enter)
        controller.changes.announced.connect(self._hear)

    def close(self) -> None:
        self._at_work.leave()

    @property
    def clip(self) -> OpenClip | None:
        return None if self._open is None else self._open.clip

    @property
    def read(self) -> Read | None:
        """Of all frames of the clip; of a moment ago, and of its frames, while it is worked out
        anew."""
        return None if self._open is None else self._open.read

    @property
    def only_files(self) -> bool:
        """Whether no model of this program proposes, which alone looks at frames."""
        return self._proposer is not None and self._proposer.model is None

    @property
    def busy(self) -> bool:
        """Whether frames are still to be looked at, or to be smoothed."""
        known = self._open
        looks = known is not None and not (known.growing.complete or known.growing.away)
        return looks or self._at_work.pending(_SMOOTH) or self._at_work.pending(_READ)

    @property
    def looked_at(self) -> str:
        """How many frames of how many, as long as some are still to be; then nothing."""
        known = self._open
        if known is None or known.growing.complete or known.growing.away:
            return ""
        return f"{known.growing.seen:,} of {len(known.growing.members):,}"

    @property
    def waiting(self) -> str:
        """What people are told as long as frames are still to be looked at; then nothing."""
        return self.looked_at and (
            f"Looking at the frames of the track, {self.looked_at}: the others are proposed from "
            "what is in them alone."
        )

    def proposal(self, instance_id: int) -> Proposal | None:
        """Given all other frames; None where nothing is known of the instance in time."""
        for known in self._tracks.values():
            place = None if known.clip is None else known.clip.place_of(instance_id)
            if known.clip is None or place is None or instance_id in known.moved:
                continue
            before = self._proposed
            # The very same one, by which people have begun, as long as it says the same.
            if before is None or before[1] != place or not known.clip.proposes_as(before[0], place):
                self._proposed = before = known.clip, place, known.clip.proposal(place)
            return before[2]
        return None

    # Another track, or another model

    def _enter(self, instance_id: int) -> None:
        record = self._controller.record
        assert record is not None
        self._enter_track(record.track_id, instance_id)

    def _enter_track(self, track: int | None, instance_id: int) -> None:
        known = None if track is None else self._tracks.get(track)
        if known is not None and (known.outdated or known.growing.lacks(instance_id)):
            assert track is not None
            known = self._tracks[track] = self._again(track, instance_id, known)
        if known is None or known is not self._open:
            self._turn_to(track, instance_id, known)

    def _again(self, track: int, instance_id: int, before: _Known) -> _Known:
        """What is known of the track stays until it is worked out anew, but of what has moved."""
        growing = before.growing.again(track, instance_id)
        if growing is None:  # somebody else has just taken the instance out of it
            return before
        # Where nothing but frames has come, there may be more labels to judge time by.
        trust = before.trust if before.moved else None
        if before.clip is not None:
            growing.wait_for(len(before.clip.frames))
        return replace(before, growing=growing, trust=trust, outdated=False, stale=growing.due)

    def _turn_to(self, track: int | None, instance_id: int, known: _Known | None) -> None:
        """known: what is known of it already."""
        for key in (_SMOOTH, _READ):
            self._at_work.drop(key)
        self._preparation.models_at_work.drop(_LOOK)
        if self._open is not None:
            self._open.stale = True  # what was at work on it is dropped
        # What proposes at first looks at no image: of the others of a track it knows no more.
        at_first = self._proposer is None or self._proposer.at_first
        looks = not (at_first or self.only_files)
        if known is None and track is not None and looks:
            growing = GrowingClip.of(self._controller.project, track, instance_id, self._seen)
            known = None if growing is None else self._begun(growing)
        if known is None or track is None or not looks:
            self._open = None
            self.found.emit()
            return
        self._open = self._tracks[track] = known
        self._tracks.move_to_end(track)
        while len(self._tracks) > _MOST:
            self._tracks.popitem(last=False)
        self.found.emit()
        if known.stale and known.growing.begun:
            self._smooth()
        self._look()

    def _begun(self, growing: GrowingClip) -> _Known:
        """What was seen before is smoothed at once, by what was judged then."""
        trust = self._seen.trust if self._seen is not None and growing.begun else None
        return _Known(growing, trust=trust, stale=growing.begun)

    def take_seen(self, seen: SeenInstances) -> None:
        """Of the objects of a video that were followed: nobody looks at them a second time, as long
        as the model is the same. Frames of the tracks that are kept here may be new."""
        record = self._controller.record
        if record is None or self._proposer is None or not self._is_of_model(seen):
            return
        now = self._controller.project.instance(record.id)
        frame = self._controller.project.image(record.image_id).frame
        self._seen = seen.near(frame or 0, MOST)
        before = self._open
        self._tracks.clear()
        self._turn_to(now.track_id, now.id, None)
        clip = None if before is None else before.clip
        if before is not None and clip is not None and clip.place_of(record.id) is not None:
            self._show_meanwhile(before)

    def _is_of_model(self, seen: SeenInstances) -> bool:
        try:
            return self._proposer is not None and seen.model == identity_of(self._proposer)
        except OSError:  # the model's files are gone
            return False

    def _begin_anew(self) -> None:
        """Nothing that was seen with another model is of use, once as much was seen with this. One
        is asked for where labels may have changed, and may be the same: as when nothing but a
        found object was thrown out."""
        record, before = self._controller.record, self._open
        earlier, self._proposer = self._proposer, self._preparation.proposer
        # The very one that is here is told of again so that all is looked at again.
        if earlier is not self._proposer and propose_alike(earlier, self._proposer):
            return
        self._seen = None
        self._tracks.clear()
        if record is None:
            return
        self._turn_to(record.track_id, record.id, None)
        known = self._open
        if known is None or before is None or before.clip is None:
            return
        if before.clip.place_of(record.id) is not None:
            known.growing.wait_for(len(before.clip.frames))
            self._show_meanwhile(before)

    def _show_meanwhile(self, before: _Known) -> None:
        """What was known of the open track stays until it is worked out anew."""
        if self._open is not None:
            self._open.clip, self._open.read = before.clip, before.read
            self._open.moved = before.moved
            self.found.emit()
            self._read()  # what was to be read of the last label was dropped with the rest

    # Frame by frame

    def _look(self) -> None:
        known, proposer = self._open, self._proposer
        work = None if known is None else known.growing.look()
        if work is not None and proposer is not None:
            at_work = self._preparation.models_at_work
            at_work.request(_LOOK, partial(work, proposer), self._take, self._fail)

    def _take(self, looked: Looked) -> None:
        if self._open is None:
            return
        self._open.growing.take(looked)
        self.looked.emit()
        if looked.away:
            # What is known stays, and the next frame that is opened is tried again: the file may
            # be back by then.
            self._open.outdated = True
            return
        if self._open.growing.due:
            self._smooth()
        self._look()

    def _smooth(self) -> None:
        """One after the other: what has come meanwhile is smoothed after it. What is known of more
        frames than were seen by now stays until as many were, however it is outdated."""
        known, proposer = self._open, self._proposer
        if known is None or proposer is None:
            return
        frames = 0 if known.clip is None else len(known.clip.frames)
        if known.growing.seen < frames and not known.growing.complete:
            known.stale = True
            return
        known.stale = self._at_work.pending(_SMOOTH)
        if not known.stale:
            work = known.growing.smooth(self._folder, proposer, known.trust)
            self._at_work.request(_SMOOTH, work, self._take_smoothed, self._fail)

    def _take_smoothed(self, answer: tuple[OpenClip, TimeTrust | None]) -> None:
        known = self._open
        if known is None:
            return
        clip, known.trust = answer
        instances = [each.instance for each in clip.frames if each.instance is not None]
        self._blind = self._controller.project.blind_instances()
        known.clip, known.moved = self._as_stored(clip, instances), frozenset()
        self._read()
        record = self._controller.record
        # What is open and nobody has begun is proposed by all frames from now on.
        if record is not None and not self._controller.in_hands(record.id):
            self._preparation.tell_anew(record.id)
        if known.stale:
            self._smooth()

    # What people do

    def _hear(self, change: Change) -> None:
        self._see_what_moved(change)
        if not change.kinds & Kind.STORED:
            return
        if change.by_others:
            self._blind = self._controller.project.blind_instances()
        for known in self._tracks.values():
            if known.clip is None:
                continue
            before, known.clip = known.clip, self._as_stored(known.clip, sorted(change.instances))
            if known.clip is not before and known is self._open:
                self._read()
            if known.clip.less_known_than(before):
                others = frozenset(each.instance or 0 for each in before.frames)
                self.withdrawn.emit(others - change.instances)

    def _see_what_moved(self, change: Change) -> None:
        """What was looked at is no longer where it was: a box was drawn elsewhere, or somebody has
        said that the object is another one."""
        for track, known in self._tracks.items():
            if change.instances:
                moved = known.growing.moved(track, change.instances) or None
            elif change.kinds & Kind.STORED and change.kinds & Kind.LIST:
                moved = known.growing.moved_of_all(track)
            else:
                moved = None
            if moved is not None:
                known.outdated, known.moved = True, known.moved | moved
        record = self._controller.record
        if record is not None and self._open is not None and self._open.outdated:
            now = self._controller.project.instance(record.id)
            self._enter_track(now.track_id, now.id)

    def _as_stored(self, clip: OpenClip, instances: list[int]) -> OpenClip:
        """With what the store says of these now; all are smoothed anew where that is not enough."""
        there = [(place, n) for n in instances if (place := clip.place_of(n)) is not None]
        if not there:
            return clip
        project = self._controller.project
        labels = labels_of(project, [n for _, n in there], but_for=self._blind)
        for place, instance in there:
            clip = clip.with_labels(place, labels.get(instance))
        if any(clip.outdated(place, labels.get(n)) for place, n in there):
            self._be_stale(there[0][1])
        return clip

    def _be_stale(self, instance_id: int) -> None:
        for known in self._tracks.values():
            if not known.growing.lacks(instance_id):
                known.stale = True
                if known is self._open:
                    self._smooth()

    def _read(self) -> None:
        if self.clip is not None:
            self._at_work.request(_READ, partial(_read, self.clip), self._take_read, self._fail)

    def _take_read(self, read: Read) -> None:
        if self._open is not None:
            self._open.read = read
            self.found.emit()

    def _fail(self, error: Exception) -> None:
        """It is not tried again before another track is opened, or another model proposes."""
        self._tracks.clear()
        self._open = None
        self.found.emit()
        self._controller.fail(error)


def _read(clip: OpenClip) -> Read:
    posterior = clip.posterior()
    return Read(clip, posterior, suggested_frames(clip, posterior))
