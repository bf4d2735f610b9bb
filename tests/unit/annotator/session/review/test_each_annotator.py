"""How each person places beside the others, and what falls out of it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.cli.reports.annotator_report import annotator_report
from landmark_annotator.annotator.session.review.consensus import consensus
from landmark_annotator.annotator.session.review.each_annotator import (
    annotators,
    flag_outliers,
    flags_told,
)
from landmark_annotator.annotator.session.review.standing_labels import let_stand
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
POINTS = np.array([[100.0, 100.0], [150.0, 100.0], [200.0, 100.0]])
BOX = Box(150, 100, 120, 120)
OBJECTS = 40
PEOPLE = {"ann": 0.5, "bob": 1.0, "carol": 2.0}
HABIT = np.array([0.0, 6.0])
"""Of carol, at the end."""
OFF = np.array([25.0, 0.0])
"""Of ann's middle, in the first object alone."""


facts = partial(ImageFacts, 300, 200)


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Project]:
    """Forty objects, each labelled by three people."""
    random = np.random.default_rng(3)
    with Project.create(tmp_path / "bars", SCHEME) as project, project.transaction():
        for n in range(OBJECTS):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n)))
            for who, deviation in PEOPLE.items():
                points = POINTS + random.normal(0, deviation, (3, 2))
                if who == "carol":
                    points[2] += HABIT
                if who == "ann" and n == 0:
                    points[1] += OFF
                project.add_instance(image.id, BOX, shape=Shape(points), who=who)
        yield project


def test_each_is_as_far_from_the_consensus_as_the_hand_is_unsteady(bars: Project) -> None:
    found = annotators(bars)
    assert found.people.names == tuple(PEOPLE)
    assert found.objects == [OBJECTS] * 3
    steadiness = found.steadiness[:, [0, 2]].mean(axis=1)
    # Drawn towards that of all together, as `consensus` says.
    assert steadiness.tolist() == sorted(steadiness.tolist())
    assert steadiness[2] == pytest.approx(PEOPLE["carol"], rel=0.3)
    assert steadiness[0] < 0.6 * steadiness[2]
    medians = [found.distance(k).median for k in range(3)]
    assert medians == sorted(medians)


def test_a_habit_is_told_by_person_and_landmark(bars: Project) -> None:
    habits = annotators(bars).people.habits
    assert habits[2, 2] - habits[0, 2] == pytest.approx(HABIT, abs=1.0)
    assert habits[2, 0] - habits[0, 0] == pytest.approx([0.0, 0.0], abs=1.0)


def test_what_is_far_from_all_others_is_the_outlier_and_a_habit_is_none(bars: Project) -> None:
    found = annotators(bars).outliers()
    first = bars.instances()[0].id
    assert (found[0].instance_id, found[0].who, found[0].landmark) == (first, "ann", 1)
    assert found[0].pixels == pytest.approx(25.0, abs=3.0)
    assert sum(one.who == "carol" and one.landmark == 2 for one in found) <= 2


def test_what_somebody_has_corrected_is_looked_at_no_more(bars: Project) -> None:
    """It says how that person places all the same."""
    first = bars.instances()[0].id
    distance = annotators(bars).distance(0).mean
    bars.place(first, 1, (150.0, 100.0), provenance=Provenance.CLICKED, who="lead")
    found = annotators(bars)
    assert found.distance(0).mean == distance
    assert (first, 1) not in [(one.instance_id, one.landmark) for one in found.outliers()]


def test_few_labels_without_a_mistake_are_taken_for_outliers(bars: Project) -> None:
    found = annotators(bars).outliers()
    assert len([one for one in found if one.landmark != 1]) <= 4


def test_outliers_are_sent_to_review_once(bars: Project) -> None:
    outliers = annotators(bars).outliers()[:1]
    [flagged] = flag_outliers(bars, outliers, who="ada")
    assert bars.flags()[flagged].comment.startswith("ann's labels are far from those of others")
    assert "middle" in bars.flags()[flagged].comment
    assert flag_outliers(bars, outliers, who="ada") == []


def test_all_that_is_sent_to_review_at_once_is_one_step_for_undo(bars: Project) -> None:
    outliers = annotators(bars).outliers()
    flagged = flag_outliers(bars, outliers, who="ada")
    assert len(flagged) == len({one.instance_id for one in outliers}) > 1
    assert set(bars.flags()) == set(flagged)
    bars.undo("ada")
    assert bars.flags() == {}
    bars.redo("ada")
    assert set(bars.flags()) == set(flagged)


def test_what_somebody_asks_by_a_flag_stays_beside_what_is_found(bars: Project) -> None:
    [one] = annotators(bars).outliers()[:1]
    bars.flag(one.instance_id, "blurred, is it the middle?", who="bob")
    assert flag_outliers(bars, [one], who="ada") == [one.instance_id]
    asked = "bob: blurred, is it the middle?; ann's labels are far from those of others: middle"
    assert bars.flags()[one.instance_id].comment.startswith(asked)
    assert flag_outliers(bars, [one], who="ada") == []
    later = replace(one, pixels=one.pixels + 7)
    assert flag_outliers(bars, [later], who="ada") == [one.instance_id]
    comment = bars.flags()[one.instance_id].comment
    assert comment.startswith(asked)
    assert comment.count("far from those of others") == 1
    bars.resolve_flag(one.instance_id, who="ada")
    flag_outliers(bars, [one], who="ada")
    assert "blurred" not in bars.flags()[one.instance_id].comment


def test_what_was_sent_before_is_not_said_to_agree(bars: Project) -> None:
    outliers = annotators(bars).outliers()[:1]
    flagged = flag_outliers(bars, outliers, who="ada")
    assert flags_told(outliers, flagged).startswith("1 shape sent to review")
    again = flag_outliers(bars, outliers, who="ada")
    assert flags_told(outliers, again).startswith("1 shape that is far from everybody else's: sent")
    assert flags_told([], []).startswith("No label is far")


def test_of_two_people_nobody_says_whose_label_is_off(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    with Project.create(tmp_path / "bars", SCHEME) as project, project.transaction():
        for n in range(20):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n)))
            for who in ("ann", "bob"):
                points = POINTS + random.normal(0, 1, (3, 2))
                points[1] += OFF * (who == "ann" and n == 0)
                project.add_instance(image.id, BOX, shape=Shape(points), who=who)
        found = annotators(project)
        first = [one for one in found.outliers() if one.instance_id in (1, 2)]
        flag_outliers(project, first, who="ada")
        comments = [project.flags()[i].comment for i in (1, 2)]

    assert not found.by_several
    assert [(one.who, one.other) for one in first] == [("ann", "bob"), ("bob", "ann")]
    assert "ann's and bob's labels are far apart, and nobody else's" in comments[0]
    assert "bob's and ann's labels are far apart" in comments[1]


def test_of_three_people_the_one_that_is_off_is_named_alone(bars: Project) -> None:
    found = annotators(bars)
    assert found.by_several
    assert {one.other for one in found.outliers()} == {""}


def test_what_one_alone_has_placed_makes_nobody_better(tmp_path: Path) -> None:
    """Bob says of the end of all bars that it is not in the image; ann has placed it."""
    random = np.random.default_rng(5)
    with Project.create(tmp_path / "bars", SCHEME) as project, project.transaction():
        for n in range(8):
            image = project.add_image(tmp_path / f"{n}.png", facts(str(n)))
            ann, bob = (POINTS + random.normal(0, 2, (3, 2)) for _ in range(2))
            bob[2] = np.nan
            marks = [Provenance.CLICKED] * 3
            project.add_instance(image.id, BOX, shape=Shape(ann, provenance=marks), who="ann")
            project.add_instance(image.id, BOX, shape=Shape(bob, provenance=marks), who="bob")
        found = annotators(project)

    assert found.distance(0).mean == pytest.approx(found.distance(1).mean)
    assert np.isnan(found.distance_of(0, 2).mean)
    assert np.isnan(found.steadiness[:, 2]).all()
    assert np.isnan(found.habits[:, 2]).all()
    assert (found.steadiness[:, :2] > 0.5).all()


def test_where_all_accepted_one_proposal_nobody_seems_the_steadier_for_it(bars: Project) -> None:
    before = annotators(bars)
    proposed = Shape(POINTS, provenance=[Provenance.INFERRED] * 3)
    with bars.transaction():
        for n in range(20):
            image = bars.add_image(bars.folder / f"more {n}.png", facts(f"more {n}"))
            for who in PEOPLE:
                bars.add_instance(image.id, BOX, shape=proposed, who=who)
    after = annotators(bars)
    assert after.objects == before.objects
    assert np.array_equal(after.steadiness, before.steadiness)
    agreed = consensus(bars)
    assert np.array_equal(agreed.people.covariances, before.people.covariances)
    assert len(agreed.shapes) == OBJECTS + 20


def test_landmarks_that_all_left_to_the_model_make_nobody_steadier(bars: Project) -> None:
    before = annotators(bars)
    marks = [Provenance.INFERRED, Provenance.CLICKED, Provenance.INFERRED]
    random = np.random.default_rng(4)
    with bars.transaction():
        for n in range(20):
            image = bars.add_image(bars.folder / f"more {n}.png", facts(f"more {n}"))
            for who, deviation in PEOPLE.items():
                points = POINTS.copy()
                points[1] += random.normal(0, deviation, 2)
                bars.add_instance(image.id, BOX, shape=Shape(points, provenance=marks), who=who)
    after = annotators(bars)
    # All but the rounds until the estimates are settled.
    assert after.steadiness[:, [0, 2]] == pytest.approx(before.steadiness[:, [0, 2]], rel=1e-3)
    assert not np.array_equal(after.steadiness[:, 1], before.steadiness[:, 1])
    assert after.distance_of(0, 0).mean == pytest.approx(before.distance_of(0, 0).mean, rel=1e-3)
    assert np.array_equal(consensus(bars).people.covariances, after.people.covariances)


def test_people_who_touched_nothing_are_told_so(tmp_path: Path) -> None:
    proposed = Shape(POINTS, provenance=[Provenance.INFERRED] * 3)
    with Project.create(tmp_path / "bars", SCHEME) as project:
        image = project.add_image(tmp_path / "0.png", facts("0"))
        for who in ("ann", "bob"):
            project.add_instance(image.id, BOX, shape=proposed, who=who)
        with pytest.raises(ActionableError, match="accepted as they were proposed, untouched"):
            annotators(project)
        assert len(consensus(project).shapes) == 1


def test_where_a_lead_let_one_label_stand_all_are_measured_and_none_is_sent_to_review(
    bars: Project,
) -> None:
    before = annotators(bars)
    first = bars.instances()[0].id
    assert before.outliers()[0].instance_id == first
    let_stand(bars, [(first + 1, first)], whose="bob", who="lea")
    let_stand(bars, [(first + 1, first + 2)], whose="bob", who="lea")
    after = annotators(bars)
    assert after.objects == before.objects
    assert np.array_equal(after.distances, before.distances, equal_nan=True)
    assert not {one.instance_id for one in after.outliers()} & {first, first + 1, first + 2}


def test_of_one_person_alone_there_is_nothing_to_say(tmp_path: Path) -> None:
    with (
        Project.create(tmp_path / "bars", SCHEME) as project,
        pytest.raises(ActionableError, match="No object has accepted labels of two people"),
    ):
        annotators(project)


def test_one_object_in_common_tells_no_habit(tmp_path: Path) -> None:
    """All of their distance was told as habits, and both as steady to a tenth of a pixel."""
    with Project.create(tmp_path / "bars", SCHEME) as project:
        image = project.add_image(tmp_path / "0.png", facts("0"))
        for who, by in (("ann", 0.0), ("bob", 4.0)):
            project.add_instance(image.id, BOX, shape=Shape(POINTS + np.array([by, 0.0])), who=who)
        found = annotators(project)
        told = annotator_report(found, SCHEME, {})
    assert np.isnan(found.habits).all()
    assert found.steadiness == pytest.approx(np.full((2, 3), 2.0), rel=0.01)
    assert [line.split()[-2:] for line in told.splitlines()[2:4]] == [["-", "2.0"]] * 2
    assert "habit" not in told.splitlines()[4]
