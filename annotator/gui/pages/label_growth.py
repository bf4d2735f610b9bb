"""How far a project's labels have grown, or fallen, since what proposes has learned from them."""

from contextlib import suppress

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.session.models.training_schedule import prior_due
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import ActionableError


class LabelGrowth:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._then = self._since = 0

    def begin(self) -> None:
        """What there is now is learned from."""
        self._since = 0
        self._then = self._project.count_of(InstanceState.ACCEPTED)

    def hear(self, change: Change) -> bool:
        """Labels of others, and those of a step about no single instance, are counted. Returns
        whether labels may have changed."""
        labels = Kind.LABELS in change.kinds
        if labels:
            self._since += max(len(change.instances), 1)
        recount = change.by_others or Kind.LIST in change.kinds
        if recount:
            with suppress(ActionableError):  # a server that is away: their next action tells
                apart = abs(self._project.count_of(InstanceState.ACCEPTED) - self._then)
                self._since = max(self._since, apart)
        return labels or recount

    @property
    def due(self) -> bool:
        """Whether what learns at once is to learn anew."""
        return prior_due(self._then + self._since, self._then)
