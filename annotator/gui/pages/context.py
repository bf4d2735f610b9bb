"""What a page knows of the window that it is in, and how it hears what actions have changed."""

from dataclasses import dataclass
from enum import Flag, auto
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError


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


class Changes(QObject):
    """The one announcement of what an action has changed, once after every action on the store.

    Whoever shows or keeps something of the project listens, so that whoever acts need not know
    them. As `OpChanges` of Anki.
    """

    announced = Signal(object)
    """(Change)"""

    def announce(self, change: Change) -> None:
        self.announced.emit(change)


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

    def tell(self, error: Exception) -> None:
        """What went wrong."""

    def worded(self, error: Exception) -> ActionableError:
        """As the window says it, for what stands in the place of an image that cannot be shown."""

    def note(self, text: str) -> None:
        """What needs saying and is no failure."""

    def clear(self) -> None:
        """What was told or noted no longer holds."""

    def open_instance(self, instance_id: int) -> None:
        """On the page to label on."""

    def show_page(self, name: str) -> None:
        """As a key for it does."""
