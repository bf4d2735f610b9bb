"""Deciding which of two people's labels stands for an object: one key, one step for undo."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.session.review.agreement import NOTHING_IN_COMMON, Agreement
from landmark_annotator.annotator.session.review.decisions import (
    labels_of_object,
    over_all_others,
)
from landmark_annotator.annotator.session.review.standing_labels import (
    let_both_count,
    let_stand,
)
from landmark_annotator.projects.vocabulary import ActionableError


class Decision:
    def __init__(
        self,
        context: PageContext,
        shown: Callable[[], tuple[Agreement | None, int]],
        everybody: Callable[[], Sequence[Agreement]],
    ) -> None:
        """shown: between whom, and the place of the object in their pairs. everybody: between all
        people, of whom more than two may have labelled the object."""
        self._context, self._shown, self._everybody = context, shown, everybody

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {
            "compare_first_stands": partial(self.decide, first=True),
            "compare_second_stands": partial(self.decide, first=False),
            "compare_both_count": partial(self.decide, first=None),
        }

    def decide(self, *, first: bool | None) -> None:
        """The first person's label stands or the second's, over everybody's; or all count again."""
        found, place = self._shown()
        if found is None:
            self._context.note(NOTHING_IN_COMMON)
            return
        pair, project, who = found.pairs[place], self._context.project, self._context.who
        labels = labels_of_object(self._everybody(), pair.first)
        several = len(labels) > len(pair.ids)
        try:
            if first is None:
                said = f"{'All' if several else 'Both'} labels of this object count."
                done = let_both_count(project, *labels, who=who)
            else:
                whose = found.first if first else found.second
                rest = "others no longer count" if several else "other one no longer counts"
                said = f"{whose}'s label stands for this object; the {rest}."
                choices = over_all_others(labels, whose)
                done = let_stand(project, choices, whose=whose, who=who)
        except ActionableError as error:
            self._context.tell(error)
            return
        if done:
            kinds = Kind.STORED | Kind.LABELS | Kind.LIST
            self._context.changed(Change(kinds, frozenset(labels), said))
        self._context.note(said if done else "That is so already.")
