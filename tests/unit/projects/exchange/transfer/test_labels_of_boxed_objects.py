"""Labels of objects of which a project has a detector's boxes."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.exchange.transfer.import_report import ImportReport
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.vocabulary import Box, Scheme
from tests.unit.projects.exchange.transfer.test_known_objects import BESIDE, FACE, NOWHERE, coco

LEFT, RIGHT = [8.0, 8, 24, 34], [66.0, 8, 28, 34]
UNTOUCHED, ACCEPTED = InstanceState.UNTOUCHED, InstanceState.ACCEPTED


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A photograph with the boxes of two faces."""
    Image.new("RGB", (100, 60)).save(tmp_path / "0.png")
    with Project.create(tmp_path / "project", Scheme("face", ("left", "right", "chin"))) as opened:
        found = coco(tmp_path / "found.json", (RIGHT, NOWHERE), (LEFT, NOWHERE))
        import_labels(opened, found, who="ada")
        assert [r.state for r in opened.instances()] == [UNTOUCHED] * 2
        yield opened


def imported(project: Project, file: Path, who: str = "ada") -> ImportReport:
    """Foreseen as it is done, and the second time nothing."""
    told = import_labels(project, file, who=who, dry_run=True)
    report = import_labels(project, file, who=who)
    assert (told.added, told.filled, told.notes) == (report.added, report.filled, report.notes)
    again = import_labels(project, file, who=who)
    assert (again.added, again.filled, again.differing) == (0, 0, 0)
    return report


def states(project: Project) -> list[InstanceState]:
    return [record.state for record in project.instances()]


def file_of(tmp_path: Path, *objects: tuple[Sequence[float], list[float]]) -> Path:
    return coco(tmp_path / "labels.json", *((list(box), points) for box, points in objects))


def test_labels_go_into_the_objects_whose_boxes_were_there(
    project: Project, tmp_path: Path
) -> None:
    boxes = [record.box for record in project.instances()]
    report = imported(project, file_of(tmp_path, ([9, 9, 24, 34], FACE), (RIGHT, BESIDE)))
    assert (report.added, report.filled) == (0, 2)
    assert any(note.startswith("2 labels are of objects that had a box") for note in report.notes)
    assert states(project) == [ACCEPTED] * 2
    assert [record.box for record in project.instances()] == boxes
    left = [project.shape(record.id).points[0, 0] for record in project.instances()]
    assert left == [70.0, 10.0]
    assert check(project.folder) == []
    assert import_labels(project, tmp_path / "found.json", who="ada").added == 0


def test_one_label_fills_its_own_alone(project: Project, tmp_path: Path) -> None:
    assert imported(project, file_of(tmp_path, (LEFT, FACE))).filled == 1
    assert states(project) == [UNTOUCHED, ACCEPTED]


def test_so_do_labels_without_boxes_that_lie_in_one(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("image,x0,y0,x1,y1,x2,y2\n0.png,14,16,18,16,16,20\n0.png,40,50,50,50,45,58\n")
    report = imported(project, file)
    assert (report.added, report.filled) == (1, 1)
    assert sorted(states(project)) == [ACCEPTED, ACCEPTED, UNTOUCHED]


def test_landmarks_in_two_boxes_are_of_neither_for_sure(tmp_path: Path, project: Project) -> None:
    import_labels(project, coco(tmp_path / "more.json", ([4, 4, 80, 50], NOWHERE)), who="ada")
    file = tmp_path / "labels.csv"
    file.write_text("image,x0,y0,x1,y1,x2,y2\n0.png,14,16,18,16,16,20\n")
    assert imported(project, file).added == 1


def test_what_somebody_has_begun_or_drawn_stays_as_it_is(project: Project, tmp_path: Path) -> None:
    right, left = project.instances()
    project.place(left.id, 0, (11.0, 11.0), who="bob")
    project.set_box(right.id, Box.from_corner(65, 8, 28, 34), who="bob")
    report = imported(project, file_of(tmp_path, (LEFT, FACE), (RIGHT, BESIDE)))
    assert (report.added, report.filled) == (2, 0)
    assert project.shape(left.id).points[0].tolist() == [11.0, 11.0]
    assert np.isnan(project.shape(right.id).points).all()
    for _ in range(2):
        assert project.undo("bob") is not None
    assert check(project.folder) == []


def test_a_second_persons_labels_are_objects_of_their_own(project: Project, tmp_path: Path) -> None:
    """Also where an untouched box overlaps what they are of."""
    file = file_of(tmp_path, (LEFT, FACE))
    import_labels(project, file, who="ada", annotator=None)
    import_labels(project, coco(tmp_path / "m.json", ([11, 11, 24, 34], NOWHERE)), who="ada")
    other = coco(tmp_path / "bens.json", (LEFT, [*FACE[:6], 21, 41, 2]))
    assert imported(project, other, who="ben").added == 1


def test_a_second_opinion_is_not_filled(project: Project, tmp_path: Path) -> None:
    imported(project, file_of(tmp_path, (LEFT, FACE), (RIGHT, BESIDE)))
    first = project.instances()[0]
    asked = project.add_instance(first.image_id, first.box, second_opinion_on=first.id, who="ada")
    other = coco(tmp_path / "bens.json", (RIGHT, [*BESIDE[:6], 81, 41, 2]))
    assert imported(project, other, who="ben").added == 1
    assert project.instance(asked.id).state is UNTOUCHED
