"""What is read of an instance that is opened, and opened again once its photograph is there."""

import time

from landmark_annotator.projects.store import Plan, Project, ToLabel

_MOMENT_S = 2.0
"""As often as what others do is looked up."""


class OpenedReading:
    def __init__(self, project: Project, who: str) -> None:
        self._project, self._who = project, who
        self._read: tuple[int, float] | None = None
        """Which instance, and when (monotonic seconds)."""

    def read(
        self, instance_id: int, known: tuple[ToLabel | None, Plan] | None = None
    ) -> tuple[ToLabel, Plan]:
        """known: what was read of the open instance, where it is opened again only because
        something is there for it. That was read a moment ago is not asked of a server again: what
        others did meanwhile is found when they are looked for, and when something is stored."""
        shown, plan = (None, None) if known is None else known
        if shown is not None and plan is not None and self._is_recent(shown, instance_id):
            return shown, plan
        now = self._project.to_label(instance_id, who=self._who), self._project.plan()
        self._read = instance_id, time.monotonic()
        return now

    def _is_recent(self, shown: ToLabel, instance_id: int) -> bool:
        if self._read is None or not self._project.shared:
            return False
        which, since = self._read
        same = which == shown.record.id == instance_id
        return same and time.monotonic() - since < _MOMENT_S
