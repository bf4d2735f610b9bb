"""What the errors of a simulated hand are divided by, where shapes lack landmarks."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.evaluation.simulated_project import (
    Settings,
    SimulationPlan,
    plan_simulation,
)
from landmark_annotator.annotator.session.evaluation.simulation_work import Clicking
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Provenance, Shape

pytestmark = pytest.mark.usefixtures("blind_priors")


def planned(project: Project) -> SimulationPlan:
    return plan_simulation(project, Settings("mixture", "worst", clicks=1, limit=100, seed=0))


def lose(project: Project, instance_id: int, landmarks: list[int]) -> None:
    points = project.shape(instance_id).points.copy()
    points[landmarks] = np.nan
    shape = Shape(points, provenance=[Provenance.CLICKED] * len(points))
    project.accept(instance_id, shape, who="ada")


def test_a_shape_that_is_nowhere_has_no_error(project: Project) -> None:
    """The mean over all was no number."""
    first, *others = [r.id for r in project.instances() if r.state is InstanceState.ACCEPTED]
    lose(project, first, list(range(len(project.scheme))))
    assert set(planned(project).ids) == set(others)


def test_without_the_normaliser_it_is_as_long_as_usual(project: Project) -> None:
    first, *others = [r.id for r in project.instances() if r.state is InstanceState.ACCEPTED]
    shares = []
    for other in others:
        box, points = project.instance(other).box, project.shape(other).points
        assert box is not None
        shares.append(project.scheme.normaliser_length(points, box) / box.diagonal)
    lose(project, first, list(project.scheme.normaliser or ()))
    _, (_, _, clicking, _) = planned(project).work.__reduce__()
    assert isinstance(clicking, Clicking)
    assert clicking.share == pytest.approx(np.median(shares))
    assert clicking.share < 0.5
