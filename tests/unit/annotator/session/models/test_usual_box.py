from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.usual_box import Seen, usual_box, usual_box_of
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SIZES = [(100, 80), (200, 160), (50, 40), (400, 320), (100, 80)]
ALONE = range(5)


def seen(off: float = 0.0, *, angle: float = 0.0, share: float = 0.6, seed: int = 0) -> list[Seen]:
    """Objects in the middle of images of several sizes, each off by `off` sides, in boxes that are
    not."""
    random = np.random.default_rng(seed)
    found = []
    for number, (width, height) in enumerate(SIZES):
        side = share * width
        box = Box((width - 1) / 2, (height - 1) / 2, side, side, angle)
        x, y = random.normal(0, off, 2).tolist()
        found.append(Seen(number, box, box.moved((x, y)), width, height))
    return found


def test_objects_in_the_same_part_of_their_images_say_where_the_next_one_is() -> None:
    usual = usual_box(seen(0.02), ALONE)
    assert usual is not None
    box = usual.box(1000, 800)
    assert box.side == pytest.approx(600, rel=0.02)
    assert (box.centre_x, box.centre_y) == pytest.approx((499.5, 399.5), abs=15)


def test_too_few_say_nothing() -> None:
    assert usual_box(seen()[:3], range(3)) is None


def test_many_images_of_one_source_are_one() -> None:
    assert usual_box(seen(), [0, 0, 1, 1, 2]) is None
    assert usual_box(seen(), [0, 0, 1, 2, 3]) is not None


def test_objects_that_move_have_no_usual_box_though_all_were_given_the_same() -> None:
    assert usual_box(seen(0.2), ALONE) is None


def test_small_objects_may_move_however_still_they_stood() -> None:
    assert usual_box(seen(share=0.15), ALONE) is None


def test_turned_boxes_say_nothing_of_the_next_heading() -> None:
    assert usual_box(seen(angle=0.5), ALONE) is None


def test_a_second_object_in_an_image_ends_it(project: Project) -> None:
    for record in project.instances():
        image = project.image(record.image_id)
        side = 0.6 * max(image.width, image.height)
        box = Box((image.width - 1) / 2, (image.height - 1) / 2, side, side)
        project.set_box(record.id, box, who="ada")
    assert usual_box_of(project) is not None
    project.add_instance(project.images()[0].id, Box(9, 9, 8, 8), who="ada")
    assert usual_box_of(project) is None


def test_what_two_people_have_labelled_is_one_object(video: Project) -> None:
    for frame in (0, 600, 1200, 1800):
        label(video, frame)
    alone = usual_box_of(video)
    for who in ("bob", "eve"):
        label(video, 600, 52.0, who=who)
    assert alone is not None
    assert usual_box_of(video) == alone
    label(video, 600, 51.0)
    assert usual_box_of(video) is None, "one person has seen two there"


@pytest.fixture
def video(tmp_path: Path) -> Iterator[Project]:
    """Of a video 200 frames, every tenth."""
    with Project.create(tmp_path / "clip", Scheme("dot", ("a", "b"))) as project:
        record = project.add_video(tmp_path / "clip.mp4", "0", 25.0)
        frames = {f: ImageFacts(100, 80, f"{f}") for f in range(0, 2000, 10)}
        project.add_frames(record.id, frames)
        yield project


def label(
    project: Project, frame: int, x: float = 50.0, *, found: Box | None = None, who: str = "ada"
) -> None:
    """An object 40 pixels wide; in the box that was found, or the square around it."""
    [image] = [image for image in project.images() if image.frame == frame]
    shape = Shape(np.array([[x - 20, 30.0], [x + 20, 50.0]]))
    if found is None:
        box = Box.square_around(shape.points)
        project.add_instance(image.id, box, shape=shape, who=who)
        return
    [instance] = project.add_found({image.id: [found]}, who=who)
    project.accept(instance, shape, who=who)


def test_frames_from_near_each_other_do_not_say_where_an_object_is_later(video: Project) -> None:
    for frame in (0, 10, 20, 30, 40):
        label(video, frame)
    assert usual_box_of(video) is None
    for frame in (600, 1200, 1800):
        label(video, frame)
    assert usual_box_of(video) is not None


def test_shapes_accepted_in_the_usual_box_do_not_confirm_it(video: Project) -> None:
    for frame in (0, 600, 1200, 1800):
        label(video, frame)
    usual = usual_box_of(video)
    assert usual is not None
    for frame, x in ((200, 30.0), (800, 70.0), (1400, 35.0), (1600, 65.0)):
        label(video, frame, x, found=usual.box(100, 80))
    assert usual_box_of(video) is None
