"""A simulated hand labels what models may learn from, and each shape by one that has not."""

from landmark_annotator.annotator.session.evaluation.simulated_project import (
    Settings,
    plan_simulation,
)
from landmark_annotator.projects.store import Assignment, InstanceState, Project, Role


def test_what_two_people_label_blindly_is_left_out(project: Project) -> None:
    accepted = {r.id for r in project.instances() if r.state is InstanceState.ACCEPTED}
    project.set_person("ada", Role.LEAD, who="ada")
    project.set_assignment(Assignment(twice=0.5), who="ada")
    hidden = set(project.blind().values())
    assert hidden
    plan = plan_simulation(project, Settings("mixture", "worst", clicks=1, limit=100, seed=0))
    assert set(plan.ids) == accepted - hidden
