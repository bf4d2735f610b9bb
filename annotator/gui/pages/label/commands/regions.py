"""Masks by hand: what strokes, outlines, fills and clicks do to the region that is chosen."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from landmark_annotator.annotator.gui.canvas.tools.brush import MaskKind, MaskTool
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.label.commands.accept import Acceptance
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.panels.regions import RegionPanel
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.labelling.open_masks import set_masks
from landmark_annotator.projects.vocabulary import Box, Mask, RegionClick, RegionMask, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.region import region_colours
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.labelling.region_clicks import Question

Place = tuple[float, float]
_ALIKE = 24
"""Of 255: how far the colours of a fill may be from the one that was clicked."""
_TOLD = {
    MaskKind.BRUSH: "Brush for {}: Alt or the right button erases, [ and ] change its size",
    MaskKind.ERASER: "Eraser for {}: Alt or the right button draws, [ and ] change its size",
    MaskKind.POLYGON: "Polygon for {}: Enter, or its first corner, closes it; undo takes one back",
    MaskKind.FILL: "Fill of {}: a hole, or what has the colour that is clicked",
    MaskKind.CLICK: "Click what belongs to {}; with Alt or the right button, what does not",
}


class Regions(QObject):
    """One gesture is one step for undo."""

    retold = Signal()
    """What the tool in hand waits for is something else now."""

    def __init__(
        self,
        controller: LabelController,
        canvas: Canvas,
        panel: RegionPanel,
        acceptance: Acceptance,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._panel = controller, canvas, panel
        self._acceptance = acceptance
        self._regions = controller.scheme.regions
        self._colours = region_colours(self._regions)
        self.current = self._regions[0].name if self._regions else ""
        self._said: list[RegionClick] = []
        """What clicks have said of the open instance, in order."""
        self._asked: list[RegionClick] = []
        """Those that are not answered yet, in order."""
        self._at_work = Tasks(1, self)
        if not self._regions:
            return
        tool = canvas.gestures.masks
        tool.stroked.connect(self._stroke)
        tool.outlined.connect(self._outline)
        tool.filled.connect(self._fill)
        tool.said.connect(self._say)
        tool.numbered.connect(self._choose_numbered)
        tool.unanswered = self._take_back
        tool.changed.connect(self._show)
        tool.dropped.connect(self._tell_dropped)
        panel.chosen.connect(self.choose)
        controller.opened.connect(self._forget)
        controller.changed.connect(self._show)
        acceptance.ahead.connect(lambda _view: self._hide())
        self._show()

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "brush": partial(self._take, MaskKind.BRUSH),
            "eraser": partial(self._take, MaskKind.ERASER),
            "polygon": partial(self._take, MaskKind.POLYGON),
            "fill_region": partial(self._take, MaskKind.FILL),
            "say_region": partial(self._take, MaskKind.CLICK),
            "next_region": self._choose_next,
            "clear_region": self._clear,
            "region_not_seen": self._say_not_seen,
            "hide_masks": self._hide_masks,
            "accept": self._accept,
        }

    @property
    def _tool(self) -> MaskTool:
        return self._canvas.gestures.masks

    def _accept(self) -> None:
        """The key for it closes a polygon that is open, and accepts nothing then."""
        if not self._tool.close_polygon():
            self._acceptance.accept()
        elif self._tool.busy:
            self._controller.note("A polygon needs three corners: it is still open.")

    def close(self) -> None:
        self._at_work.close()

    # Which region

    def choose(self, name: str) -> None:
        self.current = name
        self._show()
        self._canvas.setFocus()

    def _choose_numbered(self, place: int) -> None:
        if place < len(self._regions):
            self.choose(self._regions[place].name)
        else:
            count = counted(len(self._regions), "region")
            self._controller.note(f"There is no region {place + 1}: the scheme names {count}.")

    def _choose_next(self) -> None:
        if self._named():
            names = [region.name for region in self._regions]
            self.choose(names[(names.index(self.current) + 1) % len(names)])

    def _named(self) -> bool:
        """Whether the scheme has regions; says what to do where it has none."""
        if not self._regions:
            self._controller.note(
                "The scheme names no regions: Project, Landmarks and regions adds some."
            )
        return bool(self._regions)

    # Tools

    def _take(self, kind: MaskKind) -> None:
        if self._named():
            self._tool.take(kind)

    def _tell_dropped(self) -> None:
        self._controller.note(
            f"The open polygon for {self.current} was dropped: Enter closes one before you go on."
        )

    def _hide_masks(self, hidden: bool) -> None:
        self._canvas.masks.shown = not hidden
        self._canvas.update()

    def _stroke(self, places: Sequence[Place], diameter: float, erasing: bool) -> None:
        from landmark_annotator.annotator.session.labelling.mask_strokes import stroke

        size = self._canvas.scene.image_size
        if size is not None:
            title = "erasing from" if erasing else "stroke of"
            self._draw(stroke(places, diameter, size), erasing, title)

    def _outline(self, corners: Sequence[Place], erasing: bool) -> None:
        from landmark_annotator.annotator.session.labelling.mask_strokes import outlined

        size = self._canvas.scene.image_size
        if size is not None:
            self._draw(outlined(corners, size), erasing, "outline of")

    def _fill(self, x: float, y: float, erasing: bool) -> None:
        """A hole that the region encloses; else what has the colour that was clicked."""
        from landmark_annotator.annotator.session.labelling.mask_strokes import alike, hole_at

        pixels, own = self._pixels(), self._controller.session.masks.of(self.current)
        if pixels is None:
            return
        found = Mask() if erasing else hole_at(own, (x, y))
        if not found:
            box = self._box()
            reach = round(box.side)
            within = (round(x) - reach, round(y) - reach, 2 * reach + 1, 2 * reach + 1)
            found = alike(pixels, (x, y), _ALIKE, within)
        self._draw(found, erasing, "fill of")

    def _draw(self, mask: Mask, erasing: bool, title: str) -> None:
        before = self._controller.session.masks.of(self.current)
        self._store({self.current: before - mask if erasing else before | mask}, title)

    def _clear(self) -> None:
        """Nothing is said of the region any more."""
        if not self._named():
            return
        if self.current in self._controller.session.masks.stored:
            self._act({self.current: None}, "clearing of")
        else:
            self._controller.note(f"Nothing is stored of {self.current} here.")

    def _say_not_seen(self) -> None:
        if self._named() and self._ready():
            self._store({self.current: Mask()}, "absence of")

    def _store(self, masks: Mapping[str, Mask], title: str) -> None:
        there = self._controller.session.masks.stored
        same = all(name in there and there[name].mask == mask for name, mask in masks.items())
        if not same:
            self._act({name: RegionMask(mask) for name, mask in masks.items()}, title)

    def _act(self, masks: Mapping[str, RegionMask | None], title: str) -> None:
        if self._ready():
            what = f"{title} {self.current}"
            session = self._controller.session
            self._controller.act(lambda: set_masks(session, masks, what), what)

    def _ready(self) -> bool:
        return self._controller.phase in (Phase.READY, Phase.THINKING, Phase.BOX)

    # Clicks that say what belongs to what

    def _say(self, x: float, y: float, belongs: bool) -> None:
        """Seen as soon as the answer is there."""
        pixels = self._pixels()
        if pixels is None:
            return
        height, width = pixels.shape[:2]
        if not (-0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5):
            return  # beside the photograph is nothing that has a colour
        self._asked.append(RegionClick(self.current, x, y, belongs))
        if len(self._asked) == 1:
            self._answer_next()

    def _answer_next(self) -> None:
        """One after the other: each changes the masks that those before it have left."""
        pixels, view, session = self._pixels(), self._controller.view, self._controller.session
        if pixels is None or view is None or not (self._asked and self._ready()):
            self._asked = []
            return
        from landmark_annotator.annotator.session.labelling.region_clicks import Question, standing

        click, shape = self._asked[0], view.shape
        previous = {name: found.mask for name, found in session.masks.shown.items()}
        clicks = (*standing(self._said, previous), click)
        drawn = click.region in session.masks.stored
        box = self._box()
        question = Question(pixels, box, shape.points, previous, clicks, drawn, shape.covariances)
        find = partial(_answer, session.project.folder, session.project.scheme, question)
        before = previous.get(click.region)
        self._at_work.request("click", find, partial(self._take_answer, before), self._fail)

    def _take_answer(self, before: Mask | None, mask: Mask) -> None:
        """before: the region's mask when it was asked."""
        session, click = self._controller.session, self._asked[0]
        now = session.masks.shown.get(click.region)
        # Else what was drawn or taken back meanwhile would be lost, or there again.
        if (None if now is None else now.mask) == before:
            self._said.append(self._asked.pop(0))
            title = f"click {'on' if click.belongs else 'off'} {click.region}"
            if self._ready():
                masks = {click.region: RegionMask(mask)}
                self._controller.act(lambda: set_masks(session, masks, title), title)
        self._answer_next()

    def _take_back(self) -> bool:
        """Whether a click waited for its answer: the last one says nothing any more, and nothing
        that was stored before is taken back in its place."""
        if not self._asked:
            return False
        click = self._asked.pop()
        if not self._asked:
            self._at_work.drop("click")
        self._controller.note(f"Taken back: the click on {click.region}, before it was answered.")
        return True

    def _fail(self, error: Exception) -> None:
        self._asked = []
        self._controller.fail(error)

    # What is seen

    def _forget(self, _instance_id: int) -> None:
        self._said, self._asked = [], []
        self._at_work.drop("click")
        self._show()

    def _show(self) -> None:
        masks = self._controller.session.masks.shown if self._controller.record else {}
        drawn = {name: found.mask for name, found in masks.items()}
        self._canvas.masks.show(drawn, self._colours, self.current)
        self._tool.colour = QColor(self._colours[self.current])
        kind, before = self._tool.kind, self._tool.told
        self._tool.told = "" if kind is None else _TOLD[kind].format(self.current)
        self._panel.show_masks(masks, self.current)
        self._canvas.update()
        if self._tool.told != before:
            self.retold.emit()

    def _hide(self) -> None:
        self._canvas.masks.show({}, self._colours, self.current)

    def _pixels(self) -> Pixels | None:
        record = self._controller.record
        picture = None if record is None else self._controller.preparation.picture(record.image_id)
        return None if picture is None else picture.pixels

    def _box(self) -> Box:
        """Of the open instance, else round its landmarks, else all of the photograph."""
        view, size = self._controller.view, self._canvas.scene.image_size
        assert view is not None
        assert size is not None
        if view.instance.box is not None:
            return view.instance.box
        if np.isfinite(view.shape.points).any():
            return Box.square_around(view.shape.points, 1.2)
        return Box.whole_image(*size)


def _answer(folder: Path, scheme: Scheme, question: "Question") -> Mask:
    """In any thread."""
    from landmark_annotator.annotator.session.labelling.region_clicks import answered
    from landmark_annotator.annotator.session.models.segmenters import segmenter

    return answered(question, segmenter(folder, scheme, question.clicks[-1].region))
