"""What a page knows of the window that it is in, and how it hears what actions have changed."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import ServerAway

_SEEN_MS = 60
"""After which the screen shows what a gesture has done."""
_AGAIN_MS = 2000


class Kind(Flag):
    """What of the project is another than before."""

    STORED = auto()
    """What people did to instances: landmarks, box, state, flags, verdicts."""
    LABELS = auto()
    """A shape was accepted, or is no longer: there is more, or less, to learn from."""
    PROPOSALS = auto()
    """What is proposed for instances, and how sure the model is."""
    LIST = auto()
    """Instances came or went, or so many changed that every list is read anew."""
    PLAN = auto()
    """Which landmarks people are asked for."""


@dataclass(frozen=True)
class Change:
    """instances: the ids of those it is about, where they are few. said: what was done, for
    people. by: who announces it and has shown it already. by_others: other people did it, which was
    seen here later, so nothing that is told to this person has been answered by it."""

    kinds: Kind
    instances: frozenset[int] = frozenset()
    said: str = ""
    by: object = None
    by_others: bool = False

    def and_then(self, later: "Change") -> "Change":
        """Both as one."""
        return Change(
            self.kinds | later.kinds,
            self.instances | later.instances,
            later.said or self.said,
            by_others=self.by_others and later.by_others,
        )


class Changes(QObject):
    """The one announcement of what an action has changed, once after every action on the store.

    Whoever shows or keeps something of the project listens, so that whoever acts need not know
    them. As `OpChanges` of Anki.
    """

    announced = Signal(object)
    """(Change)"""
    _settled = Signal(object)

    def __init__(self, parent: QObject, *, shared: bool = False) -> None:
        """shared: whether the database is on a server."""
        super().__init__(parent)
        self._shared = shared
        self._unsettled: Change | None = None
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._settle)

    def show_later(self, show: Callable[[Change], object]) -> None:
        """show: shows elsewhere what was changed, and asks the project for that. At once where the
        database is in a folder. To a server each question is a way there and back, for which
        whoever goes on would wait: there once the gesture has been seen, several changes together,
        and where the server is away once more when it may be back."""
        self._settled.connect(partial(self._show, show))

    def _show(self, show: Callable[[Change], object], change: Change) -> None:
        try:
            show(change)
        except ServerAway:
            if not self._shared:
                raise
            self._keep(change)
            self._clock.start(_AGAIN_MS)

    def _keep(self, change: Change) -> None:
        before = self._unsettled
        self._unsettled = change if before is None else before.and_then(change)

    def announce(self, change: Change) -> None:
        self.announced.emit(change)
        self._keep(change)
        if self._shared:
            self._clock.start(_SEEN_MS)
        else:
            self._settle()

    def _settle(self) -> None:
        change, self._unsettled = self._unsettled, None
        if change is not None:
            self._settled.emit(change)


class PageContext(Protocol):
    """All that a page may ask of its window."""

    @property
    def project(self) -> Project: ...

    @property
    def folder(self) -> Path:
        """Of the project, for what is read beside the window."""

    @property
    def who(self) -> str: ...

    @property
    def preferences(self) -> Preferences:
        """What the user has set; a page that offers a setting of its own keeps it there."""

    @property
    def changes(self) -> Changes:
        """To listen to; what a page does itself it says by `changed`."""

    @property
    def closing(self) -> SignalInstance:
        """What runs in the background ends now, before the project is closed."""

    @property
    def work_runs(self) -> bool:
        """Whether anything does that a page has shown so."""

    def show_work(self, work: BackgroundJob, stopped: str) -> object:
        """A line at the bottom of the window while it runs, to pause and stop it. stopped: what
        becomes of it then."""

    def changed(self, change: Change) -> None:
        """An action of the page has gone through."""

    def prompt(self, text: str) -> None:
        """What the tool waits for."""

    def expected_error(
        self,
        percent: float | None,
        visible: float | None = None,
        millimetres: float | None = None,
    ) -> None:
        """Of what is open, in percent of the scheme's normaliser; None where nothing is known.
        visible: what an eye could see of it; None where the scheme has no contours. millimetres:
        None where nobody knows what a pixel measures."""

    def model(self, reason: str | None) -> None:
        """Which model proposes, and why; None while it is looked for."""

    def tell(self, error: Exception, *, until_stored: bool = False) -> None:
        """What went wrong. until_stored: by a gesture; what is stored next may answer it."""

    def worded(self, error: Exception) -> ActionableError:
        """As the window says it, for what stands in the place of an image that cannot be shown."""

    def note(self, text: str, *, until_stored: bool = False) -> None:
        """What needs saying and is no failure. until_stored: why a gesture did nothing, which is
        over as soon as the user stores something."""

    def clear(self) -> None:
        """What was told or noted no longer holds."""

    def open_instance(self, instance_id: int) -> None:
        """On the page to label on."""

    def show_page(self, name: str) -> None:
        """As a key for it does."""
