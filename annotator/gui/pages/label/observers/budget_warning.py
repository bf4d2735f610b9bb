"""Tells whoever labels, once, that the project's budget is nearly spent, and once that it is."""

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.projects.budgets.ledger import over_budget, spent_warnings
from landmark_annotator.projects.budgets.working_time import ProjectTime


class BudgetWarning(QObject):
    """Looks whenever an instance is opened: between two of them a person can best stop."""

    def __init__(self, controller: LabelController, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._context = controller, context
        self._time = ProjectTime(controller.project)
        self._told = 0
        controller.opened.connect(self._look)

    def _look(self, _instance_id: int) -> None:
        plan = self._controller.session.plan
        if not plan.limited:  # and a long journal need not be read
            self._told = 0
            return
        spent = self._time.spent(plan)
        warnings = spent_warnings(plan, spent)
        level = 2 if over_budget(plan, spent) else len(warnings[:1])
        if level > self._told:
            self._context.note(" ".join(warnings))
        self._told = level
