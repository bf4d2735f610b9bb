"""`annotator fill`, and `annotator train --backend weak` before it, from the outside."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.samples import create_sample_project, sample_truth
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Provenance
from tests.end_to_end.conftest import Annotator

pytestmark = pytest.mark.usefixtures("few_fillings_judged")

FORMAT = (0, 8, 16, 19, 24, 30, 36, 45, 48, 54)
SHORT = ("epochs=2", "dense_epochs=2", "fine_epochs=1", "size=32", "folds=1")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with create_sample_project(tmp_path_factory.mktemp("drawn") / "heads") as project:
        return project.folder


@pytest.fixture
def dense(drawn: Path, tmp_path: Path) -> Path:
    """24 heads are labelled densely, nobody has touched six more."""
    return shutil.copytree(drawn, tmp_path / "heads")


@pytest.fixture
def heads(dense: Path) -> Path:
    """Of those six ten points are clicked."""
    with Project.open(dense) as project:
        truth = sample_truth(project)
        for record in project.instances():
            if record.state is not InstanceState.ACCEPTED:
                for j in FORMAT:
                    project.place(record.id, j, truth[record.id].points[j], who="ada")
        return project.folder


def test_it_fills_reports_and_is_undone(annotator: Annotator, heads: Path) -> None:
    code, out, _ = annotator("fill", heads)
    assert code == 0
    assert "linear regression from the clicked points" in out
    assert "Filled 6 instances, 348 landmarks" in out
    assert json.loads(annotator("status", heads, "--json")[1])["filled"] == 6
    code, _, error = annotator("export", heads, heads / "all.csv", "--format", "csv", "--all")
    assert code == 0, error
    assert (heads / "all.csv").read_text(encoding="utf-8").count("filled") == 348
    with Project.open(heads) as project:
        [who] = {e.who for e in project.journal() if e.kind == "fill"}
        project.undo(who)
        marks = [mark for _, shape in project.shapes(None) for mark in shape.provenance]
    assert Provenance.FILLED not in marks


def test_one_image_that_is_gone_takes_no_method_away(annotator: Annotator, heads: Path) -> None:
    with Project.open(heads, read_only=True) as project:
        accepted, _ = next(project.shapes())
        path = project.image(accepted.image_id).path
    path.unlink()
    code, out, error = annotator("fill", heads)
    assert code == 0
    assert "not known" not in out
    assert "1 densely labelled instance did not count, for want of the image" in error


def test_the_status_names_images_that_are_gone(annotator: Annotator, heads: Path) -> None:
    with Project.open(heads, read_only=True) as project:
        paths = [image.path for image in project.images()]
    paths[2].unlink()
    assert f"Not where it was: {paths[2]}\n" in annotator("status", heads)[1]
    paths[4].unlink()
    assert f"{paths[2]}, and 1 more image file\n" in annotator("status", heads)[1]


@pytest.mark.usefixtures("uncompared")
def test_a_trained_weak_network_is_one_of_the_ways(annotator: Annotator, heads: Path) -> None:
    options = [word for setting in SHORT for word in ("--set", setting)]
    code, out, error = annotator("train", heads, "--backend", "weak", *options, "--json")
    assert code == 0, error
    card = json.loads(out)
    assert card["sparse"] == list(FORMAT)
    assert (card["instances"]["dense"], card["instances"]["sparse"]) == (24, 6)
    code, out, error = annotator("fill", heads, "--json")
    assert code == 0, error
    facts = json.loads(out)
    ways = {way["name"]: way for way in facts["ways"]}
    assert ways["weak"]["instances"] == 5  # a fifth of 24
    assert facts["chosen"] == min(ways, key=lambda name: ways[name]["error"])
    with Project.open(heads) as project:
        truth = sample_truth(project)
        errors = [
            np.linalg.norm(shape.points - truth[record.id].points, axis=1).mean()
            / project.scheme.normaliser_length(truth[record.id].points, record.box)
            for record, shape in project.shapes(InstanceState.STARTED)
            if record.box is not None
        ]
    assert np.mean(errors) < 0.1


def test_where_nothing_is_sparse_it_says_what_to_do(annotator: Annotator, dense: Path) -> None:
    code, _, error = annotator("fill", dense)
    assert code == 3
    assert "nothing to fill" in error
    assert "Click some landmarks" in error


def test_weak_supervision_without_sparse_labels_says_what_to_do(
    annotator: Annotator, dense: Path
) -> None:
    code, _, error = annotator("train", dense, "--backend", "weak")
    assert code == 3
    assert "no sparsely labelled instances" in error
    assert "annotator plan" in error
