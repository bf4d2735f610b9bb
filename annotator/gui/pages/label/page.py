"""The label page: canvas, list of images and landmarks, and what connects them."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.commands.accept import Acceptance
from landmark_annotator.annotator.gui.pages.label.commands.accept_image import ImageAcceptance
from landmark_annotator.annotator.gui.pages.label.commands.asked_landmark import AskedLandmark
from landmark_annotator.annotator.gui.pages.label.commands.clip import Clip
from landmark_annotator.annotator.gui.pages.label.commands.exclude import Exclusion
from landmark_annotator.annotator.gui.pages.label.commands.find_objects import FindObjects
from landmark_annotator.annotator.gui.pages.label.commands.flags import Flags
from landmark_annotator.annotator.gui.pages.label.commands.hands import Hands
from landmark_annotator.annotator.gui.pages.label.commands.history import History
from landmark_annotator.annotator.gui.pages.label.commands.list_steps import ListSteps
from landmark_annotator.annotator.gui.pages.label.commands.mark import Marking
from landmark_annotator.annotator.gui.pages.label.commands.nudge import Nudge
from landmark_annotator.annotator.gui.pages.label.commands.objects import Objects
from landmark_annotator.annotator.gui.pages.label.commands.place_by_clicks import TwoClickPlacement
from landmark_annotator.annotator.gui.pages.label.commands.regions import Regions
from landmark_annotator.annotator.gui.pages.label.commands.selected import Selected
from landmark_annotator.annotator.gui.pages.label.commands.viewing import Viewing
from landmark_annotator.annotator.gui.pages.label.commands.whole_shape import WholeShape
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.lock import OpenLock
from landmark_annotator.annotator.gui.pages.label.controller.preparation import Preparation
from landmark_annotator.annotator.gui.pages.label.controller.prompt import (
    USUAL_KEYS,
    Phase,
    left_out,
    prompt_text,
)
from landmark_annotator.annotator.gui.pages.label.controller.seen_marks import seen_marks
from landmark_annotator.annotator.gui.pages.label.controller.seen_model import seen_model
from landmark_annotator.annotator.gui.pages.label.observers.background_queries import (
    BackgroundQueries,
)
from landmark_annotator.annotator.gui.pages.label.observers.budget_warning import BudgetWarning
from landmark_annotator.annotator.gui.pages.label.observers.heat_map import HeatMap
from landmark_annotator.annotator.gui.pages.label.observers.large_image import LargeImage
from landmark_annotator.annotator.gui.pages.label.observers.passing_frame import PassingFrame
from landmark_annotator.annotator.gui.pages.label.observers.proposed_masks import ProposedMasks
from landmark_annotator.annotator.gui.pages.label.observers.second_thoughts import SecondThoughts
from landmark_annotator.annotator.gui.pages.label.panels.image_browser import ImageBrowser
from landmark_annotator.annotator.gui.pages.label.panels.image_list import ImageListModel
from landmark_annotator.annotator.gui.pages.label.panels.landmarks import LandmarkPanel
from landmark_annotator.annotator.gui.pages.page import Page
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.services.thumbnails import Thumbnails
from landmark_annotator.annotator.gui.widgets.shape_drawing import SchemePictures
from landmark_annotator.annotator.gui.widgets.side_parts import SideParts
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.annotator.session.posterior.hypotheses import Hypothesis
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary.errors import ActionableError, SourceAway


class LabelPage(Page):
    menu_wanted = Signal(QPoint)
    """(on the screen) What can be said of the landmark that is asked for."""

    def __init__(self, context: PageContext, preferences: Preferences) -> None:
        super().__init__(context)
        self.preferences = preferences
        self.project = project = context.project
        self.preparation = ready = Preparation(project, context.changes, self)
        session = LabellingSession(project, who=context.who)
        self.controller = controller = LabelController(session, ready, context.changes, self)
        self.lock = OpenLock(session)
        self.nudge = Nudge(controller, self)
        self.placement = TwoClickPlacement(controller, self)
        self.acceptance = Acceptance(controller, self.placement)
        self.whole_shape = WholeShape(controller)
        self.canvas, self._drawn = Canvas(), SchemePictures(project.scheme)
        self.objects = Objects(controller, self.canvas.scene, self)
        scene = self.canvas.scene
        self.image_acceptance = ImageAcceptance(controller, self.acceptance, self.objects, scene)
        self.marking = Marking(controller, self.canvas.scene)
        self.setFocusProxy(self.canvas)
        self._keys: Mapping[str, str] = USUAL_KEYS
        self.thumbnails = Thumbnails(lambda image_id: self.list_model.source(image_id), self)
        self.list_model = ImageListModel(project, self.thumbnails)
        # A file that can be read now, and could not when the list came to it, was put back.
        self.preparation.picture_ready.connect(self.thumbnails.look_again)
        self.steps = ListSteps(controller, self.list_model)
        self.browser = ImageBrowser(self.list_model, project)
        self.list = self.browser.list
        self.flags = Flags(controller, self.list_model, context, self)
        self.exclusion = Exclusion(controller, self.list, self.list_model, self)
        self.selected = Selected(self.exclusion, controller, context, self)
        self.landmarks = LandmarkPanel(project.scheme)
        self.viewing = Viewing(controller, self.canvas, context, self)
        self.history = History(controller, self.placement, self.canvas)
        self.asked_landmark = AskedLandmark(controller, self.canvas.scene, self.history)
        self.hands = Hands(
            controller,
            self.canvas,
            self.placement,
            self.nudge,
            self.whole_shape,
            self.objects,
            self.asked_landmark,
            self,
        )
        self.finding = FindObjects(controller, context, lambda: self.hands.at_work, self)
        self.finding.looking_changed.connect(self._show_view)
        masks = self.landmarks.regions
        self.regions = Regions(controller, self.canvas, masks, self.acceptance, self)
        self.heat_map = HeatMap(controller, self.canvas, self)
        self.queries = BackgroundQueries(controller, self)
        self.proposed_masks = ProposedMasks(controller, self)
        self.second_thoughts = SecondThoughts(controller, self)
        self.clip = Clip(controller, self.canvas, context, self)
        self.passing = PassingFrame(controller, self.clip.passing, self.landmarks, context, self)
        self.parts = SideParts(self.browser, self.clip.shown, self.landmarks)
        self.parts.begin_with((420, 830, 240))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.parts)
        self._connect()

    @property
    @override
    def slots(self) -> Mapping[str, Callable[..., object]]:
        slots: dict[str, Callable[..., object]] = {
            **self.flags.slots,
            **self.exclusion.slots,
            **self.viewing.slots,
            **self.asked_landmark.slots,
            **self.clip.slots,
            "undo": lambda: self.clip.tracks.turn(self.history.undo, self.project.undoable),
            "redo": lambda: self.clip.tracks.turn(self.history.redo, self.project.redoable),
            "show_excluded": self.browser.show_excluded,
            **self.regions.slots,
            "accept_image": self.image_acceptance.accept,
            **self.marking.slots,
            **self.steps.slots,
            **self.objects.slots,
            "swap": lambda: self.whole_shape.swap(self.canvas.scene.selected),
            "copy_previous": self.whole_shape.copy_previous,
            "start_again": self.whole_shape.start_again,
            **self.hands.slots,
            "worst_first": self.browser.order,
            "find": self.browser.search,
            "jump": self.browser.jump,
            "next_part": self._go_to_next_part,
            "next_unlabelled": self.acceptance.go_on,
            "heat": self.heat_map.show,
        }
        return self.passing.guarded(slots)

    def _connect(self) -> None:
        controller, canvas = self.controller, self.canvas
        self.landmarks.hypotheses.chosen.connect(self.whole_shape.take)
        canvas.menu_wanted.connect(self.menu_wanted)
        self.list.chosen.connect(self._open_from_list)
        self.list.exclude_wanted.connect(self.exclusion.ask)
        self.list.menu_wanted.connect(self.selected.show_menu)
        self.browser.left.connect(canvas.setFocus)
        self.browser.narrowed.connect(self._mark_open)
        self.landmarks.asked.connect(self._ask_from_panel)
        self.landmarks.closeup_wanted.connect(self.viewing.look_closely)
        canvas.misplaced.connect(self.asked_landmark.take_back)
        canvas.closeup_wanted.connect(self.viewing.look_closely)
        self.landmarks.accepted.connect(self.acceptance.accept)
        self.acceptance.ahead.connect(self._show_ahead)
        for seen in (self.acceptance.see, self.in_use_painted, self.image_acceptance.see):
            canvas.painted.connect(seen)
        self.acceptance.back.connect(self._show_picture)
        for back in (self.acceptance.back, self.regions.retold, self.objects.retold):
            back.connect(self._show_view)
        controller.opened.connect(self._show_opened)
        controller.picture_changed.connect(self._show_picture)
        controller.changed.connect(self._show_view)
        self.queries.shapes_found.connect(self._show_hypotheses)
        self.queries.variables_read.connect(self.landmarks.variables.show_readings)
        self.clip.track.looked.connect(self._show_model)
        self.clip.track.found.connect(self._show_model)
        self.clip.track.withdrawn.connect(self.list_model.expect_no_more)
        controller.held.connect(lambda: canvas.show_marks(self._marks()))
        controller.foreseen.connect(self._show_foreseen)
        controller.proposed.connect(self._fit_proposal)
        context = self._context
        controller.noted.connect(lambda said, until: context.note(said, until_stored=until))
        controller.failed.connect(lambda error: context.tell(error, until_stored=True))
        # The list knows an instance before it is opened.
        context.changes.announced.connect(self._hear)
        context.changes.show_later(self.list_model.hear)
        context.changes.announced.connect(controller.hear)
        context.closing.connect(self._close)
        BudgetWarning(controller, context, self)
        LargeImage(controller, canvas, self)

    @property
    @override
    def message_area(self) -> QWidget:
        return self.canvas

    @property
    @override
    def in_use(self) -> QRectF:
        return self.canvas.asked_area

    @override
    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self.steps.propose_key = keys["propose"]
        self.landmarks.accept_key = keys["accept"]
        if self.controller.record is not None:
            self._show_view()

    def start(self) -> None:
        self.controller.start()
        if self.controller.record is None:
            self._nothing_to_label()

    def _close(self) -> None:
        self.nudge.settle()
        self.canvas.settle()
        self.thumbnails.close()
        self.heat_map.close()
        self.queries.close()
        self.regions.close()
        self.proposed_masks.close()
        self.preparation.close()

    # Showing

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.controller.record is not None:
            if not event.spontaneous():  # which is the whole window, back from the task bar
                self._context.clear()  # what was told of another page
            self._show_view()

    def _show_opened(self, instance_id: int) -> None:
        self.canvas.scene.rest()
        self.viewing.turn_to_object(self.controller.record, kept=self.preferences.keep_view)
        self.list.mark_open(instance_id)
        self.flags.tell(instance_id)

    def _show_picture(self) -> None:
        record = self.controller.record
        assert record is not None
        if self.clip.away:
            return
        self.acceptance.show(record.id)
        failure = self.preparation.failure(record.image_id)
        self.canvas.show_marks(self._marks())
        if failure is not None:
            self.canvas.show_failure(self._context.worded(failure))
            # Where the source is away, that is so of all images there; there may be a way out.
            if isinstance(failure, SourceAway) or not isinstance(failure, ActionableError):
                self._context.tell(failure)
        else:
            picture = self.preparation.picture(record.image_id)
            self.canvas.show_image(None if picture is None else picture.pyramid)
            if not self.preferences.keep_view:
                self.image_acceptance.fit()

    def _show_view(self) -> None:
        controller = self.controller
        if self.clip.away:
            return
        phase, marks = controller.phase, self._marks()
        self.canvas.ask_for_box(phase is Phase.BOX)
        self.canvas.show_marks(marks)
        view, asked = controller.view, controller.asked
        accepted = view is not None and view.instance.state is InstanceState.ACCEPTED
        planned = controller.session.plan.landmarks
        if view is not None:
            self.list_model.show_expected(view.instance.id, view.predicted_error)
        self.landmarks.show_marks(
            marks, can_accept=controller.can_accept, accepted=accepted, planned=planned
        )
        spot, begun = self.placement.wanted, self.canvas.gestures.box.begins
        self.canvas.show_picture(self._scheme_picture(spot if asked is None else asked))
        objects, waiting = self.objects, self.image_acceptance.waiting
        known = phase, self.project.scheme, view, asked, spot, self._keys, waiting
        looks, more, guess = self.finding.looks_here, objects.may_be_more, objects.guess
        asked_for = prompt_text(
            *known, begun=begun, looking=looks, lock=self.lock.now(), more=more, guess=guess
        )
        if view is not None and not controller.counts:
            asked_for = left_out(asked_for)
        # No click places a landmark while a tool for masks is in hand; a box goes before both.
        text = self.canvas.gestures.told_of_masks or asked_for
        if not self.isHidden():
            self._context.prompt(text)
            self._show_model()
            self._context.expected_error(*(view.predicted_errors if view else (None,)))
        # A landmark with a position wears its name; what has no place yet is asked for on top.
        placeless = view is not None and asked is not None and not view.shape.known[asked]
        self.canvas.show_hint(text if placeless or phase is Phase.BOX else "")

    def _show_model(self) -> None:
        """What proposes, behind what frames of the track are still missing from it."""
        reason = seen_model(self.controller)
        if not self.isHidden() and not self.clip.away:
            self._context.model(reason and f"{self.clip.track.waiting} {reason}".strip())

    def _fit_proposal(self) -> None:
        """The model may see more of the object than its box holds; hands at work are let be."""
        view = self.controller.view
        untouched = view is not None and not any(view.shape.provenance)
        if untouched and not self.preferences.keep_view:
            self.canvas.scene.refit()

    def _show_foreseen(self) -> None:
        self.canvas.show_marks(self._marks())
        self.canvas.repaint()

    def _show_hypotheses(self, found: Sequence[Hypothesis]) -> None:
        record = self.controller.record
        picture = None if record is None else self.preparation.picture(record.image_id)
        self.landmarks.hypotheses.show_shapes(found, picture)

    def _show_ahead(self, view: View) -> None:
        """The next instance, before it is open, and before all that can wait."""
        picture = self.preparation.picture(view.instance.image_id)
        assert picture is not None
        self.viewing.turn_to_object(view.instance, kept=self.preferences.keep_view)
        self.acceptance.show(view.instance.id)
        self.objects.hide()
        self.canvas.show_heat(None)
        self.canvas.show_marks(seen_marks(self.project.scheme, view, view.query, offered=True))
        self.canvas.show_picture(self._scheme_picture(view.query))
        self.canvas.show_image(picture.pyramid)
        if not self.preferences.keep_view:
            self.canvas.scene.fit("object")
        self.canvas.repaint()

    def _scheme_picture(self, landmark: int | None) -> QPixmap | None:
        ways = self.preparation.two_clicks
        return None if ways is None or landmark is None else self._drawn.of(ways.mean, landmark)

    def _marks(self) -> Marks | None:
        view, controller = self.controller.view, self.controller
        if view is None:
            return None
        return seen_marks(controller.scheme, view, controller.asked, offered=controller.offered)

    def _nothing_to_label(self) -> None:
        happened = "This project holds no images yet."
        remedy = f"Drop a folder on the window, or choose one with {self._keys['import']}."
        if self.project.images():  # as scripts add them: `Project.add_image` says of no object
            happened = "No image of this project has an object to label yet."
            remedy = f"{remedy} If it is that of these images, each of them gets one."
        self.canvas.show_failure(ActionableError(happened, remedy=remedy))
        self._context.prompt("Nothing to label yet")

    # The list

    def _hear(self, change: Change) -> None:
        if Kind.LIST in change.kinds:
            self.browser.narrow()

    def _mark_open(self) -> None:
        if (record := self.controller.record) is not None:
            self.list.mark_again(record.id)

    # Hands go back to the canvas, whose held keys work only there

    def _open_from_list(self, instance_id: int) -> None:
        self.controller.open(instance_id)
        # Those who walk through the list with the arrow keys stay in it.
        if QApplication.mouseButtons():
            self.canvas.setFocus()

    def _go_to_next_part(self) -> None:
        """Tab asks for another landmark, so another key goes round the window."""
        parts = (self.canvas, self.list, self.landmarks.tree)
        focused = [part.hasFocus() for part in parts]
        place = focused.index(True) if True in focused else -1
        parts[(place + 1) % len(parts)].setFocus(Qt.FocusReason.TabFocusReason)

    def _ask_from_panel(self, landmark: int) -> None:
        self.asked_landmark.choose(landmark)
        self.canvas.setFocus()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.canvas.hasFocus():
            event.ignore()  # it comes from there: nobody here wants it
        else:
            self.canvas.keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.canvas.hasFocus():
            self.canvas.keyReleaseEvent(event)
