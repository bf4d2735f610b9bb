"""The demo project: every view has something to show."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.reports.overview import overview
from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.annotator.session.setup import demonstration
from landmark_annotator.annotator.session.setup.demonstration import furnish
from landmark_annotator.projects.samples import create_demo_project, demo_truth, rendered_heads
from landmark_annotator.projects.samples.projects import rendered
from landmark_annotator.projects.store import InstanceState, Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Of 48 of the heads."""
    few = rendered_heads()[:48]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendered, "rendered_heads", lambda: few)
        with create_demo_project(tmp_path_factory.mktemp("demo") / "heads") as made:
            furnish(made, demo_truth(made))
            yield made


def test_some_are_labelled_some_proposed_and_some_untouched(project: Project) -> None:
    waiting = [r for r in project.instances() if r.state is InstanceState.UNTOUCHED]
    proposed = [r for r in waiting if project.proposal(r.id) is not None]
    assert project.count_of(InstanceState.ACCEPTED) > 24
    assert waiting[: len(proposed)] == proposed
    assert 0 < len(proposed) <= len(waiting)


def test_two_people_have_labelled_the_same_objects(project: Project) -> None:
    [found] = agreements(project)
    assert (found.first, found.second) == ("Ada", "Ben")
    assert len(found.pairs) == 8


def test_their_work_is_spread_over_the_days_before_this_one(project: Project) -> None:
    done = [entry for entry in project.journal() if entry.who in ("Ada", "Ben")]
    times = [entry.at for entry in done]
    assert times == sorted(times)
    days = {at.astimezone().date() for at in times}
    today = datetime.now().astimezone().date()
    assert max(days) < today
    assert len(days) >= 3
    found = overview(project.folder)
    assert {effort.day for effort in found.ledger.efforts} == days
    assert (found.finished[-1].at - found.finished[0].at).days >= 1


def test_the_name_says_that_it_is_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = rendered_heads()[:4]
    monkeypatch.setattr(rendered, "rendered_heads", lambda: few)
    monkeypatch.setattr(demonstration, "furnish", lambda *arguments: None)
    demonstration.make_demonstration(tmp_path / "heads")
    with Project.open(tmp_path / "heads", read_only=True) as made:
        assert "made-up work" in made.name


def test_the_two_differ_most_where_nobody_has_told_them_what_to_click(project: Project) -> None:
    [found] = agreements(project)
    worst = [project.scheme.landmarks[i] for i in found.worst_landmarks()[:6]]
    assert sum("brow" in name for name in worst) >= 4
    assert 0.5 < found.nme.mean() < 4.0


def test_the_plan_has_a_sparse_format_and_a_budget_with_spend(project: Project) -> None:
    plan, spend = project.plan(), project.spend()
    assert plan.name == "m9"
    assert len(plan.landmarks) == 9
    assert plan.clicks is not None
    assert 0 < spend.clicks < plan.clicks
    assert spend.seconds > 0


def test_labels_from_the_set_are_exact_and_those_of_people_are_close(project: Project) -> None:
    truth = demo_truth(project)
    for record, shape in project.shapes():
        assert record.box is not None
        off = abs(shape.points - truth[record.id].points).max() / record.box.side
        assert off < 0.06
