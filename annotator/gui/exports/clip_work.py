"""The video that is open, written with its landmarks drawn, beside the labelling."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from landmark_annotator.annotator.gui.services.background_job import BackgroundJob, wait_for
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.services.shown_video import NO_VIDEO, ShownVideo
from landmark_annotator.projects.store import Project, VideoRecord
from landmark_annotator.projects.video import has_sound, video_name
from landmark_annotator.projects.vocabulary import ActionableError, Progress
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.exchange.labelled_clip import ClipReport


class ClipWork(QObject):
    def __init__(
        self, project: Project, job: BackgroundJob, messages: Messages, window: QWidget
    ) -> None:
        """job: that of exports, of which this is one."""
        super().__init__(window)
        self._folder, self._job = project.folder, job
        self._messages, self._window = messages, window
        self.shown: Callable[[], ShownVideo | None] = lambda: None
        """The video that is under the hand."""

    def choose(self) -> None:
        """Asks where to write it."""
        shown = self.shown()
        if shown is None:
            self._messages.note(NO_VIDEO)
            return
        if self._job.running:
            self._messages.note(wait_for("An export"))
            return
        video, count, marked = shown
        which = f"all {count:,} frames"
        if marked is not None:
            which = f"frames {marked[0]:,} to {marked[1]:,}"
        sound = ""
        with suppress(ImageError):  # which is said once it is to be written
            sound = ", without sound," if has_sound(video.path) else ""
        title = f"Write {which} with their landmarks drawn{sound} to"
        asking = QFileDialog(self._window, title)
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asking.setNameFilter("MP4 (*.mp4)")
        asking.setDefaultSuffix("mp4")
        name = video_name(video.path).removesuffix(video.path.suffix)
        asking.selectFile(f"{name}-labelled.mp4")
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(lambda chosen: self.write(Path(chosen), shown))
        asking.open()

    def write(self, target: Path, shown: ShownVideo) -> None:
        """The marked frames, else all; over what is there, which the dialog has asked about."""
        video, count, chosen = shown
        if target.resolve() == video.path.resolve():
            self._messages.tell(
                ActionableError(
                    f"{target.name} is the video itself.",
                    kept="It was left as it is.",
                    remedy="Choose another name.",
                )
            )
            return
        work = partial(_write, self._folder, video, target, chosen or (0, count - 1))
        self._job.begin(work, partial(self._tell, target))

    def _tell(self, target: Path, done: "ClipReport") -> None:
        if not done.frames:
            self._messages.note("Stopped: nothing was written.")
            return
        lost = f" {counted(done.lost, 'damaged frame')} left out." if done.lost else ""
        silenced = " The sound of the video is not in it." if done.silenced else ""
        self._messages.note_result(
            f"Wrote {counted(done.frames, 'frame')} to {target.name}, {done.labelled:,} of them "
            f"with landmarks.{lost}{silenced}"
        )


def _write(
    folder: Path, video: VideoRecord, target: Path, chosen: tuple[int, int], progress: Progress
) -> "ClipReport":
    from landmark_annotator.annotator.session.exchange.labelled_clip import (
        drawn_objects,
        write_clip,
    )

    with Project.open(folder, read_only=True) as project:
        objects = drawn_objects(project, video, accepted=False)
        scheme = project.scheme
    first, last = chosen
    return write_clip(video.path, target, objects, scheme, progress, first=first, last=last)
