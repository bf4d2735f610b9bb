"""A finder that learns from a few drawn scenes in seconds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.backends.finder import load, train
from landmark_annotator.backends.metrics.boxes import matched
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledImage, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Cancelled,
    ImageError,
    TooFewLabels,
)
from tests.measured_curves import Curves
from tests.short_epochs import short_epochs
from tests.stopped_training import StopsAfter, assert_same_weights

pytestmark = pytest.mark.usefixtures("narrow_networks")

BEETLE = Scheme("beetle", ("tail", "head"), heading=(0, 1))
SETTINGS = {"trunk": "none", "epochs": 6, "size": 192, "learning_rate": 0.005}


def scene(seed: int, count: int = 2) -> LabelledImage:
    """Dark ellipses with a bright head, lying anywhere on noise."""
    random = np.random.default_rng(seed)
    pixels = random.integers(120, 160, (192, 192, 3)).astype(np.uint8)
    y, x = np.mgrid[:192, :192]
    boxes: list[Box] = []
    while len(boxes) < count:
        centre, angle = random.uniform(40, 152, 2), float(random.uniform(-3, 3))
        box = Box(float(centre[0]), float(centre[1]), 64.0, 32.0, angle)
        if any(np.hypot(o.centre_x - centre[0], o.centre_y - centre[1]) < 70 for o in boxes):
            continue
        along, across = np.moveaxis(box.to_frame(np.stack([x, y], axis=-1)), -1, 0)
        pixels[along**2 + 4 * across**2 < 0.25] = 40
        pixels[(along - 0.35) ** 2 + across**2 < 0.015] = 240
        boxes.append(box)

    def read(drawn: Pixels = pixels) -> Pixels:
        return drawn

    return LabelledImage(f"scene{seed}", (192, 192), tuple(boxes), read)


SCENES = [scene(seed) for seed in range(24)]
MEASURED = Curves()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finder")
    train(SCENES, BEETLE, folder, SETTINGS, MEASURED)
    return folder


def test_where_few_images_can_be_read_nothing_is_trained(tmp_path: Path) -> None:
    """As those of a drive that is away: a finder of two would take the place of a good one."""

    def away() -> Pixels:
        raise ImageError("The drive is away.")

    images = [each if n < 2 else replace(each, read_pixels=away) for n, each in enumerate(SCENES)]
    with pytest.raises(
        ImageError, match=r"Of 24 labelled images 2 can be read.*drive is away"
    ) as told:
        train(images, BEETLE, tmp_path, SETTINGS, SILENT)
    assert told.value.kept == "Nothing was trained."
    assert not (tmp_path / "card.json").exists()


def test_it_finds_objects_that_it_has_not_seen(trained: Path) -> None:
    finder = load(trained, BEETLE)
    hits = 0
    for seed in range(100, 110):
        unseen = scene(seed)
        found = finder.find(unseen.read_pixels(), 0.15)
        hits += sum(partner is not None for partner in matched(found, unseen.objects, 0.3))
    assert hits >= 14


def test_its_loss_on_held_out_images_falls_while_it_learns(trained: Path) -> None:
    curve = MEASURED.points["held-out loss of the finder"]
    assert [epoch for epoch, _ in curve] == [*range(1, 7)]
    assert curve[-1][1] < curve[0][1]


def test_boxes_are_in_pixels_of_an_image_of_any_size(trained: Path) -> None:
    finder, image = load(trained, BEETLE), scene(100)
    small = finder.find(image.read_pixels(), 0.05)[0].box
    large = finder.find(image.read_pixels().repeat(3, axis=0).repeat(3, axis=1), 0.05)[0].box
    assert large.centre_x == pytest.approx(3 * small.centre_x + 1, abs=6)
    assert large.width == pytest.approx(3 * small.width, rel=0.15)


def test_an_interrupted_training_resumes_to_the_same_finder(tmp_path: Path) -> None:
    short = {**SETTINGS, "epochs": 2, "size": 96}
    with short_epochs(24):
        train(SCENES[:14], BEETLE, tmp_path / "straight", short, SILENT)
        with pytest.raises(Cancelled, match="epoch 2 of 2"):
            train(SCENES[:14], BEETLE, tmp_path / "resumed", short, StopsAfter(4, "finder"))
        train(SCENES[:14], BEETLE, tmp_path / "resumed", short, SILENT)
    assert_same_weights(tmp_path / "straight", tmp_path / "resumed")


@pytest.mark.parametrize(
    ("images", "there"),
    [(SCENES[:5], "10 in 5"), ([scene(seed, 1) for seed in range(11)], "11 in 11")],
)
def test_too_few_labelled_objects_are_told(
    tmp_path: Path, images: list[LabelledImage], there: str
) -> None:
    with pytest.raises(TooFewLabels, match=f"at least 12 .*there are {there}"):
        train(images, BEETLE, tmp_path, SETTINGS, SILENT)


def crowded(seed: int, times: int = 2, group: str = "") -> LabelledImage:
    """Each of its two objects so many times."""
    one = scene(seed)
    return replace(one, objects=one.objects * times, group=group)


def test_a_dozen_objects_in_two_images_do_not_say_what_else_there_is(tmp_path: Path) -> None:
    with pytest.raises(TooFewLabels, match="in 3 images or more; there are 12 in 2"):
        train([crowded(seed, 3) for seed in range(2)], BEETLE, tmp_path, SETTINGS, SILENT)


def test_of_few_images_with_many_objects_each_a_third_is_held_out(tmp_path: Path) -> None:
    once = {**SETTINGS, "epochs": 1, "size": 96}
    card = train([crowded(seed) for seed in range(3)], BEETLE, tmp_path, once, SILENT)
    assert (card["instances"]["training"], card["instances"]["held_out"]) == (2, 1)
    assert card["objects"] == 12


def test_of_a_few_images_that_are_one_group_some_are_held_out_too(tmp_path: Path) -> None:
    once = {**SETTINGS, "epochs": 1, "size": 96}
    frames = [crowded(seed, group="film") for seed in range(4)]
    card = train(frames, BEETLE, tmp_path, once, SILENT)
    assert (card["instances"]["training"], card["instances"]["held_out"]) == (3, 1)


def test_an_unknown_setting_is_refused_with_the_closest_name(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match=r'no setting "epoch".*epochs'):
        train(SCENES, BEETLE, tmp_path, {"epoch": 3}, SILENT)
