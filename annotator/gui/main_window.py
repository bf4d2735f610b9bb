"""The window: puts the parts together and connects them, and does nothing itself."""

from typing import Any

import numpy as np
from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSplitter, QVBoxLayout, QWidget

from annotator.gui.actions import build_actions, fill_menus
from annotator.gui.background_training import BackgroundTraining
from annotator.gui.canvas.overlay import Marks
from annotator.gui.canvas.view import Canvas
from annotator.gui.heating import Heating
from annotator.gui.labelling import Labelling
from annotator.gui.messages import Messages
from annotator.gui.nudging import Nudging
from annotator.gui.objects import Objects
from annotator.gui.panels.image_browser import ImageBrowser
from annotator.gui.panels.image_list import ImageListModel
from annotator.gui.panels.keys_sheet import KeysSheet
from annotator.gui.panels.landmarks import LandmarkPanel
from annotator.gui.panels.shape_drawing import scheme_picture
from annotator.gui.panels.status_line import StatusLine
from annotator.gui.panels.tone_sheet import ToneSheet
from annotator.gui.placing import Placing
from annotator.gui.preferences import Preferences
from annotator.gui.preparation import Preparation
from annotator.gui.thumbnails import Thumbnails
from annotator.gui.waiting import Phase, waiting_text
from annotator.gui.whole_shape import WholeShape
from annotator.session.labelling import LabellingSession
from projects.store import InstanceState, Project
from projects.vocabulary import ActionableError, Box, Visibility

_ZOOM_STEP = 1.4


class MainWindow(QMainWindow):
    """On an open project, which the caller closes after the window.

    preferences: what the user has set; by default those of a first start, kept nowhere.
    """

    def __init__(
        self, project: Project, *, who: str, preferences: Preferences | None = None
    ) -> None:
        super().__init__()
        self.project = project
        self.preferences = preferences or Preferences()
        self.messages = Messages(self)
        self.preparation = Preparation(project, self)
        session = LabellingSession(project, who=who)
        self.labelling = Labelling(session, self.preparation, self)
        self.nudging = Nudging(self.labelling, self)
        self.whole_shape = WholeShape(self.labelling)
        self.placing = Placing(self.labelling, self)
        self.objects = Objects(self.labelling, self)
        self.canvas = Canvas()
        images = project.images()
        self.thumbnails = Thumbnails({image.id: image.path for image in images}, self)
        self.list_model = ImageListModel(
            project.instances(), images, self.labelling.clicks, self.thumbnails
        )
        self.browser = ImageBrowser(self.list_model)
        self.list = self.browser.list
        self.landmarks = LandmarkPanel(project.scheme)
        self.status = StatusLine()
        self.training = BackgroundTraining(project.folder, self)
        self._after_painting = QTimer(self)
        """For what may be shown a moment later than the landmarks."""
        self._after_painting.setSingleShot(True)
        self.tone_sheet = ToneSheet(self)
        self.heating = Heating(self.labelling, self.canvas, self)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self._compose()
        self._add_actions()
        self._connect()
        self.setWindowTitle(f"{project.name} \N{EN DASH} landmark annotator")
        self.resize(1440, 900)
        for known, restore in (
            (self.preferences.window, self.restoreGeometry),
            (self.preferences.parts, self.parts.restoreState),
        ):
            if known:
                restore(QByteArray.fromBase64(known.encode()))

    def start(self) -> None:
        """Opens the first instance without labels. Called once the window is on the screen."""
        if self.project.read_only:
            self.messages.tell(
                ActionableError(
                    "This project can only be looked at.",
                    remedy=self.project.read_only_reason or "",
                )
            )
        self._show_stored("Every click is stored at once")
        self.labelling.start()
        if self.labelling.record is None:
            self._nothing_to_label()
        self.canvas.setFocus()

    def _compose(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages.banner)
        column.addWidget(self.canvas, 1)
        for part in (self.browser, middle, self.landmarks):
            self.parts.addWidget(part)
        self.parts.setStretchFactor(1, 1)
        self.parts.setCollapsible(1, False)
        self.parts.setSizes([370, 830, 240])
        self.setCentralWidget(self.parts)
        self.setStatusBar(self.status)

    def _add_actions(self) -> None:
        labelling, canvas = self.labelling, self.canvas
        self.actions_by_name = build_actions(
            self,
            {
                "accept": labelling.accept,
                "confirm": labelling.confirm,
                "clear": labelling.clear,
                "skip": lambda: labelling.skip(1),
                "skip_back": lambda: labelling.skip(-1),
                "add_object": self.objects.add,
                "next_object": self.objects.step,
                "remove_object": self.objects.remove,
                "swap": self.whole_shape.swap,
                "copy_previous": self.whole_shape.copy_previous,
                "start_again": self.whole_shape.start_again,
                "box": labelling.want_box,
                "undo": labelling.undo,
                "redo": labelling.redo,
                "next": lambda: self._step(1),
                "previous": lambda: self._step(-1),
                "next_uncertain": self._next_uncertain,
                "worst_first": self._order,
                "find": self.browser.search,
                "next_unlabelled": labelling.next_unlabelled,
                "zoom_in": lambda: canvas.zoom(_ZOOM_STEP),
                "zoom_out": lambda: canvas.zoom(1 / _ZOOM_STEP),
                "occluded": lambda: labelling.mark(Visibility.OCCLUDED),
                "absent": lambda: labelling.mark(Visibility.NOT_LABELLED),
                "visible": lambda: labelling.mark(Visibility.VISIBLE),
                "ellipses": canvas.show_every_ellipse,
                "heat": self.heating.show,
                "loupe": canvas.show_loupe,
                "train": self.training.switch,
                "tone": self.tone_sheet.show,
                "grey": lambda on: self.tone_sheet.switch(grey=on),
                "equalised": lambda on: self.tone_sheet.switch(equalised=on),
                "keep_view": self._keep_view,
                "whole_image": lambda: canvas.fit("image"),
                "fit": lambda: canvas.fit("object"),
                "keys": self._show_keys,
            },
        )
        fill_menus(self.menuBar(), self.actions_by_name)
        self.actions_by_name["ellipses"].setChecked(True)
        self.actions_by_name["keep_view"].setChecked(self.preferences.keep_view)

    def _connect(self) -> None:
        labelling, canvas = self.labelling, self.canvas
        canvas.dragged.connect(self.nudging.settle)
        canvas.dragged.connect(labelling.hold)
        canvas.nudged.connect(
            lambda dx, dy: self.nudging.nudge(canvas.landmark_under_cursor, dx, dy)
        )
        self.tone_sheet.changed.connect(canvas.show_tone)
        canvas.numbered.connect(self.whole_shape.take)
        self.landmarks.hypotheses.chosen.connect(self.whole_shape.take)
        canvas.menu_wanted.connect(self._show_menu)
        canvas.dropped.connect(labelling.place)
        canvas.drag_cancelled.connect(labelling.let_go)
        canvas.picked.connect(labelling.choose)
        canvas.tapped.connect(labelling.confirm)
        canvas.box_drawn.connect(self._take_box)
        canvas.box_dismissed.connect(self.placing.forget)
        canvas.box_dismissed.connect(lambda: labelling.want_box(False))
        canvas.spotted.connect(self._place_by_clicks)
        self.list.chosen.connect(self._open_from_list)
        self.list.error_clicked.connect(self.actions_by_name["worst_first"].toggle)
        self.browser.left.connect(canvas.setFocus)
        self.objects.listed.connect(self._list_anew)
        self.landmarks.asked.connect(self._ask_from_panel)
        self.landmarks.accepted.connect(labelling.accept)
        labelling.opened.connect(self._show_opened)
        labelling.picture_changed.connect(self._show_picture)
        labelling.changed.connect(self._show_view)
        labelling.changed.connect(self._after_painting.start)
        self._after_painting.timeout.connect(self._show_hypotheses)
        labelling.held.connect(lambda: canvas.show_marks(self._marks()))
        labelling.stored.connect(self._show_stored)
        labelling.row_changed.connect(self._show_row)
        self.training.progressed.connect(self.status.show_training)
        self.training.ended.connect(self._end_training)
        self.training.trained.connect(self._take_model)
        self.training.failed.connect(self.messages.tell)
        labelling.noted.connect(self.messages.note)
        labelling.failed.connect(self.messages.tell)

    # Showing

    def _show_opened(self, instance_id: int) -> None:
        self.messages.clear()
        self.canvas.show_others(self.objects.others)
        self.list.mark_open(instance_id)

    def _show_picture(self) -> None:
        record = self.labelling.record
        assert record is not None
        failure = self.preparation.failure(record.image_id)
        self.canvas.show_marks(self._marks())
        if isinstance(failure, ActionableError):
            self.canvas.show_failure(failure)
            self.messages.tell(failure)
        elif failure is not None:
            self.canvas.show_failure(ActionableError("This image cannot be shown."))
            self.messages.tell(failure)
        else:
            picture = self.preparation.picture(record.image_id)
            self.canvas.show_image(None if picture is None else picture.pyramid)
            if not self.preferences.keep_view:
                self.canvas.fit("object")

    def _show_stored(self, what: str) -> None:
        self.status.show_stored(what)
        for name, title in (("undo", self.labelling.undoable), ("redo", self.labelling.redoable)):
            self.actions_by_name[name].setText(f"{name.capitalize()} {title}".strip())

    def _show_menu(self, place: QPoint) -> None:
        """What can be said of the landmark that is asked for."""
        asked = self.labelling.asked
        if asked is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addSection(self.project.scheme.landmarks[asked])
            for name in ("confirm", "clear", "occluded", "absent", "visible"):
                menu.addAction(self.actions_by_name[name])
            menu.popup(place)

    def _keep_view(self, kept: bool) -> None:
        self._prefer(keep_view=kept)

    def _prefer(self, **values: Any) -> None:
        try:
            self.preferences.change(**values)
        except ActionableError as error:
            self.messages.tell(error)

    def _show_view(self) -> None:
        labelling = self.labelling
        phase, marks = labelling.phase, self._marks()
        self.canvas.ask_for_box(phase is Phase.BOX)
        self.canvas.show_marks(marks)
        view, asked, proposer = labelling.view, labelling.asked, self.preparation.proposer
        accepted = view is not None and view.instance.state is InstanceState.ACCEPTED
        self.landmarks.show_marks(marks, can_accept=labelling.can_accept, accepted=accepted)
        ways = self.preparation.two_clicks
        self.canvas.show_picture(scheme_picture(self.project.scheme, ways, asked))
        text = waiting_text(phase, self.project.scheme, view, asked, self.placing.wanted)
        self.status.waiting.setText(text)
        # A landmark with a position wears its name; what has no place yet is asked for on top.
        placeless = view is not None and asked is not None and not view.shape.known[asked]
        self.canvas.show_hint(text if placeless or phase is Phase.BOX else "")
        self.status.show_model(None if proposer is None else proposer.reason)
        self.status.show_error(None if view is None else view.predicted_error)

    def _show_hypotheses(self) -> None:
        record = self.labelling.record
        if record is not None:
            self.landmarks.hypotheses.show_shapes(
                self.whole_shape.hypotheses(), self.preparation.picture(record.image_id)
            )

    def _show_row(self, instance_id: int) -> None:
        self.list_model.change(
            self.project.instance(instance_id), self.labelling.clicks[instance_id]
        )

    def _marks(self) -> Marks | None:
        view = self.labelling.view
        if view is None:
            return None
        return Marks(
            self.project.scheme,
            np.where(view.shape.known[:, None], view.shape.points, view.absent_at),
            view.shape.covariances,
            view.shape.visibility,
            view.shape.provenance,
            view.instance.box,
            self.labelling.asked,
            absent=view.absent,
        )

    def _nothing_to_label(self) -> None:
        self.canvas.show_failure(
            ActionableError(
                "This project holds no images yet.",
                remedy=f'Import some: annotator import "{self.project.folder}" FOLDER',
            )
        )
        self.status.waiting.setText("Nothing to label yet")

    def _take_box(self, box: Box) -> None:
        self.labelling.set_box(box)
        self.canvas.fit("object")

    def _place_by_clicks(self, x: float, y: float) -> None:
        without = self.labelling.record
        self.placing.click(x, y)
        if without is not None and without != self.labelling.record:
            self.canvas.fit("object")

    def _show_keys(self) -> None:
        KeysSheet(self).open()

    # Going through the list

    def _step(self, by: int) -> None:
        """The next or previous that the list shows; none beyond its ends."""
        record = self.labelling.record
        if record is not None:
            following = self.list_model.beside(record.id, by)
            if following is not None:
                self.labelling.open(following)

    def _next_uncertain(self) -> None:
        """Of all that is not accepted, the one that the model is least sure of."""
        record = self.labelling.record
        following = self.list_model.least_sure(None if record is None else record.id)
        if following is None:
            self.messages.note(
                "For nothing else that waits is it known how unsure the model is. "
                "annotator propose finds out for all images."
            )
        else:
            self.labelling.open(following)

    def _end_training(self) -> None:
        self.status.training.hide()
        self.actions_by_name["train"].setChecked(False)

    def _take_model(self, held_out_error: float) -> None:
        self.messages.note(
            f"The model is trained: {held_out_error:.1f} % error on held-out shapes."
        )
        self.preparation.look_for_models()

    def _list_anew(self) -> None:
        self.list_model.load(self.project.instances(), self.project.images(), self.labelling.clicks)
        self.browser.narrow()

    def _order(self, worst_first: bool) -> None:
        self.browser.order(worst_first)
        if self.labelling.record is not None:
            self.list.mark_open(self.labelling.record.id)

    # Hands go back to the canvas, whose held keys work only there

    def _open_from_list(self, instance_id: int) -> None:
        self.labelling.open(instance_id)
        # Those who walk through the list with the arrow keys stay in it.
        if QApplication.mouseButtons():
            self.canvas.setFocus()

    def _ask_from_panel(self, landmark: int) -> None:
        self.labelling.choose(landmark)
        self.canvas.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.canvas.hasFocus():
            self.canvas.keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.canvas.hasFocus():
            self.canvas.keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.nudging.settle()
        self.training.close()
        self.preparation.close()
        self._prefer(
            window=self.saveGeometry().toBase64().toStdString(),
            parts=self.parts.saveState().toBase64().toStdString(),
        )
        self.thumbnails.close()
        self.heating.close()
        super().closeEvent(event)
