"""A new project is there with everything, or not at all; a preview writes nothing."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.setup.import_preview import (
    USUAL,
    preview_of_new,
    preview_of_open,
)
from landmark_annotator.annotator.session.setup.new_project import (
    NewProject,
    first_photograph,
    make_project,
    photographs_in,
    typed_scheme,
)
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme
from landmark_annotator.projects.vocabulary.errors import (
    Cancelled,
    FormatError,
    ProjectError,
    SchemeError,
)

PAIR = Scheme("pair", ("left end", "right end", "middle"))


class _Stopped:
    def start(self, stage: str, total: int | None) -> None:
        pass

    def advance(self, steps: int = 1, note: str = "") -> None:
        pass

    def cancelled(self) -> bool:
        return True


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Four images; the first two have labels beside them, the third has one point too few."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    rng = np.random.default_rng(3)
    for number in range(4):
        pixels = rng.integers(0, 255, (40, 60, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def labels(photographs: Path) -> Path:
    for number, count in ((0, 3), (1, 3), (2, 2)):
        points = "\n".join(f"{10 + 5 * i} {12 + number}" for i in range(count))
        text = f"version: 1\nn_points: {count}\n{{\n{points}\n}}\n"
        (photographs / f"{number}.pts").write_text(text)
    return photographs


def test_a_preview_counts_and_names_what_cannot_be_read(labels: Path, tmp_path: Path) -> None:
    seen = preview_of_new(labels, PAIR, None, SILENT)
    assert [part.card.name for part in seen.parts] == ["pts"]
    assert (seen.report.labelled, seen.usable) == (2, 3)
    assert [entry.path.name for entry in seen.report.unreadable] == ["2.pts"]


def test_a_preview_for_an_open_project_changes_nothing_of_it(labels: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", PAIR) as project:
        seen = preview_of_open(project.folder, [labels], USUAL, SILENT)
        assert seen.report.labelled == 2
        assert project.instances() == []
        assert list(project.journal()) == []


def test_a_preview_looks_for_images_in_the_folder_of_photographs(
    labels: Path, tmp_path: Path
) -> None:
    away = tmp_path / "labels"
    away.mkdir()
    (away / "table.csv").write_text(
        "image,left end.x,left end.y,right end.x,right end.y,middle.x,middle.y\n0.png,1,2,3,4,5,6\n"
    )
    seen = preview_of_new(away / "table.csv", PAIR, labels, SILENT)
    assert (seen.usable, seen.parts[0].images) == (1, labels)


def test_a_preview_can_be_stopped(labels: Path) -> None:
    with pytest.raises(Cancelled):
        preview_of_new(labels, PAIR, None, _Stopped())


def test_all_images_are_in_a_new_project_and_labels_come_first(
    labels: Path, tmp_path: Path
) -> None:
    seen = preview_of_new(labels, PAIR, None, SILENT)
    wanted = NewProject(tmp_path / "new", "Ends", PAIR, labels, seen)
    with Project.open(make_project(wanted, "me", SILENT).folder) as project:
        assert project.name == "Ends"
        states = [record.state for record in project.instances()]
        assert states == [InstanceState.ACCEPTED] * 2 + [InstanceState.UNTOUCHED] * 2
        assert all(image.path.is_file() for image in project.images())


@pytest.mark.parametrize(
    ("whole", "box"), [(True, Box.whole_image(60, 40)), (False, None)], ids=["whole", "by hand"]
)
def test_the_box_is_the_whole_image_or_left_to_people(
    photographs: Path, tmp_path: Path, whole: bool, box: Box | None
) -> None:
    wanted = NewProject(tmp_path / "new", "x", PAIR, photographs, whole_images=whole)
    with Project.open(make_project(wanted, "me", SILENT).folder) as project:
        assert [record.box for record in project.instances()] == [box] * 4


def test_a_label_keeps_its_own_box_beside_whole_images(labels: Path, tmp_path: Path) -> None:
    seen = preview_of_new(labels, PAIR, None, SILENT)
    wanted = NewProject(tmp_path / "new", "x", PAIR, labels, seen, whole_images=True)
    with Project.open(make_project(wanted, "me", SILENT).folder) as project:
        boxes = [record.box for record in project.instances()]
    assert boxes[0] != boxes[2] == Box.whole_image(60, 40)


def test_an_empty_folder_may_be_given(photographs: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    made = make_project(NewProject(tmp_path / "new", "x", PAIR, photographs), "me", SILENT).folder
    assert (made / "project.db").is_file()


def _left(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.iterdir())


def test_stopped_it_leaves_nothing_behind(photographs: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        make_project(NewProject(tmp_path / "new", "x", PAIR, photographs), "me", _Stopped())
    assert _left(tmp_path) == ["photographs"]


def test_where_images_cannot_be_read_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises((FormatError, ProjectError)):
        make_project(NewProject(tmp_path / "new", "x", PAIR, tmp_path / "no"), "me", SILENT)
    assert _left(tmp_path) == []


def test_what_is_in_the_folder_already_is_never_touched(photographs: Path, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="already"):
        make_project(NewProject(photographs, "x", PAIR, photographs), "me", SILENT)
    assert len(list(photographs.iterdir())) == 4


def test_typed_names_become_a_scheme_with_its_partners() -> None:
    scheme = typed_scheme("leaf", "stem, left lobe\nright lobe\n\n tip ,")
    assert scheme.landmarks == ("stem", "left lobe", "right lobe", "tip")
    assert scheme.partners == ((1, 2),)


@pytest.mark.parametrize(("name", "text"), [("", "a, b"), ("x", "a, a"), ("x", "")])
def test_names_that_make_no_scheme_are_told_of(name: str, text: str) -> None:
    with pytest.raises(SchemeError):
        typed_scheme(name, text)


def test_what_a_mac_leaves_beside_a_photograph_is_none(photographs: Path) -> None:
    """Its name ends as that of the photograph, and begins with a dot."""
    (photographs / "._0.png").write_bytes(b"\0\5\x16\7")
    assert photographs_in(photographs) == 4
    assert first_photograph(photographs) == photographs / "0.png"


def test_a_scheme_is_not_drawn_on_what_would_not_come_in(photographs: Path) -> None:
    """Its clicks would be the labels of no image."""
    (photographs / "0-cut.png").write_bytes(b"cut short")
    pages = [Image.new("L", (8, 8), shade) for shade in (0, 255)]
    pages[0].save(photographs / "0-loop.gif", save_all=True, append_images=pages[1:])
    assert first_photograph(photographs) == photographs / "0.png"


def test_where_no_photograph_can_be_read_the_first_one_is_told(tmp_path: Path) -> None:
    for name in ("2.png", "10.png"):
        (tmp_path / name).write_bytes(b"cut short")
    assert first_photograph(tmp_path) == tmp_path / "2.png"
