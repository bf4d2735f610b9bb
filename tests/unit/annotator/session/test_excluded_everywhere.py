"""Whatever the session reads of a project, it is without what was excluded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.evaluation.simulated_project import (
    Settings,
    plan_simulation,
)
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.annotator.session.models.proposers import proposer_recipe
from landmark_annotator.annotator.session.models.training import (
    labelled_instances,
    placed_instances,
)
from landmark_annotator.annotator.session.planning.offer import labelled_shapes
from landmark_annotator.annotator.session.reports.overview import overview
from landmark_annotator.annotator.session.reports.project_glance import glance_at
from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.annotator.session.review.open_issues import remarks
from landmark_annotator.annotator.session.review.review_queue import review_queue
from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions
from landmark_annotator.projects.budgets.ledger import ledger
from landmark_annotator.projects.exchange import Split, export_labels, export_set
from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.vocabulary import SILENT, Provenance


@pytest.fixture
def labelled(project: Project) -> list[InstanceRecord]:
    """Twelve; each was clicked once, flagged, and labelled by a second person as well."""
    found = project.instances()[:12]
    with project.transaction():
        for record in found:
            shape = project.shape(record.id)
            for who in ("ada", "bob"):
                if who == "bob":
                    box, about = record.box, record.id
                    other = project.add_instance(
                        record.image_id, box, second_opinion_on=about, who=who
                    )
                    project.accept(other.id, shape.with_provenance(Provenance.CLICKED), who=who)
                else:
                    project.place(record.id, 0, shape.points[0], who=who, duration=2.0)
                    project.accept(record.id, shape, who=who, duration=1.0)
            project.flag(record.id, "look", who="ada")
    return found


def exported(project: Project) -> int:
    return export_labels(project, project.folder / "out.csv", format="csv").instances


def pairs(project: Project) -> int:
    return sum(len(found.pairs) for found in agreements(project))


READERS: dict[str, tuple[Callable[[Project], int], int]] = {
    "training": (lambda p: len(labelled_instances(p)), 2),
    "sparse training": (lambda p: len(placed_instances(p)), 2),
    "prior": (lambda p: len(proposer_recipe(p).labelled), 2),
    # An object that two people have labelled counts once.
    "budget": (lambda p: len(labelled_shapes(p)[0]), 1),
    "dashboard": (lambda p: overview(p.folder).total, 2),
    "finished": (lambda p: len(overview(p.folder).finished), 2),
    "open flags": (lambda p: overview(p.folder).flagged, 1),
    "glance": (lambda p: glance_at(p.folder).instances, 2),
    "agreement": (pairs, 1),
    "review": (lambda p: review_queue(p).waiting, 2),
    "remarks": (lambda p: len(remarks(p)), 1),
    "export": (exported, 2),
}
"""How much each finds, and by how much less once the image of one object is excluded, which two
people have labelled."""


@pytest.mark.parametrize("name", READERS)
def test_nothing_counts_or_uses_an_excluded_image(
    project: Project, labelled: list[InstanceRecord], name: str
) -> None:
    reader, less = READERS[name]
    before = reader(project)
    project.exclude(images=[labelled[3].image_id], why="blurred", who="ada")
    assert reader(project) == before - less


def test_what_waits_is_forecast_without_it(project: Project, waiting: InstanceRecord) -> None:
    before = ledger(project).remaining
    project.exclude(instances=[waiting.id], why="blurred", who="ada")
    assert ledger(project).remaining == before - 1


def test_the_forecast_does_not_learn_from_it(
    project: Project, labelled: list[InstanceRecord]
) -> None:
    for record in labelled[1:]:
        project.exclude(images=[record.image_id], why="blurred", who="ada")
    assert ledger(project).forecast is None


def test_what_it_took_is_spent_all_the_same(
    project: Project, labelled: list[InstanceRecord]
) -> None:
    before = ledger(project).spent
    project.exclude(images=[labelled[3].image_id], why="blurred", who="ada")
    assert ledger(project).spent == before


def test_no_model_proposes_for_it(project: Project, waiting: InstanceRecord) -> None:
    project.exclude(instances=[waiting.id], why="blurred", who="ada")
    propose_all(project, SILENT)
    assert project.proposal(waiting.id) is None


def test_it_is_not_labelled_again_by_a_simulated_hand(project: Project) -> None:
    project.exclude(instances=[1, 2, 3], why="blurred", who="ada")
    plan = plan_simulation(project, Settings("mixture", "worst", clicks=1, limit=100, seed=0))
    assert len(plan.ids) == len(plan.tasks) == 9
    assert {1, 2, 3}.isdisjoint(plan.ids)


def test_no_second_opinion_is_asked_for(project: Project) -> None:
    project.exclude(instances=[1, 2, 3], why="blurred", who="ada")
    added = ask_for_second_opinions(project, 100, seed=0, who="ada")
    about = {project.instance(i).second_opinion_on for i in added}
    assert about.isdisjoint({1, 2, 3})
    assert len(added) == 9


def test_an_excluded_second_opinion_is_not_asked_for_again(
    project: Project, labelled: list[InstanceRecord]
) -> None:
    second = [r.id for r in project.instances() if r.second_opinion_on is not None]
    project.exclude(instances=second, why="blurred", who="ada")
    assert ask_for_second_opinions(project, 100, seed=0, who="ada") == []


def test_the_others_keep_their_keys(project: Project, labelled: list[InstanceRecord]) -> None:
    before = {one.key for one in labelled_instances(project)}
    project.exclude(instances=[labelled[0].id], why="blurred", who="ada")
    assert {one.key for one in labelled_instances(project)} < before


def test_no_other_image_goes_from_one_part_of_a_split_to_another(
    project: Project, tmp_path: Path
) -> None:
    def parts(name: str) -> dict[str, str]:
        report = export_set(
            project, tmp_path / name / "heads.csv", format="csv", split=Split((50, 50), seed=1)
        )
        return {
            line.split(",")[0]: part
            for part, file in report.files.items()
            for line in file.read_text().splitlines()[1:]
        }

    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    before = parts("before")
    project.exclude(images=[1], why="blurred", who="ada")
    after = parts("after")
    assert after.items() < before.items()


def test_the_data_sheet_says_how_many_were_left_out_and_why(
    project: Project, tmp_path: Path
) -> None:
    project.exclude(images=[1, 2], why="no | face", who="ada")
    sheet = export_set(project, tmp_path / "heads.csv", format="csv").sheet
    assert sheet is not None
    assert "## Left out as excluded" in sheet.read_text()
    assert "| no \\| face | 2 | 2 |" in sheet.read_text()


def test_the_data_sheet_is_silent_where_nothing_was(project: Project, tmp_path: Path) -> None:
    sheet = export_set(project, tmp_path / "heads.csv", format="csv").sheet
    assert sheet is not None
    assert "excluded" not in sheet.read_text()
