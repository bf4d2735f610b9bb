"""The label files that researchers really have."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme


@pytest.fixture
def faces(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "faces", Scheme.named("face68")) as project:
        yield project


def numbered(size: int) -> Scheme:
    return Scheme("numbered", tuple(f"l{i}" for i in range(size)))


def test_helen_train_twice(faces: Project, landmark_data: Path) -> None:
    folder = landmark_data / "faces68" / "helen-train"

    first = import_labels(faces, folder, who="anna")
    again = import_labels(faces, folder, who="anna")

    assert (first.added, first.images_added, first.unreadable) == (870, 870, [])
    assert (again.added, again.unchanged, again.differing) == (0, 870, 0)
    assert len(faces.instances()) == 870


def test_the_points_are_the_numbers_of_the_file_less_one(
    faces: Project, landmark_data: Path
) -> None:
    file = landmark_data / "faces68" / "helen-train" / "100032540_1.pts"

    import_labels(faces, file, who="anna")

    x, y = file.read_text().splitlines()[3].split()
    point = next(faces.shapes())[1].points[0]
    assert point == pytest.approx([float(x) - 1, float(y) - 1], abs=1e-12)


def test_untouched_photographs_with_labels_without_header(
    faces: Project, landmark_data: Path
) -> None:
    report = import_labels(faces, landmark_data / "faces68" / "originals", who="anna")

    assert (report.added, report.unreadable) == (6, [])
    for record, shape in faces.shapes():
        image = faces.image(record.image_id)
        assert (shape.points < [image.width, image.height]).all()
        assert max(image.width, image.height) > 1000


@pytest.mark.parametrize(("annotator", "x"), [(None, 207.733), ("senior", 208.483)])
def test_cephalograms_by_one_of_their_annotators(
    tmp_path: Path, landmark_data: Path, annotator: str | None, x: float
) -> None:
    with Project.create(tmp_path / "ceph", numbered(19)) as project:
        report = import_labels(
            project, landmark_data / "ceph19" / "points.csv", annotator=annotator, who="anna"
        )

        # 144 and 173 are one photograph with two sets of points.
        assert (report.added, report.images_added, report.unreadable) == (200, 199, [])
        shapes = {record.source: shape for record, shape in project.shapes()}
        whose = "" if annotator is None else f" by {annotator}"
        assert shapes[f"points.csv:001.jpg#0{whose}"].points[0, 0] == x


def test_flies(tmp_path: Path, landmark_data: Path) -> None:
    with Project.create(tmp_path / "flies", numbered(32)) as project:
        report = import_labels(project, landmark_data / "fly32" / "points.csv", who="anna")

        assert (report.added, report.unreadable) == (100, [])
        assert np.isfinite(next(project.shapes())[1].points).all()
