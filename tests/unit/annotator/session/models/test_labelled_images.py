import numpy as np
import pytest

from landmark_annotator.annotator.session.models.finder_training import finder_due
from landmark_annotator.annotator.session.models.labelled_images import labelled_images, object_box
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape

ELSEWHERE = Box(12.0, 12.0, 16.0, 16.0)


def test_accepted_boxes_are_the_objects_of_their_images(project: Project) -> None:
    images = labelled_images(project)
    accepted = project.instances()[:12]
    assert [image.objects for image in images] == [(record.box,) for record in accepted]
    assert images[0].size == images[0].read_pixels().shape[1::-1]


def test_what_nobody_has_accepted_may_be_there_or_not(project: Project) -> None:
    project.add_instance(project.images()[0].id, ELSEWHERE, who="ada")
    assert labelled_images(project)[0].unsure == (ELSEWHERE,)


def test_what_was_found_and_thrown_out_is_known_to_be_none(project: Project) -> None:
    (found,) = project.add_found({project.images()[0].id: [ELSEWHERE]}, who="ada")
    project.exclude(instances=[found], why="not an object", who="ada")
    first = labelled_images(project)[0]
    assert (first.absent, first.unsure) == ((ELSEWHERE,), ())


def test_an_object_with_a_heading_lies_along_its_box() -> None:
    scheme = Scheme("rod", ("tail", "head", "side"), heading=(0, 1))
    shape = Shape(np.array([[10.0, 10.0], [30.0, 30.0], [21.0, 19.0]]))
    drawn = Box.square_around(shape.points)
    box = object_box(LabelledInstance("rod", drawn, shape, lambda: np.empty(0)), scheme)
    assert box.angle == pytest.approx(np.pi / 4)
    assert box.width == pytest.approx(np.hypot(20, 20))
    assert box.height == pytest.approx(np.sqrt(2))


def test_no_finder_is_due_where_each_image_has_its_object_in_the_same_place(
    project: Project,
) -> None:
    for record in project.instances():
        image = project.image(record.image_id)
        side = 0.6 * max(image.width, image.height)
        box = Box((image.width - 1) / 2, (image.height - 1) / 2, side, side)
        project.set_box(record.id, box, who="ada")
    assert not finder_due(project)
    project.add_instance(project.images()[0].id, ELSEWHERE, who="ada")
    assert finder_due(project)
