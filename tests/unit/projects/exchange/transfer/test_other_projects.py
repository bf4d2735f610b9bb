"""The folder of another project as what is imported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.exchange.registry import sniff
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("triangle", ("top", "left", "right"))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", SCHEME) as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The folder of a project that has an image in it."""
    Project.create(tmp_path / "other", SCHEME).close()
    Image.new("RGB", (30, 20)).save(tmp_path / "other" / "a.png")
    return tmp_path / "other"


def test_its_images_do_not_come_without_a_word_on_its_labels(project: Project, other: Path) -> None:
    report = import_labels(project, other, who="ada")
    assert report.images_added == 1
    (note,) = (note for note in report.notes if "is a project itself" in note)
    assert f"annotator export {other} labels.csv" in note


def test_of_the_projects_own_folder_nothing_is_left_behind(project: Project) -> None:
    Image.new("RGB", (30, 20)).save(project.folder / "a.png")
    report = import_labels(project, project.folder, who="ada")
    assert not [note for note in report.notes if "is a project itself" in note]


def test_without_images_it_is_told_for_what_it_is(other: Path) -> None:
    (other / "a.png").unlink()
    for source in (other, other / "project.db"):
        with pytest.raises(FormatError, match="is a project, and its labels") as raised:
            sniff(source)
        assert f"annotator export {other} labels.csv" in raised.value.remedy
