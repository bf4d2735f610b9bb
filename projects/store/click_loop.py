"""The part of a project that people label through."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from landmark_annotator.projects.store.journal import (
    actions,
    conflicts,
    edits,
    entries,
    visibility_actions,
)
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.rows.instances import unknown_instance
from landmark_annotator.projects.store.rows.records import Entry
from landmark_annotator.projects.store.to_label import ToLabel, to_label
from landmark_annotator.projects.vocabulary import Box, Mask, Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats

Position = Sequence[float] | Floats
"""(x, y) in image pixels."""


class ClickLoop(Opened):
    """Each action is on the disk, with its journal entry, before the method returns it.

    seen: the instance's `revision` that the person looked at. Where something was done since then
    that the action does not go with, Conflict says what; the journal keeps the action as refused.
    None: whatever is there.
    """

    def revision(self, instance_id: int) -> int:
        """Another one after every action on the instance. To be read before what is shown of it."""
        return conflicts.revision(self._reading, instance_id)

    def revisions(self, instance_ids: Collection[int]) -> dict[int, int]:
        """By instance; without those of which nothing was ever recorded."""
        return conflicts.revisions(self._reading, instance_ids)

    def to_label(self, instance_id: int, *, who: str) -> ToLabel:
        """All that this person needs of it. Raises ProjectError where it is no more."""
        found = self.some_to_label([instance_id], who=who).get(instance_id)
        if found is None:
            raise unknown_instance(instance_id)
        return found

    def some_to_label(self, instance_ids: Collection[int], *, who: str) -> dict[int, ToLabel]:
        """As `to_label`, by instance, without those that are no more: as few questions as of one
        alone."""
        return to_label(self._reading, self.folder, self.stored_scheme, instance_ids, who)

    def done_since(self, instance_id: int, seen: int) -> list[Entry]:
        """What the journal has of the instance since this revision, the oldest first."""
        return list(map(self.stored_scheme.seen, entries.since(self._reading, instance_id, seen)))

    def place(
        self,
        instance_id: int,
        landmark: int,
        position: Position,
        *,
        provenance: Provenance = Provenance.CLICKED,
        covariance: Floats | None = None,
        who: str,
        proposed: Position | None = None,
        duration: float | None = None,
        at: datetime | None = None,
        seen: int | None = None,
    ) -> Entry:
        """A person puts a landmark somewhere (CLICKED), or says it is right there (CONFIRMED), or
        that its contour passes there (TRACED): covariance (2, 2) then says in which direction.

        proposed: where the model had it, duration: seconds, at: when it was done, if not now. An
        accepted shape stays accepted.
        """
        return self._acted(
            instance_id,
            lambda connection: actions.place(
                connection,
                self.stored_scheme,
                instance_id,
                landmark,
                edits.point(position),
                provenance=provenance,
                covariance=covariance,
                who=who,
                proposed=None if proposed is None else edits.point(proposed),
                duration=duration,
                at=at,
                seen=seen,
            ),
            seen,
        )

    def set_visibility(
        self,
        instance_id: int,
        landmark: int,
        visibility: Visibility,
        *,
        who: str,
        duration: float | None = None,
        seen: int | None = None,
    ) -> Entry:
        """NOT_LABELLED says that the landmark is absent, not in the image: it loses its position.

        `shape` then gives it a provenance without a position. Saying later that it is visible or
        hidden makes it one that is still to be placed, and so reopens an accepted shape.
        """
        return self._acted(
            instance_id,
            lambda connection: visibility_actions.set_visibility(
                connection,
                self.stored_scheme,
                instance_id,
                landmark,
                visibility,
                who=who,
                duration=duration,
                seen=seen,
            ),
            seen,
        )

    def mark_suggested(
        self,
        instance_id: int,
        landmarks: Collection[int],
        visibility: Visibility,
        *,
        who: str,
        duration: float | None = None,
        seen: int | None = None,
    ) -> Entry:
        """As `set_visibility`, of all landmarks that a model takes to be hidden, as one action."""
        return self._acted(
            instance_id,
            lambda connection: visibility_actions.mark_suggested(
                connection,
                self.stored_scheme,
                {instance_id: landmarks},
                visibility,
                who=who,
                duration=duration,
                seen=seen,
            )[0],
            seen,
        )

    def mark_suggested_on_sheet(
        self,
        suggested: Mapping[int, Collection[int]],
        visibility: Visibility,
        *,
        who: str,
        duration: float | None = None,
    ) -> list[Entry]:
        """The same of several instances, as one step for undo: all or none. duration: of all of
        them together."""
        with self._writing(beside=True) as connection:
            each = None if duration is None or not suggested else duration / len(suggested)
            return visibility_actions.mark_suggested(
                connection, self.stored_scheme, suggested, visibility, who=who, duration=each
            )

    def mark_absent(
        self,
        absent: Mapping[int, Collection[int]],
        *,
        who: str,
        duration: float | None = None,
        seen: int | None = None,
    ) -> list[Entry]:
        """That these landmarks of these instances are not in the image, as one step for undo: all
        or none. duration: of all of them together. seen: of the only one."""
        with self._writing(beside=True) as connection:
            each = None if duration is None or not absent else duration / len(absent)
            return visibility_actions.mark_absent(
                connection, self.stored_scheme, absent, who=who, duration=each, seen=seen
            )

    def set_visibility_in_all(
        self, instance_ids: Collection[int], landmark: int, visibility: Visibility, *, who: str
    ) -> list[Entry]:
        """As `set_visibility`, in all of these instances, as one step for undo: all or none. An
        accepted shape that lacks the landmark then is reopened. Raises Conflict."""
        with self._writing() as connection:
            return visibility_actions.set_visibility_in_all(
                connection, self.stored_scheme, instance_ids, landmark, visibility, who=who
            )

    def clear(self, instance_id: int, landmark: int, *, who: str, seen: int | None = None) -> Entry:
        """Take a landmark's stored position back; an accepted shape is reopened by it."""
        return self._acted(
            instance_id,
            lambda connection: actions.clear(
                connection, self.stored_scheme, instance_id, landmark, who=who, seen=seen
            ),
            seen,
        )

    def set_box(self, instance_id: int, box: Box, *, who: str, seen: int | None = None) -> Entry:
        return self._acted(
            instance_id,
            lambda connection: actions.set_box(connection, instance_id, box, who=who, seen=seen),
            seen,
        )

    def accept(
        self,
        instance_id: int,
        shape: Shape,
        *,
        who: str,
        duration: float | None = None,
        in_review: bool = False,
        at: datetime | None = None,
        seen: int | None = None,
        masks: Mapping[str, Mask] | None = None,
        box: Box | None = None,
    ) -> Entry:
        """Store all L landmarks as right. A point without a provenance counts as inferred.

        in_review: with it the shape has passed the review; see `review`. at: when it was
        accepted, if not now. masks: by region what a model has proposed and the person let pass;
        regions that have a mask already keep it. box: in place of the one that is stored, where
        that is around something else.

        Raises SchemeError where the shape has not L landmarks, ProjectError where one of them has
        no position, unless it is absent: NOT_LABELLED, with a provenance.
        """
        return self._acted(
            instance_id,
            lambda connection: actions.accept(
                connection,
                self.stored_scheme,
                instance_id,
                shape,
                who=who,
                duration=duration,
                in_review=in_review,
                at=at,
                seen=seen,
                masks=masks or {},
                box=box,
            ),
            seen,
        )

    def accept_sheet(
        self,
        shapes: Mapping[int, Shape],
        *,
        who: str,
        duration: float | None = None,
        masks: Mapping[int, Mapping[str, Mask]] | None = None,
        boxes: Mapping[int, Box] | None = None,
        in_image: bool = False,
    ) -> list[Entry]:
        """As `accept`, of all that a person has looked at together, by instance: all or none.
        in_image: in the image that all are in, and not side by side with others.

        One step for undo, which can also take back that of a single instance; the journal says of
        each that it was accepted so. duration: of all of them together. masks, boxes: as of
        `accept`, by instance.
        """
        with self._writing(beside=True) as connection:
            return actions.accept_sheet(
                connection,
                self.stored_scheme,
                shapes,
                who=who,
                duration=duration,
                masks=masks or {},
                boxes=boxes or {},
                in_image=in_image,
            )

    def reshape(
        self,
        instance_id: int,
        shape: Shape,
        *,
        title: str,
        who: str,
        duration: float | None = None,
        seen: int | None = None,
    ) -> Entry:
        """Store this in place of all that is stored of the landmarks, as one action.

        A point without a provenance counts as clicked. title: what the action is called in a
        menu. Raises SchemeError where the shape has not L landmarks.
        """
        return self._acted(
            instance_id,
            lambda connection: actions.reshape(
                connection,
                self.stored_scheme,
                instance_id,
                shape,
                title=title,
                who=who,
                duration=duration,
                seen=seen,
            ),
            seen,
        )
