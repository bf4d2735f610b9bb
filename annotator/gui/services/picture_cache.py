"""Photographs for pages that only show them: loaded in a thread, the next one beforehand."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.projects.images import Source


class Pictures(QObject):
    ready = Signal(int)
    """(image id) `picture` or `failure` has it now."""

    def __init__(self, source: Callable[[int], Source], parent: QObject | None = None) -> None:
        """source: of an image, by its id; asked for in the thread of whoever wants it."""
        super().__init__(parent)
        self._source = source
        self._at_work = Tasks(1, self)
        self._kept: dict[int, Pyramid | Exception] = {}

    def want(self, image_ids: Sequence[int]) -> None:
        """The first of them at once; all others may go."""
        self._kept = {i: kept for i, kept in self._kept.items() if i in image_ids}
        for place, image_id in enumerate(image_ids):
            if image_id not in self._kept and not self._at_work.pending(str(image_id)):
                keep = partial(self._keep, image_id)
                work = partial(_load, self._source(image_id))
                self._at_work.request(str(image_id), work, keep, keep, urgent=place == 0)

    def picture(self, image_id: int) -> Pyramid | None:
        found = self._kept.get(image_id)
        return found if isinstance(found, Pyramid) else None

    def failure(self, image_id: int) -> Exception | None:
        """Why the photograph cannot be shown."""
        found = self._kept.get(image_id)
        return found if isinstance(found, Exception) else None

    def look_again(self) -> None:
        """Those that could not be loaded are loaded anew, once they are wanted."""
        self._kept = {i: kept for i, kept in self._kept.items() if isinstance(kept, Pyramid)}

    def looked_at(self, image_id: int) -> bool:
        """Whether one of the two is there."""
        return image_id in self._kept

    def close(self) -> None:
        self._at_work.close()

    def _keep(self, image_id: int, answer: Pyramid | Exception) -> None:
        self._kept[image_id] = answer
        self.ready.emit(image_id)


def _load(source: Source) -> Pyramid:
    return Pyramid(source.pixels())
