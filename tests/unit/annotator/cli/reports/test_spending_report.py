"""What `annotator status` says of what is still to come."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.cli.reports.spending_report import (
    forecast_lines,
    spending_facts,
)
from landmark_annotator.projects.budgets.ledger import ledger
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape

POINTS = np.array([[20.0, 20.0], [60.0, 20.0]])


facts = partial(ImageFacts, 80, 60)


@pytest.mark.parametrize(
    ("images", "said"), [(5, "The 1 instance left will take 2 clicks and 4 s"), (4, "")]
)
def test_of_nothing_that_is_left_nothing_is_foreseen(
    tmp_path: Path, images: int, said: str
) -> None:
    with Project.create(tmp_path / "pairs", Scheme("pair", ("a", "b"))) as project:
        for n in range(images):
            image = project.add_image(tmp_path / f"{n}.png", facts(f"{n:064x}"))
            one = project.add_instance(image.id, None, who="ada").id
            if n == 4:
                continue
            for landmark, place in enumerate(POINTS.tolist()):
                project.place(one, landmark, (place[0], place[1]), who="ada", duration=1.5)
            shape = Shape(POINTS, None, (Provenance.CLICKED,) * 2)
            project.accept(one, shape, who="ada", duration=1.0)
        found = ledger(project)
        foreseen = spending_facts(project.scheme, found, project.plan())["forecast"]
        told = " ".join(forecast_lines(found, "instance"))
    assert told.startswith(said)
    assert bool(told) == bool(foreseen) == bool(said)
