"""Images at an address, from the command line: into a project, looked after, and out again."""

import csv
import json
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.images.comparison import Comparison, State
from landmark_annotator.projects.remote import settings
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import NotConfirmed
from tests.image_servers import Page, WebServer

KITE = ["top", "right", "bottom", "left"]
SHAPE = Shape([[3.0, 8.0], [9.0, 12.0], [3.0, 20.0], [1.0, 12.0]])


def png(folder: Path, colour: int) -> bytes:
    file = folder / "one.png"
    Image.new("RGB", (40, 30), (colour, 90, 30)).save(file)
    return file.read_bytes()


@pytest.fixture
def scheme(tmp_path: Path) -> str:
    file = tmp_path / "kite.toml"
    file.write_text(f'name = "kite"\nversion = 1\nlandmarks = {json.dumps(KITE)}\n')
    return str(file)


@pytest.fixture
def bucket(s3: str, tmp_path: Path) -> str:
    import boto3

    for number in range(3):
        key = f"heads/{number}.png"
        boto3.client("s3").put_object(Bucket=s3, Key=key, Body=png(tmp_path, number))
    boto3.client("s3").put_object(Bucket=s3, Key="heads/notes.txt", Body=b"no image")
    return s3


@pytest.fixture
def project(bucket: str, tmp_path: Path, scheme: str) -> Path:
    folder = tmp_path / "project"
    assert run(["new", str(folder), f"s3://{bucket}/heads", "--scheme", scheme]) == 0
    return folder


def test_a_project_of_a_bucket_reads_its_images_from_there(project: Path, bucket: str) -> None:
    assert run(["sources", "--clear-cache"]) == 0
    with Project.open(project) as opened:
        addresses = [f"s3://{bucket}/heads/{number}.png" for number in range(3)]
        assert [image.address for image in opened.images()] == addresses
        assert [tuple(pixels_of(image)[0, 0]) for image in opened.images()] == [
            (number, 90, 30) for number in range(3)
        ]


def test_with_the_name_of_no_project_nothing_is_changed(tmp_path: Path) -> None:
    before = settings.cache_limit()
    assert run(["sources", str(tmp_path / "nowhere"), "--cache-limit", "7MB"]) == 3
    assert settings.cache_limit() == before


def test_what_comes_later_is_added_and_what_is_there_is_not_fetched_again(
    project: Path, bucket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import boto3

    run(["sources", "--clear-cache"])
    boto3.client("s3").put_object(Bucket=bucket, Key="heads/3.png", Body=png(tmp_path, 3))
    capsys.readouterr()
    assert run(["import", str(project), f"s3://{bucket}/heads", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["images_added"], answer["unchanged"]) == (1, 3)
    run(["sources", "--json"])
    assert json.loads(capsys.readouterr().out)["cache"]["files"] == 1


def test_check_tells_of_images_that_changed_or_went(
    project: Path, bucket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import boto3

    assert run(["check", str(project)]) == 0
    boto3.client("s3").put_object(Bucket=bucket, Key="heads/0.png", Body=png(tmp_path, 9))
    boto3.client("s3").delete_object(Bucket=bucket, Key="heads/1.png")
    capsys.readouterr()
    assert run(["check", str(project), "--json"]) != 0
    found = json.loads(capsys.readouterr().out)["images"]
    assert [(one["path"], one["what"]) for one in found] == [
        (f"s3://{bucket}/heads/0.png", "its content is another than when it was labelled"),
        (f"s3://{bucket}/heads/1.png", "it is not where it was"),
    ]


@pytest.mark.parametrize(("state", "told"), [(State.AWAY, False), (State.MISSING, True)])
def test_images_whose_server_is_away_are_not_to_be_looked_for_or_excluded(
    tmp_path: Path,
    scheme: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    state: State,
    told: bool,
) -> None:
    (tmp_path / "photos").mkdir()
    png(tmp_path / "photos", 5)
    folder = str(tmp_path / "photographed")
    run(["new", folder, str(tmp_path / "photos"), "--scheme", scheme])
    monkeypatch.setattr(Comparison, "state", lambda *_: state)
    capsys.readouterr()

    assert run(["check", folder]) != 0

    said = capsys.readouterr().err
    assert ("annotator locate" in said) is told
    assert ("Check again when it can be reached" in said) is not told


def test_images_of_a_bucket_that_is_gone_are_found_in_another_or_on_the_disk(
    project: Path, bucket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import boto3

    client = boto3.client("s3")
    moved = f"{bucket}-moved"
    client.create_bucket(Bucket=moved)
    client.put_object(Bucket=moved, Key="0.png", Body=png(tmp_path, 0))
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "renamed.png").write_bytes(png(tmp_path, 1))
    for key in client.list_objects_v2(Bucket=bucket)["Contents"]:
        client.delete_object(Bucket=bucket, Key=key["Key"])
    client.delete_bucket(Bucket=bucket)
    assert run(["locate", str(project)]) != 0
    assert f"3 images of s3://{bucket}/heads are missing." in capsys.readouterr().out
    assert run(["locate", str(project), f"s3://{moved}", str(tmp_path / "here")]) != 0
    with Project.open(project) as opened:
        first, second, third = opened.images()
    assert first.address == f"s3://{moved}/0.png"
    assert (second.address, second.path.name) == (None, "renamed.png")
    assert third.address == f"s3://{bucket}/heads/2.png"


def test_an_export_holds_addresses_and_another_project_takes_them_back(
    project: Path, bucket: str, tmp_path: Path, scheme: str
) -> None:
    out = tmp_path / "labels.csv"
    with Project.open(project) as opened:
        for record in opened.instances():
            opened.accept(record.id, SHAPE, who="ada")
    assert run(["export", str(project), str(out), "--format", "csv"]) == 0
    with out.open(newline="") as file:
        rows = list(csv.reader(file))
    assert f"s3://{bucket}/heads/0.png" in {cell for row in rows for cell in row}
    again = tmp_path / "again"
    assert run(["new", str(again), "--scheme", scheme]) == 0
    assert run(["import", str(again), str(out)]) == 0
    with Project.open(again) as opened:
        assert [image.address for image in opened.images()] == [
            f"s3://{bucket}/heads/{number}.png" for number in range(3)
        ]


def test_an_export_with_copies_downloads_them(project: Path, bucket: str, tmp_path: Path) -> None:
    target = tmp_path / "out" / "labels.json"
    target.parent.mkdir()
    with Project.open(project) as opened:
        record = opened.instances()[0]
        opened.accept(record.id, SHAPE, who="ada")
    run(["sources", "--clear-cache"])
    line = ["export", str(project), str(target), "--format", "coco", "--images", "copy"]
    assert run(line) == 0
    [copied] = [image["file_name"] for image in json.loads(target.read_text())["images"]]
    assert (target.parent / copied).read_bytes() == png(tmp_path, 0)


def test_a_project_of_somebody_else_fetches_nothing_until_its_sources_are_confirmed(
    project: Path, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.forbid([f"s3://{bucket}"])
    run(["sources", "--clear-cache"])
    capsys.readouterr()
    assert run(["sources", str(project), "--json"]) == 0
    [source] = json.loads(capsys.readouterr().out)["sources"]
    assert source == {"name": f"s3://{bucket}", "images": 3, "confirmed": False}
    with Project.open(project) as opened:
        image = opened.images()[0]
        with pytest.raises(NotConfirmed):
            pixels_of(image)
        assert run(["sources", "--allow", f"s3://{bucket}/heads"]) == 0
        assert pixels_of(image).shape == (30, 40, 3)


def test_one_image_that_cannot_be_read_does_not_stop_the_others(
    web: WebServer, sources: Path, tmp_path: Path, scheme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    web.pages["/list.txt"] = Page(b"a.png\ngone.png\nb.png\n", "text/plain")
    web.pages["/a.png"], web.pages["/b.png"] = Page(png(tmp_path, 1)), Page(png(tmp_path, 2))
    line = ["new", str(tmp_path / "p"), f"{web.address}/list.txt", "--scheme", scheme, "--json"]
    assert run(line) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["images_added"] == 2
    assert [one["path"] for one in answer["unreadable"]] == [f"{web.address}/gone.png"]


@pytest.mark.parametrize("address", ["file:///etc", "https://ada:hunter2@host/x.png"])
def test_an_address_that_is_refused_makes_nothing(
    address: str, sources: Path, tmp_path: Path, scheme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", str(tmp_path / "p"), address, "--scheme", scheme]) != 0
    assert not (tmp_path / "p").exists()
    assert "hunter2" not in capsys.readouterr().err


@pytest.mark.parametrize("line", ["import PROJECT", "frames PROJECT", "track PROJECT"])
def test_a_video_at_an_address_is_refused_with_what_to_do(
    line: str, sources: Path, tmp_path: Path, scheme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "p"
    assert run(["new", str(project), "--scheme", scheme]) == 0
    words = [str(project) if word == "PROJECT" else word for word in line.split()]
    assert run([*words, "https://images.example.org/clip.mp4"]) in (2, 3)
    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert "videos have to be files of this machine" in said
    assert "Download it" in said or "download it" in said
