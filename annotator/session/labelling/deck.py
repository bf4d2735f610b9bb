"""Which instances lie on which sheet, one after another, and the next one dealt beforehand."""

from collections.abc import Collection

from landmark_annotator.projects.store import InstanceState, Project, WaitingCounts

SUREST, LEAST_SURE, IN_ORDER = "surest", "least sure", "project"
"""Which come first: by the error that is expected of them, or as the images of the project."""

_SUREST_FIRST = {SUREST: True, LEAST_SURE: False, IN_ORDER: None}


class Deck:
    """Sheets of ids. What is accepted is not dealt again, what was passed over only after all
    others."""

    def __init__(self, project: Project, size: int, order: str, who: str | None = None) -> None:
        """order: one of those above. who: nothing is dealt that somebody else has in hands,
        nor second opinions on what this person has labelled."""
        self.size, self.order = size, order
        self._project, self._who = project, who
        self._sheets: list[tuple[int, ...]] = []
        self._at = 0
        self._passed: set[int] = set()
        """Of the sheets that were turned, also what was accepted since it was counted last."""

    @property
    def current(self) -> tuple[int, ...]:
        if not self._sheets:
            self._sheets.append(self._dealt(()))
        return self._sheets[self._at]

    @property
    def following(self) -> tuple[int, ...]:
        """Of the next sheet; none where the current one is the last."""
        current = self.current
        if self._at + 1 == len(self._sheets):
            dealt = self._dealt(current)
            if not dealt:
                return ()
            self._sheets.append(dealt)
        return self._sheets[self._at + 1]

    @property
    def preceding(self) -> tuple[int, ...]:
        """Of the sheet before; none where the current one is the first."""
        return self._sheets[self._at - 1] if self._at else ()

    @property
    def counts(self) -> WaitingCounts:
        """What waits, dealt or not."""
        return self._project.waiting_counts(self._who)

    @property
    def waits(self) -> bool:
        """Whether anything on the current sheet is not accepted yet."""
        return bool(self._waiting(self.current))

    @property
    def passed(self) -> int:
        """How many were passed over and wait still."""
        self._passed = set(self._waiting(self._passed))
        return len(self._passed)

    def go_on(self) -> bool:
        """To the next sheet. False where there is none: then what was passed over comes again."""
        following = self.following
        self._passed.update(self.current)
        if following:
            self._at += 1
        return bool(following)

    def go_back(self) -> bool:
        """To the sheet before; False on the first one."""
        if self._at == 0:
            return False
        self._at -= 1
        return True

    def go_to(self, instance_ids: Collection[int]) -> bool:
        """To the latest sheet that has any of these; False where none has."""
        for at in reversed(range(len(self._sheets))):
            if set(instance_ids) & set(self._sheets[at]):
                self._at = at
                return True
        return False

    def begin_again(self) -> None:
        """From the first that waits, whatever was passed over."""
        self._sheets, self._at = [], 0
        self._passed.clear()

    def forget_following(self) -> None:
        """Those that were dealt but not yet shown are dealt anew."""
        del self._sheets[self._at + 1 :]

    def fill_up(self) -> None:
        """A last sheet that has room takes what has come since, behind what it has."""
        current = self.current
        if self._at + 1 == len(self._sheets) and len(current) < self.size:
            self._sheets[self._at] = (*current, *self._dealt(current))[: self.size]

    def _dealt(self, on_the_table: Collection[int]) -> tuple[int, ...]:
        self._passed = set(self._waiting(self._passed))
        without = self._passed.union(on_the_table)
        found = self._project.to_look_at(
            self.size + len(without), surest_first=_SUREST_FIRST[self.order], who=self._who
        )
        return tuple(r.id for r in found if r.id not in without)[: self.size]

    def _waiting(self, instance_ids: Collection[int]) -> list[int]:
        """Without those that were removed meanwhile."""
        ids = list(instance_ids)
        found = {r.id: r for r in self._project.some_instances(ids)} if ids else {}
        return [i for i in ids if i in found and found[i].state is not InstanceState.ACCEPTED]
