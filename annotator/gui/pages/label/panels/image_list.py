"""The list of what there is to label: one row an instance, in the project's order."""

from collections.abc import Collection, Mapping, Sequence

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

from annotator.gui.pages.row_names import row_names
from annotator.gui.services.thumbnails import Thumbnails, nothing_yet
from annotator.gui.style.themes import current
from annotator.session.review.open_issues import Remark
from projects.store import InstanceRecord, InstanceState, QueueRow

_Index = QModelIndex | QPersistentModelIndex

NAME, STATE, ERROR, CLICKS = range(4)
_TITLES = ("Image", "State", "Error", "Clicks")
_TIPS = (
    "The image file; # counts the objects in it; \N{BLACK FLAG} flagged, "
    "\N{LEFTWARDS ARROW WITH HOOK} sent back by a reviewer",
    "\N{WHITE CIRCLE} new: nothing placed yet, \N{CIRCLE WITH LEFT HALF BLACK} started, "
    "\N{CHECK MARK} accepted, \N{MULTIPLICATION X} excluded: left out of all that counts, "
    "\N{WHITE RIGHT POINTING INDEX} in somebody else's hands",
    "The error that the model expected before any click, in % of the scheme's normaliser",
    "Clicks spent here; taking one back does not refund it",
)
_STATES: Mapping[InstanceState, tuple[str, str]] = {
    InstanceState.UNTOUCHED: ("\N{WHITE CIRCLE} new", "new"),
    InstanceState.STARTED: ("\N{CIRCLE WITH LEFT HALF BLACK} started", "started"),
    InstanceState.ACCEPTED: ("\N{CHECK MARK} accepted", "accepted"),
}
_HELD = "\N{WHITE RIGHT POINTING INDEX}"
_EXCLUDED = "\N{MULTIPLICATION X} excluded"
_FLAGGED = "\N{BLACK FLAG} "
_SENT_BACK = "\N{LEFTWARDS ARROW WITH HOOK} "


class ImageListModel(QAbstractTableModel):
    """Keeps the store's light records; a changed instance is one changed row."""

    def __init__(
        self,
        rows: Sequence[QueueRow],
        clicks: Mapping[int, int],
        thumbnails: Thumbnails,
    ) -> None:
        super().__init__()
        self._thumbnails, self._blank = thumbnails, nothing_yet()
        self._remarks: dict[int, Remark] = {}
        """By instance's id."""
        self._holders: dict[int, str] = {}
        """By image's id what is said of somebody else who has it in hands."""
        self._asked_thumbnails: dict[int, set[int]] = {}
        """Places that wait for the thumbnail of an image, by its id."""
        self.load(rows, clicks)
        self.show_only("", tuple(InstanceState), worst_first=False)
        thumbnails.ready.connect(self._show_thumbnail)

    def load(self, rows: Sequence[QueueRow], clicks: Mapping[int, int]) -> None:
        """Another set of instances; `show_only` has to follow."""
        self._asked_thumbnails.clear()
        self._instances = list(rows)
        self._places = {row.instance_id: place for place, row in enumerate(rows)}
        self._clicks = dict(clicks)
        self._names = row_names(rows)
        self.excluded = frozenset(row.instance_id for row in rows if row.excluded is not None)
        """Instances that were left out, by id."""
        self._sought: list[str] | None = None
        """The names as they are sought; made when somebody first seeks one."""
        self._shown: list[int] = []
        """Places of the instances, in the order of the rows."""
        self._rows: dict[int, int] = {}

    def instance_at(self, row: int) -> int:
        """Its id."""
        return self._instances[self._shown[row]].instance_id

    def holds(self, instance_id: int) -> bool:
        """Whether it is in the project, as far as this list knows."""
        return instance_id in self._places

    def row_of(self, instance_id: int) -> int | None:
        """None where it is not among those that are shown."""
        return self._rows.get(self._places.get(instance_id, -1))

    def beside(self, instance_id: int, by: int) -> int | None:
        """The instance so many rows further; from one that is not shown, the nearest of the
        project's order in that direction, else the nearest there is."""
        row = self.row_of(instance_id)
        if row is None:
            here = self._places[instance_id]
            ahead = [place for place in self._shown if (place - here) * by > 0]
            near = min(ahead or self._shown, key=lambda place: abs(place - here), default=None)
            return None if near is None else self._instances[near].instance_id
        place = row + by
        return self.instance_at(place) if 0 <= place < len(self._shown) else None

    def after(self, instances: Collection[int]) -> int | None:
        """The first below all of these that counts, else the last above them; None without one."""
        passed = {*instances, *self.excluded}
        rows = [row for i in instances if i in self._places and (row := self.row_of(i)) is not None]
        last = max(rows, default=-1)
        below, above = range(last + 1, len(self._shown)), range(last - 1, -1, -1)
        found = (self.instance_at(row) for row in (*below, *above))
        return next((i for i in found if i not in passed), None)

    def least_sure(self, but_for: int | None) -> int | None:
        """The one with the largest expected error, of all that are not accepted."""
        waiting = [
            instance
            for instance in self._instances
            if instance.state != InstanceState.ACCEPTED
            and instance.predicted_error is not None
            and instance.excluded is None
            and instance.instance_id != but_for
        ]
        return max(waiting, key=_expected_error).instance_id if waiting else None

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
        here = -1 if instance_id is None else self._places[instance_id]
        places = sorted(self._places[i] for i in self._remarks if i != instance_id)
        later = [place for place in places if place > here]
        return self._instances[(later or places)[0]].instance_id if places else None

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
        expected error, those without one and accepted ones last. among: these instances alone.
        excluded: with those that were left out.
        """
        self.beginResetModel()
        self._shown = list(range(len(self._instances)))
        if part:
            sought, names = part.casefold(), self._sought_names
            self._shown = [place for place in self._shown if sought in names[place]]
        if set(states) != set(InstanceState):
            known = {state.value for state in states}
            self._shown = [p for p in self._shown if self._instances[p].state in known]
        if self.excluded and not excluded:
            self._shown = [p for p in self._shown if self._instances[p].excluded is None]
        if among is not None:
            self._shown = [p for p in self._shown if self._instances[p].instance_id in among]
        if worst_first:
            self._shown.sort(key=lambda place: -_expected_error(self._instances[place]))
        self._rows = {place: row for row, place in enumerate(self._shown)}
        self.endResetModel()

    @property
    def _sought_names(self) -> Sequence[str]:
        if self._sought is None:
            self._sought = [name.casefold() for name in self._names]
        return self._sought

    def change(self, instance: InstanceRecord, clicks: int) -> None:
        """What is shown of one instance is as given from now on."""
        place = self._places[instance.id]
        self._instances[place] = self._instances[place]._replace(
            state=instance.state.value, predicted_error=instance.predicted_error
        )
        self._clicks[instance.id] = clicks
        row = self._rows.get(place)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(_TITLES) - 1))

    def _show_thumbnail(self, image_id: int) -> None:
        # Instances of one image follow each other, and few rows are on the screen: a look at
        # all of them would be slow in a long list.
        role = [Qt.ItemDataRole.DecorationRole]
        for place in self._asked_thumbnails.pop(image_id, ()):
            row = self._rows.get(place)
            if row is not None:
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
                return _TIPS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        place = self._shown[index.row()]
        instance = self._instances[place]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(place, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == NAME:
            self._asked_thumbnails.setdefault(instance.image_id, set()).add(place)
            return self._thumbnails.picture(instance.image_id) or self._blank
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == STATE:
            state = InstanceState.UNTOUCHED if instance.excluded else InstanceState(instance.state)
            return QColor(getattr(current(), _STATES[state][1]))
        if role == Qt.ItemDataRole.FontRole and instance.excluded and index.column() == NAME:
            struck = QFont()
            struck.setStrikeOut(True)
            return struck
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == STATE:
            return self._holders.get(instance.image_id)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == NAME:
            remark = self._remarks.get(instance.instance_id)
            said = [self._names[place]]
            said += [] if instance.excluded is None else [f"excluded: {instance.excluded}"]
            said += [] if remark is None else [remark.text]
            return "\n".join(said)
        return None

    def _text(self, place: int, column: int) -> str:
        instance = self._instances[place]
        if column == NAME:
            remark = self._remarks.get(instance.instance_id)
            sign = "" if remark is None else (_FLAGGED if remark.flagged else _SENT_BACK)
            return f"{sign}{self._names[place]}"
        if column == STATE:
            if instance.image_id in self._holders and instance.state != InstanceState.ACCEPTED:
                return f"{_HELD} {self._holders[instance.image_id].partition(' has ')[0]}"
            return _EXCLUDED if instance.excluded else _STATES[InstanceState(instance.state)][0]
        if column == ERROR:
            error, accepted = instance.predicted_error, instance.state == InstanceState.ACCEPTED
            return "" if error is None or accepted else f"{error:.1f} %"
        clicks = self._clicks.get(instance.instance_id, 0)
        return str(clicks) if clicks else ""


def _expected_error(instance: QueueRow) -> float:
    """-1 where there is nothing to expect."""
    accepted = instance.state == InstanceState.ACCEPTED
    return -1.0 if accepted or instance.predicted_error is None else instance.predicted_error


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column >= ERROR else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter
