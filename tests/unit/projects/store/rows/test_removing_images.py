"""Only an image of which nothing was ever recorded can be removed."""

from collections.abc import Callable

import kites
import pytest

from landmark_annotator.projects.store import (
    GroupRule,
    GroupsBy,
    ImageRecord,
    InstanceRecord,
    Project,
)
from landmark_annotator.projects.vocabulary.errors import ProjectError


def test_an_untouched_image_goes_with_its_instances(project: Project, kite: InstanceRecord) -> None:
    project.remove_image(kite.image_id)
    assert (project.images(excluded=True), project.instances(excluded=True)) == ([], [])


def test_one_with_labels_stays_with_all_its_instances(
    project: Project, kite: InstanceRecord
) -> None:
    project.add_instance(kite.image_id, None, who="ada")
    labelled = project.add_instance(kite.image_id, None, who="ada")
    project.place(labelled.id, kites.TOP, (1, 2), who="ada")
    with pytest.raises(ProjectError, match="cannot be removed"):
        project.remove_image(kite.image_id)
    assert len(project.instances_of(kite.image_id)) == 3


def test_one_that_was_excluded_once_stays(
    project: Project, add_image: Callable[[str], ImageRecord]
) -> None:
    image = add_image("a")
    project.exclude(images=[image.id], why="blurred", who="ada")
    project.undo("ada")
    with pytest.raises(ProjectError, match="cannot be removed"):
        project.remove_image(image.id)
    assert project.images() == [image]


def test_what_the_project_does_not_have_cannot_be_removed(project: Project) -> None:
    with pytest.raises(ProjectError, match="no image 7"):
        project.remove_image(7)


def test_the_name_of_its_group_goes_with_it(
    project: Project, add_image: Callable[[str], ImageRecord]
) -> None:
    """A file gives the id of the last image to the next one, which was in its group."""
    kept, gone = add_image("a"), add_image("b")
    names = {kept.id: "one", gone.id: "two"}
    project.set_group_rule(GroupRule(GroupsBy.NAMES, names=names), who="ada")
    project.remove_image(gone.id)
    assert project.group_rule().names == {kept.id: "one"}
