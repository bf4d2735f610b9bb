"""What was done in a project elsewhere than in this window since it was last looked at: by others,
or by the same person in another window or by a command."""

from dataclasses import dataclass, field

from landmark_annotator.projects.store import Lease, Project

_LATE = 1000
"""Entries back from the newest in which one may still turn up on a server: where several write at
the same time, who began first may end last."""


@dataclass(frozen=True)
class Done:
    """instances: what something was done to. many: instances came or went, or something was done
    that is about no single one. leases: that hold now, whoever has them. people: somebody was added
    to the project's people or removed, or has another role."""

    instances: frozenset[int]
    many: bool
    leases: tuple[Lease, ...] = field(default=(), compare=False)
    people: bool = False


class OthersDone:
    def __init__(self, project: Project, who: str) -> None:
        self._project, self._who = project, who
        self._last = project.newest_entry()
        now = project.done_elsewhere(self._after, who=who)
        self._count, self._told, self._roles = now.instances, set(now.entries), now.roles

    def look(self) -> Done:
        """Since the last look; one question, for a window waits for the answer."""
        now = self._project.done_elsewhere(self._after, who=self._who)
        found = {about for entry, about in now.entries.items() if entry not in self._told}
        many = now.instances != self._count or None in found
        people = now.roles != self._roles
        self._last, self._count, self._told = now.newest, now.instances, set(now.entries)
        self._roles = now.roles
        return Done(frozenset(i for i in found if i is not None), many, now.leases, people)

    @property
    def _after(self) -> int:
        """The last look's newest entry, and of a shared project some before."""
        return max(0, self._last - _LATE) if self._project.shared else self._last
