"""Errors of shapes that lack a landmark of the normaliser, as a profile does an eye: what they are
told in percent of is no other length than that of all others."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.evaluation.held_out_errors import prior_errors
from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.annotator.session.review.certification import Certification
from landmark_annotator.annotator.session.review.millimetres import millimetres
from landmark_annotator.annotator.session.review.present_error import present_error, present_errors
from landmark_annotator.annotator.session.review.review_session import reviewed
from landmark_annotator.projects.budgets.working_time import WorkingTime
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Scheme, Shape

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
POINTS = np.array([[80.0, 100.0], [100.0, 100.0], [120.0, 100.0]])
"""Forty pixels long, in boxes whose diagonal is 170."""
BOX = Box(100, 100, 120, 120)
GONE = np.array([[np.nan, np.nan], [0.0, 0.0], [0.0, 0.0]])
APART = np.array([4.0, 0.0])
TENTH = pytest.approx(10.0)
"""Percent: four pixels of forty."""

facts = partial(ImageFacts, 200, 200)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "bars", SCHEME) as project:
        for name in "abcde":
            project.add_image(tmp_path / name, facts(name))
        yield project


def label(project: Project, image: int, who: str, points: np.ndarray = POINTS) -> int:
    made = project.add_instance(image, BOX, who=who)
    project.accept(made.id, Shape(points, provenance=[Provenance.CLICKED] * 3), who=who)
    return made.id


def test_two_people_are_as_far_apart(project: Project) -> None:
    for image in (1, 2, 3):
        label(project, image, "ada")
    for image in (1, 2):
        label(project, image, "bob", POINTS + APART + GONE)
    label(project, 4, "ada", POINTS + GONE)
    label(project, 4, "bob", POINTS + APART + GONE)
    [found] = agreements(project)
    assert found.nme == pytest.approx([10, 10, 10])


def test_a_check_finds_as_much_wrong(project: Project) -> None:
    label(project, 1, "ada")
    label(project, 2, "ada", POINTS + GONE)
    checks = Certification(project, who="lea")
    checks.start(visible=7, share=0, confidence=0.95)
    changes = {}
    while (drawn := checks.drawn()) is not None:
        for landmark in np.flatnonzero(project.shape(drawn).known).tolist():
            where = project.shape(drawn).points[landmark] + APART
            project.place(drawn, landmark, where, who="lea")
        project.accept(drawn, project.shape(drawn), who="lea")
        changes[drawn] = checks.judge()
    assert changes == {1: TENTH, 2: TENTH}


def test_what_is_expected_of_the_rest_is_as_much(project: Project) -> None:
    label(project, 1, "ada")
    marks = [Provenance.CLICKED, Provenance.CLICKED, Provenance.INFERRED]
    unknown = np.full((2, 2), np.nan)
    for image, points in ((2, POINTS), (3, POINTS + GONE)):
        shape = Shape(points, None, marks, np.stack([unknown, unknown, 16 * np.eye(2)]))
        made = project.add_instance(image, BOX, who="ada")
        project.accept(made.id, shape, who="ada")
    found = present_errors(project, [2, 3])
    assert found[3] == pytest.approx(found[2] * 3 / 2)  # of two landmarks and not of three
    seen = reviewed(project, 3, WorkingTime())
    assert present_error(seen, SCHEME) == pytest.approx(found[3])


def test_the_mean_normaliser_is_as_long(project: Project) -> None:
    label(project, 1, "ada")
    label(project, 2, "ada", POINTS + GONE)
    project.set_pixel_size(0.5, who="lea")
    found = millimetres(project)
    assert found is not None
    assert found.normaliser == pytest.approx(20.0)


def test_where_no_shape_has_it_the_diagonal_serves(project: Project) -> None:
    label(project, 1, "ada", POINTS + GONE)
    label(project, 1, "bob", POINTS + APART + GONE)
    [found] = agreements(project)
    assert found.nme == pytest.approx([400 / BOX.diagonal])


def test_held_out_errors_are_as_large() -> None:
    """Half of the shapes lack an end: their errors counted for a quarter."""
    random = np.random.default_rng(0)
    whole = [POINTS + random.normal(0, 3, POINTS.shape) for _ in range(40)]
    labelled = [(BOX, Shape(points)) for points in whole]
    lacking = [(BOX, Shape(points + GONE if n % 2 else points)) for n, points in enumerate(whole)]
    errors = []
    for some in (labelled, lacking):
        found = prior_errors(some, SCHEME, [()], 0, SILENT)
        assert found is not None
        errors.append(found.errors[0])
    assert errors[1] == pytest.approx(errors[0], rel=0.2)
