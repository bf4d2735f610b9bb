"""Files that are not read whole: entries come one at a time, and what came before stays."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels, import_proposals
from landmark_annotator.projects.exchange.codecs import coco, csv_table
from landmark_annotator.projects.exchange.codecs.common import text
from landmark_annotator.projects.exchange.registry import by_name
from landmark_annotator.projects.exchange.transfer import import_proposals as proposals
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("pair", ("left", "right"))
OBJECTS = 600
"""More than two transactions of them."""


class Stopping:
    def __init__(self, stage: str, after: int) -> None:
        self._stage, self._after, self._steps = stage, after, -1

    def start(self, stage: str, total: int | None) -> None:
        self._steps = 0 if stage == self._stage else -1

    def advance(self, steps: int = 1, note: str = "") -> None:
        self._steps += steps if self._steps >= 0 else 0

    def cancelled(self) -> bool:
        return self._steps >= self._after


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", SCHEME) as opened:
        yield opened


@pytest.fixture
def table(tmp_path: Path) -> Path:
    for number in range(3):
        Image.new("RGB", (400, 300), (number, 0, 0)).save(tmp_path / f"{number}.png")
    rows = [f"{i % 3}.png,a{i},{i},1,{i},2.5" for i in range(OBJECTS)]
    lines = ["image,source,left.x,left.y,right.x,right.y", *rows]
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "labels.csv"


@pytest.fixture
def annotations(project: Project, table: Path) -> Path:
    import_labels(project, table, who="ada")
    target = table.with_name("labels.json")
    export_labels(project, target, format="coco")
    return target


def everything(project: Project) -> list[Any]:
    return [(r.source, r.box, s.points.tolist()) for r, s in project.shapes(None)]


def test_coco_comes_in_as_the_table_does(
    project: Project, annotations: Path, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "other", SCHEME) as other:
        report = import_labels(other, annotations, who="ada")
        assert (report.added, report.images_added, report.unreadable) == (OBJECTS, 3, [])
        assert everything(other) == everything(project)


def test_streams_give_what_reading_gives(annotations: Path) -> None:
    assert (
        coco.stream(annotations, SCHEME).whole().instances
        == coco.read(annotations, SCHEME).instances
    )


def test_stopped_between_transactions_and_gone_on_with(project: Project, table: Path) -> None:
    report = import_labels(project, table, who="ada", progress=Stopping("Importing", 70))
    assert report.cancelled
    assert report.added == 70 == len(project.instances())
    again = import_labels(project, table, who="ada")
    assert (again.added, again.unchanged) == (OBJECTS - 70, 70)


def test_predictions_stopped_are_gone_on_with_and_no_image_need_stay_in_memory(
    project: Project, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "_RECENT", 1)
    found = [
        {"image_id": i % 3, "category_id": 1, "score": 0.9, "keypoints": [i, 1, 0.7, i + 9, 9, 0.7]}
        for i in range(0, 120, 4)
    ]
    source = table.with_name("results.json")
    source.write_text(json.dumps(found))
    report = import_proposals(project, source, who="ada", progress=Stopping("Importing", 20))
    assert report.cancelled
    assert report.proposed == 20 == len(project.instances())
    again = import_proposals(project, source, who="ada")
    assert (again.proposed, again.added) == (30, 10)
    assert [len(project.proposals(one.id)) for one in project.instances()] == [1] * 30


def test_stopped_while_it_is_looked_through_nothing_is_written(
    project: Project, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_table, "_LOOKS", 10)
    report = import_labels(project, table, who="ada", progress=Stopping("Reading labels", 0))
    assert report.cancelled
    assert project.images() == []


@pytest.mark.parametrize("format", ["csv", "coco"])
def test_a_file_that_is_wrong_at_its_end_brings_nothing_in(
    project: Project, table: Path, format: str
) -> None:
    broken = table.with_name("broken")
    images = [{"id": 1, "file_name": "0.png"}]
    categories = [{"id": 1, "keypoints": list(SCHEME.landmarks)}]
    one = {"id": 1, "image_id": 1, "category_id": 1, "keypoints": [1, 1, 2, 5, 5, 2]}
    content = {"images": images, "categories": categories, "annotations": [one] * OBJECTS}
    tail = {"csv": table.read_text() + '"', "coco": json.dumps(content)[:-9]}
    broken.write_text(tail[format])
    with pytest.raises(FormatError):
        import_labels(project, broken, who="ada", format=format)
    assert project.images() == []


def test_a_file_that_is_streamed_may_be_larger_than_one_that_is_read_whole(
    project: Project, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "MOST_BYTES", 1000)
    assert import_labels(project, table, who="ada").added == OBJECTS
    rows = "".join(f"0.png,{name},{i},1\n" for i, name in enumerate(["left", "right"] * 60))
    long = table.with_name("long.csv")
    long.write_text(f"image,landmark,x,y\n{rows}")
    with pytest.raises(FormatError, match="read whole"):
        import_labels(project, long, who="ada")


def test_formats_that_hold_millions_are_streamed() -> None:
    streamed = {name for name in ("csv", "coco", "pts", "labelme", "tem") if _streams(name)}
    assert streamed == {"csv", "coco", "pts", "labelme"}


def _streams(name: str) -> bool:
    return by_name(name).stream_reader is not None
