"""Deciding which of two people's labels stands for an object: one key, one step for undo."""

from collections.abc import Callable, Mapping
from functools import partial

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.session.review.agreement import NOTHING_IN_COMMON, Agreement
from landmark_annotator.annotator.session.review.standing_labels import let_both_count, let_stand
from landmark_annotator.projects.vocabulary import ActionableError


class Decision:
    def __init__(
        self, context: PageContext, shown: Callable[[], tuple[Agreement | None, int]]
    ) -> None:
        """shown: between whom, and the place of the object in their pairs."""
        self._context, self._shown = context, shown

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {
            "compare_first_stands": partial(self.decide, first=True),
            "compare_second_stands": partial(self.decide, first=False),
            "compare_both_count": partial(self.decide, first=None),
        }

    def decide(self, *, first: bool | None) -> None:
        """The first person's label stands or the second's, or both count again."""
        found, place = self._shown()
        if found is None:
            self._context.note(NOTHING_IN_COMMON)
            return
        pair, project, who = found.pairs[place], self._context.project, self._context.who
        try:
            if first is None:
                said = "Both labels of this object count."
                done = let_both_count(project, pair.first, pair.second, who=who)
            else:
                whose = found.first if first else found.second
                this, other = pair.ids if first else pair.ids[::-1]
                said = f"{whose}'s label stands for this object; the other one no longer counts."
                done = let_stand(project, this, over=other, whose=whose, who=who)
        except ActionableError as error:
            self._context.tell(error)
            return
        if done:
            kinds = Kind.STORED | Kind.LABELS | Kind.LIST
            self._context.changed(Change(kinds, frozenset(pair.ids), said))
        self._context.note(said if done else "That is so already.")
