"""The window: puts the parts together and connects them, and does nothing itself."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.asked_first import may
from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.observers.others_at_work import OthersAtWork
from landmark_annotator.annotator.gui.pages.label.observers.picture_back import PictureBack
from landmark_annotator.annotator.gui.pages.label.page import LabelPage
from landmark_annotator.annotator.gui.pages.page import Pages
from landmark_annotator.annotator.gui.services.dropped_files import dropped_paths
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.style.screen import place_again, place_first, place_of
from landmark_annotator.annotator.gui.widgets.message_place import MessagePlace
from landmark_annotator.annotator.gui.widgets.status_line import StatusLine
from landmark_annotator.annotator.gui.window.action_table import (
    ACTIONS,
    build_actions,
    fill_menus,
    give_keys,
)
from landmark_annotator.annotator.gui.window.background_work import BackgroundWork
from landmark_annotator.annotator.gui.window.heading_hint import HeadingHint
from landmark_annotator.annotator.gui.window.image_sources import ImageSources
from landmark_annotator.annotator.gui.window.key_bindings import chosen_cards
from landmark_annotator.annotator.gui.window.keys_sheet import KeysSheet
from landmark_annotator.annotator.gui.window.moved_files import remedy
from landmark_annotator.annotator.gui.window.page_table import PAGES
from landmark_annotator.annotator.gui.window.preloading import Preloading
from landmark_annotator.annotator.gui.window.recent_menu import RecentMenu
from landmark_annotator.annotator.gui.window.role_title import RoleTitle
from landmark_annotator.annotator.gui.window.scheme_work import SchemeWork
from landmark_annotator.annotator.gui.window.tour import Tour
from landmark_annotator.annotator.gui.window.window_context import WindowContext
from landmark_annotator.annotator.gui.window.work_strip import WorkStrip
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.place import warning as place_warning
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import (
    FileMissing,
    NoProject,
    SchemeChanged,
)

_SMALLEST = QSize(1440, 900)
"""Of a first window, where the screen has room for it."""
_NOT_READY = (
    "Something that pages need could not be made ready beside the window: one of them may open "
    "more slowly, or say what is wrong."
)


class MainWindow(QMainWindow):
    """On an open project, which the caller closes after the window.

    preferences: what the user has set; by default those of a first start, kept nowhere.
    """

    new_wanted = Signal()
    open_wanted = Signal(object)
    """(folder of a project, or None: the user has yet to choose)"""
    quit_wanted = Signal()
    reopen_wanted = Signal(str)
    """(what is to be said then) The project has another scheme than this window knows."""
    start_wanted = Signal()
    """The user is done with this project."""

    def __init__(
        self, project: Project, *, who: str, preferences: Preferences | None = None
    ) -> None:
        super().__init__()
        self.project = project
        self.preferences = preferences or Preferences()
        self.messages = Messages(self)
        self.status = StatusLine(project.scheme.divisor)
        self.strip = WorkStrip()
        self.context = WindowContext(
            project,
            who,
            self.messages,
            self.status,
            self.strip,
            self.preferences,
            self.open_instance,
            lambda name: self.pages.turn_to(name),
        )
        # It hears of what was done before those who may say more of it.
        self.context.changes.announced.connect(self._hear)
        self.context.changes.show_later(self._show_turns)
        self.label_page = LabelPage(self.context, self.preferences)
        self.controller, self.preparation = self.label_page.controller, self.label_page.preparation
        self.canvas = self.label_page.canvas
        self.list = self.label_page.list
        self.others = OthersAtWork(self.controller, self.label_page.list_model, self.context)
        self.role = RoleTitle(self.context, self.status, self)
        self.others.people_changed.connect(self._show_role)
        self.picture_back = PictureBack(self.controller, self.context)
        self.landmarks = self.label_page.landmarks
        self.work = BackgroundWork(
            project, who, self.messages, self.context.changes, self.strip, self
        )
        self.scheme_work = SchemeWork(self.context, self.controller, self.work, self)
        self.scheme_work.reopen_wanted.connect(self.reopen_wanted)
        self.heading_hint = HeadingHint(self.controller, self.scheme_work, self.messages, self)
        self.messages.offer(
            SchemeChanged, "Open it again now", partial(self.reopen_wanted.emit, "")
        )
        self.messages.advise(FileMissing, self._about_a_missing_file)
        self.messages.advise(NoProject, self._about_no_project)
        self.image_sources = ImageSources(project, self.messages, self)
        made_later = {page.name: page.make for page in PAGES if page.make is not None}
        self.pages = Pages(
            {
                "label": lambda: self.label_page,
                **{name: partial(make, self.context) for name, make in made_later.items()},
            }
        )
        self._compose()
        self.actions_by_name = build_actions(
            self, self._slots(), chosen_cards(self.preferences.keys)
        )
        self._menus = fill_menus(self.menuBar(), self.actions_by_name)
        self.recent = RecentMenu(self.preferences, project.folder, self)
        self.recent.chosen.connect(self.open_wanted)
        self._menus[0].insertMenu(self.actions_by_name["import"], self.recent)
        self.actions_by_name["ellipses"].setChecked(True)
        self.actions_by_name["keep_view"].setChecked(self.preferences.keep_view)
        for card in ACTIONS:
            step = partial(self._remember, card.title)
            self.actions_by_name[card.name].triggered.connect(step)
        self._preloading = Preloading(project.folder, who, self)
        self._connect()
        self.pages.show_keys(chosen_cards(self.preferences.keys))
        self.pages.turn_to("label")
        self.setAcceptDrops(True)
        if not place_again(self, self.preferences.window):
            place_first(self, _SMALLEST)
        self.tour: Tour | None = None
        self._begun: Mapping[str, Any] = {}
        if self.preferences.parts:
            self.label_page.parts.restoreState(
                QByteArray.fromBase64(self.preferences.parts.encode())
            )

    def start(self) -> None:
        """Opens the first instance without labels. Called once the window is on the screen."""
        looking = self.project.read_only
        stranger = self.role.show()
        idle = looking or stranger is not None
        self._show_turns()
        self.status.show_stored("Nothing is stored" if idle else "Every click is stored at once")
        if not idle:
            self.preparation.proposer_ready.connect(self._learn_from_what_is_there)
        self._begun = self._arrangement
        self.label_page.start()
        self.canvas.setFocus()
        # Last: opening an instance clears what was told before.
        if looking:
            may(partial(self.project.refuse_read_only, kept=""), self.messages.tell)
        elif stranger is not None:
            self.messages.tell(stranger)
        elif not self.work.follow.tell_unfinished() and (
            place := place_warning(self.project.folder)
        ):
            self.messages.note(place)

    def begin_tour(self) -> None:
        """From its first step, on the label page."""
        if self.tour is not None:
            self.tour.close_tour()
        self.pages.turn_to("label")
        cards = chosen_cards(self.preferences.keys)
        self.tour = Tour(self.context, self.pages, cards, self._whole)
        self.tour.ended.connect(self._end_tour)

    def _end_tour(self) -> None:
        self.tour = None
        self._prefer(toured=True)

    @property
    def _arrangement(self) -> dict[str, Any]:
        """Where the window and its parts are, by the names of the preferences."""
        return {
            "window": place_of(self),
            "parts": self.label_page.parts.saveState().toBase64().toStdString(),
        }

    def open_instance(self, instance_id: int) -> None:
        """On the label page."""
        self.pages.turn_to("label")
        self.controller.open(instance_id)

    def _compose(self) -> None:
        self._whole = whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages)
        self.setCentralWidget(whole)
        self.status.insertPermanentWidget(1, self.strip)
        self.setStatusBar(self.status)
        place = MessagePlace(self.messages.banner, whole, lambda: self.pages.in_use)
        self.pages.turned.connect(lambda name: place.follow(self.pages.page(name).message_area))
        self.pages.in_use_painted.connect(place.look_again)

    def _slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            **self.label_page.slots,
            **self.work.slots,
            "new": self.new_wanted.emit,
            "open": lambda: self.open_wanted.emit(None),
            "landmarks": self.scheme_work.edit,
            "close": self.start_wanted.emit,
            "quit": self.quit_wanted.emit,
            "preferences": self._show_preferences,
            "people": self._show_people,
            "keep_view": lambda on: self._prefer(keep_view=on),
            "tour": self.begin_tour,
            "keys": lambda: KeysSheet(self, chosen_cards(self.preferences.keys)).open(),
            **{f"page_{page.name}": partial(self.pages.turn_to, page.name) for page in PAGES},
            **{
                card.name: partial(self.pages.act, card.page, card.name)
                for card in ACTIONS
                if card.page not in ("", "label")
            },
        }

    def _connect(self) -> None:
        self.pages.turned.connect(self._turned)
        self.label_page.menu_wanted.connect(self._show_menu)
        self.work.follow.shown = self.work.clip.shown = lambda: self.label_page.clip.at_hand
        self.work.follow.open = self.open_instance
        self.work.follow.seen.connect(self.label_page.clip.track.take_seen)
        self.list.error_clicked.connect(self.actions_by_name["worst_first"].toggle)
        self.work.training.ended.connect(lambda: self.actions_by_name["train"].setChecked(False))
        self.work.trained.connect(self.preparation.look_for_models)
        for found in (self.work.moved_files.found, self.image_sources.confirmed):
            found.connect(self.preparation.look_for_pictures)
            found.connect(self.label_page.thumbnails.look_again)
            found.connect(self.pages.look_for_pictures)
        self.work.training.ended.connect(self.label_page.finding.look_anew)
        self.preparation.picture_ready.connect(self._preloading.rehearse)
        self.preparation.proposer_ready.connect(self._preloading.begin)
        for told in (self.preparation.proposer_awaited, self.preparation.proposer_ready):
            told.connect(self._show_proposer)
        self._preloading.failed.connect(partial(self.messages.note_failure, _NOT_READY))
        self.context.closing.connect(self._preloading.close)

    def _hear(self, change: Change) -> None:
        if Kind.LABELS in change.kinds:
            self._learn()
        if change.said:
            self.status.show_stored(change.said)
            self.messages.remember(change.said)

    def _learn_from_what_is_there(self) -> None:
        """Labels may have come while the window was closed, or a training was cut short. Once what
        proposes is there, for which people wait."""
        proposer = self.preparation.proposer
        if proposer is not None and not proposer.at_first:
            self.preparation.proposer_ready.disconnect(self._learn_from_what_is_there)
            self._learn()

    def _learn(self) -> None:
        """Trains beside the labelling when there are enough new labels, unless it was stopped."""
        if self.preferences.learn and self.work.training_due():
            self.actions_by_name["train"].setChecked(True)
            self.work.training.switch(True)

    def _turned(self, name: str) -> None:
        """Only the actions of the page that is seen have their keys, and menus.

        What writes beside the window has none where the project can only be looked at.
        """
        for card in ACTIONS:
            allowed = not (self.project.read_only and card.name in self.work.writing)
            self.actions_by_name[card.name].setEnabled(card.page in ("", name) and allowed)
        for menu in self._menus:
            menu.menuAction().setVisible(any(action.isEnabled() for action in menu.actions()))

    def _remember(self, title: str, _checked: bool = False) -> None:
        self.messages.remember(title)

    def _show_turns(self, change: Change | None = None) -> None:
        if change is None or change.said:
            titles = self.project.titles(self.context.who)
            for name, title in zip(("undo", "redo"), titles, strict=True):
                self.actions_by_name[name].setText(f"{name.capitalize()} {title or ''}".strip())

    def _show_proposer(self) -> None:
        """It may be found while another page is seen, on which else one is looked for for ever."""
        reason = self.preparation.reason
        if reason is not None and self.label_page.isHidden():
            self.status.show_model(reason)

    def _show_menu(self, place: QPoint) -> None:
        if (asked := self.controller.asked) is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addSection(self.project.scheme.landmarks[asked])
            for name in ("confirm", "clear", "occluded", "absent", "visible"):
                menu.addAction(self.actions_by_name[name])
            menu.popup(place)

    def _prefer(self, **values: Any) -> None:
        try:
            self.preferences.change(**values)
        except ActionableError as error:
            self.messages.tell(error)

    def _show_preferences(self) -> None:
        from landmark_annotator.annotator.gui.window.preferences_dialog import PreferencesDialog

        dialog = PreferencesDialog(self.preferences, self)
        dialog.changed.connect(self._take_preferences)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _about_a_missing_file(self) -> str:
        if self.project.read_only:
            return "Put it back."
        [find] = (c for c in chosen_cards(self.preferences.keys) if c.name == "locate")
        return remedy(find)

    def _about_no_project(self) -> str:
        """What reads this project beside the window opens it anew."""
        if Project.is_project(self.project.folder):
            return "Choose the folder of a project."
        return (
            "It was moved or deleted while it was open: put it back, or close this project and "
            "open it where it is now. All that was stored is in it."
        )

    def _show_people(self) -> None:
        from landmark_annotator.annotator.gui.window.people_dialog import PeopleDialog

        dialog = PeopleDialog(self.project, self.context.who, self)
        dialog.finished.connect(self._show_role)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_role(self) -> None:
        self.role.show_new()
        self.label_page.lock.forget()
        if not self.controller.away:
            self.controller.show_again()

    def _take_preferences(self) -> None:
        cards = chosen_cards(self.preferences.keys)
        give_keys(self.actions_by_name, cards)
        self.pages.show_keys(cards)
        self.actions_by_name["keep_view"].setChecked(self.preferences.keep_view)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event.mimeData())
        if not paths:
            return
        event.acceptProposedAction()
        if len(paths) == 1 and Project.is_project(paths[0]):
            self.open_wanted.emit(paths[0])
        else:
            self.work.choose(paths)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.work.exports.keeps_open(self.close):
            event.ignore()
            return
        # What nobody moved stays as another window may have left it meanwhile.
        self._prefer(
            **{name: now for name, now in self._arrangement.items() if now != self._begun.get(name)}
        )
        # Gone at once for the user; a training takes a moment more to come to its safe point.
        self.hide()
        self.context.close()
        self.work.close()
        # Else what waits for the end of typing would look into a project that is closed by then.
        for timer in self.findChildren(QTimer):
            timer.stop()
        super().closeEvent(event)
