"""Labelling one instance after another: click, see the others move, accept, go on."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from landmark_annotator.annotator.session.execution.laps import Laps
from landmark_annotator.annotator.session.labelling import (
    after_storing,
    brought_proposal,
    contours,
    filled_landmarks,
    open_masks,
    suggested_marks,
)
from landmark_annotator.annotator.session.labelling.belief import Belief
from landmark_annotator.annotator.session.labelling.box_there import box_there
from landmark_annotator.annotator.session.labelling.by_hand import by_hand
from landmark_annotator.annotator.session.labelling.carried_marks import CarriedMarks
from landmark_annotator.annotator.session.labelling.images_in_hands import ImagesInHands
from landmark_annotator.annotator.session.labelling.inferred_view import inferred
from landmark_annotator.annotator.session.labelling.landmark_edits import Point, moved, swapped
from landmark_annotator.annotator.session.labelling.opened_reading import OpenedReading
from landmark_annotator.annotator.session.labelling.view import View, as_stored
from landmark_annotator.annotator.session.posterior.global_variables import Reading, readings
from landmark_annotator.annotator.session.posterior.hidden_landmarks import still_open
from landmark_annotator.annotator.session.posterior.hypotheses import Hypothesis, hypotheses
from landmark_annotator.annotator.session.posterior.landmark_density import Heat, heat
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.projects.budgets.ledger import over_budget, refuse_beyond_budget
from landmark_annotator.projects.budgets.working_time import ProjectTime
from landmark_annotator.projects.store import (
    Entry,
    InstanceRecord,
    InstanceState,
    Plan,
    Project,
    StoredProposal,
    ToLabel,
    told,
)
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.vocabulary import Box, Evidence, Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, Conflict


class LabellingSession:
    """One person at work in one project. Every action is in the store before it returns."""

    def __init__(
        self, project: Project, *, who: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.project = project
        self.who = who
        self.images = ImagesInHands(project, who)
        """Taken by whoever shows this session to a person."""
        self.belief = Belief(open_masks.OpenMasks(project))
        self._laps, self._reading = Laps(clock), OpenedReading(project, who)
        self._time = ProjectTime(project)
        self._proposal: Proposal | None = None
        self._brought: StoredProposal | None = None
        self.plan, self._boxes = Plan(), ErrorBoxes(project)
        """Of the project, as it was when the instance was opened."""
        self.now: ToLabel | None = None
        """Of the open instance, by the store: what is foreseen while the hand moves asks none."""
        self._view: View | None = None
        self._by_hand, self._stored = False, Shape.unknown(len(project.scheme))
        self._told, self._carried = frozenset[int](), CarriedMarks()
        """Of the open instance: the landmarks of which a person has said whether they are seen."""

    @property
    def masks(self) -> open_masks.OpenMasks:
        return self.belief.masks

    @property
    def view(self) -> View:
        if self._view is None:
            raise RuntimeError("no instance is open")
        return self._view

    def open(
        self,
        instance_id: int,
        proposal: Proposal | None = None,
        prior: Posterior | None = None,
        *,
        by_hand: bool = False,
        again: bool = False,
    ) -> View:
        """Shows an instance. The proposal comes from a proposer, for this instance's box. One that
        somebody has brought for the instance goes before it.

        prior: what the proposal gives without evidence, where somebody has worked it out already.
        by_hand: nothing will be proposed, so contours follow what people place on them.
        again: the open one is shown again, as something is there for it by now.
        """
        self._by_hand, known = by_hand, (self.now, self.plan) if again else None
        now, plan = self._reading.read(instance_id, known)
        return self.show(now, plan, proposal, prior)

    def show(
        self,
        now: ToLabel,
        plan: Plan,
        proposal: Proposal | None = None,
        prior: Posterior | None = None,
    ) -> View:
        """As `open`, of an instance that was read with others. plan: of the project."""
        self._proposal = proposal
        self.belief.begin(proposal, prior)
        self._brought, self.plan = now.brought, plan
        self._boxes = self._boxes.anew()
        self._laps.begin()
        return self._see(now)

    @property
    def proposal(self) -> Proposal | None:
        """Of the open instance, by a proposer."""
        return self._proposal

    def take_over(self, other: "LabellingSession") -> View:
        """Shows what the other one, which is of no use after this, has just opened."""
        self.belief.take_over(other.belief)
        self._proposal, self._brought = other._proposal, other._brought
        self.plan, self.now, self._boxes = other.plan, other.now, other._boxes
        self._stored, self._view = other._stored, other._view
        self._by_hand, self._told, self._carried = other._by_hand, other._told, other._carried
        self._laps.begin()
        return self.view

    def propose_anew(self, proposal: Proposal | None, prior: Posterior | None) -> View:
        """As `open`, of the instance that is open: the time that a person takes for it goes on."""
        since = self._laps.since
        view = self.open(self.view.instance.id, proposal, prior, again=True)
        self._laps.since = since
        return view

    def click(self, landmark: int, position: Point) -> View:
        """A person put the landmark here (image pixels); all others follow."""
        return self._place(landmark, position, Provenance.CLICKED)

    def trace(self, landmark: int, position: Point) -> View:
        """A person said that the landmark's contour passes here; see `contours.traced`."""
        covariance = self._traced(landmark, position)
        if covariance is None:
            return self.click(landmark, position)
        return self._place(landmark, position, Provenance.TRACED, covariance)

    def _traced(self, landmark: int, position: Point) -> Floats | None:
        proposal = None if self._brought is not None else self._proposal
        return contours.traced(self.view, proposal, self.project.scheme, landmark, position)

    def confirm(self, landmark: int) -> View:
        """A person said that the landmark is right where it is."""
        x, y = self.view.shape.points[landmark]
        if not np.isfinite(x):
            raise ActionableError(
                f"The {self.project.scheme.landmarks[landmark]} has no position to confirm.",
                remedy="Click where it is.",
            )
        return self._place(landmark, (float(x), float(y)), Provenance.CONFIRMED)

    def hypotheses(self) -> list[Hypothesis]:
        """The distinct shapes that the instance may have; none where there is only one."""
        return (self.hypotheses_work() or list)()

    def hypotheses_work(self) -> Callable[[], list[Hypothesis]] | None:
        """Finds `hypotheses`, in any thread; None without a proposal."""
        believed = self._believed()
        return None if believed is None else partial(hypotheses, *believed, self.view.absent)

    def readings_work(self) -> Callable[[], list[Reading]] | None:
        """Reads the scheme's global variables, in any thread; None without a proposal."""
        believed = self._believed()
        return None if believed is None else partial(readings, self.project.scheme, *believed)

    def _believed(self) -> tuple[Proposal, list[Evidence]] | None:
        proposal = self._proposal
        if proposal is None or self.view.instance.state is InstanceState.ACCEPTED:
            return None
        return self.belief.told(proposal, self._stored, self._hidden(self._stored))

    def heat_work(self, landmark: int) -> Callable[[], Heat] | None:
        """Finds where the landmark may be, slowly and in any thread; None without a proposal."""
        believed = self._believed()
        return None if believed is None else partial(heat, *believed, landmark)

    def choose(self, hypothesis: Hypothesis) -> View:
        """A person said that this is the shape: its most telling landmark is confirmed there."""
        x, y = hypothesis.points[hypothesis.telling]
        return self._place(hypothesis.telling, (float(x), float(y)), Provenance.CONFIRMED)

    def foresee(self, moves: Mapping[int, Point], *, traced: bool = False) -> View:
        """What the view would be after clicks there, or `trace`. Stores nothing: for dragging."""
        found = {j: self._traced(j, place) for j, place in moves.items()} if traced else {}
        return self._seen(self.view.instance, moved(self._stored, moves, found))

    def clear(self, landmark: int) -> View:
        """Takes back what a person said of this landmark; it is inferred again."""
        return self.acted(partial(self.project.clear, self.view.instance.id, landmark))

    def swap(self, landmarks: Collection[int] = ()) -> View:
        """Left and right change places in all that is said, or in the pairs of these alone."""
        seen = self._carried.written(self._stored, self._told, self._brought)
        shape = swapped(seen, self.project.scheme, landmarks)
        return self._reshape(shape, suggested_marks.SWAP)

    def move(self, moves: Mapping[int, Point]) -> View:
        """A person put these landmarks there, as one action; the others follow."""
        count = f"{len(moves)} landmarks" if len(moves) > 1 else "1 landmark"
        return self._reshape(moved(self._stored, moves), f"move of {count}")

    def start_again(self) -> View:
        """Takes back all that is stored of the shape, as one action."""
        return self._reshape(Shape.unknown(len(self.project.scheme)), suggested_marks.RETURN)

    def _reshape(self, shape: Shape, title: str) -> View:
        reshape, instance_id = self.project.reshape, self.view.instance.id
        return self.acted(partial(reshape, instance_id, shape, title=title, duration=self.lap()))

    def set_visibility(self, landmark: int, visibility: Visibility) -> View:
        """NOT_LABELLED means that the landmark is not in the image: it loses its position."""
        say, instance_id = self.project.set_visibility, self.view.instance.id
        return self.acted(partial(say, instance_id, landmark, visibility, duration=self.lap()))

    def mark_suggested(self) -> View:
        """All that is probably hidden is marked so, as one action; where that is done, none of it
        is any more. Raises ActionableError where nothing is probably hidden."""
        mark, (said, now) = self.project.mark_suggested, suggested_marks.turn_of([self.view])
        ((instance_id, landmarks),) = said.items()
        return self.acted(partial(mark, instance_id, landmarks, now, duration=self.lap()))

    def set_box(self, box: Box) -> View:
        """What was proposed for the old one is of no use: to be opened again."""
        return self.acted(partial(self.project.set_box, self.view.instance.id, box))

    def accept(self, *, leaving: bool = False) -> View:
        """Stores the whole shape as seen, each landmark with its provenance and covariance.

        leaving: another instance is opened right after it, so what is stored is not read again.
        """
        box = box_there(self.view, self._proposal, self.project.scheme)
        accept = partial(self.project.accept, self.view.instance.id, self.whole(), box=box)
        accept = partial(accept, masks=self.masks.proposed, duration=self.lap())
        return self.acted(accept, leaving=leaving and box is None)

    def whole(self) -> Shape:
        """What `accept` stores. Raises ActionableError where a landmark has no position yet."""
        assert self.now is not None
        shape = brought_proposal.accepted(self.view, self.project.scheme, self._brought)
        return suggested_marks.hidden_beyond_border(self.project, shape, self.now)

    def look_again(self) -> View:
        """What the store says now of the open instance, with the same proposal."""
        return self._refresh(self.view.instance.id)

    @property
    def revision(self) -> int:
        """Of the open instance, as the view shows it."""
        return 0 if self.now is None else self.now.revision

    def undo(self) -> Entry | None:
        """Takes the last action back, wherever it was; its instance may not be the open one."""
        return self._refreshed(self.project.undo(self.who))

    def redo(self) -> Entry | None:
        return self._refreshed(self.project.redo(self.who))

    def following(self, instance_id: int | None = None) -> int | None:
        """The next instance that is not accepted, in image order and from the start again.

        After `instance_id`, by default the open one. None where all are accepted. In a project with
        people it is one that nobody else has in hands, and is in this person's from now on.
        """
        opened = None if self._view is None else self._view.instance.id
        return self.images.next_after(opened if instance_id is None else instance_id)

    def _place(
        self, landmark: int, position: Point, how: Provenance, covariance: Floats | None = None
    ) -> View:
        if self.plan.hard_stop:
            refuse_beyond_budget(self.plan, self._time.spent(self.plan))
        x, y = self.view.shape.points[landmark]
        place = partial(
            self.project.place,
            self.view.instance.id,
            landmark,
            position,
            provenance=how,
            covariance=covariance,
            proposed=(float(x), float(y)) if np.isfinite(x) else None,
            duration=self.lap(),
        )
        return self.acted(place)

    def acted(self, act: Callable[..., Entry], *, leaving: bool = False) -> View:
        """An action on what the view shows. Raises Conflict where somebody else's is in the way;
        the view then is what there is now. leaving: as in `accept`."""
        instance_id, seen = self.view.instance.id, self.revision
        try:
            own = act(who=self.who, seen=seen)
        except Conflict:
            self._refresh(instance_id)
            raise
        with after_storing.stored():
            now = None if leaving else self.project.to_label(instance_id, who=self.who)
            alone = own.follows(seen) and (now is None or now.revision == own.id)
            done = () if alone else self.project.done_since(instance_id, seen)
            others = [e for e in done if e.id != own.id]
            view = self._accepted(own) if now is None else self._see(now)
        if others:
            self._view = view = replace(view, meanwhile=told(others, self.who))
        return view

    def _accepted(self, own: Entry) -> View:
        """The shape was accepted as it is seen, and nothing of it is read again."""
        assert self.now is not None
        record, self._stored = replace(self.now.record, state=InstanceState.ACCEPTED), self.whole()
        self.now = replace(self.now, record=record, shape=self._stored, revision=own.id)
        view = as_stored(record, self._stored, self.view.absent, self.plan.landmarks)
        self._view = replace(view, measured=self._boxes.measure(record, view.shape))
        return self._view

    def lap(self) -> float:
        """Seconds since the instance was shown or the last action ended."""
        return self._laps.lap()

    def _refreshed(self, entry: Entry | None) -> Entry | None:
        opened = None if self._view is None else self._view.instance.id
        if entry and opened is not None and after_storing.is_to_be_read_again(entry, opened):
            with after_storing.stored():
                self._refresh(opened)
        return entry

    def _refresh(self, instance_id: int) -> View:
        return self._see(self.project.to_label(instance_id, who=self.who))

    def _see(self, now: ToLabel) -> View:
        self.now, self._stored = now, now.shape
        record, instance_id = now.record, now.record.id
        self._proposal = None if record.box is None else self._proposal
        self.masks.read(instance_id, hidden=now.hidden)
        self._carried = CarriedMarks.of(now.beside)
        self._told = suggested_marks.told_of(self.project, now, self._said_hidden, self._carried)
        filled = filled_landmarks.still_filled(self.project, instance_id, self._stored)
        self._view = self._seen(record, self._stored, filled)
        return self._view

    def _seen(
        self, record: InstanceRecord, stored: Shape, filled: frozenset[int] = frozenset()
    ) -> View:
        """The stored shape, with everything that is not evidence inferred by the posterior.

        filled: landmarks that stay where they were filled in, until somebody places one.
        """
        marked = suggested_marks.marked_before(self._said_hidden, stored, self._told)
        accepted, proposal = record.state is InstanceState.ACCEPTED, self._proposal
        stored, absent, carried = self._carried.said(stored, self._told, self._brought)
        hidden = self._hidden(stored)
        if self._brought is not None and not accepted:
            view = brought_proposal.seen(record, stored, absent, self._brought, hidden, marked)
        elif proposal is None and self._by_hand and not accepted:
            view = by_hand(self.project.scheme, record, stored, absent, self.plan.landmarks)
        elif proposal is None or accepted:
            view = as_stored(record, stored, absent, self.plan.landmarks)
        else:
            view = inferred(
                self.project.scheme,
                record,
                stored,
                filled,
                absent,
                self.belief.proposed(proposal, stored),
                self.belief.posterior(proposal, stored, hidden),
                hidden=hidden,
                marked=marked,
                mm_per_pixel=None if self.now is None else self.now.mm_per_pixel,
                plan=self.plan,
                affordable=self._affordable,
                sized=self._boxes.sized,
            )
        measured = view.measured or self._boxes.measure(record, view.shape)
        return replace(view, measured=measured, carried=carried)

    @property
    def _said_hidden(self) -> Floats | None:
        """(L,) what the proposal that is seen says of each landmark."""
        seen = self._brought or self.belief.followed(self._proposal, self._stored)
        return None if seen is None else seen.hidden

    def _hidden(self, stored: Shape) -> Floats | None:
        """(L,) the same, NaN where a person has said something."""
        return still_open(self._said_hidden, stored, self._told)

    def _affordable(self) -> bool:
        return not (self.plan.limited and over_budget(self.plan, self._time.spent(self.plan)))
