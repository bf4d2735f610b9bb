"""An export writes nowhere but in its place, over nothing else, and all of it or none."""

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import Split, export_labels, export_set
from landmark_annotator.projects.exchange.codecs.common import staging
from landmark_annotator.projects.exchange.registry import by_name, formats
from landmark_annotator.projects.exchange.transfer import data_sheet
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project, Verdict
from landmark_annotator.projects.vocabulary import Box, Scheme, SchemeChange, Shape
from landmark_annotator.projects.vocabulary.errors import DiskFull, FormatError

PAIR = Scheme("pair", ("one", "two"))
A_FILE_AN_IMAGE = ("pts", "tem", "labelme", "yolo")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Six accepted pairs, each in an image of its own."""
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    with Project.create(tmp_path / "pairs", PAIR) as made:
        for number in range(6):
            path = photographs / f"{number}.png"
            Image.new("RGB", (50, 60), (number, 0, 0)).save(path)
            image = made.add_image(path, examine(path))
            record = made.add_instance(image.id, Box(20, 20, 9, 9), source=path.name, who="anna")
            made.accept(record.id, Shape(np.array([[1.5, 2.5], [3.5, 4.5 + number]])), who="anna")
        yield made


def below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def made_up(project: Project, path: str) -> None:
    """As in a project that somebody else has made."""
    with sqlite3.connect(project.folder / "project.db") as database:
        database.execute("update images set path = ? where position = 0", (path,))
    database.close()


@pytest.mark.parametrize("format", A_FILE_AN_IMAGE)
def test_an_image_path_with_parents_in_it_leads_nowhere_else(
    project: Project, tmp_path: Path, format: str
) -> None:
    (tmp_path / "deep").mkdir()
    for suffix in ("", ".pts", ".tem", ".json", ".txt"):
        (tmp_path / f"profile{suffix}").write_text("the user's own")
    made_up(project, "a/b/c/../../../../profile")
    before = below(tmp_path)

    export_set(project, tmp_path / "deep" / "out", format=format)

    assert {n for n in below(tmp_path) - before if not n.startswith(("deep/", "pairs/"))} == set()
    for suffix in ("", ".pts", ".tem", ".json", ".txt"):
        assert (tmp_path / f"profile{suffix}").read_text() == "the user's own"


def test_only_images_with_the_stored_hash_are_copied(project: Project, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not for a data set")
    made_up(project, str(tmp_path / "secret"))
    Image.new("RGB", (50, 60), (99, 0, 0)).save(tmp_path / "photographs" / "1.png")

    report = export_set(project, tmp_path / "out", format="yolo")

    copied = {path.name for path in (tmp_path / "out" / "images").rglob("*") if path.is_file()}
    assert copied == {f"{number}.png" for number in range(2, 6)}
    assert any(note.startswith("2 images were left out") for note in report.notes)


def test_a_link_in_the_folder_is_not_followed_out_of_it(project: Project, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "labels").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(FormatError, match="by a link"):
        export_set(project, tmp_path / "out", format="yolo")

    assert below(tmp_path / "elsewhere") == set()


def test_a_link_in_the_place_of_a_file_keeps_what_it_names(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "own.txt").write_text("the user's own")
    (tmp_path / "out.csv").symlink_to(tmp_path / "own.txt")

    export_labels(project, tmp_path / "out.csv", format="csv")

    assert (tmp_path / "own.txt").read_text() == "the user's own"


@pytest.mark.parametrize("name", ["project.db", "project.db-wal", "models/card.json"])
def test_no_export_goes_onto_the_project_itself(project: Project, name: str) -> None:
    target = project.folder / name
    target.parent.mkdir(exist_ok=True)
    before = below(project.folder)

    with pytest.raises(FormatError, match="of the project itself"):
        export_set(project, target, format="csv")

    assert below(project.folder) == before
    assert project.instance_count() == 6


def test_no_export_goes_onto_an_image_of_the_project(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="of the project itself"):
        export_labels(project, tmp_path / "photographs" / "2.png", format="csv")

    assert examine(tmp_path / "photographs" / "2.png").width == 50


def test_the_same_image_is_never_in_two_parts(project: Project, tmp_path: Path) -> None:
    for seed in (1, 2):
        split = Split((50, 50), seed=seed)
        export_set(project, tmp_path / "out", format="pts", split=split)

    parts = [{p.name for p in (tmp_path / "out" / n).iterdir()} for n in ("train", "test")]
    assert parts[0] & parts[1] == set()
    assert len(parts[0] | parts[1]) == 6


def test_what_is_no_longer_accepted_is_no_longer_there(project: Project, tmp_path: Path) -> None:
    export_set(project, tmp_path / "out", format="labelme")
    project.review(project.instances()[0].id, Verdict.SENT_BACK, "the nose", who="anna")

    export_set(project, tmp_path / "out", format="labelme")

    kinds = ("json", "png")
    assert below(tmp_path / "out") == {f"{n}.{kind}" for n in range(1, 6) for kind in kinds}


def test_files_of_others_in_the_folder_stay_and_are_named(project: Project, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "other.pts").write_text("somebody's own")

    report = export_set(project, tmp_path / "out", format="pts")

    assert (tmp_path / "out" / "other.pts").read_text() == "somebody's own"
    assert any("other.pts" in note for note in report.notes)


def test_a_file_of_somebody_is_not_gone_over(project: Project, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0.pts").write_text("somebody's own")

    with pytest.raises(FormatError, match="no export of this program made it"):
        export_set(project, tmp_path / "out", format="pts")

    assert below(tmp_path / "out") == {"0.pts"}


@pytest.mark.parametrize("name", ["../precious.txt", "own.pts", "photographs/0.png"])
def test_a_made_up_sheet_removes_nothing(project: Project, tmp_path: Path, name: str) -> None:
    """What it names is elsewhere, has other content than it says, or is one of the project's
    images; the last is where the export goes into the folder above them."""
    out = tmp_path / "out"
    out.mkdir()
    precious = out / name if not name.startswith("photographs") else tmp_path / name
    if not precious.exists():
        precious.write_text("precious")
    target = tmp_path if name.startswith("photographs") else out
    sheet = {"format": "pts", "parts": {"all": {"file": target.name}}}
    digest = staging.blake2b(precious.read_bytes(), digest_size=16).hexdigest()
    files = {f"{target.name}/{name}": digest if name != "own.pts" else "0"}
    about = target.with_name(f"{target.name}.datasheet.json")
    about.write_text(json.dumps({**sheet, "files": files}))

    export_set(project, target, format="pts")
    about.unlink()
    about.with_suffix(".md").unlink()

    assert precious.exists()


def test_a_kill_in_between_leaves_no_half_that_looks_whole(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at every single step: all of the old export, all of the new one, or a sheet that
    says that it is none; and the next export leaves nothing of the half."""
    out, sheet = tmp_path / "out", tmp_path / "out.datasheet.json"
    export_set(project, out, format="pts", split=Split((50, 50), seed=1))
    for steps in range(40):
        left = steps

        def step() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt

        def killed(file: Path, target: Path, replace=Path.replace) -> Path:  # type: ignore[no-untyped-def]
            step()
            return replace(file, target)  # type: ignore[no-any-return]

        def spared(file: Path, missing_ok: bool = False, unlink=Path.unlink) -> None:  # type: ignore[no-untyped-def]
            if not file.name.endswith(".partial"):
                step()
            unlink(file, missing_ok=missing_ok)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", killed)
            patch.setattr(Path, "unlink", spared)
            try:
                seed = 2 + steps % 2
                export_set(project, out, format="pts", split=Split((50, 50), seed=seed))
            except KeyboardInterrupt:
                pass
        content = json.loads(sheet.read_text())
        files = {name for name in below(tmp_path) if name.startswith("out/")}
        assert "unfinished" in content or files == set(content["files"])
        if left >= 0:
            break
    assert left >= 0
    assert "unfinished" not in content
    parts = [{p.name for p in (out / n).iterdir()} for n in ("train", "test")]
    assert parts[0] & parts[1] == set()
    assert len(parts[0] | parts[1]) == 6


def test_what_a_killed_export_left_beside_is_cleared(project: Project, tmp_path: Path) -> None:
    finished = os.spawnlp(os.P_NOWAIT, "true", "true")
    os.waitpid(finished, 0)
    (tmp_path / f".out.{finished}.partial" / "tree").mkdir(parents=True)

    export_set(project, tmp_path / "out", format="pts")

    assert list(tmp_path.glob(".*.partial")) == []


def test_a_part_without_images_stays_empty_where_an_image_was_replaced(
    project: Project, tmp_path: Path
) -> None:
    Image.new("RGB", (50, 60), (200, 0, 0)).save(project.images()[0].path)
    report = export_set(
        project, tmp_path / "pairs.json", format="coco", split=Split.parse("100/0/0", seed=0)
    )
    assert [part.instances for part in report.parts.values()] == [5, 0, 0]


@pytest.mark.parametrize("format", ["pts", "coco"])
def test_a_place_in_no_folder_is_refused_before_any_shape_is_read(
    project: Project, tmp_path: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a format that is a folder everything was written first, and then its data sheet missed."""
    monkeypatch.setattr(Project, "shapes", lambda *_: pytest.fail("it was read"))
    before = below(tmp_path)
    with pytest.raises(FormatError, match="there is no folder"):
        export_set(project, tmp_path / "none" / "out", format=format)
    assert below(tmp_path) == before


def test_where_only_the_data_sheet_has_no_room_that_is_said(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull("There is no room.", kept="The file that was there is unchanged.")

    target = tmp_path / "out.csv"
    with monkeypatch.context() as patched:
        patched.setattr(data_sheet, "replace_file", full)
        with pytest.raises(DiskFull) as caught:
            export_set(project, target, format="csv")

    assert "labels are written whole" in caught.value.kept
    assert len(target.read_text().splitlines()) == 7
    export_set(project, target, format="csv")


@pytest.mark.parametrize(
    "format",
    [card.name for card in formats() if card.writer is not None and card.name != "coco-wholebody"],
)
def test_an_export_that_held_no_labels_is_written_again(tmp_path: Path, format: str) -> None:
    target = tmp_path / f"out{by_name(format).suffix}"
    with Project.create(tmp_path / "pairs", PAIR) as none_yet:
        for _ in range(2):
            assert export_labels(none_yet, target, format=format).instances == 0


@pytest.mark.parametrize("format", ["cvat-video", "coco-folder", "label-studio", "imagefolder"])
def test_an_export_without_labels_is_written_again_in_another_scheme(
    tmp_path: Path, format: str
) -> None:
    """It was refused as somebody's own file, for it was that of no export of today."""
    target = tmp_path / f"out{by_name(format).suffix}"
    with Project.create(tmp_path / "pairs", PAIR) as none_yet:
        export_labels(none_yet, target, format=format)
        more = Scheme("pair", ("one", "two", "three"), version=2)
        none_yet.change_scheme(SchemeChange(none_yet.scheme, more, (0, 1, None)), who="lea")
        export_labels(none_yet, target, format=format)
        for file in [target] if target.is_file() else target.iterdir():
            file.write_bytes(b"somebody's own")
        with pytest.raises(FormatError, match="would be overwritten"):
            export_labels(none_yet, target, format=format)


def test_what_is_beside_an_export_that_held_no_labels_is_kept(
    project: Project, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    export_labels(project, target, format="imagefolder", image_ids=())
    (target / "README.md").write_text("the user's own")

    with pytest.raises(FormatError, match=r"README\.md would be overwritten"):
        export_labels(project, target, format="imagefolder")

    assert (target / "README.md").read_text() == "the user's own"


@pytest.mark.parametrize("format", ["csv", "labelme"])
def test_what_was_changed_since_it_was_exported_is_not_gone_over(
    project: Project, tmp_path: Path, format: str
) -> None:
    """As by somebody who corrects it in another program, and saves it in its place."""
    target = tmp_path / f"out{by_name(format).suffix}"
    export_set(project, target, format=format)
    file = target if target.is_file() else target / "1.json"
    file.write_text(changed := f"{file.read_text()}\n")

    project.place(project.instances()[1].id, 0, (2.0, 2.0), who="anna")
    with pytest.raises(FormatError, match="changed since this program exported it"):
        export_set(project, target, format=format)

    assert file.read_text() == changed
    file.unlink()
    assert export_set(project, target, format=format).instances == 6


def test_an_export_goes_into_the_folder_where_one_is(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert export_labels(project, ".", format="pts").instances == 6


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize("format", ["coco", "pts"])
def test_an_export_of_another_project_is_not_replaced(
    project: Project, tmp_path: Path, format: str, alike: bool
) -> None:
    """It was, without a word: the last one won. alike: both have one name."""
    target = tmp_path / ("labels.json" if format == "coco" else "labels")
    name = project.name if alike else "others"
    with Project.create(tmp_path / "others", PAIR, name) as other:
        path = tmp_path / "photographs" / "0.png"
        image = other.add_image(path, examine(path))
        record = other.add_instance(image.id, Box(20, 20, 9, 9), source="0.png", who="ben")
        other.accept(record.id, Shape(np.array([[9.5, 9.5], [3.5, 4.5]])), who="ben")
        export_set(other, target, format=format)
    exported = [path for path in below(tmp_path) if path.startswith("labels")]
    before = {path: (tmp_path / path).read_bytes() for path in exported}
    with pytest.raises(FormatError, match=f"another project: {name}") as raised:
        export_set(project, target, format=format)
    assert "Nothing was written" in raised.value.kept
    assert {path: (tmp_path / path).read_bytes() for path in before} == before
