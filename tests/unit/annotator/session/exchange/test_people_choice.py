"""The labels of one person, or one shape from those of several, in an export."""

import csv
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.exchange.export_choice import (
    ExportChoice,
    export_as_chosen,
)
from landmark_annotator.projects.exchange.transfer.export_set import SetReport
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project, Role, accept_by_rule
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

SCHEME = Scheme("bar", ("start", "end"), normaliser=(0, 1))
POINTS = np.array([[10.0, 20.0], [50.0, 20.0]])
BOX = Box(30, 20, 50, 50)


facts = partial(ImageFacts, 80, 60)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The first of two images was labelled by two people, four pixels apart."""
    with Project.create(tmp_path / "bars", SCHEME) as project:
        for name in ("a.png", "b.png"):
            project.add_image(tmp_path / name, facts(name))
        for image, who, by in ((1, "ada", 0.0), (1, "bob", 4.0), (2, "ada", 0.0)):
            project.add_instance(image, BOX, shape=Shape(POINTS + by), who=who)
        yield project


def rows(project: Project, target: Path, **choice: object) -> list[dict[str, str]]:
    chosen = ExportChoice("csv", target, **choice)  # type: ignore[arg-type]
    export_as_chosen(project, chosen, SILENT)
    with target.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_one_persons_labels_are_theirs_alone(project: Project, tmp_path: Path) -> None:
    found = rows(project, tmp_path / "out.csv", annotator="bob")
    assert [row["annotator"] for row in found] == ["bob"]
    assert float(found[0]["start.x"]) == 14.0


def test_what_others_have_begun_is_not_one_persons(project: Project, tmp_path: Path) -> None:
    for x, who in ((11.0, "ada"), (12.0, "bob")):
        begun = project.add_instance(2, BOX, who="lea")
        project.place(begun.id, 0, (x, 20.0), who=who)
    found = rows(project, tmp_path / "out.csv", annotator="bob", all_labels=True)
    assert [float(row["start.x"]) for row in found] == [14.0, 12.0]


def test_what_a_rule_accepted_is_nobodys(project: Project, tmp_path: Path) -> None:
    waiting = project.add_instance(2, BOX, who="lea")
    accept_by_rule(project, {waiting.id: Shape(POINTS)}, who="lea")
    found = rows(project, tmp_path / "out.csv", annotator="bob")
    assert [row["annotator"] for row in found] == ["bob"]
    [sheet] = tmp_path.glob("*.datasheet.json")
    told = json.loads(sheet.read_text())["people"]
    assert told == "Labels of bob alone. Left out: 1 shape accepted by rule."


def test_the_consensus_is_one_shape_an_object(project: Project, tmp_path: Path) -> None:
    found = rows(project, tmp_path / "out.csv", consensus=True)
    assert [(row["annotator"], round(float(row["start.x"]), 6)) for row in found] == [
        ("consensus of ada and bob", 12.0),
        ("ada", 10.0),
    ]


def test_what_went_into_a_consensus_is_not_said_to_be_left_out(
    project: Project, tmp_path: Path
) -> None:
    def report(**choice: object) -> SetReport:
        chosen = ExportChoice("csv", tmp_path / "out.csv", **choice)  # type: ignore[arg-type]
        return export_as_chosen(project, chosen, SILENT)

    together, one = report(consensus=True), report(annotator="ada")
    assert (together.instances, together.merged) == (2, 1)
    assert not any("not taken" in note for note in together.notes)
    assert (one.instances, one.merged) == (2, 0)
    assert any("was not taken" in note for note in one.notes)


def test_the_data_sheet_says_whose_they_are(project: Project, tmp_path: Path) -> None:
    rows(project, tmp_path / "out.csv", annotator="ada")
    sheet = json.loads((tmp_path / "out.datasheet.json").read_text())
    assert sheet["people"] == "Labels of ada alone."
    assert sheet["parts"]["all"]["instances"] == 2
    assert "Labels of ada alone." in (tmp_path / "out.datasheet.md").read_text()


def test_somebody_who_has_labelled_nothing_is_named(project: Project, tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match='"cy" has labelled nothing') as error:
        rows(project, tmp_path / "out.csv", annotator="cy")
    assert error.value.remedy == "These have labelled: ada, bob."
    assert not (tmp_path / "out.csv").exists()


def test_who_labels_blindly_exports_nothing_of_the_other_person(
    project: Project, tmp_path: Path
) -> None:
    for name, role in (("lea", Role.LEAD), ("ada", Role.ANNOTATOR), ("cy", Role.ANNOTATOR)):
        project.set_person(name, role, who="lea")
    project.add_instance(2, BOX, second_opinion_on=3, who="lea")
    found = {who: len(rows(project, tmp_path / "out.csv", who=who)) for who in ("ada", "cy", "lea")}
    assert found == {"ada": 3, "cy": 2, "lea": 3}
    rows(project, tmp_path / "out.csv", who="cy")
    sheet = json.loads((tmp_path / "out.datasheet.json").read_text())
    assert "1 labelling of objects that two people label" in sheet["people"]
