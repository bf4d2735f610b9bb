"""How long labels take in and out; the figures are for reading, nothing is asserted of them.

For 100,000 instances see `exchange_scale`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from landmark_annotator.projects.exchange import by_name, export_labels, export_set
from landmark_annotator.projects.store import Project
from tests.benchmarks.exchange_scale import fill

MANY = 50


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark") / "faces"
    fill(folder, MANY)
    return folder


@pytest.mark.parametrize("format", ["coco", "csv", "imglab"])
def test_time_of_an_export(
    filled: Path, tmp_path: Path, benchmark: Callable[..., object], format: str
) -> None:
    with Project.open(filled, read_only=True) as project:
        report = benchmark(export_labels, project, tmp_path / "out", format=format)
    assert getattr(report, "instances", 0) == MANY


@pytest.mark.parametrize("format", ["coco", "csv", "imglab"])
def test_time_of_reading_a_label_file(
    filled: Path, tmp_path: Path, benchmark: Callable[..., object], format: str
) -> None:
    with Project.open(filled, read_only=True) as project:
        export_labels(project, tmp_path / "out", format=format)
        contents = benchmark(by_name(format).reader().read, tmp_path / "out", project.scheme)
    assert len(getattr(contents, "instances", ())) == MANY


def test_the_project_of_exchange_scale_passes_the_check_before_an_export(
    filled: Path, tmp_path: Path
) -> None:
    with Project.open(filled, read_only=True) as project:
        report = export_set(project, tmp_path / "faces.json", format="coco")
    assert report.instances == MANY
