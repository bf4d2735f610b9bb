"""Many labelled instances by one call: as single ones, and all or none of them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import LabelledInstance, Project
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError

BOX = Box(5, 5, 8, 8)
WHOLE = Shape(np.array([[1.0, 2.0], [3.0, -0.0]]))
PART = Shape(np.array([[1.0, 2.0], [np.nan, np.nan]]))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", Scheme("pair", ("left", "right"))) as opened:
        for number in range(2):
            opened.add_image(tmp_path / f"{number}.png", ImageFacts(9, 9, f"{number}" * 64))
        yield opened


def brought(project: Project) -> list[LabelledInstance]:
    first, second = (image.id for image in project.images())
    return [
        LabelledInstance(second, BOX, WHOLE, "b", "ada"),
        LabelledInstance(first, None, PART, "a", "bob"),
        LabelledInstance(second, None, PART, "c", "ada"),
    ]


def told(project: Project) -> list[object]:
    shapes = [(r, str(s.points.tolist()), s.provenance) for r, s in project.shapes(None)]
    entries = [(e.who, e.kind, e.title, e.instance_id) for e in project.journal()]
    return [shapes, entries]


def test_they_are_what_single_ones_are(project: Project, tmp_path: Path) -> None:
    ids = project.add_labelled(brought(project))
    assert [project.instance(i).source for i in ids] == ["b", "a", "c"]
    with Project.create(tmp_path / "other", project.scheme) as other:
        for image in project.images():
            other.add_image(image.path, ImageFacts(9, 9, image.sha256))
        for one in brought(project):
            other.add_instance(
                one.image_id, one.box, shape=one.shape, source=one.source, who=one.who
            )
        assert told(other) == told(project)
    assert check(project.folder) == []


@pytest.mark.parametrize("wrong", [{"source": "b", "image_id": 2}, {"image_id": 77}])
def test_all_or_none(project: Project, wrong: dict[str, object]) -> None:
    one = brought(project)
    with pytest.raises(ProjectError, match=r"already has an instance|no image 77"):
        project.add_labelled([*one, replace(one[1], **wrong)])  # type: ignore[arg-type]
    assert project.instances() == []
    assert list(project.journal()) == []
