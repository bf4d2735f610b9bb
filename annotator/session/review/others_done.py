"""What others have done in a project since it was last looked at."""

from dataclasses import dataclass

from projects.store import Project


@dataclass(frozen=True)
class Done:
    """instances: what others did something to. many: instances came or went, or something was done
    that is about no single one."""

    instances: frozenset[int]
    many: bool


class OthersDone:
    def __init__(self, project: Project, who: str) -> None:
        self._project, self._who = project, who
        self._last = project.newest_entry()
        self._count = project.instance_count(excluded=True)

    def look(self) -> Done:
        """Since the last look."""
        last, count = self._project.newest_entry(), self._project.instance_count(excluded=True)
        if last == self._last and count == self._count:
            return Done(frozenset(), False)
        found = self._project.touched_by_others(self._last, who=self._who)
        many = count != self._count or None in found
        self._last, self._count = last, count
        return Done(frozenset(i for i in found if i is not None), many)
