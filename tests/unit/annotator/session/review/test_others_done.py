"""What others did is told once, also where who began first ends last."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.review.others_done import Done, OthersDone
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary import Box, Scheme

BAR = Scheme("bar", ("start", "end"))
NOTHING = Done(frozenset(), False)


class Facts:
    sha256, width, height = "a", 20, 10


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    if request.param == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("new_database")
        write_address(tmp_path / "bars", make())
    with Project.create(tmp_path / "bars", BAR) as opened:
        image = opened.add_image(opened.folder / "a.png", Facts())
        for _ in range(2):
            opened.add_instance(image.id, Box(5, 5, 10, 10), who="ada")
        yield opened


def test_what_others_did_is_told_once(project: Project) -> None:
    done = OthersDone(project, "ada")
    project.place(1, 0, (1, 2), who="ada")
    assert done.look() == NOTHING
    project.place(2, 0, (1, 2), who="bob")
    assert done.look() == Done(frozenset({2}), False)
    assert done.look() == NOTHING


def test_a_list_is_not_read_anew_for_each_scale_bar(project: Project) -> None:
    """Of a large project that would take every window a second, for every image."""
    done = OthersDone(project, "ada")
    project.set_pixel_size(0.1, images=[1], who="bob")
    project.undo("bob")
    project.redo("bob")
    assert done.look() == NOTHING
    project.exclude(images=[1], why="blurred", who="bob")
    assert done.look() == Done(frozenset(), True)
    project.undo("bob")
    assert done.look() == Done(frozenset(), True)
    project.set_pixel_size(0.1, who="bob")
    assert done.look() == Done(frozenset(), True)


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)
def test_who_began_first_and_ends_last_is_told_too(project: Project) -> None:
    done = OthersDone(project, "ada")
    with Project.open(project.folder) as bob, Project.open(project.folder) as eve:
        with bob.transaction():
            bob.place(1, 0, (1, 2), who="bob")
            eve.place(2, 0, (1, 2), who="eve")
            assert done.look() == Done(frozenset({2}), False)
        assert done.look() == Done(frozenset({1}), False)


def test_what_one_did_elsewhere_is_told_as_what_others_did(project: Project) -> None:
    done = OthersDone(project, "ada")
    with Project.open(project.folder) as command:
        command.place(2, 0, (1, 2), who="ada")
    project.place(1, 0, (1, 2), who="ada")
    assert done.look() == Done(frozenset({2}), False)
    assert done.look() == NOTHING
