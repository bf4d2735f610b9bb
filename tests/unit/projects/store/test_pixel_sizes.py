"""What a pixel measures is kept in the project, of all images and of single ones."""

from collections.abc import Callable

import pytest

from landmark_annotator.projects.store import ImageRecord, PixelSizes, Project, Role
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError

ROLES = {"ada": Role.LEAD, "rev": Role.REVIEWER, "ann": Role.ANNOTATOR, "bob": Role.ANNOTATOR}


@pytest.fixture
def images(add_image: Callable[[str], ImageRecord]) -> list[int]:
    return [add_image(f"{name}.png").id for name in "abc"]


@pytest.fixture
def team(project: Project, images: list[int]) -> Project:
    for name, role in ROLES.items():
        project.set_person(name, role, who="ada")
    return project


def sizes(project: Project, images: list[int]) -> list[float | None]:
    return [project.pixel_size(each) for each in images]


def test_nobody_has_said_at_first(project: Project) -> None:
    assert project.pixel_sizes() == PixelSizes()
    assert project.pixel_sizes().of(1) is None


def test_an_image_of_its_own_size_goes_before_the_usual_one(
    project: Project, images: list[int]
) -> None:
    project.set_pixel_size(0.4, who="lea")
    project.set_pixel_size(0.1, images=images[1:], who="lea")
    with Project.open(project.folder) as again:
        assert [again.pixel_size(i) for i in images] == [0.4, 0.1, 0.1]
        assert [again.pixel_sizes().of(i) for i in images] == [0.4, 0.1, 0.1]


def test_the_last_word_holds_and_can_be_taken_back(project: Project, images: list[int]) -> None:
    [last] = images[2:]
    project.set_pixel_size(0.4, who="lea")
    project.set_pixel_size(0.1, images=[last], who="lea")
    project.set_pixel_size(0.5, who="ben")
    assert project.set_pixel_size(None, images=[last], who="ben").of(last) == 0.5
    assert project.pixel_size(last) == 0.5
    assert project.set_pixel_size(None, who="ben").of(last) is None
    assert project.pixel_size(last) is None


@pytest.mark.parametrize("size", [0.0, -0.4, float("nan"), float("inf"), True])
def test_what_no_pixel_measures_is_refused(project: Project, size: float) -> None:
    with pytest.raises(ProjectError, match="cannot measure"):
        project.set_pixel_size(size, who="lea")
    assert project.pixel_sizes() == PixelSizes()


def test_an_image_that_is_none_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="no such image"):
        project.set_pixel_size(0.1, images=[7], who="lea")
    assert project.pixel_sizes() == PixelSizes()


def test_what_was_said_of_a_removed_image_is_forgotten(project: Project, images: list[int]) -> None:
    project.keep_pixel_size(0.1, images[0], who="lea")
    project.remove_image(images[0])
    assert project.pixel_sizes() == PixelSizes()


def test_saying_it_is_a_step_for_undo(project: Project, images: list[int]) -> None:
    project.set_pixel_size(0.4, who="lea")
    project.set_pixel_size(0.1, images=images[:1], who="lea")
    project.set_pixel_size(0.2, images=[None, *images[:2]], who="lea")
    assert sizes(project, images) == [0.2, 0.2, 0.2]
    assert project.titles("lea")[0] == "size of a pixel of all images"
    project.undo("lea")
    assert sizes(project, images) == [0.1, 0.4, 0.4]
    assert project.titles("lea") == ("size of a pixel of a.png", "size of a pixel of all images")
    project.undo("lea")
    assert sizes(project, images) == [0.4, 0.4, 0.4]
    project.redo("lea")
    project.redo("lea")
    assert sizes(project, images) == [0.2, 0.2, 0.2]
    for _ in range(3):
        project.undo("lea")
    assert project.undo("lea") is None
    assert sizes(project, images) == [None, None, None]
    assert list(content_findings(project)) == []


def test_taking_it_back_is_a_step_too_and_saying_the_same_again_none(
    project: Project, images: list[int]
) -> None:
    project.set_pixel_size(0.1, images=images[:2], who="lea")
    project.set_pixel_size(None, images=images, who="lea")
    assert project.titles("lea")[0] == "size of a pixel of 2 images"
    project.undo("lea")
    project.set_pixel_size(0.1, images=images[:2], who="lea")
    assert project.titles("lea")[1] == "size of a pixel of 2 images"
    assert sizes(project, images) == [0.1, 0.1, None]


def test_what_a_file_says_is_no_step(project: Project, images: list[int]) -> None:
    project.keep_pixel_size(0.1, images[0], who="lea")
    project.keep_pixel_size(0.3, None, who="lea")
    assert project.undo("lea") is None
    assert sizes(project, images) == [0.1, 0.3, 0.3]


def test_undo_leaves_what_somebody_else_has_said_since(project: Project, images: list[int]) -> None:
    project.set_pixel_size(0.1, images=images[:1], who="lea")
    project.set_pixel_size(0.2, images=images[:1], who="ben")
    with pytest.raises(ProjectError, match=r"cannot be undone: ben has said since .* 0.2 mm"):
        project.undo("lea")
    assert sizes(project, images) == [0.2, None, None]
    project.undo("ben")
    project.undo("lea")
    assert sizes(project, images) == [None, None, None]


def test_of_one_image_an_annotator_says_it(team: Project, images: list[int]) -> None:
    team.set_pixel_size(0.4, who="ada")
    team.set_pixel_size(0.1, images=images[:1], who="ann")
    team.set_pixel_size(0.2, images=images[:1], who="ann")
    assert sizes(team, images) == [0.2, 0.4, 0.4]
    team.undo("ann")
    team.undo("ann")
    assert sizes(team, images) == [0.4, 0.4, 0.4]


@pytest.mark.parametrize("who", ["rev", "bob"])
def test_what_another_has_said_of_an_image_a_lead_changes(
    team: Project, images: list[int], who: str
) -> None:
    team.set_pixel_size(0.1, images=images[:1], who="ann")
    for size in (0.2, None):
        with pytest.raises(NotAllowed, match=r"ann has said that a pixel .* 0.1 mm"):
            team.set_pixel_size(size, images=images[:1], who=who)
    team.set_pixel_size(0.2, images=images[:1], who="ada")
    with pytest.raises(ProjectError, match="ada has said since"):
        team.undo("ann")
    team.undo("ada")
    team.set_pixel_size(0.3, images=images[:1], who="ann")  # it is hers again
    assert sizes(team, images) == [0.3, None, None]
    team.undo("ann")
    team.undo("ann")
    team.set_pixel_size(0.3, images=images[:1], who=who)


def test_of_an_image_in_other_hands_it_is_not_said(team: Project, images: list[int]) -> None:
    team.take_images(images[:1], who="ann")
    with pytest.raises(NotAllowed, match="ann has this image in hands"):
        team.set_pixel_size(0.1, images=images[:1], who="bob")
    team.set_pixel_size(0.1, images=images[:1], who="ann")
    team.set_pixel_size(0.2, images=images[:1], who="ada")
    assert sizes(team, images) == [0.2, None, None]
