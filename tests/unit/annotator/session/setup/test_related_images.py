"""How the images of a project are related, looked at before anybody says so."""

from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.session.setup import related_images
from landmark_annotator.annotator.session.setup.related_images import by_pattern, found_by_itself
from landmark_annotator.projects.groups import Finding, Grouping
from landmark_annotator.projects.images import ImageFacts, examine
from landmark_annotator.projects.store import GroupRule, GroupsBy, Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError


@pytest.fixture
def people(tmp_path: Path) -> Project:
    """Three pictures each of four people, as their names say."""
    project = Project.create(tmp_path / "people", Scheme("pair", ("a", "b")))
    for person in range(4):
        for view in range(3):
            path = tmp_path / f"person{person}_{view}.png"
            Image.new("RGB", (9, 9), (20 * person, 20 * view, 7)).save(path)
            project.add_image(path, examine(path))
    return project


def test_what_names_say_is_seen_with_the_images_of_each_group(people: Project) -> None:
    with people:
        seen = related_images.related_images(people, by_pattern(r"(person\d)_"))
    assert [len(group) for group in seen.several] == [3, 3, 3, 3]
    assert seen.several[0][0].name == "person0_0.png"


@pytest.mark.parametrize("at_once", [300, 5])
def test_it_is_said_until_somebody_has_said_otherwise(
    people: Project, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(related_images, "SEEN_AT_ONCE", at_once)
    with people:
        assert "12 images are in 4 groups of up to 3" in found_by_itself(people.folder)
        people.set_group_rule(GroupRule(GroupsBy.NOTHING), who="ada")
        assert found_by_itself(people.folder) == ""


@pytest.mark.parametrize(("at_once", "told"), [(12, "by what they show"), (11, "")])
def test_frames_of_a_video_are_no_pictures_that_somebody_waits_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, told: str
) -> None:
    """All other images were told to be alone, where a training has them in groups."""
    monkeypatch.setattr(related_images, "SEEN_AT_ONCE", at_once)
    shown = Grouping({1: 1, 2: 1, 3: 3}, (Finding("what they show", 1, 2),), False)
    monkeypatch.setattr(related_images, "project_groups", lambda _: shown)
    with Project.create(tmp_path / "both", Scheme("pair", ("a", "b"))) as project:
        video = project.add_video(tmp_path / "clip.mp4", "v", 30.0)
        project.add_frames(video.id, {n: ImageFacts(9, 9, f"frame {n}") for n in range(40)})
        for name in "abcdefghijkl":
            project.add_image(tmp_path / f"{name}.png", ImageFacts(9, 9, name))
        said = found_by_itself(project.folder)
    assert told in said
    assert bool(said) is bool(told)


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(ActionableError):
        by_pattern("(")


def test_a_pattern_that_fits_no_image_is_refused(people: Project) -> None:
    with people:
        with pytest.raises(ActionableError, match="fits none of 12 images"):
            related_images.fitting_pattern(people, r"animal(\d)_")
        assert related_images.fitting_pattern(people, r"(person1)_").pattern == "(person1)_"
