"""The video that the open image is a frame of: its timeline, going through it, and playing it.

Frames that are no images of the project are shown from the video, decoded in a thread, and come in
when somebody begins to label there. While one is shown the controller is away: nothing can be done
to the instance that is open, for it is not what is seen.
"""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.commands.asked_frame import AskedFrame
from landmark_annotator.annotator.gui.pages.label.commands.copied_boxes import CopiedBoxes
from landmark_annotator.annotator.gui.pages.label.commands.decoded_frame import decoded_frame
from landmark_annotator.annotator.gui.pages.label.commands.list_changes import ListChanges
from landmark_annotator.annotator.gui.pages.label.commands.passing_marks import passing_marks
from landmark_annotator.annotator.gui.pages.label.commands.timeline_keys import TimelineKeys
from landmark_annotator.annotator.gui.pages.label.commands.track_curves import curves_of
from landmark_annotator.annotator.gui.pages.label.commands.track_lanes import (
    TrackLanes,
    track_lanes,
)
from landmark_annotator.annotator.gui.pages.label.commands.tracks import Tracks
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.open_track import OpenTrack
from landmark_annotator.annotator.gui.pages.label.panels.timeline import Timeline
from landmark_annotator.annotator.gui.services.shown_video import NO_VIDEO, ShownVideo
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.services.turns import once
from landmark_annotator.annotator.gui.widgets.one_below_other import one_below_other
from landmark_annotator.annotator.session.labelling.clip import begin_frame
from landmark_annotator.projects.images.source import FramesOf, frames_of
from landmark_annotator.projects.store import VideoRecord
from landmark_annotator.projects.video import is_video, video_name
from landmark_annotator.projects.vocabulary import ActionableError

_TICK_MS = 8
_REST_MS = 300
"""After the last of several actions the lanes are read anew."""
_HAND_RESTS_MS = 120
"""After which a hand that drags through the video is seen to rest."""
_FRAMES = _QUICK, _EXACT = "near frame", "frame"
_INDEX = "index"
_RATE = 25.0
"""Frames a second where nobody knows."""


class Clip(QObject):
    passing = Signal(object)
    """(Marks or None) Of the frame that is only shown."""

    def __init__(
        self, controller: LabelController, canvas: Canvas, context: PageContext, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._context = controller, canvas, context
        self._project = controller.project
        self._list_changes = ListChanges(controller)
        self.video: VideoRecord | None = None
        self.held: FramesOf | None = None
        self._lanes = TrackLanes()
        self._changed: frozenset[int] | None = frozenset()
        """Instances that are not in the lanes as they are by now; None: nobody knows which."""
        self.frame = 0
        """The one that is shown, or on its way."""
        self.timeline = Timeline()
        self.timeline.hide()
        self.shown = one_below_other(canvas, self.timeline)
        self._at_work = Tasks(2, self)  # one for what is near while a far frame is decoded
        self._playing = QTimer(self)
        self._playing.setInterval(_TICK_MS)
        self._playing.timeout.connect(self._play_on)
        self._since, self._from = QElapsedTimer(), 0
        self._said = ""
        """Of the frame that is shown and is not open."""
        self._stale = once(partial(self.read_lanes, changed=True), self)
        self._stale.setInterval(_REST_MS)
        self._resting = once(lambda: self.visit(self.frame), self)
        self._resting.setInterval(_HAND_RESTS_MS)
        self.timeline.scrubbed.connect(self.scrub)
        self.timeline.settled.connect(self.go)
        shown = lambda: (self.frame, self._lanes.objects)  # noqa: E731
        self.tracks = Tracks(controller, context, parent, shown, self.visit)
        self.timeline.menu_wanted.connect(self._show_menu)
        self._keys = TimelineKeys(controller, self.timeline, self._counted, self._show_menu, self)
        self.track = OpenTrack(controller, context.folder, self)
        self.asked_frame = AskedFrame(controller, self.track, context, self.go, self)
        self._copies = CopiedBoxes(controller, self)
        self.track.found.connect(self._show_curves)
        controller.opened.connect(self._open)
        controller.about_to_act.connect(self._come_back)
        context.changes.announced.connect(self._hear)
        context.closing.connect(self._close)
        canvas.installEventFilter(self)

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "next_frame": lambda: self.step(1),
            "previous_frame": lambda: self.step(-1),
            "next_second": lambda: self._step_second(1),
            "previous_second": lambda: self._step_second(-1),
            "next_label": lambda: self.step_to_label(1),
            "previous_label": lambda: self.step_to_label(-1),
            "play": self.play,
            "label_frame": self.begin,
            **self.asked_frame.slots,
            **self._keys.slots,
        }

    @property
    def away(self) -> bool:
        """Whether a frame is shown that is not the open image."""
        return self._controller.away

    @property
    def at_hand(self) -> ShownVideo | None:
        """None of an image that is no frame."""
        if self.video is None or self.held is None:
            return None
        return self.video, self.held.count, self.timeline.range

    # Going through the video

    def step(self, by: int) -> None:
        if self._counted():
            self._stop()
            self.go(self.frame + by)

    def step_to_label(self, direction: int) -> None:
        """The next frame in which somebody has placed something."""
        if not self._counted():
            return
        self._stop()
        objects = self._lanes.objects
        ahead = (objects.frames - self.frame) * direction > 0
        labelled = objects.frames[(objects.states > 0) & ahead]
        if len(labelled):
            self.go(int(labelled[0 if direction > 0 else -1]))
        else:
            where = "after" if direction > 0 else "before"
            self._context.note(f"No frame of the video is labelled {where} this one.")

    def go(self, frame: int) -> None:
        """There, and what is labelled there is opened; else the frame is shown from the video."""
        frame = self._within(frame)
        objects = self._lanes.objects.at(frame)
        record = self._controller.record
        if not objects or record is None:
            self.visit(frame)
            return
        same = [each for each in objects if each.track_id == record.track_id]
        self._look_away()
        self._controller.open((same or objects)[0].instance_id)

    def scrub(self, frame: int) -> None:
        """A hand drags over it: what is decoded first is shown, the frame itself once it rests."""
        self._stop()
        self.visit(frame, quick=True)
        self._resting.start()

    def visit(self, frame: int, *, quick: bool = False) -> None:
        """Show it as the video has it, as soon as it is decoded. quick: or the one before it that
        is there first."""
        if self.video is None or self.held is None:
            return
        self._look_away()
        if not self.away:
            self._controller.settle()
            self._controller.away = True
            self.passing.emit(None)
            if not self._context.preferences.keep_view:
                self._canvas.scene.fit("image")  # objects move out of where the open one is
        self.frame = self._within(frame)
        self.timeline.show_frame(self.frame)
        self._at_work.request(
            _QUICK if quick else _EXACT,
            partial(decoded_frame, self.video.path, self.frame, quick),
            partial(self._show, self.frame),
            partial(self._fail, self.frame),
            urgent=True,
        )

    def begin(self) -> None:
        """The frame that is shown comes in, and its first object is opened."""
        record, video, frame = self._controller.record, self.video, self.frame
        if not self.away or record is None or video is None:
            return
        self._stop()
        project, who = self._project, self._controller.session.who
        if self._lanes.objects.at(frame):
            self.go(frame)
            return
        like = project.image(record.image_id)
        self._list_changes.one(lambda: begin_frame(project, video, frame, like, who))
        self._copies.follow(video)

    def play(self) -> None:
        """At the video's pace, whatever is late is left out; or stop."""
        if self._playing.isActive():
            self._stop()
            self.go(self.frame)
        elif self._counted() and self.held is not None:
            first, last = self.timeline.range or (0, self.held.count - 1)
            self._from = self.frame if first <= self.frame < last else first
            self._since.start()
            self._playing.start()

    def _play_on(self) -> None:
        if self.held is None or self._at_work.pending(_EXACT):
            return
        due = self.held.later(self._from, self._since.elapsed() / 1000, _RATE)
        end, marked = self.held.count - 1, self.timeline.range
        if marked is not None and (due > marked[1] or due == self.frame == end):
            self._from = due = marked[0]
            self._since.start()
        if due >= end and marked is None:
            self._stop()
            self.go(end)
        elif due != self.frame:
            self.visit(due)

    def _stop(self) -> None:
        self._playing.stop()

    def _look_away(self) -> None:
        """No frame that is on its way is to be shown any more."""
        self._resting.stop()
        for key in _FRAMES:
            self._at_work.drop(key)

    def _come_back(self) -> None:
        """Something is done to the open instance, which is therefore seen."""
        if self.away:
            self._stop()
            self._look_away()
            now = self._controller.session.now
            self.frame = self.frame if now is None else now.image.frame or 0
            self.timeline.show_frame(self.frame)
            self._controller.show_again()

    # What is shown

    def _open(self) -> None:
        """Another instance is open, which may be in another video or in none."""
        now = self._controller.session.now
        assert now is not None
        image = now.image
        if image.video_id is None or image.frame is None or not is_video(image.path):
            self.video = self.held = None
            self._stop()
            self._look_away()
            self._at_work.drop(_INDEX)
            self.timeline.hide()
            return
        self.frame = image.frame
        self.timeline.show_frame(image.frame)
        self._show_open_lane()
        if self.video is None or self.video.id != image.video_id:
            self._stop()
            self.held = self.timeline.range = None
            self.timeline.hide()
            self._find(image.video_id)
        elif self.held is None and not self._at_work.pending(_INDEX):
            self._find(image.video_id)  # its file may be back by now

    def _find(self, video_id: int) -> None:
        """The video where the project has it now; what is wrong is told where its picture is."""
        before = self.video
        self.video = next(v for v in self._project.videos() if v.id == video_id)
        if self.held is None or self.video != before:
            index = partial(frames_of, self.video.path)
            self._at_work.request(_INDEX, index, self._keep_index, lambda _: None)

    def _keep_index(self, held: FramesOf) -> None:
        self.held = held
        self.timeline.show_video(held.count, held.seconds)
        self.read_lanes()
        self.timeline.show()

    def read_lanes(self, *, changed: bool = False) -> None:
        """As the project has them now. changed: only what has changed is read, if that can be."""
        if self.video is not None and self.held is not None:
            some = self._changed if changed else None
            self._lanes = track_lanes(self._project, self.video.id, self._lanes, some)
            self._changed = frozenset()
            self.timeline.show_lanes(self._lanes.lanes)
            self._show_open_lane()

    def _show_open_lane(self) -> None:
        record = self._controller.record
        self.timeline.show_open(None if record is None else record.track_id)

    def _show_curves(self) -> None:
        if self.track.clip is None:
            self.timeline.show_curves(None)
        elif self.track.read is not None:
            self.timeline.show_curves(curves_of(self.track.read))

    def _show(self, frame: int, decoded: tuple[int, Pyramid]) -> None:
        number, pyramid = decoded
        if not self.away or frame != self.frame or self.video is None:
            return
        self._canvas.show_image(pyramid)
        self._canvas.scene.show_found(())
        if number != frame:  # only until the hand rests: its landmarks are elsewhere
            self._show_no_marks()
            self._canvas.show_hint(f"Near frame {frame:,}\N{HORIZONTAL ELLIPSIS}")
            return
        objects = self._lanes.objects.at(frame)
        record = self._controller.record
        track = None if record is None else record.track_id
        marks, others = passing_marks(self._project, objects, track, self._controller.session.who)
        self._canvas.show_marks(marks)
        self.passing.emit(marks)
        self._canvas.show_others(others)
        self._canvas.show_picture(None)
        waits = "" if objects or self._playing.isActive() else ": a click begins to label it"
        self._said = f"Frame {frame:,} of {video_name(self.video.path)}{waits}"
        self._canvas.show_hint(self._said)
        if self._canvas.isVisible():  # else another page says what it waits for
            self._context.prompt(self._said)

    def _show_menu(self, track_id: int | None, frame: int, place: QPoint) -> None:
        if self.video is not None:
            self.tracks.show_menu(self.video.id, track_id, frame, self.timeline.range, place)

    def _show_no_marks(self) -> None:
        self._canvas.show_marks(None)
        self.passing.emit(None)
        self._canvas.show_others(())

    def _fail(self, frame: int, error: Exception) -> None:
        self._stop()
        seen = self.away and frame == self.frame
        if not (seen and isinstance(error, ActionableError)):
            self._context.tell(error)
        if seen:  # the picture of another would be taken for it
            self._show_no_marks()
            self._canvas.show_failure(self._context.worded(error))
            self._said = f"Frame {frame:,} cannot be shown"
            self._context.prompt(self._said)

    def _hear(self, change: Change) -> None:
        if Kind.LIST in change.kinds:
            if self.video is not None:
                self._find(self.video.id)
            self.read_lanes()
            if self.away:
                self.visit(self.frame)  # with what is there now
        elif Kind.STORED in change.kinds or self._lanes.objects.has_bare(change.instances):
            known = self._changed is not None and change.instances
            self._changed = (self._changed or frozenset()) | change.instances if known else None
            self._stale.start()  # not for what is proposed once more

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on a frame that is only visited begins to label it, and means nothing else."""
        if event.type() == QEvent.Type.Hide:
            self._stop()  # nobody sees it play
        if not self.away:
            return False
        if event.type() == QEvent.Type.Show:
            self._context.prompt(self._said)
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            if self._canvas.gestures.pans(event.button()):
                return False
            if event.button() == Qt.MouseButton.LeftButton:
                self.begin()
            return True
        return event.type() in (QEvent.Type.MouseButtonDblClick, QEvent.Type.ContextMenu)

    def _within(self, frame: int) -> int:
        return min(max(frame, 0), 0 if self.held is None else self.held.count - 1)

    def _step_second(self, way: int) -> None:
        """way: 1 or -1. By one frame where they are further apart."""
        apart = 0 if self.held is None else self.held.later(self.frame, way, _RATE) - self.frame
        self.step(max(apart, 1) if way > 0 else min(apart, -1))

    def _counted(self) -> int:
        """The video's frames. 0, which is said, where there are none, or not yet."""
        if self.held is None:
            reads = self._at_work.pending(_INDEX)
            self._context.note("The video is still being read." if reads else NO_VIDEO)
        return 0 if self.held is None else self.held.count

    def _close(self) -> None:
        for clock in (self._playing, self._stale, self._resting):
            clock.stop()
        for part in (self.track, self.asked_frame, self._copies):
            part.close()
        self._at_work.leave()
