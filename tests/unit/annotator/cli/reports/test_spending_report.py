"""What `annotator status` says of what is still to come."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.cli.reports.spending_report import (
    forecast_lines,
    spending_facts,
)
from landmark_annotator.annotator.gui.pages.budget.sentences import spent_lines
from landmark_annotator.annotator.session.planning.budget_view import Spending
from landmark_annotator.projects.budgets.ledger import ledger
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Assignment, Project
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape

POINTS = np.array([[20.0, 20.0], [60.0, 20.0]])


facts = partial(ImageFacts, 80, 60)


def labelled(folder: Path, images: int) -> Project:
    """All but the fifth."""
    project = Project.create(folder / "pairs", Scheme("pair", ("a", "b")))
    for n in range(images):
        image = project.add_image(folder / f"{n}.png", facts(f"{n:064x}"))
        one = project.add_instance(image.id, None, who="ada").id
        if n == 4:
            continue
        for landmark, place in enumerate(POINTS.tolist()):
            project.place(one, landmark, (place[0], place[1]), who="ada", duration=1.5)
        shape = Shape(POINTS, None, (Provenance.CLICKED,) * 2)
        project.accept(one, shape, who="ada", duration=1.0)
    return project


@pytest.mark.parametrize(
    ("images", "said"), [(5, "The 1 instance left will take 2 clicks and 4 s"), (4, "")]
)
def test_of_nothing_that_is_left_nothing_is_foreseen(
    tmp_path: Path, images: int, said: str
) -> None:
    with labelled(tmp_path, images) as project:
        found = ledger(project)
        foreseen = spending_facts(project.scheme, found, project.plan())["forecast"]
        told = " ".join(forecast_lines(found, "instance"))
    assert told.startswith(said)
    assert bool(told) == bool(foreseen) == bool(said)


def test_a_forecast_says_what_the_rest_has_to_be_like(tmp_path: Path) -> None:
    with labelled(tmp_path, 5) as project:
        found = ledger(project)
        on_the_page = spent_lines(Spending(found, project.plan()))
    for told in (forecast_lines(found, "instance")[-1], on_the_page[-1]):
        assert "(95 % if like the last 4)" in told


def test_of_what_is_left_it_is_said_how_much_no_list_has_yet(tmp_path: Path) -> None:
    with labelled(tmp_path, 5) as project:
        project.set_assignment(Assignment(twice=1.0), who="ada")
        found = ledger(project)
        on_the_page = spent_lines(Spending(found, project.plan(), "object"))
    later = "6 objects left, 1 of them a second opinion that is asked for later, will take"
    assert later in forecast_lines(found, "object")[-1]
    assert "for 6 objects, 1 of them a second opinion" in on_the_page[-1]
