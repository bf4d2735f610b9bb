"""Several instances that one person looks at together: each is mended as alone, and all are
accepted at once."""

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from landmark_annotator.annotator.session.execution.laps import Laps
from landmark_annotator.annotator.session.labelling import suggested_marks
from landmark_annotator.annotator.session.labelling.box_there import box_there
from landmark_annotator.annotator.session.labelling.images_in_hands import ImagesInHands
from landmark_annotator.annotator.session.labelling.landmark_edits import Point
from landmark_annotator.annotator.session.labelling.left_out import left_out_of
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.projects.images.source import image_name
from landmark_annotator.projects.store import Entry, InstanceRecord, Project
from landmark_annotator.projects.vocabulary import RegionMask
from landmark_annotator.projects.vocabulary.errors import Conflict

_MOMENT_S = 10.0
"""In which the proposals for a sheet are there. What others do meanwhile is looked up more often
than that, and then all of it is read anew."""


class Sheet:
    """Every action is in the store before it returns. A second is counted once, whichever of the
    instances it was spent on."""

    def __init__(
        self, project: Project, *, who: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.project = project
        self.who = who
        self._clock = clock
        self._laps = Laps(clock)
        self.images = ImagesInHands(project, who)
        self._sessions: dict[int, LabellingSession] = {}
        self._read: dict[int, float] = {}
        """When each was read, by the clock; what was stored since then its session knows."""

    def records(self, instance_ids: Sequence[int]) -> list[InstanceRecord]:
        """In this order, of those that are there still."""
        some = self.project.some_instances(instance_ids) if instance_ids else []
        found = {record.id: record for record in some}
        return [found[i] for i in instance_ids if i in found]

    def keep(self, instance_ids: Collection[int]) -> None:
        """All others are put away, and their images given back."""
        kept = self.project.some_instances(list(instance_ids)) if instance_ids else ()
        self.images.take({record.image_id for record in kept})
        self._sessions = {i: s for i, s in self._sessions.items() if i in instance_ids}
        self._read = {i: when for i, when in self._read.items() if i in instance_ids}

    def begin(self) -> None:
        """They are on the screen from now on: time is counted."""
        self._laps.begin()
        for session in self._sessions.values():
            session.lap()  # what went by was not its own

    def open(
        self, instance_id: int, proposal: Proposal | None = None, prior: Posterior | None = None
    ) -> View:
        """As of `LabellingSession`. What was read a moment ago is not asked of a server again, see
        `OpenedReading`."""
        session = self._session(instance_id)
        recent = self._clock() - self._read.get(instance_id, -math.inf) < _MOMENT_S
        if self.project.shared and recent and session.now is not None:
            return session.show(session.now, session.plan, proposal, prior)
        self._read[instance_id] = self._clock()
        return session.open(instance_id, proposal, prior)

    def open_all(self, proposals: Mapping[int, tuple[Proposal, Posterior] | None]) -> list[View]:
        """As `open`, of each of these in order; without those that are no more."""
        found = self.project.some_to_label(proposals, who=self.who)
        plan = self.project.plan()
        self._read |= dict.fromkeys(found, self._clock())
        return [
            self._session(i).show(found[i], plan, *(believed or ()))
            for i, believed in proposals.items()
            if i in found
        ]

    def _session(self, instance_id: int) -> LabellingSession:
        if instance_id not in self._sessions:
            session = LabellingSession(self.project, who=self.who, clock=self._clock)
            self._sessions[instance_id] = session
        return self._sessions[instance_id]

    def view(self, instance_id: int) -> View | None:
        """None where it was not opened."""
        session = self._sessions.get(instance_id)
        return None if session is None else session.view

    def masks(self, instance_id: int) -> Mapping[str, RegionMask]:
        """By region, those that are stored and those that a model proposes."""
        session = self._sessions.get(instance_id)
        return {} if session is None else session.masks.shown

    def was_found(self, instance_id: int) -> bool:
        """Whether a model once found it, whatever was done to it since."""
        session = self._sessions.get(instance_id)
        return session is not None and session.now is not None and session.now.found

    def look_again(self, instance_id: int) -> View:
        """What the store says now."""
        return self._sessions[instance_id].look_again()

    def foresee(
        self, instance_id: int, moves: Mapping[int, Point], *, traced: bool = False
    ) -> View:
        """As of `LabellingSession`: what the view would be; nothing is stored."""
        return self._sessions[instance_id].foresee(moves, traced=traced)

    def place(self, instance_id: int, moves: Mapping[int, Point], *, traced: bool = False) -> View:
        """A person put these landmarks there; the others of this instance follow. traced: or a
        single one's contour, where it lies on one."""
        session = self._sessions[instance_id]
        if len(moves) == 1:
            ((landmark, position),) = moves.items()
            view = (session.trace if traced else session.click)(landmark, position)
        else:
            view = session.move(moves)
        self.begin()
        return view

    def take_back(self, instance_id: int) -> Entry | None:
        """The person's last action on this instance, and on no other; None where there is none."""
        entry = self.project.undo_on(instance_id, self.who)
        self.look_again(instance_id)
        return entry

    def lap(self) -> float:
        """Seconds that went by on the sheet as a whole; they are counted from now on."""
        seconds = self._laps.lap()
        self.begin()
        return seconds

    def accept(self, instance_ids: Collection[int], seconds: float) -> list[Entry]:
        """All of these as they are seen, as one step; it took so many seconds.

        Raises ActionableError, and accepts none, where a landmark of one has no position yet, or
        somebody else has worked on one since it was opened.
        """
        sessions = [self._sessions[i] for i in instance_ids]
        return accept_together(sessions, seconds, masked=instance_ids) if sessions else []

    def mark_suggested(self, instance_ids: Collection[int]) -> list[Entry]:
        """All that is probably hidden on any of these is marked as hidden, as one step; where
        nothing is left to be marked, none of what was marked so is any more.

        Raises ActionableError, and marks none, where nothing is probably hidden, or somebody else
        has worked on one since it was opened.
        """
        said, now = suggested_marks.turn_of(self._sessions[i].view for i in instance_ids)
        mark = partial(self.project.mark_suggested_on_sheet, said, now)
        return self._mark(said, mark)

    def mark_left_out(self, instance_ids: Collection[int]) -> list[Entry]:
        """All that files left out of any of these is not in the image, as one step.

        Raises ActionableError, and marks none, where nothing was left out, or somebody else has
        worked on one since it was opened.
        """
        said = left_out_of(self._sessions[i].view for i in instance_ids)
        return self._mark(said, partial(self.project.mark_absent, said))

    def _mark(self, instance_ids: Collection[int], mark: Callable[..., list[Entry]]) -> list[Entry]:
        sessions = [self._sessions[i] for i in instance_ids]
        with self.project.transaction():
            _check(sessions, "marked")
            entries = mark(who=self.who, duration=self.lap())
            _check_nothing_between(sessions, entries, "marked")
        for instance_id in instance_ids:
            self.look_again(instance_id)
        return entries


def accept_together(
    sessions: Sequence[LabellingSession],
    seconds: float,
    *,
    masked: Collection[int],
    in_image: bool = False,
) -> list[Entry]:
    """The open instances of these sessions of one person in one project, as they are seen and as
    one step; it took so many seconds. masked: of these what is proposed as masks was seen too, and
    is accepted with the shape. in_image: they were seen in the image that all are in.

    Raises ActionableError, and accepts none, where a landmark of one has no position yet; Conflict
    where somebody else has worked on one since it was opened.
    """
    project, who = sessions[0].project, sessions[0].who
    with project.transaction():
        _check(sessions, "accepted")
        shapes = {session.view.instance.id: session.whole() for session in sessions}
        proposed = {session.view.instance.id: session.masks.proposed for session in sessions}
        masks = {i: proposed[i] for i in masked if proposed[i]}
        there = {
            s.view.instance.id: box_there(s.view, s.proposal, project.scheme) for s in sessions
        }
        boxes = {i: box for i, box in there.items() if box is not None}
        entries = project.accept_sheet(
            shapes, who=who, duration=seconds, masks=masks, boxes=boxes, in_image=in_image
        )
        _check_nothing_between(sessions, entries, "accepted")
        return entries


def _check(sessions: Sequence[LabellingSession], done: str) -> None:
    """done: what nothing was, in the past, where it raises Conflict."""
    project, who = sessions[0].project, sessions[0].who
    held = {lease.image_id: lease.who for lease in project.leases() if lease.who != who}
    now = project.revisions([session.view.instance.id for session in sessions])
    for session in sessions:
        record = session.view.instance
        if record.image_id in held:
            raise Conflict(
                f"{held[record.image_id]} has {_name(session)} in hands now.",
                kept=f"Nothing was {done}.",
                remedy="Leave it out, and go on with the others.",
            )
        if now.get(record.id, 0) != session.revision:
            raise _worked_on(session, done)


def _check_nothing_between(
    sessions: Sequence[LabellingSession], entries: Sequence[Entry], done: str
) -> None:
    """Once nobody else can change them any more: on a server others go on clicking until then."""
    previous = {entry.instance_id: entry.previous for entry in entries}
    for session in sessions:
        if previous.get(session.view.instance.id, session.revision) != session.revision:
            raise _worked_on(session, done)


def _worked_on(session: LabellingSession, done: str) -> Conflict:
    return Conflict(
        f"Somebody else has worked on {_name(session)} meanwhile.",
        kept=f"Nothing was {done}.",
        remedy="Look at it as it is now, and do it again.",
    )


def _name(session: LabellingSession) -> str:
    return image_name(session.project.image(session.view.instance.image_id))
