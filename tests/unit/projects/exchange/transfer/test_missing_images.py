"""Labels whose images are not where they say: the project may have them in another folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels, import_proposals
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

HEAD = "image,one.x,one.y,two.x,two.y\n"
IMPORTS = import_labels, import_proposals


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """With images in two folders below `photographs`."""
    for number, name in enumerate(("left/a.png", "left/b.png", "right/c.png")):
        path = tmp_path / "photographs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (50, 60), (number, 0, 0)).save(path)
    with Project.create(tmp_path / "pairs", Scheme("pair", ("one", "two"))) as made:
        import_labels(made, tmp_path / "photographs", who="anna")
        yield made


def table(project: Project, *names: str) -> Path:
    file = project.folder.parent / "elsewhere" / "labels.csv"
    file.parent.mkdir()
    file.write_text(HEAD + "".join(f"{name},1,2,30,40\n" for name in names))
    return file


def about_folders(notes: list[str]) -> list[str]:
    return [note for note in notes if "the folder of the images" in note]


@pytest.mark.parametrize("bring", IMPORTS)
@pytest.mark.parametrize(
    ("names", "start"),
    [(("a.png", "b.png"), "left"), (("left/a.png", "left/b.png", "right/c.png"), "")],
)
def test_the_folder_that_is_told_brings_them_in(
    project: Project, bring: Callable[..., object], names: tuple[str, ...], start: str
) -> None:
    file = table(project, *names)
    report = bring(project, file, who="anna", format="csv")
    (said,) = about_folders(report.notes)
    folder = project.folder.parent / "photographs" / start
    assert f", in {folder}." in said
    assert said.startswith(f"{len(names)} images that are not there have the names")
    again = bring(project, file, who="anna", format="csv", images=folder)
    assert not again.unreadable
    assert about_folders(again.notes) == []


def test_nothing_is_told_of_names_that_the_project_does_not_have(project: Project) -> None:
    report = import_labels(project, table(project, "a.png", "x.png", "y.png"), who="anna")
    assert len(report.unreadable) == 3
    assert about_folders(report.notes) == []


@pytest.mark.parametrize("bring", IMPORTS)
def test_a_file_is_no_folder_of_images(project: Project, bring: Callable[..., object]) -> None:
    """Each image was told for itself."""
    file = table(project, "a.png", "b.png")
    with pytest.raises(FormatError, match=r"labels\.csv is no folder"):
        bring(project, file, who="anna", images=file)


@pytest.mark.parametrize("bring", IMPORTS)
def test_a_file_that_is_not_of_the_format_that_was_said_is_told_as_what_it_looks_like(
    project: Project, bring: Callable[..., object]
) -> None:
    """It was to be copied again."""
    file = table(project, "a.png")
    with pytest.raises(FormatError) as raised:
        bring(project, file, who="anna", format="coco")
    assert "not JSON" in raised.value.happened
    assert raised.value.remedy.startswith("It looks like csv")
    file.write_text('{"images": [')
    with pytest.raises(FormatError, match="Copy the file again"):
        bring(project, file, who="anna", format="coco")
