"""Objects are looked for beside the window, in images that have none; found ones are stored when
such an image is open, and no step for undo: what is none is thrown out, which is one. Whoever draws
a box meanwhile is let be."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.commands.list_changes import ListChanges
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Looking
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.finding.search import (
    Search,
    SearchRecipe,
    finder_trained_at,
    search_recipe,
)
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_schedule import prior_due
from landmark_annotator.annotator.session.tracking.carried_boxes import (
    FrameBeside,
    carried_boxes,
    frame_beside,
)
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError, NotAllowed


@dataclass(frozen=True)
class _Found:
    """title: what finding so is called in a menu; empty where the objects are counted. tracks: the
    id of each box's track, None of one without; empty where boxes are of no frame beside. lost:
    what is said of objects of the frame beside that are not here. failed: nobody could look."""

    boxes: Sequence[Box] = ()
    title: str = ""
    tracks: Sequence[int | None] = ()
    lost: str = ""
    failed: bool = False


class FindObjects(QObject):
    looking_changed = Signal()
    """What `looks_here` says."""

    def __init__(
        self,
        controller: LabelController,
        context: PageContext,
        busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """busy: whether hands are at work on the canvas."""
        super().__init__(parent)
        self._controller, self._project, self._busy = controller, context.project, busy
        self._who = context.who
        self._list_changes = ListChanges(controller)
        self._work = Tasks(1, self)
        self._searcher = _Searcher(context.folder)
        self._library = ModelLibrary.of(context.project)
        self._finder_then = finder_trained_at(self._library)
        self._looking: dict[int, bool] = {}
        """Images, and whether boxes of a frame beside are being carried into them."""
        self._found: dict[int, _Found] = {}
        self._done: set[int] = set()
        """Images in which found objects were stored: what was taken back there stays so."""
        self._labels_then = 0
        controller.opened.connect(self._look_at_open)
        controller.preparation.picture_ready.connect(self._look)
        context.changes.show_later(self._hear)
        context.closing.connect(self._work.leave)

    @property
    def at_work(self) -> bool:
        """Whether an image is being looked at."""
        return bool(self._looking)

    @property
    def looks_here(self) -> Looking:
        """Whether the open image is being looked at, or was, by what can find something."""
        record, finds = self._controller.record, self._searcher.finds
        if record is None:
            return Looking.NOT
        image_id = record.image_id
        if image_id in self._looking:
            return Looking.NOW if finds or self._looking[image_id] else Looking.NOT
        found = self._found.get(image_id)
        vain = found is not None and not found.boxes and not found.failed
        vain = vain and finds and record.box is None
        return Looking.IN_VAIN if vain and self._empty(image_id) else Looking.NOT

    def _look_at_open(self, _: int = 0) -> None:
        record = self._controller.record
        trained = finder_trained_at(self._library)
        if trained != self._finder_then:  # beside the window, as at a terminal
            self._finder_then = trained
            self._look_anew(self._labels_then)
        if record is not None:
            self._look(record.image_id)

    def _look(self, image_id: int) -> None:
        """Where the photograph is there, and nothing is known of what is in it."""
        picture = self._controller.preparation.picture(image_id)
        if self._project.read_only or picture is None or not self._empty(image_id):
            return
        if not self._takes_part():
            return
        beside = self._beside(image_id)
        carries = beside is not None
        if image_id in self._found and not carries:
            self._take(image_id)
            return
        if image_id in self._looking and (self._looking[image_id] or not carries):
            return
        look = partial(self._searcher.boxes, picture.pixels)
        self._looking[image_id] = carries
        self.looking_changed.emit()
        self._work.request(
            f"objects {image_id}",
            look if beside is None else partial(_carried, beside, picture.pixels, look),
            partial(self._keep, image_id),
            partial(self._fail, image_id),
            urgent=self._is_open(image_id),
        )

    def _is_open(self, image_id: int) -> bool:
        record = self._controller.record
        return record is not None and record.image_id == image_id

    def _beside(self, image_id: int) -> FrameBeside | None:
        """Whose boxes may be carried into an image in which nothing was found. Of one that is open:
        before, nobody has labelled the frame before it."""
        found = self._found.get(image_id)
        if not self._is_open(image_id) or (found is not None and found.boxes):
            return None
        ways = self._controller.preparation.two_clicks
        image = self._project.image(image_id)
        return frame_beside(self._project, image, ways)

    def _keep(self, image_id: int, found: _Found) -> None:
        self._looking.pop(image_id, None)
        self._found[image_id] = found
        self._take(image_id)
        self.looking_changed.emit()

    def _fail(self, image_id: int, error: Exception) -> None:
        """The box can still be drawn."""
        self._looking.pop(image_id, None)
        self._found[image_id] = _Found(failed=True)
        self.looking_changed.emit()
        self._controller.fail(error)

    def _take(self, image_id: int) -> None:
        """Stores what was found, if the image is open and hands have not begun there."""
        found = self._found[image_id]
        if not self._is_open(image_id) or not found.boxes:
            return
        if self._busy() or not self._empty(image_id):
            return
        self._done.add(image_id)
        boxes, title = {image_id: found.boxes}, found.title
        tracks = {image_id: found.tracks} if found.tracks else None

        def store() -> int:
            add = self._project.add_found
            return add(boxes, tracks=tracks, title=title, who=BY_ITSELF)[0]

        self._list_changes.one(store)
        if found.lost:
            self._controller.note(found.lost, until_stored=False)

    def _takes_part(self) -> bool:
        """Whether this person changes anything here; others look at what is there."""
        try:
            self._project.role_of(self._who)
        except NotAllowed:
            return False
        return True

    def _empty(self, image_id: int) -> bool:
        """Whether nobody has said anything of what is in the image."""
        if image_id in self._done:
            return False
        untouched, opened = InstanceState.UNTOUCHED, self._controller.record
        if opened is not None and opened.image_id == image_id and opened.box is not None:
            return False
        needed = self._controller.preparation.wanted
        if any(record.image_id == image_id and record.box is not None for record in needed):
            return False
        inside = self._project.instances_of(image_id, excluded=True)
        return all(record.box is None and record.state is untouched for record in inside)

    def _hear(self, change: Change) -> None:
        """More labels may say where objects are."""
        if Kind.LABELS not in change.kinds:
            return
        labels = self._project.count_of(InstanceState.ACCEPTED)
        if prior_due(labels, self._labels_then):
            self._look_anew(labels)

    def look_anew(self) -> None:
        """What finds may be another than before; who sees an image without a box waits for it."""
        self._look_anew(self._project.count_of(InstanceState.ACCEPTED))
        self._look_at_open()

    def _look_anew(self, labels: int) -> None:
        self._labels_then = labels
        self._searcher.stale = True
        self._found.clear()


class _Searcher:
    """Makes what finds when it is needed, and again when it may be another; in one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: tuple[object, Search] | None = None
        self.stale = True

    @property
    def finds(self) -> bool:
        """Whether it could, when it was made last."""
        return self._made is not None and self._made[1].can_look

    def boxes(self, pixels: Pixels) -> _Found:
        if self.stale or self._made is None:
            self.stale = False
            recipe = self._recipe()
            if self._made is None or self._made[0] != recipe.stamp:
                self._made = recipe.stamp, recipe.make()
        search = self._made[1]
        return _Found(search.boxes_however_it_lies(pixels), search.title)

    def _recipe(self) -> SearchRecipe:
        # A project of its own: the window's is used from the window's thread only.
        with Project.open(self._folder, read_only=True) as project:
            return search_recipe(project)


def _carried(beside: FrameBeside, pixels: Pixels, find: Callable[[], _Found]) -> _Found:
    """What is labelled in the frame beside, where it is here; else what is found."""
    boxes: dict[int, Box] = {}
    with suppress(ImageError):  # of a frame between, which nobody has asked for
        boxes = carried_boxes(beside, pixels)
    if not boxes:
        return find()
    there, here, frame = len(beside.objects), len(boxes), f"frame {beside.labelled:,}"
    lost = (
        f"Of the {there} objects of {frame} {here} could be followed: any other needs a box here."
    )
    return _Found(
        list(boxes.values()),
        f"box as in {frame}",
        [beside.tracks[place] for place in boxes],
        lost if here < there else "",
    )
