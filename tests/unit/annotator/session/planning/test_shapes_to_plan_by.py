"""Which shapes of a project a plan is made by, and which are too few."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.planning.offer import labelled_shapes, offer
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Provenance, Shape
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from tests.unit.annotator.session.planning.worm_projects import LANDMARKS, facts, made, worm


@pytest.fixture
def worms(tmp_path: Path) -> Callable[..., Project]:
    return partial(made, tmp_path)


def test_no_shapes_are_too_few(worms: Callable[..., Project]) -> None:
    with worms(0) as project, pytest.raises(TooFewLabels, match="not 0"):
        offer(project, progress=SILENT)


def test_shapes_that_are_labelled_in_part_are_told_of_where_others_are_too_few(
    worms: Callable[..., Project],
) -> None:
    with worms(0, waiting=4) as project:
        for record in project.instances():
            for j in range(LANDMARKS - 1):
                project.place(record.id, j, worm(record.id)[j], who="ada")
        with pytest.raises(TooFewLabels) as raised:
            offer(project, progress=SILENT)
    assert raised.value.happened == (
        "To see what points are worth takes at least 5 labelled shapes, not 0. 4 more are labelled "
        "in part only and do not count. In none of them: segment 7."
    )
    assert "not in the image" in raised.value.remedy


def test_one_shape_that_is_labelled_in_part_is_one(worms: Callable[..., Project]) -> None:
    with worms(0, waiting=1) as project:
        project.place(project.instances()[0].id, 0, (9.0, 9.0), who="ada")
        with pytest.raises(TooFewLabels, match="1 more is labelled in part only and does not"):
            offer(project, progress=SILENT)


def test_shapes_that_a_model_completed_are_left_out_or_said(worms: Callable[..., Project]) -> None:
    with worms(30, provenance=Provenance.INFERRED) as project:
        shapes, [note] = labelled_shapes(project)
        assert len(shapes) == 30
        assert "30 of 30 shapes have landmarks that a model inferred" in note
        for i in range(100, 125):
            image = project.add_image(project.folder / f"{i}.png", facts(str(i)))
            project.add_instance(image.id, None, shape=Shape(worm(i)), who="importer")
        shapes, notes = labelled_shapes(project)
        assert (len(shapes), notes) == (25, ())
