"""Why the open shape is only looked at, so that nobody is told to change what is not theirs."""

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Lock
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.projects.store import ToLabel
from landmark_annotator.projects.vocabulary.errors import ActionableError, NotAllowed

_READ_ONLY = Lock("Only to look at")


class OpenLock:
    def __init__(self, session: LabellingSession) -> None:
        self._session = session
        self._known: tuple[ToLabel | None, Lock | None] = None, None
        """Of what was open when somebody last asked, as it was read then."""

    def now(self) -> Lock | None:
        """None where this person may change what is open."""
        if self._session.project.read_only:
            return _READ_ONLY
        opened = self._session.now
        if opened is not self._known[0]:
            self._known = opened, None if opened is None else self._of(opened)
        return self._known[1]

    def forget(self) -> None:
        """Who may do what is another than when somebody last asked."""
        self._known = None, None

    def _of(self, opened: ToLabel) -> Lock | None:
        if opened.hidden:
            return Lock("Others label this, unseen until both are done")
        try:
            whose = self._session.project.kept_for(opened.record, who=self._session.who)
        except NotAllowed:  # who is not among the people of the project
            return _READ_ONLY
        except ActionableError:  # such as a server that is away: the next action tells
            return None
        return None if whose is None else Lock(f"Accepted, and only {whose} may change it", True)
