"""What opens the photographs of a long list."""

from annotator.gui.pages.label.controller.controller import LabelController
from projects.images import Source, source_of
from projects.images.source import recorded_source


class ListedSources:
    """From the rows: a query for each thumbnail makes a long list stall while it scrolls."""

    def __init__(self, controller: LabelController) -> None:
        self._controller = controller
        self._paths: dict[int, tuple[str, int | None]] = {}

    def source(self, image_id: int) -> Source:
        controller = self._controller
        if not self._paths:
            self._paths = {row.image_id: (row.path, row.frame) for row in controller.rows}
        if image_id not in self._paths:
            # It came in later.
            return source_of(controller.project.image(image_id))
        path, frame = self._paths[image_id]
        return recorded_source(controller.project.folder / path, frame)
