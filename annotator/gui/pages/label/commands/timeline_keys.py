"""What a hand does on the timeline, by keys: a lane's menu, and the frames that are marked."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QPoint

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.timeline import Timeline


class TimelineKeys(QObject):
    def __init__(
        self,
        controller: LabelController,
        timeline: Timeline,
        count: Callable[[], int],
        show_menu: Callable[[int | None, int, QPoint], None],
        parent: QObject,
    ) -> None:
        """count: of the video's frames; 0 where there is none, which is said there. show_menu: of
        the lane of this track, at this frame, at this place on the screen."""
        super().__init__(parent)
        self._controller, self._timeline = controller, timeline
        self._count, self._show_menu = count, show_menu

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "track": self.show_menu,
            "mark_from": lambda: self._mark(from_here=True),
            "mark_to": lambda: self._mark(from_here=False),
        }

    def show_menu(self) -> None:
        """Of the open object's lane, at the frame that is shown."""
        record, timeline = self._controller.record, self._timeline
        if self._count() and record is not None:
            frame = timeline.frame
            place = timeline.mapToGlobal(QPoint(round(timeline.x_of(frame)), 0))
            self._show_menu(record.track_id, frame, place)

    def _mark(self, *, from_here: bool) -> None:
        """From the frame that is shown, or up to it, as far as frames are marked already, else to
        that end of the video. Where they begin or end there already, none are marked any more."""
        count, here, before = self._count(), self._timeline.frame, self._timeline.range
        if not count:
            return
        first, last = before or (0, count - 1)
        if from_here:
            chosen = here, last if last > here else count - 1
        else:
            chosen = first if first < here else 0, here
        self._timeline.mark(None if chosen == before else chosen)
        if self._timeline.range is None:
            self._controller.note("No frames are marked.")
        else:
            first, last = self._timeline.range
            self._controller.note(f"Frames {first:,} to {last:,} are marked.")
