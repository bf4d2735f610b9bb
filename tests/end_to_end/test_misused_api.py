"""What scripts pass that is not quite what is asked for: taken where it is clear, else refused with
what was wrong, before anything has happened."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import landmark_annotator as la
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.projects.samples import create_sample_project
from tests.known_priors import blindly


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[la.Project]:
    with create_sample_project(tmp_path_factory.mktemp("api") / "heads") as project:
        yield project


@pytest.fixture(scope="module")
def proposal(heads: la.Project) -> la.Proposal:
    """Of the labelled shapes alone: to learn from their images takes longer than all tests here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PriorModel, "load", blindly)
        return next(la.propose(heads))[1]


@pytest.mark.parametrize(
    ("clicks", "said"),
    [
        ({68: (1, 2)}, "0 to 67"),
        ({-1: (1, 2)}, "from 0 on"),
        ({"nose tip": (1, 2)}, r"scheme\.index"),
        ({30.5: (1, 2)}, "whole number"),
        ({30: (1, 2, 3)}, r"\(x, y\)"),
        ({30: "here"}, "numbers"),
        ({30: (np.nan, 2)}, "finite"),
        ([(30, (1, 2))], "dict"),
        (None, "dict"),
    ],
)
def test_clicks_that_are_none_are_refused(proposal: la.Proposal, clicks: Any, said: str) -> None:
    with pytest.raises(la.ActionableError, match=said):
        la.condition(proposal, clicks)


def test_landmarks_by_numbers_of_any_kind_are_the_same_ones(proposal: la.Proposal) -> None:
    points = [la.condition(proposal, {key: (1, 2)}).points for key in (30, 30.0, np.int64(30))]
    np.testing.assert_array_equal(points[0], points[1])
    np.testing.assert_array_equal(points[0], points[2])


@pytest.mark.parametrize(
    "asked",
    [
        {"confidence": 100},
        {"confidence": 0.95},
        {"share": 100},
        {"share": "2"},
        {"visible": 0},
        {"seed": -1},
        {"seed": "x"},
    ],
)
def test_what_cannot_be_certified_draws_nothing(heads: la.Project, asked: dict[str, Any]) -> None:
    with pytest.raises(la.ActionableError):
        la.certify(heads, who="rex", **asked)
    assert heads.certificate("accepted") is None


def test_one_instance_stands_for_a_list_of_one(heads: la.Project) -> None:
    one = next(la.instances(heads, "accepted"))
    assert one.labelled
    assert la.arrays(one).ids.tolist() == [one.id]
    assert len(la.dataset(heads, one)) == 1
    assert [each.id for each, _ in la.propose(heads, one)] == [one.id]


def test_no_instance_makes_empty_arrays() -> None:
    assert la.arrays([]).points.shape == (0, 0, 2)
    assert la.arrays([], 5).visibility.shape == (0, 5)


@pytest.mark.parametrize("chosen", [[1, 2], "all", 5])
@pytest.mark.parametrize("function", [la.dataset, la.propose, lambda _, chosen: la.arrays(chosen)])
def test_what_is_no_instance_is_refused(
    heads: la.Project, function: Callable[..., Any], chosen: Any
) -> None:
    with pytest.raises(la.ActionableError, match="Instances are needed"):
        list(function(heads, chosen))


def test_states_go_by_their_texts(heads: la.Project) -> None:
    by_text = [record.id for record, _ in heads.shapes("accepted")]
    assert by_text == [record.id for record, _ in heads.shapes(la.InstanceState.ACCEPTED)]
    with pytest.raises(la.ActionableError, match='mean "accepted"'):
        heads.shapes("acepted")


@pytest.mark.parametrize("size", [0, -1, 96.5, "96", (96, 96)])
def test_a_dataset_has_crops_of_some_size(heads: la.Project, size: Any) -> None:
    with pytest.raises(la.ActionableError, match="side of a crop"):
        la.dataset(heads, size=size)


def test_samples_are_counted_from_the_end_too(heads: la.Project) -> None:
    samples = la.dataset(heads, size=32.0)  # type: ignore[arg-type] # what scripts pass
    assert samples[-1]["key"] == samples[len(samples) - 1]["key"]
    for wrong in (len(samples), -len(samples) - 1):
        with pytest.raises(IndexError):
            samples[wrong]
    with pytest.raises(la.ActionableError, match="number of a sample"):
        samples[0:2]  # type: ignore[index] # what scripts pass


def test_a_number_of_points_is_a_whole_one(heads: la.Project) -> None:
    assert la.sparse_format(heads, 3.0).landmarks == la.sparse_format(heads, 3).landmarks  # type: ignore[arg-type]
    for wrong in (3.5, "3", [3]):
        with pytest.raises(la.ActionableError, match="whole number"):
            la.sparse_format(heads, wrong)  # type: ignore[arg-type] # what scripts pass


def test_splits_and_mappings_go_by_their_texts(heads: la.Project, tmp_path: Path) -> None:
    found = la.export_set(heads, tmp_path / "a.json", format="coco", split="80/20", mapping="mafl5")
    assert set(found.parts) == {"train", "test"}
    asked = la.Split((80, 20))
    again = la.export_set(heads, tmp_path / "b.json", format="coco", split=asked)
    assert {name: part.images for name, part in found.parts.items()} == {
        name: part.images for name, part in again.parts.items()
    }
    labels = (tmp_path / "a-train.json").read_text(encoding="utf-8")
    with la.Project.create(tmp_path / "again", "face68") as project:
        la.import_labels(project, tmp_path / "a-train.json", who="ada", mapping="mafl5")
        assert np.isfinite(next(la.instances(project)).shape.points).sum() < 10
    for wrong in ("80/21", (80, 21), (0.8, 0.2), 80, "most"):
        with pytest.raises(la.ActionableError, match="percentages"):
            la.export_set(heads, tmp_path / "a.json", format="coco", split=wrong)  # type: ignore[arg-type]
    with pytest.raises(la.ActionableError, match="mafl5"):
        la.export_labels(heads, tmp_path / "a-train.json", format="coco", mapping="mafl6")
    assert (tmp_path / "a-train.json").read_text(encoding="utf-8") == labels


@pytest.mark.parametrize("scheme", ["face86", None, ["a", "b"]])
def test_what_is_no_scheme_makes_no_folder(tmp_path: Path, scheme: Any) -> None:
    with pytest.raises(la.ActionableError, match="scheme"):
        la.Project.create(tmp_path / "some" / "faces", scheme)
    with pytest.raises(la.ActionableError, match="text"):
        la.Project.create(tmp_path / "some" / "faces", "face68", 5)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_labels_go_over_nothing_else(heads: la.Project, tmp_path: Path) -> None:
    thesis, folder = tmp_path / "thesis.json", tmp_path / "faces"
    thesis.write_text('{"chapters": 5}')
    folder.mkdir()
    (folder / "data.yaml").write_text("mine: 1")
    for target, format in ((thesis, "coco"), (folder, "yolo")):
        with pytest.raises(la.ActionableError, match="would be overwritten"):
            la.export_labels(heads, target, format=format)
    assert thesis.read_text() == '{"chapters": 5}'
    assert [path.name for path in folder.rglob("*")] == ["data.yaml"]
    thesis.write_text("")  # as a temporary file is made
    for _ in range(2):
        assert la.export_labels(heads, thesis, format="coco").instances
        assert la.export_labels(heads, tmp_path / "yolo", format="yolo").instances


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("instances takes as project a Project, not", lambda p: la.instances(p.folder)),
        (
            "shapes takes as among a list of whole numbers or None, not 3",
            lambda p: p.shapes(among=3),
        ),
        ("image_id.* a whole number, not 10000", lambda p: p.image(10**30)),
        ("exclude takes as images", lambda p: p.exclude(images=1, why="blurred", who="ada")),
        ("exclude takes as why a text", lambda p: p.exclude(images=[1], why=None, who="ada")),
        ("takes as image_ids", lambda p: la.export_labels(p, "a", format="csv", image_ids=1)),
        (
            "takes as whose a WhoseLabels",
            lambda p: la.export_labels(p, "a", format="csv", whose="ada"),
        ),
        ("way to name images", lambda p: la.export_set(p, "a", format="csv", naming="there")),
        ("takes as progress a Progress", lambda p: la.export_set(p, "a", format="csv", progress=5)),
        ("no verdict", lambda p: p.review(p.instances()[0].id, "fine", who="ada")),
        ("no visibility", lambda p: p.set_visibility(p.instances()[0].id, 3, "hiden", who="ada")),
        ("no visibility", lambda p: p.set_visibility(p.instances()[0].id, 3, 2.5, who="ada")),
        ("no provenance", lambda p: p.place(1, 3, (1, 2), provenance="guessed", who="ada")),
        ("no role", lambda p: p.set_person("bob", "boss", who="ada")),
        ("no state", lambda p: p.listed(["done"])),
        ("accept_sheet takes as shapes a dict", lambda p: p.accept_sheet([1], who="ada")),
        ("seen a whole number or None", lambda p: p.clear(1, 3, who="ada", seen="now")),
    ],
)
def test_what_an_argument_is_not_is_said(
    heads: la.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, call: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    entries = len(list(heads.journal()))
    with pytest.raises(la.ActionableError, match=said):
        list(call(heads))
    assert len(list(heads.journal())) == entries
    assert not list(tmp_path.iterdir())


def test_a_mistake_of_our_own_stays_one(heads: la.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors are told over what was passed, not over what any function does with it."""
    monkeypatch.setattr("landmark_annotator.projects.store.rows.images.image", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        heads.image(1)
    with pytest.raises(TypeError, match="missing"):
        heads.exclude()  # type: ignore[call-arg] # what scripts pass


def test_verdicts_marks_and_ways_are_taken_by_their_texts(tmp_path: Path) -> None:
    with create_sample_project(tmp_path / "heads") as project:
        first, second = [record.id for record, _ in project.shapes()][:2]
        project.review(first, "accepted", who="ada")  # type: ignore[arg-type] # what scripts pass
        project.review(second, "sent back", "the jaw", who="ada")
        assert project.instance(second).state is la.InstanceState.STARTED
        assert set(project.reviews(verdict="sent back")) == {second}
        project.set_visibility(first, 30, "occluded", who="ada")  # type: ignore[arg-type]
        assert project.shape(first).visibility[30] == la.Visibility.OCCLUDED
        points, spread = project.shape(first).points.tolist(), np.zeros((68, 2, 2)).tolist()
        project.store_proposal(second, points, spread, predicted_error=None, model="mine")
        np.testing.assert_array_equal(project.proposals(second)[-1].points, points)
        la.export_labels(project, tmp_path / "a.csv", format="csv", naming="absolute")
        assert str(project.images()[0].path) in (tmp_path / "a.csv").read_text()
        assert project.set_person("bob", "lead", who="bob").role == "lead"


def test_a_name_that_is_no_text_is_not_known() -> None:
    with pytest.raises(la.ActionableError, match="no built-in scheme"):
        la.Scheme.named(None)  # type: ignore[arg-type] # what scripts pass


def test_what_is_no_landmark_shape_or_box_is_stored_nowhere(heads: la.Project) -> None:
    one = next(la.instances(heads, "untouched"))
    points, entries = np.zeros((68, 2)), len(list(heads.journal()))
    refused: tuple[tuple[str, Callable[[Any], Any], Any], ...] = (
        ("number of a landmark", lambda v: heads.place(one.id, v, (1, 2), who="ada"), "nose tip"),
        ("number of a landmark", lambda v: heads.clear(one.id, v, who="ada"), 3.5),
        ("A Shape is needed", lambda v: heads.accept(one.id, v, who="ada"), points),
        ("A Shape is needed", lambda v: heads.accept(one.id, v, who="ada"), None),
        ("A Box is needed", lambda v: heads.set_box(one.id, v, who="ada"), (1, 2, 3, 4)),
        ("A Box is needed", lambda v: heads.add_instance(one.image.id, v, who="ada"), (1, 2, 3, 4)),
    )
    for said, action, value in refused:
        with pytest.raises(la.ActionableError, match=said):
            action(value)
    assert len(list(heads.journal())) == entries
    assert len(heads.instances_of(one.image.id)) == 1
