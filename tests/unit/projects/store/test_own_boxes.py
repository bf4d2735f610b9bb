"""The box that a whole image stands for, and in whose size errors are told."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import (
    InstanceRecord,
    LabelledInstance,
    OwnProposal,
    Project,
)
from landmark_annotator.projects.store.own_boxes import ErrorBoxes, own_boxes_of
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats

SCHEME = Scheme("trio", ("left", "right", "chin"))
POINTS = np.array([[20.0, 20.0], [60.0, 20.0], [40.0, 60.0]])
AROUND = Box.square_around(POINTS)
WIDE = 400, 300
WHOLE = Box.whole_image(*WIDE)
CORNER = Box.whole_image(100, 100)
"""A box in the corner, which would be the whole of a smaller image."""


facts = partial(ImageFacts, WIDE[0], WIDE[1])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "trio", SCHEME) as made:
        yield made


def add(project: Project, box: Box | None, points: Floats | None = None) -> InstanceRecord:
    number = len(project.images())
    image = project.add_image(project.folder / f"{number}.png", facts(f"{number:064x}"))
    shape = None if points is None else Shape(points).with_provenance(Provenance.IMPORTED)
    return project.add_instance(image.id, box, shape=shape, who="file")


def test_alone_a_whole_image_is_a_box_like_any_other(project: Project) -> None:
    whole = add(project, WHOLE, POINTS)
    add(project, AROUND)  # labelled by nobody yet
    assert ErrorBoxes(project).box(whole, Shape(POINTS)) == WHOLE
    assert not project.has_drawn_box()
    assert own_boxes_of(project) is None


def test_a_box_of_less_than_half_a_pixel_is_no_whole_image(project: Project) -> None:
    """Nor the end of what it is stored for."""
    sliver = Box(40, 30, 0.25, 80)
    labelled = add(project, AROUND, POINTS)
    project.set_box(labelled.id, sliver, who="ada")
    assert project.instance(labelled.id).box == sliver
    assert project.has_drawn_box()


def test_beside_drawn_ones_it_stands_for_the_square_round_the_landmarks(project: Project) -> None:
    drawn, whole = add(project, CORNER, POINTS), add(project, WHOLE, POINTS + 100)
    boxes = ErrorBoxes(project)
    assert boxes.box(whole, project.shape(whole.id)) == Box.square_around(POINTS + 100)
    assert boxes.box(drawn, project.shape(drawn.id)) == CORNER
    assert boxes.length(whole, project.shape(whole.id)) == pytest.approx(AROUND.diagonal)


def test_round_part_of_a_shape_it_is_of_the_usual_size(project: Project) -> None:
    add(project, AROUND, POINTS)
    begun = POINTS.copy()
    begun[2] = np.nan
    whole = add(project, WHOLE)
    found = ErrorBoxes(project).box(whole, Shape(begun))
    assert found is not None
    assert found.diagonal == pytest.approx(AROUND.diagonal)


def test_what_is_not_in_the_image_leaves_the_rest_a_whole_shape(project: Project) -> None:
    add(project, CORNER, POINTS)
    points, marks = POINTS.copy(), (Provenance.CLICKED,) * 3
    points[2] = np.nan
    seen = np.array([Visibility.VISIBLE, Visibility.VISIBLE, Visibility.NOT_LABELLED])
    found = ErrorBoxes(project).box(add(project, WHOLE), Shape(points, seen, marks))
    assert found == Box.square_around(points)


def test_of_nothing_there_is_no_size(project: Project) -> None:
    nothing = add(project, None)
    assert np.isnan(ErrorBoxes(project).length(nothing, Shape.unknown(3)))
    assert ErrorBoxes(project).box(nothing, Shape(POINTS)) == AROUND


def test_where_the_scheme_names_a_length_boxes_say_nothing(tmp_path: Path) -> None:
    with Project.create(tmp_path / "named", Scheme("pair", ("a", "b"), normaliser=(0, 1))) as named:
        whole = add(named, WHOLE, POINTS[:2])
        assert ErrorBoxes(named).length(whole, Shape(POINTS[:2])) == pytest.approx(40.0)


def test_an_excluded_box_does_not_make_others_small(project: Project) -> None:
    drawn, whole = add(project, AROUND, POINTS), add(project, WHOLE, POINTS)
    project.exclude(instances=[drawn.id], why="blurred", who="ada")
    assert ErrorBoxes(project).box(whole, project.shape(whole.id)) == WHOLE


def test_of_many_it_reads_sizes_once_and_of_what_came_in_later_too(project: Project) -> None:
    add(project, AROUND, POINTS)
    boxes = ErrorBoxes(project)
    for _ in range(3):
        whole = add(project, WHOLE, POINTS)
        assert boxes.box(whole, project.shape(whole.id)) == AROUND


def expect(project: Project, record: InstanceRecord, points: Floats) -> None:
    """Twelve pixels of each landmark, in percent of the box by which errors are told."""
    length = ErrorBoxes(project).length(record, Shape(points))
    project.store_proposal(
        record.id,
        points,
        np.tile(np.eye(2), (3, 1, 1)),
        predicted_error=100 * 12 / length,
        model="prior",
        own=True,
    )


def expected(project: Project, record: InstanceRecord) -> float | None:
    proposal = project.proposal(record.id)
    assert proposal is not None
    assert project.instance(record.id).predicted_error == proposal.predicted_error
    return proposal.predicted_error


def test_what_was_expected_before_the_first_drawn_box_is_told_as_what_comes_after_it(
    project: Project,
) -> None:
    earlier, later, drawn = add(project, WHOLE), add(project, WHOLE), add(project, AROUND)
    expect(project, earlier, POINTS)
    assert expected(project, earlier) == pytest.approx(100 * 12 / WHOLE.diagonal)
    project.accept(drawn.id, Shape(POINTS), who="ada")
    expect(project, later, POINTS + 50)
    assert expected(project, later) == pytest.approx(100 * 12 / AROUND.diagonal)
    assert expected(project, earlier) == pytest.approx(expected(project, later))
    project.undo(who="ada")
    assert expected(project, earlier) == pytest.approx(100 * 12 / WHOLE.diagonal)


def test_an_image_that_is_left_out_takes_the_only_drawn_box_with_it(project: Project) -> None:
    whole, drawn = add(project, WHOLE), add(project, AROUND, POINTS)
    expect(project, whole, POINTS)
    of_image, of_object = (pytest.approx(100 * 12 / box.diagonal) for box in (WHOLE, AROUND))
    assert expected(project, whole) == of_object
    project.exclude(images=[drawn.image_id], why="blurred", who="ada")
    assert expected(project, whole) == of_image
    project.undo(who="ada")
    assert expected(project, whole) == of_object
    project.redo(who="ada")
    project.restore(images=[drawn.image_id], who="ada")
    assert expected(project, whole) == of_object


@pytest.mark.parametrize("imported", [False, True])
def test_a_box_drawn_in_an_image_that_is_left_out_changes_nothing_until_that_counts(
    project: Project, imported: bool
) -> None:
    whole, drawn = add(project, WHOLE), add(project, AROUND)
    expect(project, whole, POINTS)
    of_image, of_object = (pytest.approx(100 * 12 / box.diagonal) for box in (WHOLE, AROUND))
    project.exclude(images=[drawn.image_id], why="blurred", who="ada")
    if imported:
        shape = Shape(POINTS).with_provenance(Provenance.IMPORTED)
        brought = LabelledInstance(drawn.image_id, AROUND, shape, "a.pts#0", "file")
        project.add_labelled([brought])
        project.add_instance(drawn.image_id, AROUND, shape=shape, who="file")
    else:
        project.accept(drawn.id, Shape(POINTS), who="ada")
    assert expected(project, whole) == of_image
    project.restore(images=[drawn.image_id], who="ada")
    assert expected(project, whole) == of_object


def test_an_object_that_is_left_out_together_with_its_image_goes_once(project: Project) -> None:
    whole, drawn = add(project, WHOLE), add(project, AROUND, POINTS)
    expect(project, whole, POINTS)
    of_image, of_object = (pytest.approx(100 * 12 / box.diagonal) for box in (WHOLE, AROUND))
    both = {"images": [drawn.image_id], "instances": [drawn.id]}
    project.exclude(**both, why="blurred", who="ada")
    assert expected(project, whole) == of_image
    project.undo(who="ada")
    assert expected(project, whole) == of_object
    project.redo(who="ada")
    assert expected(project, whole) == of_image
    project.restore(**both, who="ada")
    assert expected(project, whole) == of_object


@pytest.mark.parametrize("many", [False, True])
def test_what_was_computed_while_the_first_box_was_drawn_is_told_as_what_comes_after_it(
    project: Project, many: bool
) -> None:
    whole = add(project, WHOLE)
    drawn = add(project, AROUND, POINTS)
    error, spread = 100 * 12 / WHOLE.diagonal, np.tile(np.eye(2), (3, 1, 1))

    def store(error: float, measured: Box) -> None:
        if many:
            made = OwnProposal(whole.id, WHOLE, POINTS, spread, error, "prior", measured=measured)
            project.store_own_proposals([made])
        else:
            project.store_proposal(
                *(whole.id, POINTS, spread),
                predicted_error=error,
                model="prior",
                own=True,
                measured=measured,
            )

    store(error, WHOLE)
    assert expected(project, whole) == pytest.approx(100 * 12 / AROUND.diagonal)
    store(100 * 12 / AROUND.diagonal, AROUND)
    assert expected(project, whole) == pytest.approx(100 * 12 / AROUND.diagonal)
    project.exclude(instances=[drawn.id], why="blurred", who="ada")
    store(100 * 12 / AROUND.diagonal, AROUND)
    assert expected(project, whole) == pytest.approx(error)


def test_an_import_brings_the_first_drawn_box_too(project: Project) -> None:
    whole = add(project, WHOLE)
    expect(project, whole, POINTS)
    add(project, AROUND, POINTS)
    assert expected(project, whole) == pytest.approx(100 * 12 / AROUND.diagonal)


def test_of_part_of_a_shape_it_is_not_known_then_what_is_expected(project: Project) -> None:
    whole, points = add(project, WHOLE), POINTS.copy()
    points[2] = np.nan
    expect(project, whole, points)
    add(project, AROUND, POINTS)
    assert expected(project, whole) is None


def test_a_length_that_the_scheme_names_stays_the_same(tmp_path: Path) -> None:
    scheme = Scheme("trio", SCHEME.landmarks, normaliser=(0, 1))
    with Project.create(tmp_path / "named", scheme) as project:
        whole = add(project, WHOLE)
        expect(project, whole, POINTS)
        add(project, AROUND, POINTS)
        assert expected(project, whole) == pytest.approx(100 * 12 / 40)


@pytest.mark.parametrize(("many", "read_again"), [(1, False), (2, True)])
def test_the_usual_normaliser_is_read_again_until_many_shapes_say_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, read_again: bool
) -> None:
    """A person opens one object after the other, and is not to wait for a thousand shapes."""
    monkeypatch.setattr("landmark_annotator.projects.store.own_boxes._MANY", many)
    scheme = Scheme("trio", SCHEME.landmarks, normaliser=(0, 1))
    lacking = POINTS.copy()
    lacking[0] = np.nan
    with Project.create(tmp_path / "named", scheme) as project:
        add(project, AROUND, POINTS)
        boxes = ErrorBoxes(project)
        before = boxes.sized(AROUND, lacking).diagonal
        project.exclude(instances=[project.instances()[0].id], why="no", who="ada")
        assert (boxes.anew().sized(AROUND, lacking).diagonal != before) is read_again
