"""The imports of labels from the command line, and a wrong one taken back."""

import json
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.vocabulary import Scheme
from tests.end_to_end.conftest import Annotator


@pytest.fixture(autouse=True)
def _who(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    rows = ["image,source,start.x,start.y,end.x,end.y"]
    for n in range(3):
        Image.new("RGB", (60, 50), (n, 0, 0)).save(tmp_path / f"{n}.png")
        rows.append(f"{n}.png,o,1,{n},3,4")
    (tmp_path / "wrong.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))).close()
    return tmp_path / "bars"


def test_a_wrong_file_is_found_and_taken_back(annotator: Annotator, bars: Path) -> None:
    assert "No labels or boxes were imported" in annotator("imports", bars).out
    annotator("import", bars, bars.parent / "wrong.csv")
    with Project.open(bars) as project:
        first = project.instances()[0]
        project.place(first.id, 0, (9.0, 9.0), who="ann")
    [told] = annotator("imports", bars, "--json").facts["imports"]
    assert (told["from"], told["who"], told["objects"]) == ("wrong.csv", "ada", 3)
    shown = annotator("imports", bars).out
    assert "wrong.csv" in shown
    assert shown.endswith("\n1 import.\n"), "there is no order of one"

    done = annotator("imports", bars, "--take-back", told["number"])

    assert done.code == 0
    assert "Taken back: what the import brought to 2 objects." in done.out
    assert "1 object of it was changed since: it stays as it is." in done.out
    with Project.open(bars) as project:
        assert [one.state.value for one in project.instances()] == [
            "accepted",
            "untouched",
            "untouched",
        ]
    assert annotator("check", bars).code == 0
    again = annotator("imports", bars, "--take-back", told["number"], "--json")
    assert again.facts == {"taken_back": 0, "stays": 1}


def test_what_is_no_import_is_told(annotator: Annotator, bars: Path) -> None:
    done = annotator("imports", bars, "--take-back", "12")
    assert done.code == 3
    assert "no import 12" in done.err
    assert "Traceback" not in done.err


def test_only_a_lead_takes_one_back(annotator: Annotator, bars: Path) -> None:
    annotator("import", bars, bars.parent / "wrong.csv")
    [told] = annotator("imports", bars, "--json").facts["imports"]
    with Project.open(bars) as project:
        project.set_person("lea", Role.LEAD, who="lea")
        project.set_person("ada", Role.ANNOTATOR, who="lea")
    done = annotator("imports", bars, "--take-back", told["number"])
    assert done.code == 3
    assert "cannot take back an import" in done.err


def test_boxes_alone_are_not_told_as_labels(annotator: Annotator, bars: Path) -> None:
    found = {
        "images": [{"id": 1, "file_name": "1.png", "width": 60, "height": 50}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [5, 5, 20, 30]}],
        "categories": [{"id": 1, "name": "bar", "keypoints": ["start", "end"]}],
    }
    boxes = bars.parent / "boxes.json"
    boxes.write_text(json.dumps(found), encoding="utf-8")
    (images := bars.parent / "images").mkdir()
    (bars.parent / "1.png").rename(images / "1.png")
    annotator("import", bars, images)
    would = annotator("import", bars, boxes, "--images", images, "--dry-run").out
    assert "Would box 1 image that waits for labels." in would
    done = annotator("import", bars, boxes, "--images", images).out
    assert "Boxed 1 image that waited for labels." in done


def test_labels_and_boxes_of_one_file_are_told_apart(annotator: Annotator, bars: Path) -> None:
    """All were told as labelled."""
    (images := bars.parent / "images").mkdir()
    for n in range(3):
        (bars.parent / f"{n}.png").rename(images / f"{n}.png")
    found = {
        "images": [{"id": n, "file_name": f"{n}.png", "width": 60, "height": 50} for n in range(3)],
        "annotations": [
            {"id": n, "image_id": n, "category_id": 1, "bbox": [5, 5, 20, 30]} for n in range(3)
        ],
        "categories": [{"id": 1, "name": "bar", "keypoints": ["start", "end"]}],
    }
    found["annotations"][0]["keypoints"] = [6, 6, 2, 20, 30, 2]
    file = bars.parent / "mixed.json"
    file.write_text(json.dumps(found), encoding="utf-8")
    annotator("import", bars, images)
    would = annotator("import", bars, file, "--images", images, "--dry-run").out
    assert "Would label 1 image that waits and box 2 images that wait for labels." in would
    done = annotator("import", bars, file, "--images", images)
    assert "Labelled 1 image that waited and boxed 2 images that waited for labels." in done.out


def test_when_a_file_was_imported_is_told_by_the_clock_on_the_wall(
    annotator: Annotator, bars: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotator("import", bars, bars.parent / "wrong.csv")
    [told] = annotator("imports", bars, "--json").facts["imports"]
    there = datetime.fromisoformat(told["at"]).astimezone(timezone(timedelta(hours=9)))
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "XYZ-9")
        time.tzset()
        shown = annotator("imports", bars).out
    time.tzset()
    assert f"{there:%Y-%m-%d %H:%M}" in shown
