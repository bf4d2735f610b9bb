"""As what a person works in a project with people: in the title of the window."""

from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.widgets.status_line import StatusLine
from landmark_annotator.annotator.gui.window.window_context import WindowContext
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import NotAllowed


class RoleTitle:
    """A lead may give another role, or take it away, while the window is open."""

    def __init__(self, context: WindowContext, status: StatusLine, window: QWidget) -> None:
        self._context, self._status, self._window = context, status, window
        self._as: str | None = ""
        """The role; "" in a project that is everybody's, None of who is not among its people."""
        self._write("")

    def show(self) -> NotAllowed | None:
        """Returns why nothing that is done here is stored, where the person is none of them."""
        who = self._context.who
        try:
            role = self._context.project.role_of(who)
        except NotAllowed as error:
            self._as = None
            self._write(f" \N{EN DASH} {who}, not among its people")
            return error
        self._as = "" if role is None else role.value
        self._write(f" \N{EN DASH} {who}, {role}" if role else "")
        return None

    def show_new(self) -> None:
        """Also in words, where it is another one than was shown."""
        before = self._as
        try:
            stranger = self.show()
        except ActionableError:  # such as a server that is away: what is done next tells
            return
        if self._as == before:
            return
        if stranger is not None:
            self._context.tell(stranger)
        elif self._as:
            self._context.note(f"You work in this project as {self._as} now.")
        if not self._context.project.read_only:
            stored = "Nothing is stored" if stranger else "Every click is stored at once"
            self._status.show_stored(stored)

    def _write(self, part: str) -> None:
        name = self._context.project.name
        self._window.setWindowTitle(f"{name}{part} \N{EN DASH} landmark annotator")
