"""The wrong file was imported and taken back: the right one comes in as if it were the first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Box, Scheme

SCHEME = Scheme("bar", ("start", "end"))
HEAD = "image,source,start.x,start.y,end.x,end.y\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    for n in range(2):
        Image.new("RGB", (60, 50), (n, 0, 0)).save(tmp_path / f"{n}.png")
    with Project.create(tmp_path / "project", SCHEME) as made:
        yield made


def table(folder: Path, name: str, *rows: str) -> Path:
    (folder / name).write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return folder / name


def points(project: Project) -> list[list[list[float]]]:
    return [shape.points.tolist() for _, shape in project.shapes()]


@pytest.mark.parametrize("keys", ["ab", "ba", "xy"])
@pytest.mark.parametrize("waiting", [False, True])
def test_it_comes_in_where_the_wrong_one_was(
    project: Project, tmp_path: Path, keys: str, waiting: bool
) -> None:
    """Also of objects that are named as those of the wrong one were, in another order, or not."""
    if waiting:  # the images came first, each with an object that waits
        for n in range(2):
            import_labels(project, tmp_path / f"{n}.png", who="ada")
    wrong = table(tmp_path, "w.csv", "0.png,a,1,2,3,4", "0.png,b,5,6,7,8", "1.png,a,9,8,7,6")
    import_labels(project, wrong, who="ada")
    [brought] = project.imports()
    assert (brought.name, brought.labels) == ("w.csv", 3)
    project.take_back_import(brought.number, who="ada")
    assert points(project) == []

    right = table(
        tmp_path, "r.csv", f"0.png,{keys[0]},1,1,2,2", f"0.png,{keys[1]},5,6,7,8", "1.png,a,3,3,4,4"
    )
    report = import_labels(project, right, who="ada")

    assert (report.added, report.filled, report.excluded) == (0, 3, 0)
    assert report.differing_sources == []
    of_first = [[[1, 1], [2, 2]], [[5, 6], [7, 8]]]
    assert sorted(points(project)[:2]) == of_first
    assert points(project)[2:] == [[[3, 3], [4, 4]]]
    assert len(project.instances()) == 3
    assert [(one.name, one.labels) for one in project.imports()] == [("r.csv", 3)]
    assert list(content_findings(project)) == []
    again = import_labels(project, right, who="ada")
    assert (again.added, again.filled, again.unchanged) == (0, 0, 3)


def test_an_import_that_brings_no_labels_is_none(project: Project, tmp_path: Path) -> None:
    import_labels(project, tmp_path / "0.png", who="ada")
    assert project.imports() == []
    assert list(project.journal()) == []


def test_a_look_begins_none(project: Project, tmp_path: Path) -> None:
    right = table(tmp_path, "r.csv", "0.png,a,1,2,3,4")
    import_labels(project, right, who="ada", dry_run=True)
    assert list(project.journal()) == []


def test_it_comes_into_an_object_that_was_found_meanwhile(project: Project, tmp_path: Path) -> None:
    """Where the wrong one was stood what it came with still, and the import broke off."""
    wrong = table(tmp_path, "w.csv", "0.png,a,10,10,30,30")
    import_labels(project, wrong, who="ada")
    [labelled] = project.instances()
    found = project.add_instance(labelled.image_id, Box(21, 21, 24, 24), who="ada")
    project.take_back_import(project.imports()[0].number, who="ada")

    report = import_labels(project, wrong, who="ada")
    assert (report.added, report.filled) == (0, 1)
    assert project.shape(found.id).points.tolist() == [[10, 10], [30, 30]]
    again = import_labels(project, wrong, who="ada")
    assert (again.added, again.filled, again.unchanged) == (0, 0, 1)
    assert list(content_findings(project)) == []
