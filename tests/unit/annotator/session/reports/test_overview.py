"""How a project goes, over time."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.reports.overview import RECENT, moving_mean, overview
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceState, Project, Verdict
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("bar", ("start", "end"))
SHAPE = Shape(np.array([[0.0, 0.0], [10.0, 0.0]]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One imported, one labelled with two clicks, one taken back, one that nobody touched."""
    folder = tmp_path / "bars"
    with Project.create(folder, SCHEME) as project:
        ids = []
        for n in range(4):
            image = project.add_image(folder / f"{n}.png", ImageFacts(100, 80, str(n)))
            shape = SHAPE if n == 0 else None
            box = Box(5, 0, 12, 12)
            ids.append(project.add_instance(image.id, box, shape=shape, who="import").id)
        for landmark in (0, 1):
            project.place(ids[1], landmark, (1, 2), who="ada", duration=2.0)
        project.accept(ids[1], SHAPE, who="ada", duration=1.0)
        project.review(ids[1], Verdict.ACCEPTED, who="rex", duration=5.0)
        project.accept(ids[2], SHAPE, who="ada")
        project.undo("ada")
        project.flag(ids[3], who="ada")
    return folder


def test_what_a_person_has_finished_counts_with_what_it_took(folder: Path) -> None:
    [finished] = overview(folder).finished
    assert (finished.who, finished.clicks, finished.seconds) == ("ada", 2, 5.0)


def test_what_was_spent_by_then_is_what_all_have_spent_on_anything(folder: Path) -> None:
    with Project.open(folder) as project:
        last = project.instances()[3].id
        project.place(last, 0, (1, 2), who="ada", duration=2.0)
        project.place(last, 0, (1, 3), who="ada", duration=2.0)
        project.accept(last, SHAPE, who="ada", duration=1.0)
        project.review(last, Verdict.SENT_BACK, "look again", who="rex", duration=3.0)
        project.accept(project.instances()[2].id, SHAPE, who="ada", duration=1.0)
    found = overview(folder)
    assert found.finished[-1].so_far == pytest.approx(found.ledger.spent.seconds)
    assert found.finished[-1].so_far > sum(one.seconds for one in found.finished) + 5


def test_states_and_verdicts_are_counted(folder: Path) -> None:
    found = overview(folder)
    assert found.counts[InstanceState.ACCEPTED] == 2
    assert (found.total, found.passed, found.sent_back, found.flagged) == (4, 1, 0, 1)


def test_what_was_sent_back_counts_until_it_is_accepted_again(folder: Path) -> None:
    with Project.open(folder) as project:
        first = project.instances()[0].id
        project.review(first, Verdict.SENT_BACK, "look again", who="rex")
    assert overview(folder).sent_back == 1
    with Project.open(folder) as project:
        project.accept(first, SHAPE, who="ada")
    assert overview(folder).sent_back == 0


def test_a_moving_mean_begins_with_what_there_is() -> None:
    values = np.arange(RECENT + 2.0)
    found = moving_mean(values)
    assert found[0] == 0
    assert found[1] == pytest.approx(0.5)
    assert found[-1] == pytest.approx(values[-RECENT:].mean())
