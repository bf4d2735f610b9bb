"""The compare page: where two people's labels differ, object by object and on the whole."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers.sign_icon import sign_icon
from landmark_annotator.annotator.gui.pages.compare.decision import Decision
from landmark_annotator.annotator.gui.pages.compare.pair_canvas import SIGNS, PairCanvas
from landmark_annotator.annotator.gui.pages.compare.people_choice import PeopleChoice
from landmark_annotator.annotator.gui.pages.compare.second_opinions import (
    SEED,
    SecondOpinionSheet,
)
from landmark_annotator.annotator.gui.pages.compare.tables import (
    Table,
    landmark_rows,
    object_names,
    object_rows,
    standings,
    summary,
)
from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.page import Page
from landmark_annotator.annotator.gui.services.picture_cache import Pictures
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.gui.widgets.lettered_table import longest_of
from landmark_annotator.annotator.gui.widgets.list_end import end_of_list
from landmark_annotator.annotator.gui.widgets.side_parts import SideParts
from landmark_annotator.annotator.session.review.agreement import (
    NOTHING_IN_COMMON,
    Agreement,
    agreements,
    given_shapes,
)
from landmark_annotator.annotator.session.review.each_annotator import (
    Outlier,
    annotators,
    flag_outliers,
    flags_told,
)
from landmark_annotator.annotator.session.review.second_opinions import (
    ask_for_second_opinions,
    awaited,
    still_to_come,
    without_second_opinion,
)
from landmark_annotator.projects.images import source_of
from landmark_annotator.projects.store import PixelSizes, Project
from landmark_annotator.projects.vocabulary import ActionableError, Visibility
from landmark_annotator.projects.vocabulary.wording import counted

_ZOOM_STEP = 1.4
_NOBODY = (
    "Have some objects labelled by a second person: "
    "\N{LEFT DOUBLE QUOTATION MARK}Ask for second opinions\N{RIGHT DOUBLE QUOTATION MARK} "
    "in the Compare menu. Or import a second person's labels."
)


class ComparePage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.project = context.project
        self._sizes = PixelSizes()
        self.pictures = Pictures(lambda i: source_of(self.project.image(i)), self)
        self._at_work = Tasks(1, self)
        self.found: list[Agreement] | None = None
        """None until they have been read."""
        self.place = 0
        """Of the object that is shown, in the pairs of the agreement."""
        self.landmark: int | None = None
        self.people = PeopleChoice()
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setAccessibleName("How far they are apart")
        divisor = self.project.scheme.divisor
        self.objects = Table(
            "Objects that both labelled",
            {
                "Object": "",
                "NME %": f"Mean distance of what either placed, in % of {divisor}",
                "Stands": "Whose label stands for the object, where that is decided",
            },
            longest="Stands",
            named="8888888_8.jpg",
            giving_way=(2,),
        )
        self.landmarks = Table(
            "Landmarks, the worst first",
            {
                "Landmark": "",
                "here": f"Distance on this object, in % of {divisor}",
                "mean": "Mean distance over all objects",
                "95 %": "95 % of the distances are smaller",
                "shift x y": "By how many pixels the second person places it elsewhere on average",
            },
            longest="+88.8 +88.8",
            named=longest_of(self._headed),
            giving_way=(3, 4, 2),
        )
        self.decision = Decision(
            context, lambda: (self.agreement, self.place), lambda: self.found or ()
        )
        self.canvas, self.beside = PairCanvas(), PairCanvas()
        self.beside.hide()
        self.setFocusProxy(self.canvas)
        self._compose()
        self._connect()

    @property
    def _headed(self) -> Sequence[str]:
        """All that stands in the column of names."""
        return ("Landmark", *self.project.scheme.landmarks)

    def _compose(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(8, 8, 8, 0)
        for widget in (self.people, self.summary):
            column.addWidget(widget)
        self.legend = [QLabel(), QLabel()]
        for label in self.legend:  # names of people, however long
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._signs = [QLabel(), QLabel()]
        for sign, label in zip(self._signs, self.legend, strict=True):
            line = QHBoxLayout()
            line.addWidget(sign)
            line.addWidget(quiet(label), 1)
            column.addLayout(line)
        column.addWidget(self.objects, 1)
        views = QSplitter(Qt.Orientation.Horizontal)
        for canvas in (self.canvas, self.beside):
            # Two fit where one did: a small window would grow beyond the screen.
            canvas.setMinimumWidth(canvas.minimumWidth() // 2)
            views.addWidget(canvas)
        # In a narrow window a name stays to be told from the next one.
        left.setMinimumWidth(self.fontMetrics().horizontalAdvance("88888888 88.88") + 60)
        parts = SideParts(left, views, self.landmarks)
        # Names that differ in their middle alone are to be read whole.
        numbers = sum(self.landmarks.header().sectionSize(column) for column in range(1, 5))
        names = max(self.fontMetrics().horizontalAdvance(name) for name in self._headed)
        wide, aside = names + numbers + 40, round(280 * min(letters(self), 1.4))
        parts.setSizes([aside, max(1440 - aside - wide, 420), wide])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def _connect(self) -> None:
        self.people.currentIndexChanged.connect(lambda _: self._show_people())
        self.objects.chosen.connect(self.open)
        self.landmarks.chosen.connect(self.point_at)
        for canvas, other in ((self.canvas, self.beside), (self.beside, self.canvas)):
            canvas.gestures.picked.connect(self.point_at)
            canvas.scene.looked.connect(other.scene.follow)
        self.pictures.ready.connect(self._show_picture)
        self.follow(self._context.changes)
        self._context.closing.connect(self.pictures.close)
        self._context.closing.connect(self._at_work.close)

    @property
    @override
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "compare_next": lambda: self.step(1),
            "compare_previous": lambda: self.step(-1),
            "compare_landmark": lambda: self.step_landmark(1),
            "compare_landmark_back": lambda: self.step_landmark(-1),
            "compare_beside": self.show_beside,
            **self.decision.slots,
            "compare_open": self.correct,
            "compare_ask": self.choose_second_opinions,
            "compare_flag": self.flag_outliers,
            "compare_zoom_in": lambda: self.canvas.zoom(_ZOOM_STEP),
            "compare_zoom_out": lambda: self.canvas.zoom(1 / _ZOOM_STEP),
            "compare_fit": lambda: self._fit("object"),
            "compare_whole": lambda: self._fit("image"),
        }

    @property
    @override
    def settled(self) -> bool:
        found = self.agreement
        if found is None:
            return self.found == []
        return self.pictures.looked_at(found.pairs[self.place].image_id)

    # What there is to compare

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_signs()
        self._context.clear()
        self._context.expected_error(None)
        self.prompt("Comparing\N{HORIZONTAL ELLIPSIS}")
        self.read_figures()

    @override
    def read_figures(self) -> None:
        folder = self._context.folder
        self._at_work.request("agreements", lambda: _agreements(folder), self._load, self._cannot)

    def _cannot(self, error: Exception) -> None:
        """What is shown is of before, or nothing."""
        self.prompt("The labels could not be read: turn to this page again")
        self._context.tell(error)

    def _show_signs(self) -> None:
        """As the canvas draws them now."""
        size = round(16 * letters(self))
        for mark, sign in zip(SIGNS, self._signs, strict=True):
            icon = sign_icon(mark, Visibility.VISIBLE, self.devicePixelRatioF(), size)
            sign.setPixmap(icon.pixmap(size, size))

    def _load(self, read: tuple[list[Agreement], int, PixelSizes]) -> None:
        """read: what there is to compare, how many second opinions are still to be given, and what
        pixels measure."""
        found, missing, self._sizes = read
        before = self._pair
        self.found = found
        self.people.show_pairs([(one.first, one.second) for one in found])
        for widget in (self.people, *self._signs):
            widget.setVisible(bool(found))
        if found:
            self._show_people(before)
        else:
            for label in (self.summary, *self.legend):
                label.clear()
            for table in (self.objects, self.landmarks):
                table.load({})
            self.beside.show_image(None)
            self.canvas.show_failure(
                ActionableError(
                    NOTHING_IN_COMMON,
                    remedy=still_to_come(missing) if missing else _NOBODY,
                )
            )
            self.prompt("Nothing to compare")

    @property
    def agreement(self) -> Agreement | None:
        index = self.people.currentIndex()
        return self.found[index] if self.found and 0 <= index < len(self.found) else None

    @property
    def _pair(self) -> tuple[int, int] | None:
        """The two instances that are shown."""
        found = self.agreement
        return None if found is None else found.pairs[self.place].ids

    def _show_people(self, kept: tuple[int, int] | None = None) -> None:
        """kept: what is shown still, where both have it; else that on which they differ most."""
        found = self.agreement
        if found is None:
            return
        self.summary.setText(summary(found, self._sizes, self.project.scheme.landmarks))
        self.people.setToolTip(self.people.currentData())
        self.objects.load(object_rows(found, object_names(self.project, found)))
        there = [n for n, pair in enumerate(found.pairs) if pair.ids == kept]
        self.open(there[0] if there else found.worst_pairs()[0])
        self.prompt("Where they differ")

    # Going from one to the next

    def open(self, place: int) -> None:
        """place: in the pairs of the agreement."""
        found = self.agreement
        if found is None:
            return
        self.place = place
        self.objects.mark(place)
        self.landmarks.load(landmark_rows(found, self.project.scheme, place))
        order = found.worst_pairs()
        at = order.index(place)
        images = [found.pairs[n].image_id for n in order[at : at + 2]]
        self.pictures.want(list(dict.fromkeys(images)))
        self._show()
        self._show_picture(images[0])

    def step(self, by: int) -> None:
        if self.agreement is not None:
            order = self.agreement.worst_pairs()
            at = order.index(self.place) + by
            if 0 <= at < len(order):
                self.open(order[at])
            else:
                self._context.note(end_of_list(by))

    def point_at(self, landmark: int) -> None:
        self.landmark = landmark
        self._show()

    def step_landmark(self, by: int) -> None:
        order = [] if self.agreement is None else self.agreement.worst_landmarks()
        if order:
            at = order.index(self.landmark) if self.landmark in order else (-1 if by > 0 else 0)
            self.point_at(order[(at + by) % len(order)])

    def correct(self) -> None:
        if self.agreement is not None:
            pair = self.agreement.pairs[self.place]
            self._context.open_instance(pair.first if pair.stands is None else pair.stands)

    # Asking for more to compare

    def choose_second_opinions(self) -> None:
        sheet = SecondOpinionSheet(without_second_opinion(self.project), self)
        sheet.wanted.connect(self._ask)
        sheet.open()

    def _ask(self, count: int) -> None:
        added = ask_for_second_opinions(self.project, count, seed=SEED, who=self._context.who)
        said = f"{counted(len(added), 'object')} added for a second opinion."
        self._context.changed(Change(Kind.LIST, frozenset(added), said))
        self._context.note(said)

    def flag_outliers(self) -> None:
        """What is far from everybody else's labels goes to review, once it is found."""
        if not self.found:
            self._context.note(NOTHING_IN_COMMON)
            return
        folder = self._context.folder
        self._context.note("Looking for labels that are far from everybody else's")
        self._at_work.request("outliers", lambda: _outliers(folder), self._flag, self._context.tell)

    def _flag(self, outliers: list[Outlier]) -> None:
        try:
            flagged = flag_outliers(self.project, outliers, who=self._context.who)
        except ActionableError as error:
            self._context.tell(error)
            return
        said = flags_told(outliers, flagged)
        self._context.changed(Change(Kind.STORED, frozenset(flagged), said if flagged else ""))
        self._context.note(said)

    # Showing

    def show_beside(self, beside: bool) -> None:
        """Two views in place of one."""
        self.beside.setVisible(beside)
        self._show()
        self._fit("object")

    def _fit(self, what: str) -> None:
        for canvas in (self.canvas, self.beside):
            canvas.scene.fit("object" if what == "object" else "image")

    def _show(self) -> None:
        found = self.agreement
        if found is None:
            return
        pair, scheme = found.pairs[self.place], self.project.scheme
        both = np.stack([shape.points for shape in given_shapes(self.project, pair)])
        beside = not self.beside.isHidden()
        self.canvas.show_pair(scheme, both, 0 if beside else None, self.landmark)
        self.beside.show_pair(scheme, both, 1, self.landmark)
        for label, text in zip(self.legend, standings(found, self.place), strict=True):
            label.setText(text)
            label.setToolTip(text)
        self.canvas.show_hint(found.first if beside else "")
        self.beside.show_hint(found.second)
        self.landmarks.mark(self.landmark)

    def _show_picture(self, image_id: int) -> None:
        found = self.agreement
        if found is None or found.pairs[self.place].image_id != image_id:
            return
        failure = self.pictures.failure(image_id)
        for canvas in (self.canvas, self.beside):
            if failure is not None:
                canvas.show_failure(self._context.worded(failure))
            else:
                canvas.show_image(self.pictures.picture(image_id))
        self._fit("object")


def _agreements(folder: Path) -> tuple[list[Agreement], int, PixelSizes]:
    """And how many second opinions are still to be given, and what pixels measure."""
    # A project of its own: the window's is used from the window's thread only.
    with Project.open(folder, read_only=True) as project:
        return agreements(project), len(awaited(project)), project.pixel_sizes()


def _outliers(folder: Path) -> list[Outlier]:
    with Project.open(folder, read_only=True) as project:
        return annotators(project).outliers()
