"""Shapes filled in parts and gathered."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.filling.project_fill import fill_project
from landmark_annotator.annotator.session.shards.fill_shards import FillShards
from landmark_annotator.annotator.session.shards.gather import gather
from landmark_annotator.annotator.session.shards.manifest import Shard
from landmark_annotator.annotator.session.shards.result_file import agreed, computed
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.unit.annotator.session.leaves import leaf, leaves


@pytest.fixture
def sparse(tmp_path: Path) -> Iterator[Project]:
    with leaves(tmp_path / "leaves", sparse=5) as project:
        yield project


def compute(project: Project, folder: Path, *numbers: int) -> None:
    for number in numbers:
        work = FillShards(project, inferred=False, seed=0)
        manifest = agreed(work, 2, folder)
        computed(work, manifest, Shard(number, 2), folder, THIS_PROCESS, SILENT)


def shapes(project: Project) -> list[Shape]:
    return [shape for _, shape in project.shapes(None)]


def test_gathered_parts_are_what_the_plain_command_fills(sparse: Project, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    compute(sparse, folder, 2, 1)
    assert gather(sparse, folder, who="lead", progress=SILENT).put.done == 5
    assert len(list((sparse.folder / "backups").glob("*gather*"))) == 1
    assert not list((sparse.folder / "backups").glob("*fill*"))
    gathered = shapes(sparse)
    sparse.undo("lead")
    assert fill_project(sparse, who="lead", progress=SILENT).count == 5
    for one, other in zip(gathered, shapes(sparse), strict=True):
        np.testing.assert_array_equal(one.points, other.points)
        np.testing.assert_array_equal(one.covariances, other.covariances)


def test_what_was_put_in_or_worked_on_meanwhile_is_left(sparse: Project, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    compute(sparse, folder, 1)
    first = gather(sparse, folder, who="lead", progress=SILENT)
    assert (first.put.done, first.missing) == (2, (2,))
    compute(sparse, folder, 2)
    last = sparse.instances()[-1].id
    sparse.place(last, 5, (1.0, 2.0), who="ada")
    again = gather(sparse, folder, who="lead", progress=SILENT).put
    assert (again.done, again.already) == (2, 2)
    assert again.changed == [f"Somebody has worked on instance {last} meanwhile."]
    assert not sparse.shape(last).complete


def test_other_labels_or_settings_are_refused(sparse: Project, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    compute(sparse, folder, 1)
    with pytest.raises(ActionableError, match="its seed is 0, not 7"):
        agreed(FillShards(sparse, inferred=False, seed=7), 2, folder)
    sparse.accept(sparse.instances()[-1].id, leaf(99), who="ada")
    sparse.exclude(instances=[sparse.instances()[0].id], why="blurred", who="ada")
    with pytest.raises(ActionableError, match="from other shapes"):
        compute(sparse, folder, 2)
