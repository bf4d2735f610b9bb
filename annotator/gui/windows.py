"""Which window there is: the start page, or one on an open project; and going between them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from landmark_annotator.annotator.gui.imports.left_out import counted_left_out, told_after
from landmark_annotator.annotator.gui.services.application import dress
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.services.crash_report import log_path, watch_for_sudden_end
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.widgets.open_elsewhere import OpenElsewhere
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.session.reports.visitors import who_is_there
from landmark_annotator.projects.store import Presence, Project
from landmark_annotator.projects.vocabulary import ActionableError, Progress
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.gui.start.start_window import StartWindow
    from landmark_annotator.annotator.session.setup.joined_project import JoinedProject
    from landmark_annotator.projects.exchange import ImportReport


class Windows(QObject):
    """Owns the project that is open. One window at a time.

    samples: the folder of the sample project, made when it is first asked for.
    """

    def __init__(
        self, app: QApplication, preferences: Preferences, who: str, samples: Path
    ) -> None:
        super().__init__()
        self._app, self._preferences, self._who, self._samples = app, preferences, who, samples
        self._project: Project | None = None
        self._presence: Presence | None = None
        self._told: ActionableError | None = None
        """What the window that is being opened is to say first."""
        self._return: tuple[int | None, str] | None = None
        """(instance, note) What the window that is opened anew opens and says first."""
        self._tour = False
        """Whether the window that is being opened begins with the tour."""
        self.asking: OpenElsewhere | None = None
        """What to do about a project that somebody has open."""
        self.window: StartWindow | MainWindow | None = None
        self._drawing = BackgroundJob("Making the samples", self)
        self._drawing.progressed.connect(self._show_drawing)
        self._drawing.failed.connect(self._tell)
        app.styleHints().colorSchemeChanged.connect(self._dress)
        self._dress()

    @property
    def messages(self) -> Messages | None:
        return None if self.window is None else self.window.messages

    def show_start(self) -> None:
        from landmark_annotator.annotator.gui.start.start_window import StartWindow

        if self._keeps_open(self.show_start):
            return
        window = StartWindow(self._preferences)
        window.new_wanted.connect(self.show_wizard)
        window.open_wanted.connect(self.open)
        window.join_wanted.connect(self.show_join)
        window.samples_wanted.connect(self.open_samples)
        self._show(window, None)

    def open(self, folder: Path | None) -> None:
        """A project, in place of what is open; None asks for it first.

        A folder of images begins a new project. What goes wrong is told in the window that is
        there, which stays.
        """
        if folder is None:
            chosen = QFileDialog.getExistingDirectory(self.window, "Open a project")
            if not chosen:
                return
            folder = Path(chosen)
            if not Project.is_project(folder):
                self.show_wizard(folder)
                return
        if not self._keeps_open(partial(self.open, folder)):
            self._attempt(partial(self.show_project, folder))

    def _keeps_open(self, leave: Callable[[], object]) -> bool:
        """Whether the window that is there first asks about what it has not finished."""
        return isinstance(self.window, MainWindow) and self.window.work.exports.keeps_open(leave)

    def _attempt(self, step: Callable[[], None]) -> None:
        """To make a window takes seconds on a busy machine, in which the pointer says so."""
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            step()
        except ActionableError as error:
            self._tell(error)
        finally:
            QApplication.restoreOverrideCursor()

    def show_project(self, folder: Path) -> None:
        """Where somebody has it open, what to do is asked first, over the window that is there.

        Raises what `Project.open` raises; then nothing has changed.
        """
        project = Project.open(folder)
        if project.read_only or project.shared:  # and so is in nobody's way
            self._show_project(project, None)
            return
        if self._presence is not None and self._presence.folder == project.folder:
            # It is this window that has it open, and is to be opened anew.
            mine, self._presence = self._presence, None
            self._show_project(project, mine)
            return
        presence = Presence(project.folder, self._who)
        if presence.others:
            presence.leave()
            project.close()
            self._ask(folder, who_is_there(presence.others, self._who))
        else:
            self._show_project(project, presence)

    def _ask(self, folder: Path, told: str) -> None:
        if self.window is None:
            self.show_start()
        self.asking = asking = OpenElsewhere(told, self.window)
        asking.finished.connect(asking.deleteLater)
        asking.look.connect(lambda: self._attempt(partial(self._look_only, folder, told)))
        asking.open_too.connect(lambda: self._attempt(partial(self._open_too, folder)))
        asking.open()

    def _look_only(self, folder: Path, told: str) -> None:
        self._show_project(Project.open(folder, read_only=True), None)
        self._told = ActionableError(
            f"{told} You are only looking.",
            kept="Nothing that you do here is stored.",
            remedy="Close the other window and open the project again to work on it.",
        )

    def _open_too(self, folder: Path) -> None:
        project = Project.open(folder)
        self._show_project(project, Presence(project.folder, self._who))

    def _show_project(self, project: Project, presence: Presence | None) -> None:
        window = MainWindow(project, who=self._who, preferences=self._preferences)
        window.new_wanted.connect(lambda: self.show_wizard(None))
        window.open_wanted.connect(self.open)
        window.start_wanted.connect(self.show_start)
        window.reopen_wanted.connect(self._reopen)
        window.quit_wanted.connect(self._app.closeAllWindows)
        self._show(window, project, presence)
        # After the first paint, so that a slow disk delays the photograph and not the window.
        QTimer.singleShot(0, window, lambda: self._start(window))
        try:
            self._preferences.opened(project.folder)
        except ActionableError as error:
            # Once the first image is open, which clears what was told; less than why nothing is
            # stored, which the window then says itself.
            self._told = None if project.read_only else error

    def _reopen(self, note: str) -> None:
        """The project that is open, at the object that is: its scheme is another now."""
        window = self.window
        if not isinstance(window, MainWindow):
            return
        record = window.controller.record
        self._attempt(partial(self.show_project, window.project.folder))
        if isinstance(self.window, MainWindow) and self.window is not window:
            self._return = (None if record is None else record.id), note

    def show_wizard(self, source: Path | None) -> None:
        from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard

        wizard = NewProjectWizard(self._who, source, self.window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wizard.made.connect(self._open_made, Qt.ConnectionType.QueuedConnection)
        wizard.broke.connect(self._tell)
        wizard.open()

    def _open_made(self, folder: Path, report: "ImportReport", related: str) -> None:
        """What did not come in is told once the project is open, and stays until it is read."""
        from landmark_annotator.projects.groups import in_window

        self.open(folder)
        if counted_left_out(report) and isinstance(self.window, MainWindow):
            self._told = told_after(
                f"{counted(report.images_added, 'photograph')} came in,", report
            )
        elif isinstance(self.window, MainWindow) and report.images_added > 1:
            self.window.messages.note(in_window(related))

    def show_join(self) -> None:
        from landmark_annotator.annotator.gui.start.join_dialog import JoinDialog

        dialog = JoinDialog(self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.joined.connect(self._open_joined, Qt.ConnectionType.QueuedConnection)
        dialog.broke.connect(self._tell)
        dialog.open()

    def _open_joined(self, joined: "JoinedProject") -> None:
        self.open(joined.folder)
        if joined.missing and isinstance(self.window, MainWindow):
            self._told = ActionableError(joined.told, remedy=joined.remedy)

    def open_samples(self) -> None:
        """With a tour of them, the first time."""
        if Project.is_project(self._samples):
            self._open_samples(self._samples)
        else:
            # Before its first step it loads what it needs, which takes seconds on a busy machine.
            if self.messages is not None:
                self.messages.note("Making the sample project\N{HORIZONTAL ELLIPSIS}")
            self._drawing.begin(self._draw, self._open_samples)

    def _open_samples(self, folder: Path) -> None:
        self.open(folder)
        self._tour = isinstance(self.window, MainWindow) and not self._preferences.toured

    def tell_of_sudden_end(self) -> None:
        """Where the program ended without a word last time; and it is watched from now on."""
        try:
            before = watch_for_sudden_end(log_path())
        except OSError:
            # Without a place for logs there is nothing to tell, and labelling goes on.
            return
        if before is not None and self.messages is not None:
            self.messages.tell(
                ActionableError(
                    "The program ended suddenly last time, by a mistake of its own.",
                    kept="Every click up to then is stored.",
                    remedy=f"What is known of it is in {before}; nothing leaves this machine.",
                )
            )

    def close(self) -> None:
        """Once the last window is closed."""
        self._drawing.close()
        if self.window is not None:
            self.window.messages.uninstall()
            _leave(self.window)
            self.window = None
        if self._project is not None:
            self._project.close()
            self._project = None
        if self._presence is not None:
            self._presence.leave()
            self._presence = None

    def _show(
        self,
        window: "StartWindow | MainWindow",
        project: Project | None,
        presence: Presence | None = None,
    ) -> None:
        """The new window is there before the old one goes, so that the program does not end."""
        before, self.window = self.window, window
        old_project, self._project = self._project, project
        old_presence, self._presence = self._presence, presence
        if before is not None:
            before.messages.uninstall()
        window.messages.install()
        window.show()
        if before is not None:
            _leave(before)
            before.deleteLater()
        if old_project is not None:
            old_project.close()
        if old_presence is not None:
            old_presence.leave()

    def _start(self, window: MainWindow) -> None:
        # It may have been closed again in between.
        if window is self.window:
            window.start()
            if self._told is not None:
                window.messages.tell(self._told)
            if self._return is not None:
                self._go_back(window, *self._return)
            if self._tour:
                window.begin_tour()
        self._told = self._return = None
        self._tour = False

    def _go_back(self, window: MainWindow, instance_id: int | None, note: str) -> None:
        if instance_id is not None:
            window.open_instance(instance_id)
        if note:
            window.messages.note(note)

    def _draw(self, progress: Progress) -> Path:
        from landmark_annotator.annotator.session.setup.demonstration import make_demonstration

        make_demonstration(self._samples, progress)
        return self._samples

    def _show_drawing(self, stage: str, done: int, total: int) -> None:
        if self.messages is not None and total:
            self.messages.note(f"{stage}: {done} of {total}")

    def _tell(self, error: Exception) -> None:
        if self.messages is not None:
            self.messages.tell(error)

    def _dress(self) -> None:
        dress(self._app, self._preferences)


def _leave(window: "StartWindow | MainWindow") -> None:
    """Closes it where another one is there by now, or the program ends: nothing is asked then."""
    if isinstance(window, MainWindow):
        window.work.exports.give_up()
    window.close()
