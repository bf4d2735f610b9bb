"""Boxes of label files that look wrong: an import tells of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import (
    ImportReport,
    ProposalReport,
    import_labels,
    import_proposals,
)
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from tests.unit.projects.exchange.transfer.test_known_objects import FACE, NOWHERE, coco

INSIDE = [8.0, 8, 24, 34]
AS_CORNERS = [60.0, 10, 95, 55]
AT_THE_BORDER = [80.0, 30, 40, 40]
CVAT = (
    '<annotations><image id="0" name="0.png" width="100" height="60">'
    '<box label="face" xtl="{}" ytl="8" xbr="{}" ybr="40"/></image></annotations>'
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    Image.new("RGB", (100, 60)).save(tmp_path / "0.png")
    with Project.create(tmp_path / "project", Scheme("face", ("left", "right", "chin"))) as made:
        yield made


def notes(project: Project, file: Path) -> list[str]:
    found = import_labels(project, file, who="ada").notes
    return [note for note in found if "image" in note]


@pytest.mark.parametrize("left", [300, 80, -50])
def test_boxes_that_lie_outside_of_their_image_are_told(
    project: Project, tmp_path: Path, left: int
) -> None:
    (tmp_path / "boxes.xml").write_text(CVAT.format(left, left + 60), encoding="utf-8")
    [note] = notes(project, tmp_path / "boxes.xml")
    assert note.startswith("1 box lies for the most part outside of the image: 0.png (")


def test_boxes_of_what_the_border_cuts_are_not(project: Project, tmp_path: Path) -> None:
    (tmp_path / "boxes.xml").write_text(CVAT.format(-10, 50), encoding="utf-8")
    assert notes(project, tmp_path / "boxes.xml") == []


@pytest.mark.parametrize("read", [import_labels, import_proposals])
def test_corners_in_place_of_sizes_are_told(
    project: Project, tmp_path: Path, read: Callable[..., ImportReport | ProposalReport]
) -> None:
    file = coco(tmp_path / "b.json", (AS_CORNERS, FACE), (AS_CORNERS, FACE), (INSIDE, NOWHERE))
    told = [note for note in read(project, file, who="ada").notes if "x1, y1, x2, y2" in note]
    assert [note[: note.index(" of the file")] for note in told] == ["2 of 3 boxes"]


def test_some_boxes_that_reach_beyond_the_border_are_not(project: Project, tmp_path: Path) -> None:
    few = (AS_CORNERS, NOWHERE), (INSIDE, NOWHERE), (AT_THE_BORDER, NOWHERE)
    assert not any("x1" in note for note in notes(project, coco(tmp_path / "b.json", *few)))
