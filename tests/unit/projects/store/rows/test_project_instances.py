"""Instances, their shapes, and the proposals for them."""

from collections.abc import Callable
from pathlib import Path

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Project,
)
from landmark_annotator.projects.vocabulary import Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import ActionableError, ProjectError, SchemeError

AddImage = Callable[[str], ImageRecord]


def test_instances_come_in_the_order_of_their_images(project: Project, add_image: AddImage) -> None:
    first, second = add_image("a.png"), add_image("b.png")
    late = project.add_instance(second.id, kites.BOX, who="ada")
    early = project.add_instance(first.id, None, who="ada")
    assert project.instances() == [early, late]
    assert project.instance_count() == 2


def test_an_image_can_hold_several(project: Project, add_image: AddImage) -> None:
    image = add_image("a.png")
    both = [project.add_instance(image.id, box, who="ada") for box in (kites.BOX, None)]
    assert project.instances_of(image.id) == both


def test_the_instances_of_one_image_are_not_those_of_another(
    project: Project, add_image: AddImage
) -> None:
    first, second = add_image("a.png"), add_image("b.png")
    project.add_instance(first.id, None, who="ada")
    assert project.instances_of(second.id) == []


def test_a_box_keeps_its_angle(project: Project, kite: InstanceRecord) -> None:
    assert project.instance(kite.id).box == kites.BOX


def test_of_a_new_instance_nothing_is_known(project: Project, kite: InstanceRecord) -> None:
    assert kite.state is InstanceState.UNTOUCHED
    assert project.shape(kite.id) == Shape.unknown(5)


def test_an_instance_with_a_complete_shape_is_accepted(
    project: Project, add_image: AddImage
) -> None:
    image = add_image("a.png")
    record = project.add_instance(image.id, None, shape=kites.ACCEPTED, who="ada", source="x#0")
    assert record.state is InstanceState.ACCEPTED
    assert project.shape(record.id) == kites.ACCEPTED


def test_an_instance_with_a_part_of_a_shape_is_started(
    project: Project, add_image: AddImage
) -> None:
    points = kites.POINTS.copy()
    points[kites.TAIL] = np.nan
    record = project.add_instance(add_image("a.png").id, None, shape=Shape(points), who="ada")
    assert record.state is InstanceState.STARTED
    np.testing.assert_array_equal(project.shape(record.id).points, points)


def test_imported_points_are_marked_so(project: Project, add_image: AddImage) -> None:
    shape = Shape(kites.POINTS)
    record = project.add_instance(add_image("a.png").id, None, shape=shape, who="ada")
    assert project.shape(record.id).provenance == (Provenance.IMPORTED,) * 5


def test_an_import_is_journalled(project: Project, add_image: AddImage) -> None:
    image = add_image("a.png")
    record = project.add_instance(image.id, None, shape=kites.ACCEPTED, who="ada", source="x#0")
    entries = list(project.journal(record.id))
    assert [(e.kind, e.who, e.title) for e in entries] == [
        (ActionKind.IMPORT, "ada", "import of x#0")
    ]


def test_a_shape_of_another_scheme_is_refused(project: Project, add_image: AddImage) -> None:
    image = add_image("a.png")
    with pytest.raises(SchemeError, match="4 landmarks, the project's scheme has 5"):
        project.add_instance(image.id, None, shape=Shape(kites.POINTS[:4]), who="ada")
    assert project.instances() == []


def test_a_source_gives_an_image_one_instance(project: Project, add_image: AddImage) -> None:
    image = add_image("a.png")
    record = project.add_instance(image.id, None, source="x#0", who="ada")
    with pytest.raises(ProjectError, match="already has an instance from x#0"):
        project.add_instance(image.id, None, source="x#0", who="ada")
    assert project.instances() == [record]


def test_an_instance_without_labels_can_be_filled_from_a_file(
    project: Project, add_image: AddImage
) -> None:
    empty = project.add_instance(add_image("a.png").id, None, source="a.png#0", who="ada")
    filled = project.fill_instance(empty.id, kites.BOX, kites.ACCEPTED, source="x#0", who="bob")
    assert (filled.id, filled.box, filled.source) == (empty.id, kites.BOX, "x#0")
    assert filled.state is InstanceState.ACCEPTED
    assert project.shape(empty.id) == kites.ACCEPTED


def test_filling_is_journalled_as_an_import_that_undo_leaves_alone(
    project: Project, add_image: AddImage
) -> None:
    empty = project.add_instance(add_image("a.png").id, None, who="ada")
    project.fill_instance(empty.id, None, kites.ACCEPTED, source="x#0", who="ada")
    entries = [(e.kind, e.who, e.title) for e in project.journal(empty.id)]
    assert entries == [(ActionKind.IMPORT, "ada", "import of x#0")]
    assert project.undo("ada") is None


@pytest.mark.parametrize("what", ["box", "point"])
def test_what_a_person_has_begun_is_not_filled(
    project: Project, add_image: AddImage, what: str
) -> None:
    begun = project.add_instance(add_image("a.png").id, None, who="ada")
    if what == "box":
        project.set_box(begun.id, kites.BOX, who="ada")
    else:
        project.place(begun.id, kites.TOP, (1.0, 2.0), who="ada")
    before = project.instance(begun.id), project.shape(begun.id)
    with pytest.raises(ProjectError, match=r"Project\.accept"):
        project.fill_instance(begun.id, None, kites.ACCEPTED, who="bob")
    assert (project.instance(begun.id), project.shape(begun.id)) == before


def test_filling_keeps_sources_unique_in_an_image(project: Project, add_image: AddImage) -> None:
    image = add_image("a.png")
    project.add_instance(image.id, None, source="x#0", shape=kites.ACCEPTED, who="ada")
    empty = project.add_instance(image.id, None, who="ada")
    with pytest.raises(ProjectError, match="already has an instance from x#0"):
        project.fill_instance(empty.id, None, kites.ACCEPTED, source="x#0", who="ada")
    assert project.instance(empty.id) == empty
    assert project.shape(empty.id) == Shape.unknown(5)


def test_an_instance_needs_an_image(project: Project) -> None:
    with pytest.raises(ProjectError, match="no image 7"):
        project.add_instance(7, None, who="ada")


@pytest.mark.parametrize("ask", ["instance", "shape"])
def test_an_unknown_instance_is_an_error(project: Project, ask: str) -> None:
    with pytest.raises(ProjectError, match="no instance 7"):
        getattr(project, ask)(7)


def test_shapes_are_those_that_were_accepted(
    project: Project, add_image: AddImage, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, (1.0, 2.0), who="ada")
    image = add_image("a.png")
    accepted = project.add_instance(image.id, None, shape=kites.ACCEPTED, who="ada")
    assert list(project.shapes()) == [(accepted, kites.ACCEPTED)]


def test_shapes_of_any_state_can_be_had(
    project: Project, add_image: AddImage, kite: InstanceRecord
) -> None:
    image = add_image("a.png")
    accepted = project.add_instance(image.id, None, shape=kites.ACCEPTED, who="ada")
    assert [record for record, _ in project.shapes(None)] == [kite, accepted]


def test_many_shapes_keep_to_their_instances(project: Project, add_image: AddImage) -> None:
    image = add_image("a.png")
    with project.transaction():
        for i in range(1203):  # more than are read at a time
            project.add_instance(image.id, None, shape=Shape(kites.POINTS + i), who="ada")
    firsts = [shape.points[0, 0] - kites.POINTS[0, 0] for _, shape in project.shapes()]
    assert firsts == list(range(1203))


def test_bare_shapes_are_positions_and_visibilities_alone(
    project: Project, add_image: AddImage, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, (1.0, 2.0), who="ada")
    project.set_visibility(kite.id, kites.TAIL, Visibility.OCCLUDED, who="ada")
    early = project.add_image(project.folder / "early.png", kites.Facts("e"), position=0)
    project.add_instance(early.id, None, shape=kites.ACCEPTED, who="ada")
    whole, bare = list(project.shapes(None)), list(project.shapes(None, bare=True))
    assert [record for record, _ in bare] == [record for record, _ in whole]
    for (_, one), (_, other) in zip(bare, whole, strict=True):
        assert one == Shape(other.points, other.visibility)


def test_a_tally_counts_the_landmarks_of_a_kind(
    project: Project, add_image: AddImage, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, (1.0, 2.0), who="ada")
    project.set_visibility(kite.id, kites.TAIL, Visibility.OCCLUDED, who="ada")
    whole = project.add_instance(add_image("a.png").id, None, shape=Shape(kites.POINTS), who="ada")
    project.add_instance(add_image("b.png").id, None, who="ada")
    counts = {
        owner: {kind[:3]: kind.number for kind in kinds} for owner, kinds in project.tally().items()
    }
    assert counts == {
        kite.id: {(2, Provenance.CLICKED, True): 1, (1, None, False): 1},
        whole.id: {(2, Provenance.IMPORTED, True): 5},
    }


def test_changes_in_one_transaction_are_all_made_or_none(
    project: Project, add_image: AddImage
) -> None:
    def fail_half_way() -> None:
        with project.transaction():
            add_image("a.png")
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert project.images() == []


def test_a_change_that_fails_in_a_transaction_leaves_the_others(
    project: Project, add_image: AddImage
) -> None:
    with project.transaction():
        image = add_image("a.png")
        with pytest.raises(ProjectError):
            project.add_instance(7, None, who="ada")
    assert project.images() == [image]


def test_transactions_may_be_inside_each_other(project: Project, add_image: AddImage) -> None:
    def fail_inside_after_another_failure() -> None:
        with project.transaction():
            add_image("b.png")
            with pytest.raises(ProjectError):
                project.add_instance(7, None, who="ada")
            raise KeyError

    with project.transaction():
        image = add_image("a.png")
        with pytest.raises(KeyError):
            fail_inside_after_another_failure()
    assert project.images() == [image]


def test_a_proposal_comes_back_exactly(project: Project, kite: InstanceRecord) -> None:
    points, covariances = kites.POINTS / 3, kites.ACCEPTED.covariances / 7
    project.store_proposal(kite.id, points, covariances, predicted_error=4.5, model="cnn")
    found = project.proposal(kite.id)
    assert found is not None
    np.testing.assert_array_equal(found.points, points)
    np.testing.assert_array_equal(found.covariances, covariances)
    assert (found.predicted_error, found.model) == (4.5, "cnn")


def test_a_new_proposal_takes_the_place_of_the_old(project: Project, kite: InstanceRecord) -> None:
    for error in (4.5, 3.5):
        project.store_proposal(
            kite.id, kites.POINTS, kites.ACCEPTED.covariances, predicted_error=error, model="cnn"
        )
    assert project.instance(kite.id).predicted_error == 3.5


def test_there_may_be_no_proposal(project: Project, kite: InstanceRecord) -> None:
    assert project.proposal(kite.id) is None


def test_a_proposal_of_another_scheme_is_refused(project: Project, kite: InstanceRecord) -> None:
    with pytest.raises(SchemeError, match="trained for the project's scheme"):
        project.store_proposal(
            kite.id, np.zeros((4, 2)), np.zeros((4, 2, 2)), predicted_error=None, model="cnn"
        )


def test_shapes_survive_a_restart(folder: Path) -> None:
    with Project.create(folder, kites.SCHEME) as project:
        image = project.add_image(folder / "a.png", kites.Facts("a"))
        record = project.add_instance(image.id, None, shape=kites.ACCEPTED, who="ada")
    with Project.open(folder) as project:
        assert project.shape(record.id) == kites.ACCEPTED


def test_a_second_opinion_says_what_it_is_on(project: Project, kite: InstanceRecord) -> None:
    second = project.add_instance(kite.image_id, kites.BOX, second_opinion_on=kite.id, who="bob")
    assert second.second_opinion_on == kite.id
    assert project.instance(second.id) == second


def test_there_is_one_second_opinion(project: Project, kite: InstanceRecord) -> None:
    project.add_instance(kite.image_id, kites.BOX, second_opinion_on=kite.id, who="bob")
    with pytest.raises(ProjectError, match="already"):
        project.add_instance(kite.image_id, kites.BOX, second_opinion_on=kite.id, who="eve")
    assert project.instance_count() == 2


def test_what_there_is_a_second_opinion_on_is_not_removed(
    project: Project, kite: InstanceRecord
) -> None:
    project.add_instance(kite.image_id, kites.BOX, second_opinion_on=kite.id, who="bob")
    with pytest.raises(ProjectError, match="cannot be removed"):
        project.remove_instance(kite.id)


@pytest.mark.parametrize("origin", [{}, {"model": "cnn", "imported_from": "a.json"}])
def test_a_proposal_has_one_origin(
    project: Project, kite: InstanceRecord, origin: dict[str, str]
) -> None:
    with pytest.raises(ActionableError, match="model or from a file"):
        project.store_proposal(
            kite.id, kites.POINTS, np.zeros((5, 2, 2)), predicted_error=None, **origin
        )
