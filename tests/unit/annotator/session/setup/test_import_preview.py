"""What an import would do: of several sources, of other landmarks, of predictions."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.setup.import_preview import (
    USUAL,
    ImportChoice,
    fitting_mappings,
    import_previewed,
    preview_of_open,
    without_companions,
)
from landmark_annotator.projects.exchange import mapping_for
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Scheme
from landmark_annotator.projects.vocabulary.errors import SchemeError

FACE = Scheme.named("face68")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "faces", FACE) as project:
        yield project


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for number, path in enumerate(paths):
        Image.fromarray(np.full((90, 120, 3), 60 + number, np.uint8)).save(path)
    return paths


@pytest.fixture
def points(photographs: list[Path]) -> Path:
    """Of the first photograph."""
    path = photographs[0].with_suffix(".pts")
    lines = "\n".join(f"{20 + i} {30 + 5 * (i % 7)}" for i in range(68))
    path.write_text(f"version: 1\nn_points: 68\n{{\n{lines}\n}}\n")
    return path


@pytest.fixture
def five(photographs: list[Path], tmp_path: Path) -> Path:
    """Five landmarks of the second photograph."""
    names = list(mapping_for("mafl5", FACE).sparse.landmarks)
    head = ",".join(f"{name}.x,{name}.y" for name in names)
    table = tmp_path / "five.csv"
    table.write_text(f"image,{head}\n1.png,40,30,60,30,50,45,42,60,58,60\n")
    return table


@pytest.fixture
def predictions(photographs: list[Path], tmp_path: Path) -> Path:
    flat = [value for i in range(68) for value in (20.0 + i, 30.0 + i % 5, 0.9)]
    file = tmp_path / "results.json"
    result = {"image_id": 2, "category_id": 1, "keypoints": flat, "score": 0.8}
    file.write_text(json.dumps([result]))
    return file


def test_an_image_comes_with_the_label_file_of_its_name(
    photographs: list[Path], points: Path
) -> None:
    assert without_companions([*photographs, points]) == [points, *photographs[1:]]


def test_several_are_counted_together_and_imported(
    project: Project, photographs: list[Path], points: Path
) -> None:
    seen = preview_of_open(project.folder, [*photographs, points], USUAL, SILENT)
    assert (seen.report.added, seen.report.labelled) == (3, 1)
    assert project.instances() == []
    done = import_previewed(project.folder, seen, "me", SILENT)
    assert (done.added, done.labelled) == (3, 1)
    states = [record.state for record in project.instances()]
    assert states == [InstanceState.ACCEPTED] + [InstanceState.UNTOUCHED] * 2


def test_labels_of_other_landmarks_come_in_by_a_mapping(project: Project, five: Path) -> None:
    seen = preview_of_open(project.folder, [five], ImportChoice(mapping="mafl5"), SILENT)
    assert seen.report.labelled == 1
    import_previewed(project.folder, seen, "me", SILENT)
    [record] = project.instances()
    assert 0 < project.shape(record.id).known.sum() <= 5


def test_the_mappings_that_are_offered_are_from_the_projects_scheme() -> None:
    assert fitting_mappings(FACE) == {"mafl5": 5, "aflw19": 19, "cofw29": 29}
    assert fitting_mappings(Scheme("pair", ("a", "b"))) == {}


def test_a_mapping_from_another_scheme_is_refused(project: Project, five: Path) -> None:
    with pytest.raises(SchemeError):
        preview_of_open(project.folder, [five], ImportChoice(mapping="faces6"), SILENT)


def test_predictions_are_counted_and_become_proposals(
    project: Project, photographs: list[Path], predictions: Path
) -> None:
    choice = ImportChoice(proposals=True, images=photographs[0].parent)
    seen = preview_of_open(project.folder, [predictions], choice, SILENT)
    assert seen.report.labelled == 1
    assert project.instances() == []
    import_previewed(project.folder, seen, "me", SILENT)
    [record] = project.instances()
    assert record.state is InstanceState.UNTOUCHED
    assert project.proposal(record.id) is not None
