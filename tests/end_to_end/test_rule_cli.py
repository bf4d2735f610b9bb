"""annotator rule: what it says once proposals were replaced, and once nothing is left."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.store import GroupRule, GroupsBy, InstanceState, Making, Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

LABELLED, WAITING = 12, 8
POINTS = np.array([[20.0, 20.0], [60.0, 20.0], [40.0, 60.0]])


class Facts:
    width = height = 80

    def __init__(self, number: int) -> None:
        self.sha256 = f"{number:064x}"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Of twelve proposals people have left all as they were; eight more wait."""
    scheme = Scheme("trio", ("left", "right", "chin"), normaliser=(0, 1))
    with Project.create(tmp_path / "trios", scheme) as project:
        project.set_group_rule(GroupRule(GroupsBy.NOTHING), who="ada")
        for number in range(LABELLED + WAITING):
            image = project.add_image(tmp_path / f"{number}.png", Facts(number))
            record = project.add_instance(image.id, Box(40, 40, 60, 60), who="ada")
            propose(project, record.id, POINTS)
            if number < LABELLED:
                marks = [Provenance.INFERRED] * 3
                project.accept(record.id, Shape(POINTS, None, marks), who="ada")
        yield project


def propose(project: Project, instance_id: int, points: np.ndarray) -> None:
    making = Making("heatmap 1", 10, float("inf"), 60 * np.eye(2))
    unsure = np.tile(np.eye(2), (3, 1, 1))
    said = {"predicted_error": 2.0, "model": "heatmap", "making": making, "own": True}
    project.store_proposal(instance_id, points, unsure, **said)


def said(project: Project, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    asked = ["--visible", "7", "--share", "34", "--confidence", "60"]
    assert run(["rule", str(project.folder), *asked, *options]) == 0
    return " ".join(capsys.readouterr().out.split())


def check_all(project: Project, capsys: pytest.CaptureFixture[str]) -> str:
    told = said(project, capsys)
    while "Drawn:" in told:
        drawn = int(told.split("instance ")[-1].split(".")[0])
        project.accept(drawn, Shape(POINTS), who="ada")
        told = said(project, capsys, "--right")
    return told


def waiting(project: Project) -> list[int]:
    return [one.id for one in project.instances() if one.state is InstanceState.UNTOUCHED]


def test_what_was_replaced_after_the_checks_is_told_and_left(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_all(project, capsys).endswith("--apply accepts the rest.")
    left = waiting(project)
    propose(project, left[0], POINTS + 1)
    told = said(project, capsys, "--apply")
    assert f"{len(left) - 1} shapes accepted by rule. 1 proposal was replaced since" in told
    assert told.endswith("--anew draws from the proposals of now.")
    assert waiting(project) == left[:1]


def test_checks_of_what_was_replaced_are_told_apart(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    said(project, capsys)
    for instance_id in waiting(project):
        propose(project, instance_id, POINTS + 0.5)
    told = check_all(project, capsys)
    assert "count as wrong as the proposal had been replaced." in told


def test_once_all_is_accepted_nothing_is_left(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    check_all(project, capsys)
    said(project, capsys, "--apply")
    assert said(project, capsys).endswith("Nothing is left to accept.")


def test_what_was_begun_is_given_up(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rule", str(project.folder), "--give-up"]) != 0
    capsys.readouterr()
    drawn = int(said(project, capsys).split("instance ")[-1].split(".")[0])
    project.accept(drawn, Shape(POINTS), who="ada")
    said(project, capsys, "--right")
    told = said(project, capsys, "--give-up")
    assert told.startswith("Given up after 1 check. What was checked stays accepted")
    assert project.instance(drawn).state is InstanceState.ACCEPTED
    assert "0 checked" in said(project, capsys), "another batch is drawn"


def test_its_limit_may_be_in_millimetres(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Forty pixels of a tenth of a millimetre are the normaliser."""
    project.set_pixel_size(0.1, who="ada")
    asked = ["--visible", "0.2mm", "--share", "34", "--confidence", "60"]
    assert run(["rule", str(project.folder), *asked]) == 0
    told = capsys.readouterr()
    assert "0.2 mm are 5.00 % of 4.0 mm" in told.err
    assert "a visible error above 5 % of the normaliser" in " ".join(told.out.split())


@pytest.mark.parametrize("beside", ["--right", "--apply"])
def test_what_is_drawn_anew_is_neither_right_nor_applied(
    project: Project, capsys: pytest.CaptureFixture[str], beside: str
) -> None:
    check_all(project, capsys)
    asked = ["--visible", "7", "--share", "34", "--confidence", "60"]
    assert run(["rule", str(project.folder), *asked, "--anew", beside]) == 2
    capsys.readouterr()
    assert said(project, capsys).endswith("--apply accepts the rest.")


def test_other_numbers_than_those_of_what_is_drawn_are_not_passed_over_without_a_word(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    said(project, capsys)
    asked = ["--visible", "5", "--share", "34", "--confidence", "60"]
    assert run(["rule", str(project.folder), *asked]) == 0
    told = capsys.readouterr()
    assert "above 7 %" in " ".join(told.out.split())
    assert "judged by the numbers it was drawn for" in told.err
    assert run(["rule", str(project.folder)]) == 0
    assert "judged by" not in capsys.readouterr().err, "nobody asked for any"
