"""The list of images on the screen: which rows are selected, and which one is opened."""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.label.panels.image_list import (
    CLICKS,
    ERROR,
    NAME,
    STATE,
    ImageListModel,
)
from landmark_annotator.annotator.gui.services.thumbnails import SIZE
from landmark_annotator.annotator.gui.widgets.lettered_table import (
    NamesFirst,
    fit_columns,
    fit_rows,
    scroll_by_moving,
)
from landmark_annotator.annotator.gui.widgets.shortened_names import VideoNames, shorten_names

_SEVERAL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
"""Held, more rows are selected."""
_SHIFT = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
"""With which a key is a letter or a number still."""
_IN_SIGHT = 3
"""Rows that are seen above and below the open one."""


class ImageList(QTableView):
    """Several rows may be selected; one of them is open."""

    chosen = Signal(int)
    """The user wants to see this instance (its id)."""
    exclude_wanted = Signal()
    """What is selected is to be left out."""
    menu_wanted = Signal(QPoint)
    """(on the screen) What can be done to all that is selected."""
    error_clicked = Signal()
    """The heading of the column of errors was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marking = False
        self._pressing = False
        self._several: list[int] = []
        """Instances that were selected before the list was last put together anew."""
        self.setAccessibleName("Images")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        shorten_names(self, self._videos)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        fit_rows(self, 9, SIZE.height() + 4)
        scroll_by_moving(self)
        self.setIconSize(SIZE)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._click_heading)

    def show_model(self, model: ImageListModel) -> None:
        model.modelAboutToBeReset.connect(self._remember)  # before Qt selects nothing
        self.setModel(model)
        header = self.horizontalHeader()
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (STATE, ERROR, CLICKS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        longest = {STATE: "\N{CHECK MARK} accepted", ERROR: "88.8 %", CLICKS: "8,888"}
        self._names = NamesFirst(self, "88888888", (CLICKS, ERROR, STATE), SIZE.width() + 24)
        fit_columns(self, longest, names=self._names)
        self.selectionModel().currentRowChanged.connect(self._choose)

    def choose(self, instance_id: int) -> None:
        """As a click on its row does."""
        self.chosen.emit(instance_id)

    def mark_open(self, instance_id: int) -> None:
        """Selects its row, where it is shown, without asking for it to be opened."""
        model = self.model()
        assert isinstance(model, ImageListModel)
        row = model.row_of(instance_id)
        self._marking = True
        if row is None:
            self.selectionModel().clear()
            self._marking = False
            return
        index = model.index(row, 0)
        self.selectionModel().setCurrentIndex(
            index,
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
        self._marking = False
        self._names.expect(str(index.data()))
        if self._pressing:
            return  # Qt selects what is under the mouse after this: it must be that row still
        # With some of what comes before and after it.
        for beside in (row - _IN_SIGHT, row + _IN_SIGHT, row):
            self.scrollTo(model.index(min(max(beside, 0), model.rowCount() - 1), 0))

    def mark_again(self, instance_id: int) -> None:
        """As `mark_open`, after the list was put together anew, as it is whenever others bring
        something in: where several were selected, those that are shown still are so again."""
        model, several = self.model(), self._several
        assert isinstance(model, ImageListModel)
        self.mark_open(instance_id)
        runs = [] if len(several) < 2 else model.runs_of(several)
        if not runs:
            return
        selection = QItemSelection()
        for first, last in runs:
            selection.select(model.index(first, 0), model.index(last, 0))
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flag.ClearAndSelect | flag.Rows)

    def _remember(self) -> None:
        self._several = self.selected

    def _videos(self) -> VideoNames:
        model = self.model()
        return model.videos if isinstance(model, ImageListModel) else VideoNames()

    @property
    def selected(self) -> list[int]:
        """Instances by id, from the top of the list down."""
        model = self.model()
        assert isinstance(model, ImageListModel)
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [model.instance_at(row) for row in rows]

    # Selecting several opens none of them, so that what is open stays in sight.

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers() & _SEVERAL
        self._marking, self._pressing = not plain, True
        super().mousePressEvent(event)
        self._marking = self._pressing = False

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._marking = True
        super().mouseMoveEvent(event)
        self._marking = False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            if not event.isAutoRepeat():
                self.exclude_wanted.emit()
            return
        if event.text().strip() and not event.modifiers() & ~_SHIFT:
            event.ignore()  # Qt would look for a name; it is a key of the photograph
            return
        self._marking = bool(event.modifiers() & _SEVERAL)
        super().keyPressEvent(event)
        self._marking = False

    @override
    def event(self, event: QEvent) -> bool:
        # Here this key is about the images, and not about a landmark.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Delete
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt makes the first row current when an untouched list gets the focus; nobody chose it.
        self._marking = True
        super().focusInEvent(event)
        self._marking = False

    def _click_heading(self, column: int) -> None:
        if column == ERROR:
            self.error_clicked.emit()

    def _choose(self, current: QModelIndex) -> None:
        model = self.model()
        assert isinstance(model, ImageListModel)
        if current.isValid() and not self._marking:
            self.chosen.emit(model.instance_at(current.row()))
