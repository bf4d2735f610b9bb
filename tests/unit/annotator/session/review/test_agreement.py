"""How far the labels of two people are apart."""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.agreement import (
    Agreement,
    Pair,
    Spread,
    agreement_of,
    agreements,
    given_shapes,
)
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import PixelSizes, Project, Verdict
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
POINTS = np.array([[0.0, 0.0], [50.0, 0.0], [100.0, 0.0]])
BOX = Box(50, 0, 120, 120)


facts = partial(ImageFacts, 200, 200)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "bars", SCHEME) as project:
        for name in ("a", "b"):
            project.add_image(tmp_path / name, facts(name))
        yield project


def label(
    project: Project, who: str, *, by: tuple[float, float] = (0, 0), image: int = 1, box: Box = BOX
) -> int:
    shape = Shape(POINTS + np.array([[0, 0], by, [0, 0]]))
    return project.add_instance(image, box, shape=shape, who=who).id


def test_distances_are_in_percent_of_the_normaliser(project: Project) -> None:
    label(project, "ada")
    label(project, "bob", by=(3, 4))
    [found] = agreements(project)
    assert (found.first, found.second) == ("ada", "bob")
    assert found.percent[0] == pytest.approx([0, 5, 0])
    assert found.nme == pytest.approx([5 / 3])


def test_the_shift_leads_from_the_first_to_the_second(project: Project) -> None:
    for image in (1, 2):
        label(project, "ada", image=image)
        label(project, "bob", by=(3, 4), image=image)
    assert agreement_of(project, "ada", "bob").bias[1] == pytest.approx([3, 4])
    assert agreement_of(project, "bob", "ada").bias[1] == pytest.approx([-3, -4])


def test_the_worst_landmark_comes_first(project: Project) -> None:
    label(project, "ada")
    label(project, "bob", by=(3, 4))
    assert agreements(project)[0].worst_landmarks()[0] == 1


def test_one_persons_two_objects_are_no_disagreement(project: Project) -> None:
    label(project, "ada")
    label(project, "ada", by=(3, 4))
    assert agreements(project) == []


def test_other_objects_of_the_image_are_not_compared(project: Project) -> None:
    label(project, "ada")
    label(project, "bob", box=BOX.moved((2, 0)))
    assert agreements(project) == []


def test_an_object_is_compared_once_with_the_nearest(project: Project) -> None:
    for who, offset in (("ada", 0), ("ada", 40), ("bob", 41), ("bob", 1)):
        label(project, who, by=(0, offset))
    [found] = agreements(project)
    assert sorted((pair.first, pair.second) for pair in found.pairs) == [(1, 4), (2, 3)]


def test_a_shape_counts_as_that_of_the_first_who_accepted_it(project: Project) -> None:
    """Before that it is the label of the file that it came from."""
    label(project, "ada")
    other = label(project, "ada", by=(3, 4))
    project.accept(other, project.shape(other), who="bob")
    project.accept(other, project.shape(other), who="ada")
    assert len(agreements(project)) == 1
    project.undo("ada")
    project.undo("bob")
    assert agreements(project) == []


@pytest.mark.parametrize("accepted_again", [False, True])
def test_what_a_lead_corrects_brings_no_two_people_nearer_to_each_other(
    project: Project, accepted_again: bool
) -> None:
    accepted(project, "ada", PROPOSED)
    theirs = accepted(project, "bob", CORRECTED)
    project.place(theirs, 1, (50, 0), provenance=Provenance.CLICKED, who="lead")
    project.place(theirs, 1, (51, 0), provenance=Provenance.CLICKED, who="lead")
    if accepted_again:
        project.accept(theirs, project.shape(theirs), who="lead")
    [found] = agreements(project)
    assert (found.first, found.second) == ("ada", "bob")
    assert found.percent[0] == pytest.approx([0, 5, 0])
    assert given_shapes(project, found.pairs[0])[1].points[1] == pytest.approx([53, 4])


def test_what_a_person_corrects_in_the_own_label_counts(project: Project) -> None:
    accepted(project, "ada", PROPOSED)
    theirs = accepted(project, "bob", CORRECTED)
    project.place(theirs, 1, (50, 0), provenance=Provenance.CLICKED, who="lead")
    project.place(theirs, 1, (50, 4), provenance=Provenance.CLICKED, who="bob")
    [found] = agreements(project)
    assert found.percent[0] == pytest.approx([0, 4, 0])


def test_what_a_lead_corrected_and_took_back_is_as_it_was(project: Project) -> None:
    accepted(project, "ada", PROPOSED)
    theirs = accepted(project, "bob", CORRECTED)
    project.place(theirs, 1, (50, 0), provenance=Provenance.CLICKED, who="lead")
    project.undo("lead")
    assert agreements(project)[0].percent[0] == pytest.approx([0, 5, 0])


def test_what_a_lead_sends_back_and_finishes_is_compared_as_it_was_given(project: Project) -> None:
    """Sending back takes away what was left to the model, which was part of the label."""
    accepted(project, "ada", PROPOSED)
    theirs = accepted(project, "bob", CORRECTED)
    project.review(theirs, Verdict.SENT_BACK, "the ends", who="lead")
    project.accept(theirs, BOTH_CLICKED, who="lead")
    [found] = agreements(project)
    assert given_shapes(project, found.pairs[0])[1].points.tolist() == CORRECTED.points.tolist()
    assert found.percent[0] == pytest.approx([0, 5, 0])


def test_landmarks_that_one_left_out_are_not_compared(project: Project) -> None:
    label(project, "ada")
    shape = Shape(
        np.where(np.arange(3)[:, None] == 1, np.nan, POINTS), provenance=[Provenance.CLICKED] * 3
    )
    project.add_instance(1, BOX, shape=shape, who="bob")
    [found] = agreements(project)
    assert np.isnan(found.of_landmarks[1].mean)
    assert found.worst_landmarks() == [2, 0]
    assert found.nme == pytest.approx([0])


def test_what_one_placed_and_the_other_marked_as_absent_is_told(project: Project) -> None:
    """No distance says that they do not agree on it."""
    absent = Shape(
        np.array([[0.0, 0.0], [np.nan] * 2, [100.0, 0.0]]), provenance=[Provenance.CLICKED] * 3
    )
    left_out = Shape(absent.points)
    for image, theirs in ((1, absent), (2, left_out)):
        label(project, "ada", image=image)
        project.add_instance(image, BOX, shape=theirs, who="bob")
    [found] = agreements(project)
    assert found.of_one_alone(SCHEME.landmarks) == {"middle": 1}
    assert found.said_of_absence(SCHEME.landmarks) == (
        "1 landmark one placed and the other marked as not in the image: middle (1)."
    )
    assert found.spread.mean == 0


def test_people_without_a_common_object_are_told_of_those_who_have(project: Project) -> None:
    label(project, "ada")
    label(project, "bob")
    with pytest.raises(ActionableError, match='Did you mean "bob"'):
        agreement_of(project, "ada", "bop")


def accepted(project: Project, who: str, shape: Shape, *, image: int = 1) -> int:
    """Of what the window shows, by Enter."""
    instance = project.add_instance(image, BOX, who=who)
    project.accept(instance.id, shape, who=who)
    return instance.id


PROPOSED = Shape(POINTS, provenance=[Provenance.INFERRED] * 3)
CORRECTED = Shape(
    POINTS + np.array([[0, 0], [3, 4], [0, 0]]),
    provenance=[Provenance.INFERRED, Provenance.CLICKED, Provenance.INFERRED],
)


BOTH_CLICKED = Shape(POINTS + np.array([[2, 0], [-3, -4], [2, 0]]), provenance=CORRECTED.provenance)


def test_one_proposal_that_both_accepted_says_nothing_of_how_far_they_are_apart(
    project: Project,
) -> None:
    for who, shape in (("ada", PROPOSED), ("bob", CORRECTED)):
        accepted(project, who, PROPOSED)
        accepted(project, who, shape, image=2)
    [found] = agreements(project)
    assert [pair.as_proposed for pair in found.pairs] == [True, False]
    assert found.spread.mean == pytest.approx(5)
    assert found.spread_of_all.mean == pytest.approx(5 / 6)
    assert found.of_each == pytest.approx([0, 5])
    assert found.of_landmarks[1].mean == pytest.approx(5)
    assert found.bias[1] == pytest.approx([3, 4])
    assert found.said_in_millimetres(PixelSizes(1.0)) == ", 5.00 mm"
    assert found.said_of_proposals == (
        "1 object both accepted as the same proposal, untouched and 2 landmarks both left to the "
        "model: left out, with them 0.83 %."
    )
    assert agreement_of(project, "bob", "ada").pairs[0].as_proposed


def test_what_both_left_to_the_model_brings_no_two_people_nearer_to_each_other(
    project: Project,
) -> None:
    """The model is as far from itself as two beliefs of one are: on such a landmark neither has
    said anything."""
    accepted(project, "ada", CORRECTED)
    accepted(project, "bob", BOTH_CLICKED)
    [found] = agreements(project)
    assert found.spread.mean == pytest.approx(10)
    assert found.of_landmarks[1].mean == pytest.approx(10)
    assert np.isnan(found.of_landmarks[0].mean)
    assert np.isnan(found.bias[0]).all()
    assert found.worst_landmarks() == [1]
    assert found.nme == pytest.approx([14 / 3])
    assert found.of_each == pytest.approx([10])
    assert found.said_of_proposals == (
        "2 landmarks both left to the model: left out, with them 4.67 %."
    )


def test_what_one_of_two_has_placed_counts(project: Project) -> None:
    accepted(project, "ada", CORRECTED)
    accepted(project, "bob", PROPOSED)
    [found] = agreements(project)
    assert found.spread.mean == pytest.approx(5)
    assert found.worst_landmarks() == [1]


def test_an_object_that_both_left_to_the_model_counts_for_nothing(project: Project) -> None:
    """Of two proposals, as before and after a training."""
    accepted(project, "ada", PROPOSED)
    accepted(project, "bob", Shape(POINTS + 2, provenance=PROPOSED.provenance))
    [found] = agreements(project)
    assert found.counting.tolist() == [False]
    assert np.isnan(found.spread.mean)
    assert found.said_of_proposals == (
        "3 landmarks both left to the model: nothing says how far they are apart."
    )


def test_where_nobody_touched_anything_no_distance_is_told(project: Project) -> None:
    for who in ("ada", "bob"):
        accepted(project, who, PROPOSED)
    [found] = agreements(project)
    assert np.isnan(found.spread.mean)
    assert np.isnan(found.bias).all()
    assert found.worst_landmarks() == []
    assert found.said_of_proposals.endswith("nothing says how far they are apart.")


def test_what_a_person_placed_or_confirmed_counts_however_near_it_is(project: Project) -> None:
    marks = [Provenance.INFERRED, Provenance.CONFIRMED, Provenance.INFERRED]
    accepted(project, "ada", Shape(POINTS, provenance=marks))
    accepted(project, "bob", PROPOSED)
    [found] = agreements(project)
    assert found.counting.tolist() == [True]


def test_what_came_from_files_counts_unless_it_was_proposed(project: Project) -> None:
    """Clicks at whole pixels may well be the same."""
    imported = Shape(POINTS, provenance=[Provenance.IMPORTED] * 3)
    for image in (1, 2):
        for who in ("ada", "bob"):
            instance = project.add_instance(image, BOX, who=who)
            if image == 2:
                project.store_proposal(
                    instance.id,
                    POINTS,
                    np.ones((3, 2, 2)),
                    predicted_error=1.0,
                    model="sleap",
                    own=False,
                    who=who,
                )
            project.accept(instance.id, imported, who=who)
    [found] = agreements(project)
    assert found.counting.tolist() == [True, False]


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        (PixelSizes(), ""),
        (PixelSizes(0.5), ", 3.75 mm"),
        (PixelSizes(None, {2: 0.5}), ", 5.00 mm on 1 of them"),
    ],
)
def test_millimetres_are_of_the_objects_whose_pixels_are_known(
    sizes: PixelSizes, said: str
) -> None:
    apart = np.zeros((2, 3, 2))
    apart[0, :, 0], apart[1, :2, 1], apart[1, 2] = 5.0, 10.0, np.nan
    found = Agreement("ada", "ben", (Pair(1, 1, 2), Pair(2, 3, 4)), apart, np.ones(2))
    assert found.said_in_millimetres(sizes) == said


def test_a_spread_leaves_the_unknown_out() -> None:
    assert Spread.of(np.array([1.0, np.nan, 3.0])) == Spread(2.0, 2.0, pytest.approx(2.9))


def test_the_two_annotators_of_the_cephalograms(landmark_data: Path, tmp_path: Path) -> None:
    source = landmark_data / "ceph19" / "points.csv"
    scheme = Scheme("ceph19", tuple(f"landmark {i}" for i in range(19)))
    with Project.create(tmp_path / "ceph", scheme) as project:
        for who in ("junior", "senior"):
            import_labels(project, source, annotator=who, who=who)
        found: Agreement = agreement_of(project, "junior", "senior")
    rows: dict[str, list[np.ndarray]] = {"junior": [], "senior": []}
    with source.open() as file:
        for row in csv.DictReader(file):
            if row["annotator"] in rows:
                values = [float(row[f"{axis}{i}"]) for i in range(19) for axis in "xy"]
                rows[row["annotator"]].append(np.array(values).reshape(19, 2))
    truth = np.stack(rows["senior"]) - np.stack(rows["junior"])
    assert found.pixels.mean(axis=0) == pytest.approx(np.linalg.norm(truth, axis=2).mean(axis=0))


def test_a_second_opinion_is_on_its_object_wherever_its_box_is_drawn(project: Project) -> None:
    """Bob took another bar for the one that was asked for: only the bars on which the two are near
    each other were compared."""
    label(project, "ada", image=1)
    label(project, "bob", image=1)
    first = label(project, "ada", image=2)
    elsewhere = np.array([0.0, 110.0])
    box = Box(50, 110, 120, 120)
    shape = Shape(POINTS + elsewhere)
    project.add_instance(2, box, second_opinion_on=first, shape=shape, who="bob")
    label(project, "cem", image=2, box=box)
    [found] = [one for one in agreements(project) if (one.first, one.second) == ("ada", "bob")]
    assert sorted(found.nme.tolist()) == pytest.approx([0.0, 110.0])
    # Of two bars no shape is made that lies between them.
    [found] = [
        one
        for one in agreements(project, corrected=True)
        if (one.first, one.second) == ("ada", "bob")
    ]
    assert found.nme == pytest.approx([0.0])


def test_where_it_lies_on_another_object_that_is_the_one(project: Project) -> None:
    first = label(project, "ada", image=1)
    box = Box(50, 110, 120, 120)
    shape = Shape(POINTS + np.array([0.0, 110.0]))
    project.add_instance(1, box, shape=shape, who="ada")
    project.add_instance(1, box, second_opinion_on=first, shape=shape, who="bob")
    [found] = agreements(project)
    assert found.nme == pytest.approx([0.0])
