"""Going to the frames of the open track that need a person most."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.open_track import OpenTrack, Read
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.tracking.open_clip import OpenClip
from landmark_annotator.annotator.session.tracking.suggested_frames import next_suggested
from landmark_annotator.backends.tracking import ClipQuery

_QUERY = "query"


class AskedFrame(QObject):
    def __init__(
        self,
        controller: LabelController,
        track: OpenTrack,
        context: PageContext,
        go: Callable[[int], None],
        parent: QObject,
    ) -> None:
        """go: to a frame of the video."""
        super().__init__(parent)
        self._controller, self._track, self._context, self._go = controller, track, context, go
        self._at_work = Tasks(1, self)
        # Whoever has gone elsewhere meanwhile is not led away from there.
        controller.opened.connect(lambda _: self._at_work.drop(_QUERY))

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {"next_unsure_frame": self.next_unsure, "asked_frame": self.ask}

    def close(self) -> None:
        self._at_work.leave()

    def next_unsure(self) -> None:
        """The next of the frames that are worth a label."""
        read = self._ready()
        if read is None:
            return
        image = self._controller.project.image
        record = self._controller.record
        frame = None if record is None else image(record.image_id).frame
        place = next_suggested(read.clip, read.suggested, -1 if frame is None else frame)
        if place is None:
            self._note_of_seen("A label in another frame of the track would say little that is new")
        else:
            self._open(read.clip, place)

    def ask(self) -> None:
        """The frame and the landmark whose click teaches most about all frames."""
        read, record, clip = self._ready(), self._controller.record, self._track.clip
        if read is None or record is None or clip is None:
            return
        shown = clip.place_of(record.id)
        self._at_work.request(
            _QUERY,
            lambda: clip.query(shown),
            lambda query: self._follow(clip, query),
            self._controller.fail,
            urgent=True,
        )

    def _follow(self, clip: OpenClip, query: ClipQuery | None) -> None:
        if query is None:
            self._note_of_seen("No click is expected to teach anything more about this track")
            return
        self._open(clip, query.frame)
        self._controller.choose(query.landmark)

    def _note_of_seen(self, said: str) -> None:
        """It holds of the frames that were looked at, which are a few of the track at first."""
        count = self._track.looked_at
        seen = f", by the {count} frames that were looked at so far" if count else ""
        self._context.note(f"{said}{seen}.", until_stored=True)

    def _open(self, clip: OpenClip, place: int) -> None:
        instance = clip.frames[place].instance
        record = self._controller.record
        assert instance is not None
        if record is None or record.id != instance or self._controller.away:
            self._go(clip.frames[place].frame)

    def _ready(self) -> Read | None:
        if self._track.read is None:
            self._context.note(self._why_not(), until_stored=True)
        return self._track.read

    def _why_not(self) -> str:
        record = self._controller.record
        if self._track.busy:
            return "The frames of this track are still being looked at."
        if record is None or record.track_id is None:
            return (
                "What is open belongs to no track of a video: Model, Follow objects through the "
                "video makes tracks."
            )
        return (
            "No model looks at the frames of this track yet, whatever a file proposes for them. "
            "Train one, and it does."
            if self._track.only_files
            else "Nothing is known yet of the frames of this track."
        )
