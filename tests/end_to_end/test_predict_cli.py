"""Predictions for images that are in no project, from the command line."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.projects.exchange.codecs import coco, csv_table, pts
from landmark_annotator.projects.vocabulary import Box, Scheme
from tests.image_servers import Page, WebServer

pytestmark = pytest.mark.usefixtures("shipped_weights")

FACE = Scheme.named("face68")


@pytest.fixture(scope="module")
def photographs(landmark_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two faces with their labels beside them, and half of a third file."""
    folder = tmp_path_factory.mktemp("photographs")
    source = landmark_data / "faces68" / "helen-test"
    names = sorted(path.stem for path in source.glob("*.pts"))
    for stem in names[:2]:
        for path in source.glob(f"{stem}.*"):
            shutil.copy(path, folder)
    third = next(path for path in source.glob(f"{names[2]}.*") if path.suffix != ".pts")
    (folder / third.name).write_bytes(third.read_bytes()[:3000])
    return folder


Called = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def annotator(capfd: pytest.CaptureFixture[str]) -> Called:
    """Calls the program in this process: its exit status, and what it answers."""

    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        capfd.readouterr()
        code = run([*map(str, arguments), "--json"])
        return code, json.loads(capfd.readouterr().out)

    return call


def test_faces_are_found_and_each_landmark_has_an_uncertainty(
    annotator: Called, photographs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.json"
    code, said = annotator("predict", "face68", photographs, "--out", out)
    assert code == 0
    assert (said["images"], len(said["unreadable"]), said["complete"]) == (2, 1, True)
    written = json.loads(out.read_text())
    assert written["scheme"]["landmarks"] == list(FACE.landmarks)
    truths = {e.image.name: e.shape.points for e in pts.read(photographs, FACE).instances}
    for image in written["images"]:
        truth = truths[Path(image["image"]).name]
        best = min(image["objects"], key=lambda o: np.abs(np.array(o["points"]) - truth).mean())
        side = Box.square_around(truth).side
        assert np.linalg.norm(np.array(best["points"]) - truth, axis=1).mean() < 0.03 * side
        xx, xy, yy = np.array(best["covariances"]).T
        assert (xx > 0).all()
        assert (xx * yy > xy**2).all()
        hidden = np.array(best["hidden_probabilities"])
        assert hidden.shape == (68,)
        assert ((hidden >= 0) & (hidden <= 1)).all()
        assert best["hidden"] == np.flatnonzero(hidden > 0.5).tolist()
        assert 0 < best["predicted_error"] < 10
        assert 0 < best["score"] <= 1
    assert [Path(left["image"]).suffix for left in written["unreadable"]] == [".jpg"]


def test_an_unreadable_image_is_an_error_where_that_is_asked_for(
    annotator: Called, photographs: Path, tmp_path: Path
) -> None:
    code, said = annotator(
        "predict", "face68", photographs, "--out", tmp_path / "a.json", "--whole", "--strict"
    )
    assert code == 4
    assert "cut short" in said["unreadable"][0]["reason"]


def test_no_file_is_written_where_nothing_can_be_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It was done, as if these were images without faces."""
    (tmp_path / "notes.txt").write_text("no image")
    out = tmp_path / "results.csv"
    asked = ["predict", "face68", str(tmp_path / "notes.txt"), "--out", str(out), "--whole"]
    assert run(asked) == 3
    assert "None of the images can be read" in capfd.readouterr().err
    assert not out.exists()


def test_a_face_model_says_in_words_that_it_has_never_seen_a_radiograph(
    landmark_data: Path, photographs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    radiographs = sorted((landmark_data / "ceph19").glob("*.jpg"))[:2]
    out = tmp_path / "results.json"
    asked = ["predict", "face68", "--out", str(out), "--whole", "--json", "--overwrite"]
    assert run([*asked, *map(str, radiographs)]) == 0
    heard = capfd.readouterr()
    assert json.loads(heard.out)["unfamiliar"] == 2
    assert "never seen the like of 2 objects among 2" in heard.err
    objects = [each for image in json.loads(out.read_text())["images"] for each in image["objects"]]
    assert [each["unfamiliar"] for each in objects] == [True, True]
    assert min(each["predicted_error"] for each in objects) > 20
    assert run([*asked, str(photographs)]) == 0
    heard = capfd.readouterr()
    assert json.loads(heard.out)["unfamiliar"] == 0
    assert "never seen" not in heard.err


def test_boxes_of_a_table_are_taken_as_they_are_and_the_table_comes_into_a_project(
    annotator: Called, photographs: Path, tmp_path: Path
) -> None:
    [first, *_] = pts.read(photographs, FACE).instances
    box = Box.square_around(first.shape.points)
    table = tmp_path / "boxes.csv"
    x, y = box.corner
    table.write_text(
        f"image,x,y,width,height\n{first.image.name},{x!r},{y!r},{box.width!r},{box.height!r}\n"
    )
    out = tmp_path / "results.csv"
    code, said = annotator("predict", "face68", photographs, "--out", out, "--boxes", table)
    assert (code, said["objects"], said["empty"]) == (0, 1, 1)
    [read] = csv_table.read(out, FACE).instances
    assert read.image == first.image
    assert read.box is not None
    assert read.box.side == pytest.approx(box.side)
    assert np.linalg.norm(read.shape.points - first.shape.points, axis=1).mean() < 0.03 * box.side
    project = tmp_path / "project"
    annotator("new", project, "--scheme", "face68")
    code, said = annotator("import", project, out)
    assert code != 0, "as labels, all would be accepted though nobody has seen it"
    assert "holds predictions and not labels" in str(said)
    code, said = annotator("import", project, out, "--as-proposals")
    assert code == 0
    again = tmp_path / "again.csv"
    code, said = annotator("export", project, again, "--format", "csv", "--all")
    assert (code, said["instances"]) == (0, 1)


def test_images_at_addresses_are_fetched_and_told_by_their_addresses(
    annotator: Called, photographs: Path, web: WebServer, sources: Path, tmp_path: Path
) -> None:
    there = sorted(file for file in photographs.iterdir() if file.suffix != ".pts")
    for file in there:
        web.pages[f"/faces/{file.name}"] = Page(file.read_bytes())
    web.pages["/faces/list.txt"] = Page("\n".join(file.name for file in there).encode())
    table = tmp_path / "boxes.csv"
    whole = f"{web.address}/faces/{there[0].name}"
    table.write_text(f"image,x,y,width,height\n{whole},5,6,200,200\n")
    out = tmp_path / "results.json"
    code, said = annotator(
        "predict", "face68", f"{web.address}/faces/list.txt", "--out", out, "--boxes", table
    )
    assert code == 0
    [unreadable] = said["unreadable"]
    assert unreadable["image"].startswith(f"{web.address}/faces/")
    written = json.loads(out.read_text())["images"]
    assert {image["image"]: len(image["objects"]) for image in written}[whole] == 1
    assert said["objects"] == 1


def test_the_half_of_a_face_that_is_cut_off_is_hidden(
    annotator: Called, photographs: Path, tmp_path: Path
) -> None:
    [first, *_] = pts.read(photographs, FACE).instances
    box, whole = Box.square_around(first.shape.points), Image.open(photographs / first.image.name)
    right = round(box.centre_x)
    whole.crop((0, 0, right, whole.height)).save(tmp_path / "half.png")
    table, out = tmp_path / "boxes.csv", tmp_path / "results.json"
    x, y = box.corner
    table.write_text(f"image,x,y,width,height\nhalf.png,{x!r},{y!r},{box.width!r},{box.height!r}\n")
    code, _ = annotator("predict", "face68", tmp_path, "--out", out, "--boxes", table)
    assert code == 0
    [image] = json.loads(out.read_text())["images"]
    [found] = image["objects"]
    beyond = np.array(found["points"])[:, 0] > right
    assert beyond.sum() > 10
    assert (np.array(found["hidden_probabilities"])[beyond] > 0.5).all()


def test_predictions_can_be_a_label_format(
    annotator: Called, photographs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "labels.json"
    code, said = annotator(
        "predict", "heads68", photographs, "--out", out, "--format", "coco", "--whole"
    )
    assert (code, said["format"]) == (0, "coco")
    assert "not written" in said["notes"][0]
    assert len(coco.read(out, FACE).instances) == 2


@pytest.mark.parametrize("kind", ["coco", "csv"])
def test_what_is_probably_hidden_is_so_in_the_files(
    kind: str, annotator: Called, photographs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose, said = DensityProposer.propose, np.where(np.arange(68) < 17, 0.9, 0.1)
    monkeypatch.setattr(
        DensityProposer, "propose", lambda *asked: replace(propose(*asked), hidden=said)
    )
    out = tmp_path / "labels"
    annotator("predict", "heads68", photographs, "--out", out, "--format", kind, "--whole")
    codec = {"coco": coco, "csv": csv_table}[kind]
    for instance in codec.read(out, FACE).instances:
        assert instance.shape.visibility.tolist() == [1] * 17 + [2] * 51


def test_a_file_that_is_there_is_not_written_over(
    annotator: Called, photographs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.json"
    out.write_text("mine")
    code, said = annotator("predict", "face68", photographs, "--out", out)
    assert (code, out.read_text()) == (3, "mine")
    assert "--overwrite" in said["error"]["remedy"]
    code, _ = annotator("predict", "face68", photographs, "--out", out, "--whole", "--overwrite")
    assert (code, "images" in json.loads(out.read_text())) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["face86", "FOLDER"], 'Did you mean "face68"'),
        (["EMPTY", "FOLDER"], "no trained model"),
        (["face68", "EMPTY"], "no images"),
        (["face68", "FOLDER", "VIDEO"], "is a video"),
        (["face68", "FOLDER", "--device", "gpu"], 'no device "gpu"'),
        (["face68", "FOLDER", "--format", "image"], 'no label format "image"'),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    annotator: Called, photographs: Path, tmp_path: Path, arguments: list[str], word: str
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    video = tmp_path / "clip.mp4"
    video.touch()
    places = {"FOLDER": photographs, "EMPTY": empty, "VIDEO": video}
    out = tmp_path / "results.json"
    code, said = annotator("predict", *(places.get(a, a) for a in arguments), "--out", out)
    assert code == 3
    assert word in said["error"]["happened"]
    assert not out.exists()
