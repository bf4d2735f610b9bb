"""What an export would do, before anything is written, and what it does not go over."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.exchange.export_choice import (
    ExportChoice,
    suggested_target,
)
from landmark_annotator.annotator.session.exchange.export_preview import (
    export_previewed,
    preview_export,
)
from landmark_annotator.projects.exchange import formats
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, FormatError

TRIANGLE = Scheme("triangle", ("a", "b", "c"))
# One takes no photographs, one no scheme of this size.
ELSEWHERE = ("cvat-video", "coco-wholebody")
WRITTEN = [c.name for c in formats() if c.writer is not None and c.name not in ELSEWHERE]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Five accepted triangles, a corner of one not in its image; one begun, one untouched."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    with Project.create(tmp_path / "triangles", TRIANGLE) as project:
        for number in range(7):
            path = pictures / f"{number}.png"
            Image.fromarray(np.full((60, 80, 3), 50 + number, np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            points = np.array([[10.0, 10.0], [40.0, 12.0], [20.0, 40.0 + number]])
            if number == 4:
                points[2] = np.nan
            seen = np.where(np.isnan(points[:, 0]), 0, 2).astype(np.int8)
            shape = Shape(points, seen, [Provenance.CLICKED] * 3)
            box = Box(25.0, 25.0, 40.0, 40.0)
            record = project.add_instance(image.id, box, source=path.name, who="import")
            if number == 5:
                project.place(record.id, 0, (10.0, 10.0), who="ada")
            elif number < 5:
                project.accept(record.id, shape, who="ada")
        yield project


def choice(tmp_path: Path, format: str = "coco", **other: object) -> ExportChoice:
    target = suggested_target(tmp_path / "out", "triangles", format)
    target.parent.mkdir(exist_ok=True)
    return replace(ExportChoice(format, target), **other)  # type: ignore[arg-type]


def below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("format", WRITTEN)
def test_what_is_previewed_is_what_is_written(
    project: Project, tmp_path: Path, format: str
) -> None:
    seen = preview_export(project.folder, choice(tmp_path, format), SILENT)
    assert below(tmp_path / "out") == set()
    done = export_previewed(project.folder, seen, SILENT)
    assert done.notes == seen.report.notes
    assert done.parts == seen.report.parts
    assert below(tmp_path / "out") == set(seen.files)


def test_a_file_that_somebody_changed_since_is_told_before_anything_is_written(
    project: Project, tmp_path: Path
) -> None:
    seen = preview_export(project.folder, choice(tmp_path), SILENT)
    export_previewed(project.folder, seen, SILENT)
    preview_export(project.folder, choice(tmp_path), SILENT)
    seen.choice.target.write_text("{}")
    with pytest.raises(FormatError, match="changed since this program exported it"):
        preview_export(project.folder, choice(tmp_path), SILENT)


def test_what_is_left_out_is_counted_by_reason(project: Project, tmp_path: Path) -> None:
    seen = preview_export(project.folder, choice(tmp_path, "pts"), SILENT)
    report = seen.report
    assert (seen.total, report.instances, seen.left_out) == (7, 4, 3)
    assert (report.not_accepted, report.without_labels, report.not_carried) == (1, 1, 1)


def test_shapes_in_progress_come_along_where_they_are_asked_for(
    project: Project, tmp_path: Path
) -> None:
    seen = preview_export(project.folder, choice(tmp_path, all_labels=True), SILENT)
    assert (seen.report.instances, seen.report.not_accepted) == (7, 0)
    # One of them has a box alone; what a format has no place for is not counted twice.
    assert seen.report.bare == 1
    seen = preview_export(project.folder, choice(tmp_path, "pts", all_labels=True), SILENT)
    assert seen.report.bare == 0


def test_a_split_is_previewed_by_its_parts(project: Project, tmp_path: Path) -> None:
    split = choice(tmp_path, shares="50/50", seed=3)
    seen = preview_export(project.folder, split, SILENT)
    assert set(seen.report.parts) == {"train", "test"}
    assert sum(part.instances for part in seen.report.parts.values()) == 5


def test_an_earlier_export_is_replaced(project: Project, tmp_path: Path) -> None:
    for format in ("coco", "label-studio", "pts"):
        wanted = choice(tmp_path, format)
        export_previewed(project.folder, preview_export(project.folder, wanted, SILENT), SILENT)
        again = preview_export(project.folder, wanted, SILENT)
        assert set(again.replaced) == set(again.files)


def test_a_file_that_is_no_export_is_never_gone_over(project: Project, tmp_path: Path) -> None:
    wanted = choice(tmp_path)
    wanted.target.write_text("somebody's own")
    with pytest.raises(FormatError, match="no export of this program made it"):
        preview_export(project.folder, wanted, SILENT)


def test_a_file_that_came_after_the_look_is_not_gone_over(project: Project, tmp_path: Path) -> None:
    wanted = choice(tmp_path)
    seen = preview_export(project.folder, wanted, SILENT)
    wanted.target.write_text("somebody's own")
    with pytest.raises(FormatError, match="no export of this program made it"):
        export_previewed(project.folder, seen, SILENT)
    assert wanted.target.read_text() == "somebody's own"


def test_labels_beside_the_photographs_are_not_gone_over(project: Project, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    (pictures / "0.pts").write_text("the labels that were imported")
    wanted = replace(choice(tmp_path, "pts"), target=pictures)
    with pytest.raises(FormatError, match=r"0\.pts"):
        preview_export(project.folder, wanted, SILENT)


def test_the_data_sheet_of_another_export_is_not_gone_over(
    project: Project, tmp_path: Path
) -> None:
    table = replace(choice(tmp_path, "csv"), target=tmp_path / "out" / "triangles.csv")
    export_previewed(project.folder, preview_export(project.folder, table, SILENT), SILENT)
    parts = replace(table, shares="50/50")
    with pytest.raises(FormatError, match=r"another export: triangles\.csv"):
        preview_export(project.folder, parts, SILENT)


def test_two_formats_of_one_name_have_a_data_sheet_each(project: Project, tmp_path: Path) -> None:
    table = replace(choice(tmp_path, "csv"), target=tmp_path / "out" / "triangles.csv")
    keypoints = replace(table, format="coco", target=table.target.with_suffix(".json"))
    for _ in range(2):  # and each may be exported again
        for wanted in (table, keypoints):
            seen = preview_export(project.folder, wanted, SILENT)
            export_previewed(project.folder, seen, SILENT)

    sheets = {path.name for path in table.target.parent.glob("*.datasheet.json")}
    assert sheets == {"triangles.datasheet.json", "triangles.json.datasheet.json"}


def test_of_two_formats_of_one_name_neither_loses_its_images_to_the_other(
    project: Project, tmp_path: Path
) -> None:
    """They have one folder of images: what the one had no more was taken from the other."""
    table = replace(choice(tmp_path, "csv"), target=tmp_path / "out" / "triangles.csv")
    keypoints = replace(table, format="coco", target=table.target.with_suffix(".json"))

    def export(wanted: ExportChoice) -> set[str]:
        seen = preview_export(project.folder, wanted, SILENT)
        export_previewed(project.folder, seen, SILENT)
        return {path.name for path in (tmp_path / "out" / "triangles-images").iterdir()}

    assert export(table) == export(keypoints) == {f"{n}.png" for n in range(5)}
    project.exclude(images=[project.images()[0].id], why="blurred", who="ada")
    assert "0.png" in export(table)
    assert export(keypoints) == {f"{n}.png" for n in range(1, 5)}


def test_a_broken_data_sheet_vouches_for_nothing(project: Project, tmp_path: Path) -> None:
    wanted = choice(tmp_path)
    wanted.target.write_text("somebody's own")
    wanted.target.with_name("triangles-coco.datasheet.json").write_text(json.dumps(["no sheet"]))
    with pytest.raises(FormatError, match="would be overwritten"):
        preview_export(project.folder, wanted, SILENT)


@pytest.mark.parametrize("format", ["coco", "pts"])
def test_a_target_that_cannot_be_written_is_told_at_once(
    project: Project, tmp_path: Path, format: str
) -> None:
    (tmp_path / "file").write_text("")
    wanted = replace(choice(tmp_path, format), target=tmp_path / "file" / "below")
    with pytest.raises(FormatError, match="can be written into"):
        preview_export(project.folder, wanted, SILENT)


def test_a_folder_is_no_file_and_a_file_no_folder(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="is a folder"):
        preview_export(project.folder, ExportChoice("coco", tmp_path), SILENT)
    (tmp_path / "file").write_text("")
    with pytest.raises(FormatError, match="is no folder"):
        preview_export(project.folder, ExportChoice("pts", tmp_path / "file"), SILENT)


def test_shares_that_are_none_are_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="add up to 100"):
        preview_export(project.folder, choice(tmp_path, shares="80/10"), SILENT)


class Stopped:
    """Progress of work that is stopped at its first step."""

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool:
        return True


def test_stopped_nothing_is_written(project: Project, tmp_path: Path) -> None:
    wanted = choice(tmp_path)
    seen = preview_export(project.folder, wanted, SILENT)
    with pytest.raises(Cancelled):
        export_previewed(project.folder, seen, Stopped())
    with pytest.raises(Cancelled):
        preview_export(project.folder, wanted, Stopped())
    assert below(tmp_path / "out") == set()


@pytest.mark.parametrize(
    ("format", "name", "remedy"),
    [
        ("coco", "z.slp", "Call it z.json, or choose the format that is meant: sleap."),
        ("csv", "z.json", "Call it z.csv, or"),
        ("pts", "z.csv", "Call it z, or"),
        ("coco", "Z.JSON", None),
        ("coco", "labels", None),
        ("coco", "labels.v2", None),
        ("sleap-package", "z.slp", None),
    ],
)
def test_an_ending_of_another_format_is_refused(
    project: Project, tmp_path: Path, format: str, name: str, remedy: str | None
) -> None:
    asked = choice(tmp_path, format, target=tmp_path / name)
    if remedy is None:
        assert preview_export(project.folder, asked, SILENT).report.instances == 5
        return
    with pytest.raises(FormatError, match="the ending of another format") as caught:
        preview_export(project.folder, asked, SILENT)
    assert caught.value.remedy.startswith(remedy)
