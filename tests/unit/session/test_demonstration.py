"""The demo project: every view has something to show."""

from collections.abc import Iterator

import pytest

from annotator.session.agreement import agreements
from annotator.session.demonstration import furnish
from projects.samples import create_demo_project, demo_project, demo_truth, rendered_heads
from projects.store import InstanceState, Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Of 48 of the heads."""
    few = rendered_heads()[:48]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_project, "rendered_heads", lambda: few)
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
