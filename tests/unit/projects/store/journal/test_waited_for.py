"""What somebody else does to one of many objects while an action on all of them waits for it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import kites
import pytest

from landmark_annotator.projects.store import ImageRecord, InstanceState, Project

HERE = (1.0, 2.0)


@pytest.fixture
def four(project: Project, add_image: Callable[[str], ImageRecord]) -> list[int]:
    images = [add_image(f"{name}.png").id for name in "abcd"]
    return [project.add_instance(image, kites.BOX, who="import").id for image in images]


@pytest.mark.parametrize("project", ["postgresql"], indirect=True)  # to a file one writes at a time
def test_what_somebody_does_while_the_rows_are_waited_for_is_there_after_an_undo(
    project: Project, four: list[int]
) -> None:
    """Bob's click on the last one is not done yet when Ada accepts all of them."""
    clicked, never = threading.Event(), threading.Event()

    def click() -> None:
        with Project.open(project.folder) as other, other.transaction():
            other.place(four[-1], kites.TAIL, HERE, who="bob")
            clicked.set()
            never.wait(0.7)  # Ada waits for this row by then

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(click)
        assert clicked.wait(10)
        project.accept_sheet(dict.fromkeys(four, kites.ACCEPTED), who="ada")
        done.result()
    assert project.shape(four[-1]).points == pytest.approx(kites.POINTS)
    project.undo("ada")
    assert project.shape(four[-1]).points[kites.TAIL].tolist() == [*HERE]
    assert project.instance(four[-1]).state is InstanceState.STARTED
