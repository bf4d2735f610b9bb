"""Where one looks in images of which nobody says where their objects are."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.deployment.boxes_to_look_at import (
    found_places,
    told_places,
)
from landmark_annotator.annotator.session.deployment.named_model import NamedModel
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.vocabulary import Box, Scheme

PIXELS = np.zeros((80, 100, 3), np.uint8)


def looked_at(folder: Path) -> Box:
    scheme = Scheme("pair", ("a", "b"))
    model = NamedModel("pair", backend_named("heatmap"), folder, scheme, finder=None)
    ((box, score),) = found_places(model, lambda *_: True, "cpu").boxes(Path("one.png"), PIXELS)
    assert score is None
    return box


def test_it_is_the_whole_image_for_a_model_that_learned_from_whole_images(tmp_path: Path) -> None:
    assert looked_at(tmp_path) == Box.whole_image(100, 80)
    (tmp_path / "own_boxes.json").write_text("null", encoding="utf-8")
    assert looked_at(tmp_path) == Box.whole_image(100, 80)


def test_it_is_where_labelled_objects_were_for_one_that_learned_from_their_boxes(
    tmp_path: Path,
) -> None:
    kept = '{"centre": [0.1, -0.05], "sides": [0.5, 0.4]}'
    (tmp_path / "own_boxes.json").write_text(kept, encoding="utf-8")
    box = looked_at(tmp_path)
    assert (box.width, box.height) == pytest.approx((50, 40))
    assert (box.centre_x, box.centre_y) == pytest.approx((59.5, 34.5))


@pytest.mark.parametrize(
    "text",
    [
        "image,x,y,width,height\na.png,-0.5,1.5,10,20\n",
        "\ufeffimage;x;y;width;height\r\na.png;-0,5;1,5;10;20\r\n",
    ],
)
def test_boxes_of_a_table(tmp_path: Path, text: str) -> None:
    (tmp_path / "boxes.csv").write_text(text, encoding="utf-8")
    places = told_places(tmp_path / "boxes.csv", Scheme("pair", ("a", "b")), None)

    ((box, _),) = places.boxes(tmp_path / "a.png", PIXELS)

    assert box == Box.from_corner(-0.5, 1.5, 10, 20)
