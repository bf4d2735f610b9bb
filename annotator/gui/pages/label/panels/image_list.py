"""The list of what there is to label: one row an instance, in the project's order."""

from collections import OrderedDict
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.services.thumbnails import Thumbnails, nothing_yet
from landmark_annotator.annotator.gui.style.themes import current
from landmark_annotator.annotator.gui.widgets.shortened_names import VideoNames
from landmark_annotator.annotator.session.review.open_issues import Remark
from landmark_annotator.annotator.session.review.row_names import named, row_folder, row_name
from landmark_annotator.projects.images import Source, source_of
from landmark_annotator.projects.images.source import recorded_source
from landmark_annotator.projects.remote import is_address
from landmark_annotator.projects.store import InstanceState, ListedRow, Project
from landmark_annotator.projects.video import video_name
from landmark_annotator.projects.vocabulary.wording import brief_percent

_Index = QModelIndex | QPersistentModelIndex

NAME, STATE, ERROR, CLICKS = range(4)
_TITLES = ("Image", "State", "Error", "Clicks")
_TIPS = (
    "The image file; # counts the objects in it; \N{BLACK FLAG} flagged, "
    "\N{LEFTWARDS ARROW WITH HOOK} sent back by a reviewer",
    "\N{WHITE CIRCLE} new: nothing placed yet, \N{CIRCLE WITH LEFT HALF BLACK} started, "
    "\N{CHECK MARK} accepted, \N{MULTIPLICATION X} excluded: left out of all that counts, "
    "\N{WHITE RIGHT POINTING INDEX} in somebody else's hands",
    "The error that is expected, in % of {divisor}: what the model expected before any click, and "
    "of what was opened here what its clicks have made of that; empty of what was clicked before, "
    "until it is opened",
    "Clicks spent here; taking one back does not refund it",
)
_STATES: Mapping[InstanceState, tuple[str, str]] = {
    InstanceState.UNTOUCHED: ("\N{WHITE CIRCLE} new", "new"),
    InstanceState.STARTED: ("\N{CIRCLE WITH LEFT HALF BLACK} started", "started"),
    InstanceState.ACCEPTED: ("\N{CHECK MARK} accepted", "accepted"),
}
# As numbers, which is what Qt asks with: to compare enumerations takes longer than to paint a cell.
_DISPLAY, _DECORATION, _FOREGROUND, _FONT, _TOOL_TIP, _ALIGNMENT = (
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.FontRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
    )
)
_ANSWERED = {_DISPLAY, _DECORATION, _FOREGROUND, _FONT, _TOOL_TIP}
_LEFT, _RIGHT = (
    side | Qt.AlignmentFlag.AlignVCenter
    for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
)
_ALIGNMENTS = {NAME: _LEFT, STATE: _LEFT, ERROR: _RIGHT, CLICKS: _RIGHT}
_HELD = "\N{WHITE RIGHT POINTING INDEX}"
_EXCLUDED = "\N{MULTIPLICATION X} excluded"
_FLAGGED = "\N{BLACK FLAG} "
_PAGE = 64
"""Rows that are read at once: those in sight, and some."""
_KEPT_PAGES = 32
_STARTED = InstanceState.STARTED.value
_SENT_BACK = "\N{LEFTWARDS ARROW WITH HOOK} "


_Begun = tuple[str, int, float | None]


def _begun(listed: ListedRow) -> _Begun:
    """What tells whether anything was done to an instance: state, clicks, error when proposed."""
    return str(listed.row.state), listed.clicks, listed.row.predicted_error


def _is_clicked(listed: ListedRow) -> bool:
    """Whether what was expected of it before any click is not what is to be expected now."""
    return listed.row.state == InstanceState.STARTED and listed.clicks > 0


class ImageListModel(QAbstractTableModel):
    """Keeps the ids of what is listed, and what is shown of those that were in sight last: a list
    of a million opens as a short one does."""

    def __init__(self, project: Project, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._project, self._thumbnails, self._blank = project, thumbnails, nothing_yet()
        self._remarks: dict[int, Remark] = {}
        """By instance's id."""
        self._holders: dict[int, str] = {}
        """By image's id what is said of somebody else who has it in hands."""
        self._expected: dict[int, tuple[float, _Begun | None]] = {}
        """By instance, of those that were open, as long as nothing else is done to them: the error,
        and how far the row was then. It outlasts another reading of the list, in which one that was
        changed meanwhile is told by its row."""
        self._to_be_told: set[int] = set()
        """Instances to which something was done here, and of which nothing is expected since."""
        self._asked_thumbnails: dict[int, set[int]] = {}
        """Rows that wait for the thumbnail of an image, by its id."""
        self._pages: OrderedDict[int, list[ListedRow | None]] = OrderedDict()
        """By number; None of an instance that was removed since."""
        self._shown: NDArray[np.int64] = np.array([], dtype=np.int64)
        """(N,) ids of the instances, in the order of the rows."""
        self._newest = 0
        """The largest id."""
        self.videos = VideoNames()
        self.show_only("", tuple(InstanceState), worst_first=False)
        thumbnails.ready.connect(self._show_thumbnail)

    def instance_at(self, row: int) -> int:
        """Its id."""
        return int(self._shown[row])

    def holds(self, instance_id: int) -> bool:
        """Whether it was in the project when the list was last read."""
        return instance_id <= self._newest

    def row_of(self, instance_id: int) -> int | None:
        """None where it is not among those that are shown."""
        found = np.flatnonzero(self._shown == instance_id)
        return int(found[0]) if len(found) else None

    def runs_of(self, instances: Collection[int]) -> list[tuple[int, int]]:
        """The first and the last row of each run of those that are shown, from the top down."""
        rows = np.flatnonzero(np.isin(self._shown, list(instances)))
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else []
        return [(int(run[0]), int(run[-1])) for run in runs]

    def beside(self, instance_id: int, by: int) -> int | None:
        """The instance so many rows further; from one that is not shown, the nearest of the
        project's order in that direction, else the nearest there is."""
        row = self.row_of(instance_id)
        if row is None:
            return self._nearest(instance_id, by)
        place = row + by
        return self.instance_at(place) if 0 <= place < len(self._shown) else None

    def _nearest(self, instance_id: int, by: int) -> int | None:
        order = self._project.listed(excluded=True)
        here = int(next(iter(np.flatnonzero(order == instance_id)), -1))  # it may be gone
        there = np.flatnonzero(np.isin(order, self._shown))
        ahead = there[(there - here) * by > 0]
        near = ahead if len(ahead) else there
        return int(order[near[np.abs(near - here).argmin()]]) if len(near) else None

    def after(self, instances: Collection[int]) -> int | None:
        """The first below all of these that counts, else the last above them; None without one."""
        passed = set(instances)
        last = int(np.flatnonzero(np.isin(self._shown, list(passed))).max(initial=-1))
        for rows in (range(last + 1, len(self._shown)), range(last - 1, -1, -1)):
            for row in rows:
                listed = self._listed(row)
                counts = listed is not None and listed.row.excluded is None
                if counts and self.instance_at(row) not in passed:
                    return self.instance_at(row)
        return None

    def show_remarks(self, remarks: Mapping[int, Remark]) -> None:
        """What is to be seen to, by instance's id."""
        self._remarks = dict(remarks)
        self._show_names(0, len(self._shown) - 1)

    def show_holders(self, holders: Mapping[int, str]) -> None:
        """Of images that somebody else has in hands what is said of that, by the image's id."""
        if holders == self._holders:
            return
        self._holders = dict(holders)
        self.dataChanged.emit(self.index(0, STATE), self.index(len(self._shown) - 1, STATE))

    def show_remark(self, instance_id: int, remark: Remark | None) -> None:
        """None: there is nothing more to be seen to."""
        if self._remarks.get(instance_id) == remark:
            return
        self._remarks.pop(instance_id, None)
        if remark is not None:
            self._remarks[instance_id] = remark
        row = self.row_of(instance_id)
        if row is not None:
            self._show_names(row, row)

    def _show_names(self, first: int, last: int) -> None:
        if first <= last:
            self.dataChanged.emit(self.index(first, NAME), self.index(last, NAME))

    def remark_of(self, instance_id: int) -> Remark | None:
        return self._remarks.get(instance_id)

    @property
    def remarked(self) -> Collection[int]:
        """Instances that are flagged or were sent back, by id."""
        return self._remarks.keys()

    def next_remarked(self, instance_id: int | None) -> int | None:
        """The next one after this in the project's order, from its start again at the end."""
        here = set() if instance_id is None else {instance_id}
        order = self._project.in_order(self._remarks.keys() | here)
        start = order.index(instance_id) + 1 if instance_id in order else 0
        others = (i for i in (*order[start:], *order[:start]) if i != instance_id)
        return next(others, None)

    def show_only(
        self,
        part: str,
        states: Collection[InstanceState],
        worst_first: bool,
        among: Collection[int] | None = None,
        excluded: bool = False,
    ) -> None:
        """Those whose name holds `part`, in whatever case, and whose state is one of these.

        What is shown stays so while states change, until this is called again. worst_first: by
        error as it is shown, those without one and accepted ones last. among: these instances
        alone. excluded: with those that were left out.
        """
        self.beginResetModel()
        self._asked_thumbnails.clear()
        self._pages.clear()
        self._newest = self._project.newest()
        self.videos = VideoNames.of([video_name(video.path) for video in self._project.videos()])
        self._shown = self._project.listed(
            states,
            excluded=excluded,
            worst_first=worst_first,
            believed=self.believed() if worst_first else None,
        )
        if part:
            self._shown = self._shown[np.isin(self._shown, named(self._project, part))]
        if among is not None:
            self._shown = self._shown[np.isin(self._shown, list(among))]
        self.endResetModel()

    def believed(self) -> dict[int, float]:
        """Of those that were begun, and to which nothing else was done since, the errors that are
        expected now."""
        started = [i for i, (_, begun) in self._expected.items() if begun and begun[0] == _STARTED]
        return {
            each.row.instance_id: self._expected[each.row.instance_id][0]
            for each in self._project.rows(started)
            if self._expected[each.row.instance_id][1] == _begun(each)
        }

    def hear(self, change: Change) -> None:
        if change.kinds & (Kind.STORED | Kind.PROPOSALS):
            self.change(change.instances, by_others=change.by_others)

    def change(self, instance_ids: Collection[int], *, by_others: bool = True) -> None:
        """Something of these instances is another than it was. by_others: else what is expected of
        them now was told already, or is told next, or stays, as with a flag."""
        if by_others:
            self.expect_no_more(instance_ids)
        else:
            self._to_be_told.update(instance_ids)
        runs = self.runs_of(instance_ids)
        rows = (row for first, last in runs for row in range(first, last + 1))
        kept = {self.instance_at(row): row for row in rows if row // _PAGE in self._pages}
        found = {e.row.instance_id: e for e in (self._project.rows(list(kept)) if kept else ())}
        for instance_id, row in kept.items():
            number, place = divmod(row, _PAGE)
            listed = self._pages[number][place] = found.get(instance_id)
            if listed is not None and instance_id in self._expected:
                self._expected[instance_id] = self._expected[instance_id][0], _begun(listed)
        for first, last in runs:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(_TITLES) - 1))

    def show_expected(self, instance_id: int, error: float | None) -> None:
        """The error that is expected of what is open, after its clicks; None where nobody knows, or
        not yet."""
        if error is None and instance_id in self._to_be_told:
            self.expect_no_more((instance_id,))  # as without its box
        self._to_be_told.discard(instance_id)
        row = self.row_of(instance_id)
        listed = None if row is None else self._listed(row)
        begun = None if listed is None else _begun(listed)
        if error is None or self._expected.get(instance_id) == (error, begun):
            return
        self._expected[instance_id] = (error, begun)
        if row is not None:
            self.dataChanged.emit(self.index(row, ERROR), self.index(row, ERROR))

    def expect_no_more(self, instance_ids: Collection[int]) -> None:
        """What was expected of these rested on what is no longer so."""
        for instance_id in self._expected.keys() & set(instance_ids):
            del self._expected[instance_id]
            if (row := self.row_of(instance_id)) is not None:
                self.dataChanged.emit(self.index(row, ERROR), self.index(row, ERROR))

    def source(self, image_id: int) -> Source:
        """What opens the image of a row; without another query while the row is in sight."""
        for row in self._asked_thumbnails.get(image_id, ()):
            listed = self._listed(row)
            if listed is not None and not is_address(listed.row.path):
                place = self._project.place_of(listed.row.path)
                return recorded_source(place, listed.row.frame)
        return source_of(self._project.image(image_id))

    def _listed(self, row: int) -> ListedRow | None:
        number = row // _PAGE
        page = self._pages.get(number)
        if page is None:
            ids = self._shown[number * _PAGE : (number + 1) * _PAGE].tolist()
            found = {listed.row.instance_id: listed for listed in self._project.rows(ids)}
            page = self._pages[number] = [found.get(i) for i in ids]
            if len(self._pages) > _KEPT_PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return page[row % _PAGE]

    def _show_thumbnail(self, image_id: int) -> None:
        # Few rows are on the screen: a look at all of them would be slow in a long list.
        role = [Qt.ItemDataRole.DecorationRole]
        for row in self._asked_thumbnails.pop(image_id, ()):
            self.dataChanged.emit(self.index(row, NAME), self.index(row, NAME), role)

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        return 0 if parent.isValid() else len(self._shown)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_TITLES)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _TITLES[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section].format(divisor=self._project.scheme.divisor)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGNMENTS[section]
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        # A view asks for a dozen roles of every cell that it paints, most of which have no answer.
        if role == _ALIGNMENT:
            return _ALIGNMENTS[index.column()]
        if role not in _ANSWERED:
            return None
        listed = self._listed(index.row())
        if listed is None:
            return None
        instance, column = listed.row, index.column()
        if role == _DISPLAY:
            return self._text(listed, column)
        if role == _DECORATION and column == NAME:
            self._asked_thumbnails.setdefault(instance.image_id, set()).add(index.row())
            return self._thumbnails.picture(instance.image_id) or self._blank
        if role == _FOREGROUND and column == STATE:
            state = InstanceState.UNTOUCHED if instance.excluded else InstanceState(instance.state)
            return QColor(getattr(current(), _STATES[state][1]))
        if role == _FONT and instance.excluded and column == NAME:
            struck = QFont()
            struck.setStrikeOut(True)
            return struck
        if role == _TOOL_TIP and column == STATE:
            return self._holders.get(instance.image_id)
        if role == _TOOL_TIP and column == NAME:
            remark = self._remarks.get(instance.instance_id)
            said = [row_name(listed), f"in {row_folder(listed, self._project.folder)}"]
            said += [] if instance.excluded is None else [f"excluded: {instance.excluded}"]
            said += [] if remark is None else [remark.text]
            return "\n".join(said)
        return None

    def _text(self, listed: ListedRow, column: int) -> str:
        instance = listed.row
        if column == NAME:
            remark = self._remarks.get(instance.instance_id)
            sign = "" if remark is None else (_FLAGGED if remark.flagged else _SENT_BACK)
            return f"{sign}{row_name(listed)}"
        if column == STATE:
            if instance.image_id in self._holders and instance.state != InstanceState.ACCEPTED:
                return f"{_HELD} {self._holders[instance.image_id].partition(' has ')[0]}"
            return _EXCLUDED if instance.excluded else _STATES[InstanceState(instance.state)][0]
        if column == ERROR:
            error, begun = self._expected.get(instance.instance_id, (None, None))
            if begun != _begun(listed):
                error = None if _is_clicked(listed) else instance.predicted_error
            accepted = instance.state == InstanceState.ACCEPTED
            if error is None or accepted:
                return ""
            return brief_percent(error)
        return str(listed.clicks) if listed.clicks else ""
