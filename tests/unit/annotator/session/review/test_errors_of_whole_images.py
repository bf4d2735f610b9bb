"""One shape has one figure in percent, whether its box was drawn or is all of its image."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.models.hand_precision import hand_of
from landmark_annotator.annotator.session.review.acceptance_rule import safe_threshold
from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.annotator.session.review.certification import Certification
from landmark_annotator.annotator.session.review.millimetres import millimetres
from landmark_annotator.annotator.session.review.present_error import present_error
from landmark_annotator.annotator.session.review.review_session import reviewed
from landmark_annotator.projects.budgets.working_time import WorkingTime
from landmark_annotator.projects.exchange.transfer.data_sheet import agreement
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Making, Project
from landmark_annotator.projects.store.same_objects import labelled_twice
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

SCHEME = Scheme("trio", ("left", "right", "chin"))
POINTS = np.array([[20.0, 20.0], [60.0, 20.0], [40.0, 60.0]])
AROUND = Box.square_around(POINTS)
WHOLE = Box.whole_image(400, 300)
SURE = np.tile(np.eye(2), (3, 1, 1))


facts = partial(ImageFacts, 400, 300)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """One shape from a file, with a box around it."""
    with Project.create(tmp_path / "trio", SCHEME) as made:
        label(made, image(made), AROUND, POINTS, "file")
        yield made


def image(project: Project) -> int:
    number = len(project.images())
    return project.add_image(project.folder / f"{number}.png", facts(f"{number:064x}")).id


def label(project: Project, image_id: int, box: Box, points: Floats | None, who: str) -> int:
    shape = None if points is None else Shape(points, None, (Provenance.CLICKED,) * 3)
    return project.add_instance(image_id, box, shape=shape, who=who).id


def test_a_proposal_that_is_accepted_as_it_is_is_as_unsure_as_it_was(project: Project) -> None:
    found = []
    for box in (AROUND, WHOLE):
        one = label(project, image(project), box, None, "ada")
        marks = (Provenance.INFERRED,) * 3
        project.accept(one, Shape(POINTS, None, marks, SURE), who="ada", duration=1.0)
        found.append(present_error(reviewed(project, one, WorkingTime()), SCHEME))
    assert found[1] == pytest.approx(found[0])


def test_an_accepted_shape_is_seen_in_the_size_of_the_object(project: Project) -> None:
    whole = label(project, image(project), WHOLE, POINTS, "ada")
    assert LabellingSession(project, who="ada").open(whole).measured == AROUND


def test_two_people_are_as_far_apart_as_the_object_is_small(project: Project) -> None:
    there = image(project)
    label(project, there, WHOLE, POINTS, "ada")
    label(project, there, WHOLE, POINTS + np.array([3.0, 4.0]), "ben")
    percent = 100 * 5.0 / AROUND.diagonal
    assert float(agreements(project)[0].nme[0]) == pytest.approx(percent)
    told = agreement(project, project.instances())
    assert told is not None
    assert told["mean_percent"] == pytest.approx(percent)
    assert told["percent_of"] == "the box's diagonal"


def test_a_whole_image_and_a_drawn_box_may_be_of_one_object(project: Project) -> None:
    there = image(project)
    label(project, there, WHOLE, POINTS, "ada")
    label(project, there, AROUND, POINTS + np.array([3.0, 4.0]), "ben")
    label(project, there, Box(300.0, 200.0, 40.0, 40.0), POINTS + np.array([260.0, 160.0]), "ben")
    [found] = agreements(project)
    assert [float(each) for each in found.nme] == [pytest.approx(100 * 5.0 / AROUND.diagonal)]
    told = agreement(project, project.instances())
    assert told is not None
    assert told["objects"] == len(labelled_twice(project)) == 1


def test_the_data_sheet_and_the_agreement_divide_by_the_same(project: Project) -> None:
    there = image(project)
    label(project, there, AROUND, POINTS, "ada")
    label(project, there, Box(40.0, 40.0, 50.0, 50.0), POINTS + np.array([3.0, 4.0]), "ben")
    told = agreement(project, project.instances())
    assert told is not None
    assert told["mean_percent"] == pytest.approx(float(agreements(project)[0].nme[0]))


def test_how_precise_a_hand_is_says_no_image(project: Project) -> None:
    for number in range(10):
        there, box = image(project), (WHOLE, AROUND)[number % 2]
        first = label(project, there, box, POINTS, "ada")
        second = Shape(POINTS + np.array([3.0, 4.0]), None, (Provenance.CLICKED,) * 3)
        project.add_instance(there, box, second_opinion_on=first, shape=second, who="ben")
    clicks = np.sqrt(2 * np.log(2)) * np.sqrt(2)
    assert hand_of(project).error * clicks == pytest.approx(5.0 / AROUND.diagonal)


def test_a_mended_shape_is_changed_by_a_part_of_the_object(project: Project) -> None:
    whole = label(project, image(project), WHOLE, POINTS, "ada")
    checks = Certification(project, who="ada")
    begun = checks.start(visible=5.0, share=0.01, confidence=0.99)
    assert "a visible error above 5 % of the box's diagonal" in begun.sentence
    while checks.drawn() != whole:
        checks.judge()
    moved = POINTS.copy()
    moved[0, 0] += 5
    project.place(whole, 0, (25.0, 20.0), who="ada")
    shape = Shape(moved, None, (Provenance.CLICKED,) * 3)
    project.accept(whole, shape, who="ada", duration=1.0)
    percent = 100 * 5.0 / Box.square_around(moved).diagonal
    assert checks.judge() == pytest.approx(percent)


def test_a_proposal_is_wrong_by_a_part_of_the_object(project: Project) -> None:
    """2 pixels are 3.5 % of the object, and 0.4 % of the image."""
    for _ in range(4):
        one = label(project, image(project), WHOLE, None, "ada")
        making = Making("heatmap 1", 10, float("inf"), 60 * np.eye(2))
        project.store_proposal(
            one, POINTS, SURE, predicted_error=1.0, model="heatmap", making=making, own=True
        )
        marks = (Provenance.CLICKED,) * 3
        project.accept(
            one, Shape(POINTS + np.array([2.0, 0.0]), None, marks), who="ada", duration=1.0
        )
    lax, strict = safe_threshold(project, 4.0, 0.5), safe_threshold(project, 3.0, 0.5)
    assert lax.threshold == float("inf")
    assert strict.threshold is not None
    assert strict.threshold < 1.0


def test_a_percent_is_as_many_millimetres_as_of_the_object(project: Project) -> None:
    project.set_pixel_size(0.5, who="ada")
    before = millimetres(project)
    label(project, image(project), WHOLE, POINTS, "ada")
    after = millimetres(project)
    assert before is not None
    assert after is not None
    assert after.normaliser == pytest.approx(before.normaliser)
