"""Whose labels each instance holds, of all or of those that are asked for."""

from collections.abc import Callable

import kites
import pytest

from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.store.journal import labellers


@pytest.fixture
def five(project: Project, add_image: Callable[[str], ImageRecord]) -> list[int]:
    images = [add_image(f"{name}.png").id for name in "abcde"]
    return [project.add_instance(image, kites.BOX, who="import").id for image in images]


@pytest.fixture(params=["as it is", "in small pieces"])
def read(
    request: pytest.FixtureRequest, project: Project, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[int, str]]:
    if request.param == "in small pieces":
        for limit in ("_CHUNK", "_AT_ONCE", "_FEW"):
            monkeypatch.setattr(labellers, limit, 2)

    def who(*among: int) -> dict[int, str]:
        return {i: label.who for i, label in project.labellings(among or None).items()}

    return who


def test_the_last_who_accepted_it_and_has_not_taken_it_back(
    project: Project, five: list[int], read: Callable[..., dict[int, str]]
) -> None:
    project.place(five[0], kites.TOP, (1, 2), who="bob")
    for instance in five[1:3]:
        project.accept(instance, kites.ACCEPTED, who="ada")
    project.accept(five[2], kites.ACCEPTED, who="bob")
    project.accept(five[1], kites.ACCEPTED, who="bob")
    project.undo("bob")
    assert read() == {five[1]: "ada", five[2]: "bob"}
    project.redo("bob")
    assert read() == {five[1]: "bob", five[2]: "bob"}


def test_a_sheet_taken_back_as_a_whole_or_for_one_instance(
    project: Project, five: list[int], read: Callable[..., dict[int, str]]
) -> None:
    project.accept(five[4], kites.ACCEPTED, who="bob")
    project.accept_sheet(dict.fromkeys(five, kites.ACCEPTED), who="ada")
    project.undo_on(five[1], "ada")
    assert read() == read(*five) == dict.fromkeys([five[0], *five[2:]], "ada")
    project.undo("ada")
    assert read() == read(*five) == {five[4]: "bob"}
    assert read(*five[:3]) == {}


def test_when_is_when_it_was_accepted(project: Project, five: list[int]) -> None:
    entry = project.accept(five[0], kites.ACCEPTED, who="ada")
    project.place(five[0], kites.TOP, (1, 2), who="bob")
    assert project.labellings([five[0]])[five[0]].at == entry.at
