"""The part of a project that is about judging labels: flags, and the verdicts of reviewers."""

from collections.abc import Collection, Mapping

from landmark_annotator.projects.store.journal import review_actions
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.rows import flags_and_reviews
from landmark_annotator.projects.store.rows.records import (
    Entry,
    Flag,
    InstanceState,
    Review,
    Verdict,
)
from landmark_annotator.projects.vocabulary.arguments import member


class Reviewing(Opened):
    """All of it is undone like the actions of the click loop."""

    def flag(self, instance_id: int, comment: str = "", *, who: str) -> Entry:
        """Somebody should look at this one. Takes the place of an earlier flag."""
        with self._writing(beside=True, instance=instance_id) as connection:
            return review_actions.flag(connection, instance_id, comment, who=who)

    def flag_all(self, comments: Mapping[int, str], *, who: str) -> list[Entry]:
        """The same of several instances, each with its comment, as one step for undo: all or
        none."""
        with self._writing(beside=True) as connection:
            return review_actions.flag_all(connection, comments, who=who)

    def resolve_flag(self, instance_id: int, *, who: str) -> Entry:
        """Raises ProjectError where no flag is open."""
        with self._writing(beside=True, instance=instance_id) as connection:
            return review_actions.resolve_flag(connection, instance_id, who=who)

    def flags(self, instance_id: int | None = None) -> dict[int, Flag]:
        """Of one instance or all, by its id; resolved ones too."""
        return flags_and_reviews.flags(self._reading, instance_id)

    def marked(
        self, instance_ids: Collection[int]
    ) -> dict[int, tuple[InstanceState, Flag | None, Review | None]]:
        """Of these instances the state, the flag and the verdict that holds; without those that
        are no more."""
        return flags_and_reviews.marked(self._reading, instance_ids)

    def review(
        self,
        instance_id: int,
        verdict: Verdict | str,
        comment: str = "",
        *,
        who: str,
        duration: float | None = None,
        seen: int | None = None,
    ) -> Entry:
        """A reviewer accepts an accepted shape, or sends it back, which reopens it; a verdict is
        taken by its text too.

        Either answers an open flag. seen: the revision that was looked at; see `ClickLoop`.
        See `Review` for how long a verdict holds. Raises ProjectError where a shape that is not
        accepted is to pass (see `accept`), and where it is sent back without a comment.
        """
        given = member(Verdict, verdict, "verdict")
        return self._acted(
            instance_id,
            lambda connection: review_actions.review(
                connection, instance_id, given, comment, who=who, duration=duration, seen=seen
            ),
            seen,
        )

    def placed_by(self, instance_id: int) -> dict[int, str]:
        """Who put each landmark where it is stored, or said the last thing of it."""
        return self.stored_scheme.by_place(flags_and_reviews.placed_by(self._reading, instance_id))

    def reviews(
        self, instance_id: int | None = None, *, verdict: Verdict | str | None = None
    ) -> dict[int, Review]:
        """Those that hold, of one instance or all, by its id; of one verdict or any."""
        wanted = None if verdict is None else member(Verdict, verdict, "verdict")
        return flags_and_reviews.reviews(self._reading, instance_id, wanted)
