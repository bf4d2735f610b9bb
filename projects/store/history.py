"""The part of a project that remembers: the journal, and undo and redo, which go by it."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from landmark_annotator.projects.store.journal import acceptances, entries, scheme_changes, spending
from landmark_annotator.projects.store.journal import undo as undo_module
from landmark_annotator.projects.store.journal.elsewhere import Elsewhere, elsewhere
from landmark_annotator.projects.store.journal.given_labels import GivenLabel, given_labels
from landmark_annotator.projects.store.journal.labellers import Labelling, beginnings, labellings
from landmark_annotator.projects.store.journal.repeated_clicks import PlacedAgain, placed_again
from landmark_annotator.projects.store.journal.spending import Fences, SpentOn, SpentThen
from landmark_annotator.projects.store.journal.work_done import work_done
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.people import rights
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.rows import plans
from landmark_annotator.projects.store.rows.records import (
    ActionKind,
    Entry,
    Spend,
    TimedActions,
    TimedLandmarks,
    WorkDone,
)
from landmark_annotator.projects.store.rows.stored_scheme import (
    current_id,
    every_scheme,
    read_scheme,
)
from landmark_annotator.projects.vocabulary import Scheme, SchemeChange, Shape


class History(Opened):
    """The journal only grows; undo appends to it."""

    def undo(self, who: str) -> Entry | None:
        """Turn the person's last action back, on whatever image, and return it; None: no more.
        Of what was found or followed, objects that somebody or a file has labelled since stay.

        Raises ProjectError where somebody else has changed the same rows since.
        """
        return self._turned(ActionKind.UNDO, who)

    def undo_on(self, instance_id: int, who: str) -> Entry | None:
        """Turn the person's last action on this instance back, whatever came later elsewhere; of
        what was done to many at once, what was done to this one. Raises as `undo` does."""
        with self._writing(beside=True, instance=instance_id) as connection:
            entry = undo_module.turn_back_on(connection, who, instance_id)
        return entry and self.stored_scheme.seen(entry)

    def redo(self, who: str) -> Entry | None:
        """Do again what was undone last and return it. Any new action ends what can be redone.
        Of what was found, boxed by a file or taken back, objects that others have changed since
        stay as they are.

        Raises ProjectError where somebody else has changed the same rows since.
        """
        return self._turned(ActionKind.REDO, who)

    def _turned(self, kind: ActionKind, who: str) -> Entry | None:
        undo = kind is ActionKind.UNDO
        about = self.undoable(who) if undo else self.redoable(who)
        alone = about is None or undo_module.is_of_one_instance(about)
        instance = about.instance_id if alone and about is not None else None
        with self._writing(beside=alone, instance=instance) as connection:
            entry = undo_module.turn(connection, kind, who)
            scheme = None
            if entry is not None and entry.kind is ActionKind.SCHEME:
                scheme = read_scheme(connection, current_id(connection))
        self.stored_scheme = scheme or self.stored_scheme
        return entry and self.stored_scheme.seen(entry)

    def change_scheme(self, change: SchemeChange, *, who: str) -> Entry:
        """Another scheme from now on, as one step for undo; nothing that is stored is lost.

        Labels stay at their landmarks. What is new is unknown everywhere, so accepted shapes are
        reopened for it, with all that they have. What goes is there again when it comes back by
        undo. The version of the scheme goes up. Raises ProjectError where the change is none, or
        of another scheme than the project's.
        """
        with self._writing() as connection:
            rights.refuse_below(connection, who, Role.LEAD, ActionKind.SCHEME)
            scheme, entry = scheme_changes.change_scheme(
                connection, self.stored_scheme, change, who
            )
        self.stored_scheme = scheme
        return entry

    def schemes(self) -> list[Scheme]:
        """All versions of the scheme that there ever were, the newest first; see `scheme` for the
        one that holds."""
        return every_scheme(self._reading)

    def labelled_by(self) -> tuple[str, ...]:
        """Everybody who has ever accepted or imported a shape, in the order of the alphabet."""
        return entries.people(self._reading, [kind for kind in ActionKind if kind.makes_labels])

    def undoable(self, who: str, instance_id: int | None = None) -> Entry | None:
        """What `undo` would take back, or `undo_on` this instance."""
        entry = undo_module.undoable(self._reading, who, instance_id)
        return entry and self.stored_scheme.seen(entry)

    def redoable(self, who: str) -> Entry | None:
        entry = undo_module.redoable(self._reading, who)
        return entry and self.stored_scheme.seen(entry)

    def titles(self, who: str) -> tuple[str | None, str | None]:
        """What `undoable` and `redoable` are called."""
        return undo_module.titles(self._reading, who)

    def instances_of_step(self, entry: Entry, *, undone: bool) -> list[int]:
        """Of the step that the entry belongs to, the instances of which it is undone, or not."""
        step = undo_module.step_of(self._reading, entry, undone=undone)
        return [one.instance_id for one in step if one.instance_id is not None]

    def accepted_on_sheets(self) -> frozenset[int]:
        """Instances whose acceptance that stands was one of many at one look."""
        return acceptances.accepted_on_sheets(self._reading)

    def journal(self, instance_id: int | None = None) -> Iterator[Entry]:
        """From the oldest entry on; of one instance or of all."""
        return map(self.stored_scheme.seen, entries.entries(self._reading, instance_id))

    def newest_entry(self) -> int:
        """The id of the journal's newest one; 0 of an empty journal."""
        return entries.newest(self._reading)

    def done_elsewhere(self, after: int, *, who: str) -> Elsewhere:
        """What the journal has after this entry by others than `who`, or by the same person in
        another window or by a command, and who has which image. Several people may write at the
        same time: an entry may come to be seen after one with a higher id."""
        return elsewhere(self._reading, after, who)

    def work_done(self) -> Iterator[WorkDone]:
        """Of the whole journal, from the oldest entry on: many times as fast as `journal`."""
        return work_done(self._reading)

    def spent_by_time(self, fences: Fences) -> list[SpentThen]:
        """See `spending`."""
        return spending.spent_by_time(self._reading, fences)

    def spent_on_waiting(self, fences: Fences) -> list[SpentOn]:
        return spending.spent_on_waiting(self._reading, fences)

    def spent_on_finished(self, fences: Fences, since: datetime | None = None) -> Iterator[SpentOn]:
        return spending.spent_on_finished(self._reading, fences, since)

    def points_asked_since(self) -> datetime | None:
        """Since when the plan's points, or those of no plan, are asked for; None: always."""
        return plans.points_since(self._reading)

    def timed_landmarks(self) -> list[TimedLandmarks]:
        """How long people took by landmark, of those that the scheme has now; what was about no
        landmark, or one that went, is of None."""
        places = self.stored_scheme.places
        return [
            one._replace(landmark=None if one.landmark is None else places.get(one.landmark))
            for one in spending.timed_landmarks(self._reading)
        ]

    def placed_again(self) -> list[PlacedAgain]:
        """Each click that moved a landmark from where the same person's last click had put it."""
        return placed_again(self._reading)

    def labellings(self, among: Collection[int] | None = None) -> dict[int, Labelling]:
        """By instance, of all or of these, who made its labels and when; those that nobody ever
        accepted or imported are not in it."""
        return labellings(self._reading, among)

    def beginnings(self, among: Collection[int]) -> dict[int, Labelling]:
        """By instance, of these, who did something on its labels last, and when."""
        return beginnings(self._reading, among)

    def given_labels(self, among: Collection[int]) -> dict[int, GivenLabel]:
        """By instance, of these, what the first who accepted it, or imported it where nobody did,
        gave as its label: without what others have corrected since."""
        return given_labels(self._reading, among)

    def as_given(
        self, given: Mapping[int, GivenLabel], stored: Mapping[int, Shape]
    ) -> dict[int, Shape]:
        """By instance, the stored shapes of some as their people gave them (`given_labels`), and as
        they are where nobody did."""
        scheme = self.stored_scheme
        return {
            i: given[i].shape(shape, scheme) if i in given else shape for i, shape in stored.items()
        }

    def timed_actions(self, after: int = 0) -> list[TimedActions]:
        """By person and kind, from the entry after this id on."""
        return spending.timed_actions(self._reading, after)

    def spend(self, who: str | None = None) -> Spend:
        """What is recorded of one person, or of all: undone actions count, and so do pauses."""
        return spending.spend(self._reading, who)
