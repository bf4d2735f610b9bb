"""All objects of one image accepted at one look, as one step for undo."""

import numpy as np
from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.canvas.layers.landmarks import OtherObject
from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.commands.accept import Acceptance
from landmark_annotator.annotator.gui.pages.label.commands.objects import Objects
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.sheet import accept_together
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import Conflict
from landmark_annotator.projects.vocabulary.wording import counted

_SEEN_PX = 0.5


class ImageAcceptance(QObject):
    def __init__(
        self, controller: LabelController, acceptance: Acceptance, objects: Objects, scene: Scene
    ) -> None:
        super().__init__(controller)
        self._controller, self._acceptance, self._objects = controller, acceptance, objects
        self._scene = scene
        self._seen: set[OtherObject] = set()
        """Those that have been painted as they are now."""
        self._shown: int | None = None
        """The image that was shown as a whole, for the objects in it."""
        self._whole: int | None = None
        """The instance that is open while it is."""

    def see(self) -> None:
        """What the canvas shows has been painted."""
        self._seen &= set(self._objects.others)
        self._seen |= {o for o in self._objects.others if o.box and self._scene.shows(o.box)}

    def fit(self) -> None:
        """Shows all objects of an image that is new, where several wait; else the open one. Asked
        again of the same one, as when a picture comes late, it shows the same.

        Of a photograph all of it, for there may be more than were found. The objects of a frame
        were followed there, and may be small in it: these alone."""
        now, before = self._controller.session.now, self._whole
        self._whole = None
        if (
            now is None
            or self.waiting < 2
            or (now.image.id == self._shown and now.record.id != before)
        ):
            self._scene.fit("object")
            return
        self._shown, self._whole = now.image.id, now.record.id
        self._scene.fit("image" if now.image.video_id is None else "objects")

    @property
    def waiting(self) -> int:
        """Objects of the open image that would be accepted."""
        record = self._controller.record
        if record is None or record.state is InstanceState.ACCEPTED:
            return 0
        return 1 + len(self._waiting)

    @property
    def _waiting(self) -> list[OtherObject]:
        return [other for other in self._objects.others if other.waits and other.box is not None]

    def accept(self) -> None:
        """What is open with all beside it that waits, as seen; nothing where not all is seen."""
        controller, record = self._controller, self._controller.record
        if record is None or self.waiting < 2:
            self._acceptance.accept()
            return
        if controller.phase is not Phase.READY or not self._acceptance.sees(record.id):
            return
        if any(other not in self._seen for other in self._waiting):
            self._scene.fit("objects")
            controller.note("Now all objects of this image are in sight. Once more accepts them.")
            return
        controller.settle()
        try:
            beside = self._beside()
            if any(map(_is_another, self._waiting, beside)):
                self._objects.look_again()
                controller.note("Something else is proposed now. Once more accepts it.")
                return
            sessions = [controller.session, *beside]
            # Of those beside it no masks are painted.
            seconds = controller.session.lap()
            entries = accept_together(sessions, seconds, masked=[record.id], in_image=True)
        except ActionableError as error:
            if isinstance(error, Conflict):
                controller.open(record.id)
            controller.fail(error)
            return
        said = f"Stored: acceptance of {counted(len(entries), 'shape')}"
        about = frozenset(session.view.instance.id for session in sessions)
        kinds = Kind.STORED | Kind.LABELS
        controller.changes.announce(Change(kinds, about, said, by=controller))
        following = controller.session.following()
        controller.open(record.id if following is None else following)
        if following is None:
            self._acceptance.go_on()  # which says that there is nothing left

    def _beside(self) -> list[LabellingSession]:
        """At the objects beside the open one, as they are painted. Raises ActionableError."""
        found = []
        for other in self._waiting:
            session = self._objects.session_at(other.id)
            if session is None:
                raise ActionableError(
                    f"Nothing is proposed yet for object {other.number} of this image.",
                    kept="Nothing was accepted.",
                    remedy="Wait for it, or accept the objects one by one.",
                )
            found.append(session)
        return found


def _is_another(painted: OtherObject, now: LabellingSession) -> bool:
    """Whether somebody would see that it is not what was painted."""
    apart = np.abs(painted.points - now.view.shape.points)
    return bool(np.nanmax(apart, initial=0.0) > _SEEN_PX)
