"""What was learned of landmarks holds under other names for them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.models.library import ModelLibrary, Origin
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.models.starting_weights import start_from_weights
from landmark_annotator.annotator.session.models.training_schedule import project_training_due
from landmark_annotator.annotator.session.setup.scheme_change import Affected, preview_change
from landmark_annotator.backends.finders import FINDER, load_finder
from landmark_annotator.backends.heatmap.network import HeatmapNetwork
from landmark_annotator.backends.heatmap.pretrained import (
    learned_elsewhere,
    shapes_elsewhere,
    start_from,
)
from landmark_annotator.backends.registry import BACKENDS
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.samples import rendered_heads
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, SchemeChange
from landmark_annotator.projects.vocabulary.errors import ActionableError, WeightsMismatch
from landmark_annotator.projects.vocabulary.scheme_text import scheme_text

BAR = Scheme("bar", ("start", "middle", "end"), edges=((0, 1),))


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "bars", BAR) as project:
        yield project


@pytest.fixture
def heads(tmp_path: Path, face68: Scheme) -> Iterator[Project]:
    with Project.create(tmp_path / "heads", face68) as project:
        yield project


def train(project: Project, landmarks: tuple[str, ...]) -> None:
    """As far as the card."""
    folder = ModelLibrary.of(project).own(BACKENDS[0]).folder
    folder.mkdir(parents=True, exist_ok=True)
    made_for = {"landmarks": landmarks, "version": project.scheme.version}
    (folder / "card.json").write_text(json.dumps({"scheme": made_for}))


def fits(project: Project) -> bool:
    return ModelLibrary.of(project).own(BACKENDS[0]).fits


def learned(project: Project) -> tuple[int, ...] | None:
    """Where the landmarks of the model stand in the scheme."""
    own = ModelLibrary.of(project).own(BACKENDS[0])
    found, made_for = own._learned, own.card["scheme"]
    if found is None:
        return None
    # As the weights are read by the part of the scheme that they are of.
    assert found.after.is_known_as(made_for["landmarks"], made_for["version"])
    return tuple(i for i in found.origins if i is not None)


def change(project: Project, edit: Callable[[SchemeChange], SchemeChange]) -> None:
    project.change_scheme(edit(SchemeChange.none(project.scheme)), who="lead")


def test_a_trained_model_follows_a_name_its_undo_and_another_name(bars: Project) -> None:
    train(bars, BAR.landmarks)
    change(bars, lambda c: c.rename(2, "tip"))
    assert fits(bars)
    change(bars, lambda c: c.rename(2, "point").rename(0, "tip"))
    assert fits(bars)
    bars.undo("lead")
    bars.undo("lead")
    assert bars.scheme.landmarks == BAR.landmarks
    assert fits(bars)


def test_what_was_trained_under_a_name_that_was_undone_goes_on(bars: Project) -> None:
    change(bars, lambda c: c.rename(2, "tip"))
    train(bars, ("start", "middle", "tip"))
    bars.undo("lead")
    assert fits(bars)
    with Project.open(bars.folder, read_only=True) as again:
        assert fits(again)


def test_two_landmarks_that_change_names_stay_where_the_model_has_them(bars: Project) -> None:
    train(bars, BAR.landmarks)
    change(bars, lambda c: c.rename(0, "x").rename(2, "start").rename(0, "end"))
    assert bars.scheme.landmarks == ("end", "middle", "start")
    assert fits(bars)
    # The same names in the same order, and yet others: the two have changed places.
    bars.undo("lead")
    change(bars, lambda c: c.move(2, 0).move(2, 1))
    assert bars.scheme.landmarks == ("end", "middle", "start")
    assert not fits(bars)


def test_a_model_of_some_landmarks_follows_too(bars: Project) -> None:
    train(bars, ("start", "end"))
    change(bars, lambda c: c.rename(0, "beginning"))
    assert learned(bars) == (0, 2)


def refusal(project: Project) -> str:
    with pytest.raises(WeightsMismatch) as refused:
        ModelLibrary.of(project).own(BACKENDS[0]).load()
    assert "Train again: annotator train" in refused.value.remedy
    return refused.value.happened


def test_what_is_wrong_with_a_model_of_some_landmarks_is_said(bars: Project) -> None:
    """That it has fewer than the scheme was told, as if that were it."""
    train(bars, ("start", "end"))
    change(bars, lambda c: c.rename(0, "beginning").move(2, 0))
    assert refusal(bars).endswith(
        'has learned "beginning" before "end", which the scheme now has the other way round.'
    )
    change(bars, lambda c: c.remove(0).add("tip"))
    assert refusal(bars).endswith('has learned "end", which the scheme does not have any more.')


def test_a_name_beside_another_order_leaves_it_behind(bars: Project) -> None:
    train(bars, BAR.landmarks)
    renamed = SchemeChange.none(bars.scheme).rename(1, "centre")
    assert preview_change(Affected.of(bars), renamed).unfit == ()
    moved = renamed.move(2, 0)
    foreseen = preview_change(Affected.of(bars), moved)
    assert [model.name for model in foreseen.unfit] == ["heatmap"]
    bars.change_scheme(moved, who="lead")
    assert not fits(bars)


def test_a_name_beside_a_landmark_more_leaves_it_what_it_knows(bars: Project) -> None:
    """As a landmark more alone does."""
    train(bars, BAR.landmarks)
    more = SchemeChange.none(bars.scheme).rename(1, "centre").add("knot", 1)
    assert preview_change(Affected.of(bars), more).unfit == ()
    bars.change_scheme(more, who="lead")
    assert learned(bars) == (0, 2, 3)


def test_some_landmarks_stay_those_they_are_when_names_change_places(bars: Project) -> None:
    """Both are among those that the model names, or one is."""
    train(bars, ("start", "end"))
    change(bars, lambda c: c.rename(1, "x").rename(2, "middle").rename(1, "end"))
    assert bars.scheme.landmarks == ("start", "end", "middle")
    assert learned(bars) == (0, 2)
    change(bars, lambda c: c.rename(0, "x").rename(2, "start").rename(0, "middle"))
    assert bars.scheme.landmarks == ("middle", "end", "start")
    assert learned(bars) == (0, 2)


@pytest.mark.parametrize("landmarks", [BAR.landmarks, ("start", "middle"), ("middle", "end")])
def test_another_order_and_then_the_names_of_before_are_not_the_landmarks_of_before(
    bars: Project, landmarks: tuple[str, ...]
) -> None:
    train(bars, landmarks)
    change(bars, lambda c: c.move(1, 0))
    change(bars, lambda c: c.rename(0, "x").rename(1, "middle").rename(0, "start"))
    assert bars.scheme.landmarks == BAR.landmarks
    # "start" is what was "middle".
    assert learned(bars) == ((0, 2) if landmarks == ("middle", "end") else None)
    train(bars, landmarks)  # anew, of what is called so now
    assert learned(bars) == tuple(map(BAR.landmarks.index, landmarks))


@pytest.mark.usefixtures("shipped_weights")
def test_what_came_with_the_program_is_not_taken_for_other_landmarks_either(
    heads: Project,
) -> None:
    names = heads.scheme.landmarks
    change(heads, lambda c: c.move(1, 0))
    change(heads, lambda c: c.rename(0, "x").rename(1, names[1]).rename(0, names[0]))
    assert heads.scheme.landmarks == names
    assert not any(model.fits for model in ModelLibrary.of(heads).kept())
    finder = FINDER.shipped(heads.scheme)
    assert finder is not None
    with pytest.raises(WeightsMismatch, match="which had these names before"):
        load_finder(finder, heads.scheme)
    with pytest.raises(ActionableError, match="other landmarks"):
        start_from_weights(heads, "heads68")
    assert learned_elsewhere("shipped", heads.scheme) == ""
    assert shapes_elsewhere("shipped", heads.scheme) is None
    network, blank = HeatmapNetwork(68), HeatmapNetwork(68)
    start_from("shipped", network, heads.scheme)
    assert network.get_parameter("stem.0.weight").ne(blank.get_parameter("stem.0.weight")).any()
    own = [name for name, _ in network.named_parameters() if name.startswith("densities.")]
    start_from("shipped", blank, Scheme.named("face68"))
    assert any(network.get_parameter(n).ne(blank.get_parameter(n)).any() for n in own)


def test_a_landmark_under_the_name_of_one_that_went_is_no_learned_one(bars: Project) -> None:
    """As an editor names them by number, and such a name is soon used again."""
    train(bars, BAR.landmarks)
    change(bars, lambda c: c.remove(2))
    change(bars, lambda c: c.add("end"))
    assert bars.scheme.landmarks == BAR.landmarks
    assert learned(bars) is None
    with pytest.raises(WeightsMismatch):
        ModelLibrary.of(bars).own(BACKENDS[0]).load()


@pytest.mark.usefixtures("shipped_weights")
def test_a_landmark_that_came_back_is_the_one_that_came_with_the_program(heads: Project) -> None:
    """Whose names say what they are."""
    name = heads.scheme.landmarks[8]
    change(heads, lambda c: c.remove(8))
    change(heads, lambda c: c.add(name, 8))
    assert all(model.fits for model in ModelLibrary.of(heads).kept())


def test_a_landmark_of_the_same_name_as_one_that_went_is_another(bars: Project) -> None:
    """The model has a place for what went, and none for what came."""
    change(bars, lambda c: c.rename(2, "tip"))
    train(bars, ("start", "middle", "tip"))
    change(bars, lambda c: c.remove(2))
    change(bars, lambda c: c.add("end"))
    assert bars.scheme.landmarks == BAR.landmarks
    assert not fits(bars)


def test_a_scheme_file_tells_nothing_of_former_schemes(bars: Project, tmp_path: Path) -> None:
    change(bars, lambda c: c.rename(2, "tip"))
    assert [each.names for each in bars.scheme.former] == [BAR.landmarks]
    file = tmp_path / "scheme.toml"
    file.write_text(scheme_text(bars.scheme))
    assert Scheme.load(file) == bars.scheme
    assert Scheme.load(file).former == ()


@pytest.mark.usefixtures("shipped_weights")
def test_what_came_with_the_program_goes_on_under_the_new_name(heads: Project) -> None:
    head = rendered_heads()[0]
    pixels, box = read_pixels(head.picture), Box.square_around(head.shape.points)
    before = best_proposer(heads).propose(pixels, box)
    renamed = SchemeChange.none(heads.scheme).rename(30, "tip of the nose")
    foreseen = preview_change(Affected.of(heads), renamed)
    assert foreseen.unfit == ()

    heads.change_scheme(renamed, who="lead")

    proposer = best_proposer(heads)
    assert "as it came with the program" in proposer.reason
    after = proposer.propose(pixels, box)
    assert before is not None
    assert after is not None
    assert np.array_equal(after.given([]).points, before.given([]).points)
    finder = FINDER.shipped(heads.scheme)
    assert finder is not None
    load_finder(finder, heads.scheme)
    start_from_weights(heads, "heads68")
    assert ModelLibrary.of(heads).starting_weights is not None


@pytest.mark.usefixtures("shipped_weights")
def test_a_training_starts_from_all_that_came_with_the_program(heads: Project) -> None:
    change(heads, lambda c: c.rename(30, "tip of the nose"))
    network, other = HeatmapNetwork(68), HeatmapNetwork(68)
    start_from("shipped", network, heads.scheme)
    start_from("shipped", other, Scheme.named("face68"))
    own = network.state_dict()
    assert all(own[name].equal(value) for name, value in other.state_dict().items())
    assert "Helen" in learned_elsewhere("shipped", heads.scheme)
    assert not project_training_due(heads)


@pytest.mark.usefixtures("shipped_weights")
def test_other_names_in_a_project_that_never_had_the_old_ones_are_other_landmarks(
    tmp_path: Path, face68: Scheme
) -> None:
    other = SchemeChange.none(face68).rename(30, "tip of the nose").after.to_dict()
    with Project.create(tmp_path / "others", Scheme.from_dict(other)) as project:
        shipped = list(ModelLibrary.of(project).kept())
        assert [model.origin for model in shipped].count(Origin.SHIPPED) == len(shipped)
        assert not any(model.fits for model in shipped)
        with pytest.raises(ActionableError, match="other landmarks"):
            start_from_weights(project, "heads68")


@pytest.mark.usefixtures("shipped_weights")
def test_a_rename_by_command_says_nothing_of_models(
    heads: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scheme.json"
    content = heads.scheme.to_dict()
    old = content["landmarks"][30]
    text = json.dumps(content).replace(f'"{old}"', '"tip of the nose"')
    file.write_text(text)
    changed = ["--rename", f"{old}=tip of the nose", "--yes"]
    assert run(["scheme", str(heads.folder), "--to", str(file), *changed]) == 0
    assert "trained again" not in capsys.readouterr().out
    with Project.open(heads.folder) as again:
        assert again.scheme.landmarks[30] == "tip of the nose"
        assert "as it came with the program" in best_proposer(again).reason
