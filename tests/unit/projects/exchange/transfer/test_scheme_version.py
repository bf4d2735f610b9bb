"""What is exported after a change of the scheme names the version that it has then."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_set
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, SchemeChange, Shape

SCHEME = Scheme("pair", ("one", "two"))
CARRY_THE_SCHEME = ("coco", "csv", "cvat", "datumaro", "imglab", "label-studio", "labelme")


@pytest.fixture
def changed(tmp_path: Path):
    path = tmp_path / "0.png"
    Image.fromarray(np.full((40, 60, 3), 90, np.uint8)).save(path)
    with Project.create(tmp_path / "pairs", SCHEME) as project:
        image = project.add_image(path, examine(path))
        shape = Shape(np.array([[10.0, 10.0], [20.0, 25.0]]))
        project.add_instance(image.id, Box(20, 20, 30, 30), shape=shape, who="ada")
        project.change_scheme(SchemeChange.none(SCHEME).rename(1, "other"), who="lead")
        yield project


@pytest.mark.parametrize("format", [*CARRY_THE_SCHEME, "pts"])
def test_the_data_sheet_names_it(changed: Project, tmp_path: Path, format: str) -> None:
    report = export_set(changed, tmp_path / "labels.json", format=format)
    assert report.sheet is not None
    content = json.loads(report.sheet.with_suffix(".json").read_text())
    assert (content["scheme"]["version"], content["scheme"]["labelled_as_version"]) == (2, 2)
    assert "version 2" in report.sheet.read_text()


@pytest.mark.parametrize("format", CARRY_THE_SCHEME)
def test_the_labels_name_it_where_they_carry_the_scheme(
    changed: Project, tmp_path: Path, format: str
) -> None:
    target = tmp_path / "labels"
    export_set(changed, target, format=format)
    files = [target] if target.is_file() else [f for f in target.rglob("*.json") if f.is_file()]
    written = "\n".join(file.read_text(encoding="utf-8") for file in files)
    if format == "csv":
        assert ",pair,2," in written
    else:
        assert re.search(r"""version["'=:>\s]{1,5}(&quot;[:\s]*)?2\b""", written)
