"""Exporting from a real project: what is written, what is left out, what is said about it."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.store import Project, Verdict
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("pair", ("one", "two"))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An accepted instance, a started one and an untouched one, each in an image of its own."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(3):
        Image.new("RGB", (50, 60), (number, 0, 0)).save(photos / f"{number}.png")
    with Project.create(tmp_path / "project", SCHEME) as opened:
        import_labels(opened, photos, who="anna")
        accepted, started, _ = opened.instances()
        opened.set_box(accepted.id, Box(5, 6, 7, 8), who="anna")
        shape = Shape(np.array([[1.5, 2.5], [3.5, 4.5]]), np.array([2, 1], dtype=np.int8))
        opened.accept(accepted.id, shape, who="anna")
        opened.place(started.id, 0, (9.0, 8.0), who="anna")
        yield opened


def test_only_accepted_shapes_are_written(project: Project, tmp_path: Path) -> None:
    report = export_labels(project, tmp_path / "out.json", format="coco")

    content = json.loads((tmp_path / "out.json").read_text())
    assert [a["keypoints"] for a in content["annotations"]] == [[1.5, 2.5, 2, 3.5, 4.5, 1]]
    assert (report.instances, report.images) == (1, 1)
    assert "2 instances not accepted were left out." in report.notes
    project.remove_instance(project.instances()[2].id)
    report = export_labels(project, tmp_path / "out.json", format="coco")
    assert "1 instance not accepted was left out." in report.notes


def test_shapes_in_progress_when_asked_for(project: Project, tmp_path: Path) -> None:
    report = export_labels(project, tmp_path / "out.csv", format="csv", include_unaccepted=True)

    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == ["photos/0.png", "photos/1.png"]
    assert [row["one.provenance"] for row in rows] == ["inferred", "clicked"]
    assert report.instances == 2


def test_pts_go_into_a_folder_that_is_made(project: Project, tmp_path: Path) -> None:
    report = export_labels(project, tmp_path / "new" / "out", format="pts")

    text = (tmp_path / "new" / "out" / "0.pts").read_text()
    assert text == "version: 1\nn_points: 2\n{\n2.5 3.5\n4.5 5.5\n}\n"
    assert report.instances == 1
    assert any("1 occluded landmark is" in note for note in report.notes)


@pytest.mark.parametrize("format", ["csv", "coco", "pts"])
def test_each_format_says_what_it_does_not_carry(
    project: Project, tmp_path: Path, format: str
) -> None:
    report = export_labels(project, tmp_path / "out", format=format)

    assert any("ncertainty" in note and "not written" in note for note in report.notes)


def test_that_nothing_is_written_of_what_a_pixel_measures_is_told(
    project: Project, tmp_path: Path
) -> None:
    lost = "What a pixel measures is not written: tps has a place for that."
    assert lost not in export_labels(project, tmp_path / "a.json", format="coco").losses
    project.set_pixel_size(0.4, who="anna")
    assert lost in export_labels(project, tmp_path / "a.json", format="coco").losses
    assert lost not in export_labels(project, tmp_path / "a.tps", format="tps").losses


def test_a_project_without_accepted_shapes_gives_an_empty_file(
    project: Project, tmp_path: Path
) -> None:
    project.review(project.instances()[0].id, Verdict.SENT_BACK, "the nose", who="anna")

    report = export_labels(project, tmp_path / "out.json", format="coco")

    assert report.instances == 0
    assert json.loads((tmp_path / "out.json").read_text())["annotations"] == []


def test_an_unwritable_target_says_so(project: Project, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for target, format in ((tmp_path / "file" / "out.csv", "csv"), (tmp_path / "file", "pts")):
        with pytest.raises(FormatError) as caught:
            export_labels(project, target, format=format)
        assert caught.value.remedy


def test_images_alone_cannot_be_written(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be written"):
        export_labels(project, tmp_path / "out", format="images")


def test_an_unknown_format(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match='Did you mean "csv"'):
        export_labels(project, tmp_path / "out", format="cvs")


class Impatient:
    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool:
        return True


def test_a_cancelled_export_leaves_the_old_file(project: Project, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")

    report = export_labels(project, tmp_path / "out.csv", format="csv", progress=Impatient())

    assert report.instances == 0
    assert (tmp_path / "out.csv").read_text() == "old"
