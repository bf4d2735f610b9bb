"""What did not come in, file by file."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.gui.imports.left_out import left_out_lines
from landmark_annotator.projects.exchange import ImportReport, Unreadable
from landmark_annotator.projects.exchange.codecs.common.files import WHERE_IMAGES_ARE


@pytest.mark.parametrize(
    ("name", "reason", "line"),
    [
        ("a.jpg", "The image {} is empty.", "a.jpg: It is empty."),
        ("a.jpg", "{} is not an image.", "a.jpg: It is not an image."),
        ("a.jpg", "There is no image {}.", "a.jpg: There is no image of this name."),
        ("a.pts", "{}, line 10: x is no number.", "a.pts: Line 10: x is no number."),
        ("two\nlines.jpg", "The image {} is empty.", "two lines.jpg: It is empty."),
        ("x" * 200 + ".jpg", "{} is empty.", f"{'x' * 35}…{'x' * 10}.jpg: It is empty."),
    ],
)
def test_a_name_stands_once_and_on_one_line(name: str, reason: str, line: str) -> None:
    path = Path("photographs") / name
    report = ImportReport(unreadable=[Unreadable(path, reason.format(path))])
    assert left_out_lines(report) == [line]


@pytest.mark.parametrize(("count", "times"), [(1, 1), (3, 0)])
def test_what_to_do_about_missing_images_is_said_once(count: int, times: int) -> None:
    paths = [Path(f"{number}.png") for number in range(count)]
    missing = [Unreadable(p, f"There is no image {p}. {WHERE_IMAGES_ARE}") for p in paths]
    lines = left_out_lines(ImportReport(unreadable=missing))
    assert sum(WHERE_IMAGES_ARE in line for line in lines) == times
    assert sum("There is no image" in line for line in lines) == count
    assert (lines[0] == "3 images are missing. Put the files there, or choose their folder.") == (
        count == 3
    )
