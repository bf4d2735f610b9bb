"""The objects of the video that is open, followed through its frames beside the labelling."""

import html
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob, wait_for
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.services.shown_video import NO_VIDEO, ShownVideo
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.session.tracking.unfinished_following import (
    Following,
    forget,
    going_on,
    note_stop,
    noted,
    unfinished,
)
from landmark_annotator.projects.store import ActionKind, Project, VideoRecord
from landmark_annotator.projects.video import video_name
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import FileMissing
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.tracking.seen_instances import SeenInstances
    from landmark_annotator.annotator.session.tracking.video_tracks import Tracked

_TITLE = "Following"
_NAMED = 6
"""Tracks that a message names."""


@dataclass(frozen=True)
class FollowChoice:
    """Of this video the frames from first to last, both among them; all_of_them: also those that
    the project does not have yet."""

    video: VideoRecord
    first: int
    last: int
    all_of_them: bool = False


class FollowDialog(QDialog):
    """Reads and writes nothing itself."""

    wanted = Signal(FollowChoice)

    def __init__(
        self,
        video: VideoRecord,
        count: int,
        chosen: tuple[int, int] | None,
        known: Collection[int],
        parent: QWidget | None = None,
    ) -> None:
        """count: frames of the video; known: those in the project; chosen: the frames that are
        marked on the timeline."""
        super().__init__(parent)
        self._video, self._known = video, known
        self.setWindowTitle(f"Follow objects through {video_name(video.path)}")
        told = quiet(
            QLabel(
                "What is in one frame is looked for in the next, and becomes a track. All frames "
                "of a track are proposed for together, and a click in one counts for the others. "
                "What is accepted, and tracks that are there, stay."
            )
        )
        told.setWordWrap(True)
        self.first, self.last = QSpinBox(), QSpinBox()
        for field, value in zip((self.first, self.last), chosen or (0, count - 1), strict=True):
            field.setRange(0, count - 1)
            field.setGroupSeparatorShown(True)
            field.setValue(value)
        self.all_of_them = QCheckBox("&All frames between: those that are not in yet come in")
        self.all_of_them.setToolTip("Some tenths of a second for each frame")
        rows = QFormLayout()
        rows.addRow("&From frame:", self.first)
        rows.addRow("&To frame:", self.last)
        rows.addRow("", self.all_of_them)
        self.said = quiet(QLabel())
        self.said.setWordWrap(True)
        rows.addRow("", self.said)
        buttons = QDialogButtonBox()
        self.follow = buttons.addButton("F&ollow", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        column.addLayout(rows)
        column.addWidget(buttons)
        self.first.valueChanged.connect(self._count)
        self.last.valueChanged.connect(self._count)
        self.all_of_them.toggled.connect(self._count)
        # Of frames that somebody has marked: nothing else can be meant where no two are there.
        self.all_of_them.setChecked(chosen is not None and len(self._there) < 2)
        self._count()

    @property
    def _range(self) -> tuple[int, int]:
        first, last = sorted((self.first.value(), self.last.value()))
        return first, last

    @property
    def _there(self) -> list[int]:
        """Those of the chosen frames that the project has, in order."""
        first, last = self._range
        return sorted(frame for frame in self._known if first <= frame <= last)

    def _count(self) -> None:
        """How many of the frames that are chosen could be followed in as they are."""
        (first, last), there = self._range, self._there
        known = len(there)
        some = f"{known:,}" if known else "None"
        chosen = last - first + 1
        said = f"{some} of {counted(chosen, 'frame')} in the project"
        apart = max((after - one for one, after in pairwise(there)), default=1)
        if apart > 1 and not self.all_of_them.isChecked():
            said += f", up to {apart:,} apart: what moves far in between is lost"
        said += "."
        able = (chosen if self.all_of_them.isChecked() else known) > 1
        new = chosen - known
        if self.all_of_them.isChecked() and new:
            said += f" {new:,} more {'comes' if new == 1 else 'come'} in."
        elif not able:
            said += " Let them come in." if new else ""
        if chosen == 1:
            said += " Choose two at least."
        self.said.setText(said)
        self.follow.setEnabled(able)

    def _take(self) -> None:
        self.accept()
        first, last = self._range
        self.wanted.emit(FollowChoice(self._video, first, last, self.all_of_them.isChecked()))


class FollowWork(QObject):
    seen = Signal(object)
    """(SeenInstances) What was seen on the way, before anybody hears that there are tracks."""

    def __init__(
        self,
        project: Project,
        who: str,
        job: BackgroundJob,
        messages: Messages,
        changes: Changes,
        window: QWidget,
    ) -> None:
        """job: that of proposing, of which this is one way."""
        super().__init__(window)
        self._project, self._who, self._job = project, who, job
        self._messages, self._changes, self._window = messages, changes, window
        self.shown: Callable[[], ShownVideo | None] = lambda: None
        self.open: Callable[[int], object] = lambda _: None
        """What shows an instance by its id."""
        self._goes_on: dict[int, tuple[int, int]] = {}
        """By video, what is left of a following that was stopped: its first frame and its last."""
        self._told: tuple[str, frozenset[str]] = "", frozenset()
        """What the banner says of the last following, and the tracks that it names."""
        self._step: datetime | None = None
        """When what undo would take back with it was stored."""
        changes.announced.connect(self._hear)

    @property
    def running(self) -> bool:
        return self._job.running and self._job.title == _TITLE

    def choose(self) -> None:
        """Asks in which frames."""
        shown = self.shown()
        if shown is None:
            self._messages.note(NO_VIDEO)
            return
        if self._job.running:
            self._messages.note(wait_for(self._job.title))
            return
        video, count, chosen = shown
        chosen = chosen or self._left(video)
        images = self._project.images()
        known = {i.frame for i in images if i.video_id == video.id and i.frame is not None}
        dialog = FollowDialog(video, count, chosen, known, self._window)
        dialog.wanted.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _left(self, video: VideoRecord) -> tuple[int, int] | None:
        """Of a following that was stopped, unless what it had come to was taken back since."""
        left = self._goes_on.get(video.id)
        if left is None:
            return None
        there = self._project.objects_of_video(video.id, first=left[0], last=left[0])
        return left if any(each.track_id is not None for each in there) else None

    def take(self, choice: FollowChoice) -> None:
        if self._job.running:  # a link to follow on may be there meanwhile
            self._messages.note(wait_for(self._job.title))
            return
        work = partial(_follow, self._project.folder, choice, self._who)
        self._job.begin(work, partial(self._tell, choice), _TITLE)

    def tell_unfinished(self) -> bool:
        """Of a following during which the program was quit, once, or else of one that another
        window or a command is at; whether there is one."""
        folder = self._project.folder
        begun = unfinished(folder, self._who)
        video = self._video_of(begun)
        if begun is None or video is None:
            return self._tell_going_on()
        forget(folder, begun)
        first = begun.first if begun.reached is None else begun.reached
        came = "before anything of it was stored"
        if begun.reached is not None:
            came = f"at frame {begun.reached:,}: up to there all is tracked and proposed for"
        name = html.escape(video_name(video.path))
        self._goes_on[video.id] = first, begun.last
        choice = FollowChoice(video, first, begun.last, begun.all_of_them)
        self._messages.note_with_link(
            f"The program was closed while it followed through {name}, frames {begun.first:,} to "
            f"{begun.last:,}, {came}. <a href='do'>Follow on from frame {first:,}</a>",
            partial(self.take, choice),
        )
        return True

    def _tell_going_on(self) -> bool:
        begun = next(iter(going_on(self._project.folder)), None)
        video = self._video_of(begun)
        if begun is None or video is None:
            return False
        whose = "" if begun.who == self._who else f", by {begun.who}"
        self._messages.note(
            f"Objects are being followed through {video_name(video.path)}, frames {begun.first:,} "
            f"to {begun.last:,}, in another window or by a command{whose}. Its tracks are seen "
            "here once it is done; it is stopped where it was begun."
        )
        return True

    def _video_of(self, following: Following | None) -> VideoRecord | None:
        videos = self._project.videos() if following else []
        return next((v for v in videos if following and v.id == following.video_id), None)

    def _tell(self, choice: FollowChoice, answer: "tuple[Tracked, SeenInstances]") -> None:
        done, seen = answer
        forget(self._project.folder, _following(choice, self._who))
        self._goes_on.pop(choice.video.id, None)
        stopped = ""
        if done.stopped_at is not None:
            self._goes_on[choice.video.id] = done.stopped_at, choice.last
            stopped = f"Stopped at frame {done.stopped_at:,}: following again goes on from there. "
        sizes = [f"{name} in {counted(size, 'frame')}" for name, size in done.tracks.items()]
        named = ", ".join(sizes[:_NAMED])
        more = f", and {len(sizes) - _NAMED:,} more" if len(sizes) > _NAMED else ""
        tracks = f"Tracks: {named}{more}." if sizes else "No object was found in two frames."
        proposed = counted(done.proposed, "object")
        looked = f"Looked at {counted(done.frames, 'frame')}, proposed for {proposed}."
        lost = len(done.unreadable)
        unread = f" {counted(lost, 'frame')} could not be read." if lost else ""
        doubt = f" {done.doubt}" if done.doubt else ""
        ends = f" {done.ends}" if done.ends else ""
        told = f"{looked} {tracks}{ends}{doubt} {done.time}{unread}"
        if done.away:
            self._messages.tell(FileMissing(f"{done.away} {stopped}".rstrip(), kept=told))
        else:
            self._tell_with_way(choice.video, f"{stopped}{told}", done)
        self._told = self._messages.banner.text.text(), frozenset(done.tracks)
        step = self._project.undoable(self._who)  # or what was stored after it, by the same hand
        self._step = step.at if step and step.kind is ActionKind.TRACK else None
        self.seen.emit(seen)
        self._changes.announce(Change(Kind.LIST | Kind.PROPOSALS))

    def _hear(self, change: Change) -> None:
        """Of tracks that are gone, as by undo, nothing is told any more; nor of a following that
        has found more of tracks that were there before it, once that is undone."""
        text, tracks = self._told
        if not text or Kind.LIST not in change.kinds:
            return
        if text != self._messages.banner.text.text():
            self._told = "", frozenset()
        elif self._undone or not tracks <= {track.name for track in self._project.tracks()}:
            self._told = "", frozenset()
            self._messages.withdraw()

    @property
    def _undone(self) -> bool:
        step = self._project.redoable(self._who)
        return step is not None and step.at == self._step  # one for all that it takes back

    def _tell_with_way(self, video: VideoRecord, told: str, done: "Tracked") -> None:
        """With a link to the first end of a track, where one ends on the way."""
        names = {track.id: track.name for track in self._project.tracks(video.id)}
        for frame, track in ((e.frame, e.track) for e in done.endings):
            if track in done.doubtful:
                continue
            there = self._project.objects_of_video(video.id, first=frame, last=frame)
            own = [e.instance_id for e in there if names.get(e.track_id or 0) == track]
            if own:
                said = f"{html.escape(told)} <a href='do'>Go to frame {frame:,}</a>"
                self._messages.note_with_link(said, partial(self.open, own[0]))
                return
        self._messages.note_result(told)


def _following(choice: FollowChoice, who: str) -> Following:
    return Following(who, choice.video.id, choice.first, choice.last, choice.all_of_them)


def _follow(
    folder: Path, choice: FollowChoice, who: str, progress: Progress
) -> "tuple[Tracked, SeenInstances]":
    # Loads what proposes, which the window does not need before.
    from landmark_annotator.annotator.session.setup.video_frames import add_frames
    from landmark_annotator.annotator.session.tracking.video_tracks import Means, follow_video

    video, first, last = choice.video, choice.first, choice.last
    begun = _following(choice, who)
    with Project.open(folder) as project, noted(folder, begun):
        means = Means.of(project)
        if choice.all_of_them:
            means.refuse_in_vain(project, video.path, first, last)
            numbers = range(first, last + 1)
            add_frames(project, video.path, numbers, who=who, damaged_too=False, progress=progress)
        done, seen = follow_video(
            project, video, progress, who=who, first=first, last=last, means=means
        )
        if done.stopped_at is None:
            forget(folder, begun)
        else:
            note_stop(folder, begun, done.stopped_at)
        return done, seen
