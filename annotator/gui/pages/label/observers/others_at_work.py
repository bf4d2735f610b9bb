"""Who else is at work in the project: which images they have in hands, and what they have done.

Looked up every two seconds. What the same person does in another window or by a command is seen
like what others do.
"""

from contextlib import suppress

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.image_list import ImageListModel
from landmark_annotator.annotator.session.review.others_done import OthersDone
from landmark_annotator.projects.store import Lease
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import (
    NotAllowed,
    ProjectLocked,
    SchemeChanged,
    ServerAway,
)
from landmark_annotator.projects.vocabulary.wording import moment

_EVERY_MS = 2000
_SELDOM_MS = 300_000
_MOST = 50
"""Changed instances that are shown one by one; of more the whole list is read anew."""


class OthersAtWork(QObject):
    people_changed = Signal()
    """Somebody was added to the project's people or removed, or has another role."""

    def __init__(
        self, controller: LabelController, rows: ImageListModel, context: PageContext
    ) -> None:
        super().__init__(controller)
        self._controller, self._rows, self._context = controller, rows, context
        self._project, self._who = context.project, context.who
        self._done = OthersDone(context.project, context.who)
        self._shut_out = False
        self._clock = QTimer(self)
        self._clock.setInterval(_EVERY_MS)
        self._clock.timeout.connect(self.look)
        controller.opened.connect(self._take)
        context.closing.connect(self._leave)
        self._clock.start()

    def _take(self, instance_id: int) -> None:
        """The image of what is open is in this person's hands, unless somebody else has it."""
        if not self._rows.holds(instance_id):  # somebody else has added it
            self._read_list()
        record = self._controller.record
        assert record is not None
        now = self._controller.session.now
        if now is not None and now.hidden:
            self._context.note(
                "Two people label this object without seeing each other's labels: they are shown "
                "once both are done."
            )
        for lease in self._controller.session.images.take([record.image_id]):
            self._context.note(
                f"{_with_whom(lease)}. What you place here is kept beside the shape, as your own."
            )

    def look(self) -> None:
        """What is shown of others is as it is now."""
        try:
            found = self._done.look()
        except NotAllowed:  # who is taken out of a server's project may not look either
            self._shut_out = True
            self.people_changed.emit()
            return
        except (ServerAway, ProjectLocked):  # the next look tells
            return
        except ActionableError:
            # Such as a login that is refused: who asks every two seconds may be locked out for it.
            self._clock.setInterval(min(2 * self._clock.interval(), _SELDOM_MS))
            return
        if self._clock.interval() != _EVERY_MS:
            self._clock.setInterval(_EVERY_MS)
        if found.people or self._shut_out:  # who was taken in again looks as before
            self._shut_out = False
            self.people_changed.emit()
        if found.many and not self._has_scheme():
            return
        self._rows.show_holders(
            {each.image_id: _with_whom(each) for each in found.leases if each.who != self._who}
        )
        opened, counted = self._open, self._controller.counts
        of_track = self._of_another_track if found.many else frozenset()
        if found.many or len(found.instances) > _MOST:
            self._read_list()
        # A list that is read anew leaves what is open as it is, so that is told apart from it:
        # others may have added an object by the same step that changed the open one.
        some = len(found.instances) <= _MOST
        changed = found.instances if some else found.instances & self._open
        changed = (changed | of_track) - self._held
        if changed:
            self._context.changed(Change(Kind.STORED, changed, by_others=True))
        if opened and opened == self._open and (found.many or found.instances & opened):
            self._tell_whether_it_counts(counted)

    def _has_scheme(self) -> bool:
        """Whether the landmarks are those of this window; else it is told, once, before anybody
        places one more that would be refused."""
        try:
            self._project.refuse_another_scheme()
        except SchemeChanged as error:
            self._clock.stop()
            self._context.tell(error)
            return False
        except ActionableError:  # the next action tells
            pass
        return True

    def _tell_whether_it_counts(self, counted: bool) -> None:
        """counted: whether the open instance did before the look. To exclude an image is one entry
        about no single instance, so that this is read of the open one where there is such a one."""
        controller, (instance_id,) = self._controller, self._open
        controller.counts = self._project.counts(instance_id)
        if controller.counts == counted:
            return
        if not self._project.in_order([instance_id]):
            # What comes after it is unknown: its place is gone with it.
            others = self._project.offered(self._who)
            following = others[0] if others else self._project.first()
            if following is not None:
                controller.open(following.id)
            self._context.note("The object that was open here was taken away elsewhere.")
            return
        controller.show_again()
        record = self._project.instance(instance_id)
        left_out = self._project.image(record.image_id).excluded or record.excluded
        if left_out is None:
            self._context.note("This counts again: it is excluded no more.")
        else:
            self._context.note(
                f"Excluded by {left_out.who} while it was open here: {left_out.why}. What you "
                "place in it is stored and counts for nothing: go on with the next image."
            )

    @property
    def _open(self) -> frozenset[int]:
        record = self._controller.record
        return frozenset() if record is None else frozenset((record.id,))

    @property
    def _of_another_track(self) -> frozenset[int]:
        """The open instance, where it has been given to another track, or to one at all. What is
        done to tracks is about no single instance, so that this is read of the open one."""
        before = self._controller.record
        now = self._project.some_instances(list(self._open))
        another = bool(before and now and now[0].track_id != before.track_id)
        return self._open if another else frozenset()

    @property
    def _held(self) -> frozenset[int]:
        """The open instance, where something of it is in the hand: it is let be."""
        controller = self._controller
        if not self._open:
            return frozenset()
        held = controller.changes_box or controller.view is not controller.session.view
        return self._open if held else frozenset()

    def _read_list(self) -> None:
        self._context.changed(Change(Kind.LIST, by=self._controller))

    def _leave(self) -> None:
        self._clock.stop()
        if self._project.read_only:
            return
        with suppress(ActionableError):  # such as a server that is away: the leases run out
            mine = [lease.image_id for lease in self._project.leases() if lease.who == self._who]
            self._project.give_back(mine, who=self._who)


def _with_whom(lease: Lease) -> str:
    return f"{lease.who} has this image in hands until {moment(lease.until)}"
