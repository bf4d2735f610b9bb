"""The box of a video's frame follows what is labelled in a frame beside it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.two_click_box import TwoClicks
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.annotator.session.tracking.carried_boxes import carried_boxes, frame_beside
from landmark_annotator.projects.images import ImageFacts, pixels_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.unit.projects.video.encoded import HEIGHT, WIDTH, encode

SIDE = 24
CORNERS = np.array([[-8.0, -8.0], [8.0, -8.0], [0.0, 8.0]])
"""Landmarks of the object, from its centre."""
PATCH = cv2.GaussianBlur(np.random.default_rng(0).uniform(0, 255, (3 * SIDE, 3 * SIDE)), (0, 0), 2)
GROUND = np.random.default_rng(1).uniform(90, 110, (HEIGHT, WIDTH))


def seen(x: float, y: float, turn: float = 0.0) -> Pixels:
    """A patch whose centre is there, turned by so many radians, on a ground that stays."""
    matrix = cv2.getRotationMatrix2D((1.5 * SIDE - 0.5, 1.5 * SIDE - 0.5), -math.degrees(turn), 1)
    matrix[:, 2] += [x - 1.5 * SIDE + 0.5, y - 1.5 * SIDE + 0.5]
    inside = np.zeros_like(PATCH)
    inside[SIDE:-SIDE, SIDE:-SIDE] = 1
    there = cv2.warpAffine(inside, matrix, (WIDTH, HEIGHT))
    patch = cv2.warpAffine(PATCH, matrix, (WIDTH, HEIGHT))
    grey = there * patch + (1 - there) * GROUND
    return np.repeat(grey[..., None].clip(0, 255).astype(np.uint8), 3, axis=2)


def corners(x: float, y: float, turn: float = 0.0) -> Floats:
    cos, sin = math.cos(turn), math.sin(turn)
    return CORNERS @ np.array([[cos, sin], [-sin, cos]]) + [x, y]


Film = Callable[..., Project]


@pytest.fixture
def film(tmp_path: Path) -> Iterator[Film]:
    """A project with all frames of a video of these pictures."""
    made = []

    def make(pictures: list[Pixels], heading: tuple[int, int] | None = None) -> Project:
        scheme = Scheme("patch", ("one", "two", "three"), heading=heading)
        project = Project.create(tmp_path / "project", scheme)
        made.append(project)
        video = encode(tmp_path / "film.mp4", drawings=pictures, options={"crf": "5"})
        add_frames(project, video, range(len(pictures)), who="ada")
        return project

    yield make
    for project in made:
        project.close()


def label(project: Project, frame: int, x: float, y: float, turn: float = 0.0) -> None:
    record = project.instances_of(project.images()[frame].id)[0]
    project.set_box(record.id, Box(x, y, SIDE, SIDE), who="ada")
    for landmark, place in enumerate(corners(x, y, turn).tolist()):
        project.place(record.id, landmark, tuple(place), who="ada")


def carried(project: Project, frame: int, ways: TwoClicks | None = None) -> list[Box]:
    image = project.images()[frame]
    beside = frame_beside(project, image, ways)
    assert beside is not None
    return list(carried_boxes(beside, pixels_of(image)).values())


@pytest.mark.parametrize(("labelled", "asked"), [(0, 1), (0, 3), (4, 3), (4, 1)])
def test_a_box_goes_where_its_object_has_gone(film: Film, labelled: int, asked: int) -> None:
    places = [(30 + 4 * n, 26 + 3 * n) for n in range(5)]
    project = film([seen(*place) for place in places])
    label(project, labelled, *places[labelled])
    [box] = carried(project, asked)
    assert (box.centre_x, box.centre_y) == pytest.approx(places[asked], abs=1.5)
    assert (box.width, box.height) == pytest.approx((SIDE, SIDE), rel=0.1)


@pytest.mark.parametrize("heading", [None, (0, 1)])
def test_one_that_is_turned_says_where_its_object_points(
    film: Film, heading: tuple[int, int] | None
) -> None:
    """A model that has learned a heading that the scheme does not name looks in all turns only in
    an upright box."""
    project = film([seen(48, 32, 0.1 * n) for n in range(3)], heading=heading)
    label(project, 0, 48, 32)
    [box] = carried(project, 2)
    assert box.angle == pytest.approx(0.0 if heading is None else 0.2, abs=0.1)
    assert (box.angle == 0.0) is (heading is None)


def test_it_points_where_labelled_shapes_have_a_heading_of_their_own(film: Film) -> None:
    project = film([seen(48, 32, 0.1 * n) for n in range(3)])
    label(project, 0, 48, 32)
    mean = Box(0, 0, SIDE, SIDE).to_frame(CORNERS)
    [box] = carried(project, 2, TwoClicks((0, 1), mean, replace(project.scheme, heading=(0, 1))))
    assert box.angle == pytest.approx(0.2, abs=0.1)


def test_an_object_that_is_faster_than_flow_is_followed(film: Film) -> None:
    project = film([seen(24, 20), seen(24 + 0.9 * SIDE, 20 + 0.6 * SIDE)])
    label(project, 0, 24, 20)
    [box] = carried(project, 1)
    assert (box.centre_x, box.centre_y) == pytest.approx(
        (24 + 0.9 * SIDE, 20 + 0.6 * SIDE), abs=1.5
    )


def test_it_lies_about_the_landmarks_as_other_boxes_do(film: Film) -> None:
    """Not as that of the frame beside, which may itself be a carried one."""
    project = film([seen(48, 32)] * 2)
    label(project, 0, 48, 32)
    mean = Box(0, 0, 2 * SIDE, 2 * SIDE).to_frame(CORNERS)
    [box] = carried(project, 1, TwoClicks((0, 1), mean, project.scheme))
    assert box.side == pytest.approx(2 * SIDE, rel=0.1)


def test_the_nearest_frame_says_it(film: Film) -> None:
    project = film([seen(30 + 4 * n, 30) for n in range(5)])
    label(project, 0, 30, 30)
    label(project, 3, 42, 30)
    beside = frame_beside(project, project.images()[2])
    assert beside is not None
    assert beside.labelled == 3


def test_an_object_that_is_gone_has_no_box(film: Film) -> None:
    other = np.random.default_rng(2).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    project = film([seen(48, 32), other])
    label(project, 0, 48, 32)
    assert carried(project, 1) == []


def test_what_becomes_something_else_little_by_little_has_no_box(film: Film) -> None:
    """Each frame is much as the one before it, and the last one as the first one is not."""
    first, last = seen(48, 32).astype(float), seen(48, 32, math.pi).astype(float)
    shares = np.linspace(0, 1, 6)
    project = film([((1 - s) * first + s * last).astype(np.uint8) for s in shares])
    label(project, 0, 48, 32)
    assert len(carried(project, 1)) == 1
    assert carried(project, 5) == []


def test_frames_too_far_away_say_nothing(film: Film) -> None:
    project = film([seen(48, 32)] * 7)
    label(project, 0, 48, 32)
    assert frame_beside(project, project.images()[5]) is not None
    assert frame_beside(project, project.images()[6]) is None


def test_a_box_in_which_nobody_has_begun_says_nothing(film: Film) -> None:
    project = film([seen(48, 32)] * 2)
    first = project.instances_of(project.images()[0].id)[0]
    project.set_box(first.id, Box(48, 32, SIDE, SIDE), who="ada")
    assert frame_beside(project, project.images()[1]) is None


def test_a_photograph_has_no_frames_beside(film: Film) -> None:
    project = film([seen(48, 32)] * 2)
    image = project.add_image(project.folder / "photograph.png", ImageFacts(8, 8, "photograph"))
    assert frame_beside(project, image) is None
