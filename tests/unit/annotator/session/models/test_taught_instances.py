"""What each kind of backend gets to learn from."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.related_instances import related
from landmark_annotator.annotator.session.models.training import (
    taught_instances,
    unlabelled_instances,
)
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import GroupRule, GroupsBy, Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SIZE = 6
POINTS = np.array([[10.0, 10], [50, 12], [90, 40], [80, 80], [40, 90], [12, 60]])


facts = partial(ImageFacts, 100, 100)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Image 0 accepted with two inferred landmarks; on image 1 four were clicked, on 2 two."""
    scheme = Scheme("hexagon", tuple(f"corner {i}" for i in range(SIZE)))
    with Project.create(tmp_path / "hexagons", scheme) as made:
        records = []
        for i in range(3):
            image = made.add_image(tmp_path / f"{i}.png", facts(str(i)))
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
    image = project.add_image(tmp_path / "3.png", facts("3"))
    project.add_instance(image.id, Box(40, 60, 30, 30), who="finder")
    project.add_instance(image.id, None, who="ada")  # without a box there is nothing to look at
    taught = taught_instances(project, backend_named("heatmap"))
    found = unlabelled_instances(project, taught, related(project, taught).instances)
    assert [instance.box for instance in found] == [Box(50, 50, 100, 100), Box(40, 60, 30, 30)]
    assert not {each.key for each in taught} & {each.key for each in found}


def test_what_is_related_to_a_labelled_object_is_on_its_side_of_a_split(
    project: Project, tmp_path: Path
) -> None:
    taught = taught_instances(project, backend_named("heatmap"))
    split = [replace(each, group=f"side {i}") for i, each in enumerate(taught)]
    images = {image.path.name: image.id for image in project.images()}
    first, second = (images[each.key.split("#")[0]] for each in taught)
    kin, bridge, stranger = (
        project.add_image(tmp_path / f"{name}.png", facts(name)).id for name in "kbs"
    )
    for image in (kin, bridge, stranger):
        project.add_instance(image, Box(40, 60, 30, 30), who="finder")

    def groups(names: dict[int, str]) -> dict[str, str]:
        project.set_group_rule(GroupRule(GroupsBy.NAMES, names=names), who="ada")
        found = unlabelled_instances(project, taught, split)
        return {each.key[0]: each.split_key for each in found}

    apart = groups({first: "ada", kin: "ada"})
    assert apart["k"] == "side 0"
    assert apart["s"] not in {"side 0", "side 1"}
    # What ties both sides together is on neither.
    tied = groups({first: "ada", second: "ada", bridge: "ada"})
    assert "b" not in tied
    assert "s" in tied
