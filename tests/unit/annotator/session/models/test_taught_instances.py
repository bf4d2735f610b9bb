"""What each kind of backend gets to learn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.training import (
    taught_instances,
    unlabelled_instances,
)
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SIZE = 6
POINTS = np.array([[10.0, 10], [50, 12], [90, 40], [80, 80], [40, 90], [12, 60]])


@dataclass(frozen=True)
class Facts:
    sha256: str
    width: int = 100
    height: int = 100


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Image 0 accepted with two inferred landmarks; on image 1 four were clicked, on 2 two."""
    scheme = Scheme("hexagon", tuple(f"corner {i}" for i in range(SIZE)))
    with Project.create(tmp_path / "hexagons", scheme) as made:
        records = []
        for i in range(3):
            image = made.add_image(tmp_path / f"{i}.png", Facts(str(i)))
            records.append(made.add_instance(image.id, Box(50, 50, 100, 100), who="ada"))
        marks = [Provenance.CLICKED] * 4 + [Provenance.INFERRED] * 2
        made.accept(records[0].id, Shape(POINTS, provenance=marks), who="ada")
        for record, count in ((records[1], 4), (records[2], 2)):
            for j in range(count):
                made.place(record.id, j, POINTS[j], who="ada")
        yield made


def known(project: Project, backend: str) -> list[int]:
    """How many landmarks each instance has."""
    taught = taught_instances(project, backend_named(backend))
    return [int(instance.shape.known.sum()) for instance in taught]


def test_the_classifier_learns_from_accepted_shapes_alone(project: Project) -> None:
    assert known(project, "exemplar") == [6]


def test_the_heat_maps_learn_from_clicks_on_open_images_that_fix_a_frame(project: Project) -> None:
    assert known(project, "heatmap") == [6, 4]


def test_the_weak_network_learns_from_all_that_people_placed_and_nothing_else(
    project: Project,
) -> None:
    assert known(project, "weak") == [4, 4, 2]


def test_what_is_not_learned_from_as_labelled_is_at_hand_without_its_labels(
    project: Project, tmp_path: Path
) -> None:
    image = project.add_image(tmp_path / "3.png", Facts("3"))
    project.add_instance(image.id, Box(40, 60, 30, 30), who="finder")
    project.add_instance(image.id, None, who="ada")  # without a box there is nothing to look at
    taught = {instance.key for instance in taught_instances(project, backend_named("heatmap"))}
    found = unlabelled_instances(project, taught)
    assert [instance.box for instance in found] == [Box(50, 50, 100, 100), Box(40, 60, 30, 30)]
    assert not taught & {instance.key for instance in found}
