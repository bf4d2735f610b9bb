import numpy as np
import pytest

from landmark_annotator.annotator.session.models.usual_box import usual_box, usual_box_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box

SIZES = [(100, 80), (200, 160), (50, 40), (400, 320), (100, 80)]


def drawn(off: float = 0.0, seed: int = 0) -> list[tuple[Box, int, int]]:
    """Boxes that fill the middle of images of several sizes, each off by `off` sides."""
    random = np.random.default_rng(seed)
    found = []
    for width, height in SIZES:
        box = Box((width - 1) / 2, (height - 1) / 2, 0.6 * width, 0.6 * width)
        x, y = random.normal(0, off, 2).tolist()
        found.append((box.moved((x, y)), width, height))
    return found


def test_boxes_that_cover_the_same_share_say_where_the_next_one_is() -> None:
    usual = usual_box(drawn(0.02))
    assert usual is not None
    box = usual.box(1000, 800)
    assert box.side == pytest.approx(600, rel=0.02)
    assert (box.centre_x, box.centre_y) == pytest.approx((499.5, 399.5), abs=15)


def test_too_few_boxes_say_nothing() -> None:
    assert usual_box(drawn()[:3]) is None


def test_objects_that_move_have_no_usual_box() -> None:
    assert usual_box(drawn(0.2)) is None


def test_small_objects_may_move_however_still_they_stood() -> None:
    small = [(Box(b.centre_x, b.centre_y, b.width / 4, b.height / 4), w, h) for b, w, h in drawn()]
    assert usual_box(small) is None


def test_turned_boxes_say_nothing_of_the_next_heading() -> None:
    turned = [(Box(b.centre_x, b.centre_y, b.width, b.height, 0.5), w, h) for b, w, h in drawn()]
    assert usual_box(turned) is None


def test_a_second_object_in_an_image_ends_it(project: Project) -> None:
    for record in project.instances():
        image = project.image(record.image_id)
        side = 0.6 * max(image.width, image.height)
        box = Box((image.width - 1) / 2, (image.height - 1) / 2, side, side)
        project.set_box(record.id, box, who="ada")
    assert usual_box_of(project) is not None
    project.add_instance(project.images()[0].id, Box(9, 9, 8, 8), who="ada")
    assert usual_box_of(project) is None
