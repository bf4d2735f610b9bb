"""What a change of the scheme does to a project is said before it is done, and then it is so."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.setup.scheme_change import (
    Affected,
    SchemeChangePreview,
    change_with_backup,
    named,
    preview_change,
)
from landmark_annotator.projects.store import InstanceState, Plan, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, SchemeChange, Shape


class Facts:
    def __init__(self, name: str) -> None:
        self.sha256, self.width, self.height = name, 60, 40


BAR = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
SAME = SchemeChange.none(BAR)


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Project]:
    """Three accepted shapes, one with a landmark alone, one second opinion that nobody gave."""
    with Project.create(tmp_path / "bars", BAR) as project:
        points = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])
        for n in range(4):
            image = project.add_image(project.folder / f"{n}.png", Facts(str(n)))
            shape = Shape(points if n < 3 else points * [[1], [np.nan], [np.nan]])
            project.add_instance(image.id, Box(30, 20, 50, 50), shape=shape, who="ada")
        first = project.instances()[0]
        project.add_instance(first.image_id, first.box, second_opinion_on=first.id, who="ada")
        yield project


def trained(project: Project, landmarks: tuple[str, ...]) -> None:
    folder = project.folder / "models" / "heatmap"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(json.dumps({"scheme": {"landmarks": landmarks}}))


def preview(project: Project, change: SchemeChange) -> SchemeChangePreview:
    return preview_change(Affected.of(project), change)


def said(project: Project, change: SchemeChange) -> str:
    return " ".join(preview(project, change).sentences)


def test_what_is_added_reopens_as_many_as_the_preview_says(bars: Project) -> None:
    change = SAME.add("knot")
    foreseen = preview(bars, change)
    assert foreseen.reopened == 3
    assert "3 accepted shapes will be open again, to be completed by knot" in said(bars, change)

    change_with_backup(bars, change, "lead")

    assert bars.count_of(InstanceState.ACCEPTED) == 0


def test_what_goes_is_counted_by_landmark(bars: Project) -> None:
    change = SAME.remove(2).remove(0)
    assert preview(bars, change).hidden == (("start", 4), ("end", 3))
    assert "7 stored positions will be hidden (4 of start and 3 of end)" in said(bars, change)


def test_another_order_moves_no_label(bars: Project) -> None:
    assert said(bars, SAME.move(2, 0)) == "In another order. Every label stays as it is."


def test_a_new_name_is_said_with_the_old_one(bars: Project) -> None:
    assert "Renamed: end to tip." in said(bars, SAME.rename(2, "tip"))


def test_a_trained_model_no_longer_fits_and_the_prior_proposes(bars: Project) -> None:
    trained(bars, BAR.landmarks)
    found = preview(bars, SAME.remove(1))
    assert [model.name for model in found.unfit] == ["heatmap"]
    sentence = found.sentences[-1]
    assert sentence.startswith("The heat-map network knows the landmarks as they are now")
    assert sentence.endswith("Until then the prior from labelled shapes proposes.")


def test_nothing_is_proposed_where_no_shape_stays_complete(bars: Project) -> None:
    assert "Nothing is proposed before shapes are complete" in said(bars, SAME.add("knot"))


def test_what_errors_were_divided_by_may_go_with_a_landmark(bars: Project) -> None:
    assert "in % of the box's diagonal" in said(bars, SAME.remove(0))
    assert "diagonal" not in said(bars, SAME.remove(1))


def test_what_said_where_objects_point_may_go_with_a_landmark(bars: Project) -> None:
    pointing = SAME.head((0, 2))
    bars.change_scheme(pointing, who="lead")
    change = SchemeChange.none(bars.scheme)
    assert "count as upright" in said(bars, change.remove(2))


def test_a_model_of_the_same_landmarks_goes_on(bars: Project) -> None:
    trained(bars, BAR.landmarks)
    found = preview(bars, SAME.switch_edge(0, 1))
    assert found.unfit == ()


def test_a_model_that_did_not_fit_before_is_not_blamed_on_the_change(bars: Project) -> None:
    trained(bars, ("other",))
    assert preview(bars, SAME.remove(1)).unfit == ()


def test_the_plan_loses_what_goes(bars: Project) -> None:
    bars.set_plan(Plan("m2", (0, 2)), who="lead")
    assert "The plan loses end and keeps 1 landmark." in said(bars, SAME.remove(2))


def test_open_second_opinions_are_asked_for_what_is_new(bars: Project) -> None:
    assert "1 open second opinion will be asked for knot as well." in said(bars, SAME.add("knot"))


def test_no_change_says_so(bars: Project) -> None:
    assert said(bars, SAME) == "Nothing is changed yet."


def test_the_copy_is_of_the_project_before_the_change(bars: Project, tmp_path: Path) -> None:
    _, copy = change_with_backup(bars, SAME.add("knot"), "lead")
    assert copy is not None

    before = tmp_path / "before"
    before.mkdir()
    copy.rename(before / "project.db")
    with Project.open(before) as old:
        assert old.scheme == BAR
        assert old.count_of(InstanceState.ACCEPTED) == 3


def test_many_names_are_counted() -> None:
    assert named([str(n) for n in range(6)]) == "0, 1, 2, 3 and 2 more"
    assert named(["a", "b", "c"]) == "a, b and c"
