"""What was done in a project elsewhere than in this window since it was last looked at: by others,
or by the same person in another window or by a command."""

from dataclasses import dataclass

from landmark_annotator.projects.store import Project

_LATE = 1000
"""Entries back from the newest in which one may still turn up on a server: where several write at
the same time, who began first may end last."""


@dataclass(frozen=True)
class Done:
    """instances: what something was done to. many: instances came or went, or something was done
    that is about no single one."""

    instances: frozenset[int]
    many: bool


class OthersDone:
    def __init__(self, project: Project, who: str) -> None:
        self._project, self._who = project, who
        self._last = project.newest_entry()
        self._count = project.instance_count(excluded=True)
        self._told = set(self._entries())

    def look(self) -> Done:
        """Since the last look."""
        last, count = self._project.newest_entry(), self._project.instance_count(excluded=True)
        if last == self._last and count == self._count and not self._project.shared:
            return Done(frozenset(), False)
        there = self._entries()
        found = {instance for entry, instance in there.items() if entry not in self._told}
        many = count != self._count or None in found
        self._last, self._count, self._told = last, count, set(there)
        return Done(frozenset(i for i in found if i is not None), many)

    def _entries(self) -> dict[int, int | None]:
        """Those after the last look, and of a shared project some before."""
        after = max(0, self._last - _LATE) if self._project.shared else self._last
        return self._project.entries_elsewhere(after, who=self._who)
