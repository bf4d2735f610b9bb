"""What stays of every training: finished, stopped, failed or still going on."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.annotator.session.models.earlier_models import (
    MOST,
    is_kept,
    propose_again,
)
from landmark_annotator.annotator.session.models.finder_training import train_project_finder
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.parser_training import train_project_parser
from landmark_annotator.annotator.session.models.training import train_project
from landmark_annotator.annotator.session.models.training_record import (
    Outcome,
    TrainingRecord,
    is_trained_now,
    path_of,
    proposing,
    running_mark,
    sure_text,
    trainings,
)
from landmark_annotator.backends.parsers import HAIR
from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.file_lock import one_at_a_time
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Progress, Region, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, TooFewLabels
from landmark_annotator.projects.vocabulary.progress import tell_measured
from tests.kept_trainings import keep_training


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    return ModelLibrary(tmp_path, Scheme.named("face68"))


Learn = Callable[[Progress], None]


@pytest.fixture
def learning(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TrainingRecord]:
    """Trains the classifier of the project by something else than a network; its record."""

    def run(learn: Learn, go_on: bool = False, **settings: Any) -> TrainingRecord:
        def train(
            instances: Any, scheme: Scheme, folder: Path, given: Any, progress: Progress
        ) -> dict[str, Any]:
            learn(progress)
            card = {
                "scheme": scheme.to_dict(),
                "settings": {"seed": 0, "epochs": 60, **given},
                "figures": {"held_out_error": 4.5},
                "instances": {"training": 10, "held_out": 2, "unreadable": []},
            }
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "card.json").write_text(json.dumps(card))
            return card

        monkeypatch.setattr(Backend, "train", property(lambda self: train))
        with suppress(ActionableError):
            train_project(project, "exemplar", settings, SILENT, "ada", go_on=go_on)
        return trainings(ModelLibrary.of(project))[-1]

    return run


def accepted(project: Project) -> list[int]:
    return [one.id for one in project.instances() if one.state is InstanceState.ACCEPTED]


def measures(
    *losses: float, held_out: tuple[int, float] | None = None, stop: bool = False
) -> Learn:
    def learn(progress: Progress) -> None:
        for epoch, loss in enumerate(losses, start=1):
            tell_measured(progress, "loss", epoch, loss)
        if held_out:
            tell_measured(progress, "held-out error", *held_out)
        if stop:
            raise Cancelled("Training was stopped in epoch 3.")

    return learn


def test_a_training_that_came_to_its_end(
    project: Project, learning: Callable[..., TrainingRecord]
) -> None:
    found = learning(measures(3.0, 2.0, held_out=(2, 7.5)), epochs=2, fresh=True)
    assert (found.outcome, found.who, found.backend) == (Outcome.FINISHED, "ada", "exemplar")
    assert (found.labels, found.groups) == (12, 12)
    assert found.curves == {"loss": ((1, 3.0), (2, 2.0)), "held-out error": ((2, 7.5),)}
    assert found.changed == ("epochs",)
    assert found.settings["epochs"] == 2
    assert found.held_out_error == 4.5
    assert found.program
    assert found.device.startswith("cpu")
    library = ModelLibrary.of(project)
    assert proposing(library, trainings(library)) == found.number


def test_one_that_was_stopped_and_the_one_that_goes_on_from_it(
    learning: Callable[..., TrainingRecord],
) -> None:
    stopped = learning(measures(3.0, 2.0, held_out=(2, 7.5), stop=True))
    assert stopped.outcome is Outcome.STOPPED
    assert stopped.message == "Training was stopped in epoch 3."
    on = learning(measures(3.0, 2.0, 1.0, held_out=(3, 6.0)))
    assert on.went_on_from == stopped.number
    assert on.curves["loss"] == ((1, 3.0), (2, 2.0), (3, 1.0))
    assert on.curves["held-out error"] == ((2, 7.5), (3, 6.0))
    # What comes after one that came to its end begins anew, by the same seed as it did.
    assert learning(measures(3.0, 2.0)).went_on_from is None


def test_one_that_ctrl_c_stops_at_once_has_not_failed(
    project: Project, learning: Callable[..., TrainingRecord]
) -> None:
    def interrupted(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learning(interrupted)
    (stopped,) = trainings(ModelLibrary.of(project))
    assert (stopped.outcome, stopped.message) == (Outcome.STOPPED, "Training was stopped at once.")


def test_labels_that_came_since_do_not_let_what_was_learned_go_for_nothing(
    project: Project, learning: Callable[..., TrainingRecord]
) -> None:
    """A window that was closed in the last minute of a training had to begin it anew."""
    last = accepted(project)[-1]
    project.exclude(instances=[last], why="later", who="ada")
    assert learning(measures(3.0, 2.0, stop=True)).labels == 11
    project.restore(instances=[last], who="ada")
    on = learning(measures(3.0, 2.0, 1.0, stop=True), go_on=True)
    assert (on.labels, on.went_on_from) == (11, 1)
    # Closed again before it had come to where it was.
    assert learning(measures(stop=True), go_on=True).labels == 11
    on = learning(measures(3.0, 2.0, 1.0), go_on=True)
    assert (on.labels, on.outcome) == (11, Outcome.FINISHED)
    # It came to its end, and the next one learns from all that there is.
    assert learning(measures(3.0), go_on=True).labels == 12


@pytest.mark.parametrize("why", ["asked for", "before an epoch", "other settings", "gone", "many"])
def test_where_it_cannot_go_on_it_begins_with_all_labels(
    project: Project, learning: Callable[..., TrainingRecord], why: str
) -> None:
    first, *others = accepted(project)
    left = others[-1:] if why != "many" else others[-5:]
    project.exclude(instances=left, why="later", who="ada")
    begun = learning(measures(*([] if why == "before an epoch" else [3.0, 2.0]), stop=True))
    assert begun.labels == 12 - len(left)
    project.restore(instances=left, who="ada")
    if why == "gone":
        project.exclude(instances=[first], why="none", who="ada")
    epochs = {"epochs": 2} if why == "other settings" else {}
    found = learning(measures(3.0), go_on=why != "asked for", **epochs)
    assert found.labels == (11 if why == "gone" else 12)


@pytest.mark.parametrize("kind", [Cancelled, ActionableError])
def test_that_a_model_from_before_is_kept_is_said_where_there_was_one(
    project: Project,
    learning: Callable[..., TrainingRecord],
    kind: type[ActionableError],
    monkeypatch,
) -> None:
    def train(*_: object) -> None:
        raise kind("It ended.", kept="What 2 epochs taught is kept.", remedy="Run it again.")

    def ended() -> str:
        with monkeypatch.context() as patched:
            patched.setattr(Backend, "train", property(lambda self: train))
            with pytest.raises(kind) as told:
                train_project(project, "exemplar", {}, SILENT, "ada")
        return str(told.value)

    assert ended() == "It ended. What 2 epochs taught is kept. Run it again."
    learning(measures(3.0))
    assert ended() == (
        "It ended. What 2 epochs taught is kept. The exemplar classifier from before is kept. "
        "Run it again."
    )


def test_one_that_failed_says_why(learning: Callable[..., TrainingRecord]) -> None:
    def refuse(progress: Progress) -> None:
        raise ActionableError("No image can be read.", remedy="Look for them.")

    found = learning(refuse)
    assert (found.outcome, found.message) == (
        Outcome.FAILED,
        "No image can be read. Look for them.",
    )


def test_one_that_ran_out_of_labels_as_it_went_on_says_so(
    learning: Callable[..., TrainingRecord],
) -> None:
    def refuse(progress: Progress) -> None:
        tell_measured(progress, "loss", 1, 3.0)
        raise TooFewLabels("There are three.", remedy="Label more.")

    found = learning(refuse)
    assert (found.outcome, found.message) == (Outcome.FAILED, "There are three. Label more.")


@pytest.mark.parametrize("backend", ["heatmap", "exemplar", "weak"])
def test_of_too_few_labels_nothing_is_recorded(project: Project, backend: str) -> None:
    most = [record.id for record in project.instances()][1:]
    project.exclude(instances=most, why="not now", who="ada")
    with pytest.raises(TooFewLabels):
        train_project(project, backend, {}, SILENT, "ada")

    assert trainings(ModelLibrary.of(project)) == []


@pytest.mark.parametrize(
    "train",
    [
        lambda bars: train_project_finder(bars, {}, SILENT, "ada"),
        lambda bars: train_project_parser(bars, HAIR, {"region": "bar"}, SILENT, "ada"),
    ],
)
def test_nor_of_too_few_images_or_masks(tmp_path: Path, train: Callable[[Project], object]) -> None:
    scheme = Scheme("bar", ("left", "right"), regions=(Region("bar"),))
    with Project.create(tmp_path / "bars", scheme) as bars:
        with pytest.raises(TooFewLabels):
            train(bars)

        assert trainings(ModelLibrary.of(bars)) == []


@pytest.mark.parametrize(
    ("backend", "settings"),
    [
        ("exemplar", {"epoch": 3}),
        ("heatmap", {"size": 33}),
        ("heatmap", {"epochs": "many"}),
        ("weak", {"sparse": [99]}),
    ],
)
def test_of_wrong_settings_nothing_is_recorded(
    project: Project, backend: str, settings: dict[str, Any]
) -> None:
    with pytest.raises(ActionableError):
        train_project(project, backend, settings, SILENT, "ada")

    assert trainings(ModelLibrary.of(project)) == []


def test_of_a_region_that_the_scheme_has_not_nothing_is_recorded(tmp_path: Path) -> None:
    scheme = Scheme("bar", ("left", "right"), regions=(Region("bar"),))
    with Project.create(tmp_path / "bars", scheme) as bars:
        with pytest.raises(ActionableError, match='no region "baar"'):
            train_project_parser(bars, HAIR, {"region": "baar"}, SILENT, "ada")

        assert trainings(ModelLibrary.of(bars)) == []


def test_it_is_seen_while_it_goes_on(
    project: Project, learning: Callable[..., TrainingRecord]
) -> None:
    seen: list[TrainingRecord] = []

    def learn(progress: Progress) -> None:
        tell_measured(progress, "loss", 1, 3.0)
        seen.extend(trainings(ModelLibrary.of(project)))

    learning(learn)
    assert [each.outcome for each in seen] == [Outcome.RUNNING]
    assert seen[0].curves == {"loss": ((1, 3.0),)}


def test_two_do_not_train_the_same_in_one_folder(
    project: Project, learning: Callable[..., TrainingRecord]
) -> None:
    """Each window of a shared folder began one with the twelfth label, and they wrote over each
    other's epochs and models."""
    library, refusals = ModelLibrary.of(project), []

    def learn(progress: Progress) -> None:
        assert is_trained_now(library, "exemplar")
        assert not is_trained_now(library, "heatmap")
        with pytest.raises(ActionableError) as refused:
            train_project(project, "exemplar", {}, SILENT, "bob")
        refusals.append(refused.value.happened)

    learning(learn)
    assert refusals == [
        "The exemplar classifier is being trained in this folder already, by ada (training 1)."
    ]
    assert [each.who for each in trainings(library)] == ["ada"]
    assert not is_trained_now(library, "exemplar")
    learning(measures(3.0))


def test_what_nobody_is_at_any_more_was_cut_short(library: ModelLibrary) -> None:
    record = keep_training(library, "exemplar", 20, None, outcome=Outcome.RUNNING)
    assert [each.outcome for each in trainings(library)] == [Outcome.CUT_SHORT]
    with one_at_a_time(running_mark(path_of(library, record.number))):
        assert [each.outcome for each in trainings(library)] == [Outcome.RUNNING]


def test_every_training_is_remembered(library: ModelLibrary) -> None:
    for error in (6.0, 4.0):
        keep_training(library, "exemplar", 20, error)
    assert [t.held_out_error for t in trainings(library)] == [6.0, 4.0]


def test_what_earlier_versions_wrote_is_read_but_for_a_broken_line(library: ModelLibrary) -> None:
    line = {"at": "2026-01-02T03:04:05+00:00", "backend": "exemplar", "labels": 20}
    text = json.dumps({**line, "held_out_error": 6.0}) + '\n{"at": "2026-'
    library.trainings_file.write_text(text)
    keep_training(library, "exemplar", 30, 4.0)
    found = trainings(library)
    assert [(t.number, t.labels, t.held_out_error) for t in found] == [(1, 20, 6.0), (2, 30, 4.0)]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"curves": 3}', "\0"])
def test_a_damaged_record_is_left_out(library: ModelLibrary, text: str) -> None:
    keep_training(library, "exemplar", 20, 6.0)
    path_of(library, 2).write_text(text)
    assert len(trainings(library)) == 1


def test_a_model_from_before_the_log_counts_once(tmp_path: Path, library: ModelLibrary) -> None:
    (tmp_path / "exemplar").mkdir()
    card = {"figures": {"held_out_error": 5.0}, "instances": {"training": 16, "held_out": 4}}
    (tmp_path / "exemplar" / "card.json").write_text(json.dumps(card))
    [found] = trainings(library)
    assert (found.labels, found.held_out_error) == (20, 5.0)
    keep_training(library, "exemplar", 30, 4.0)
    assert [t.labels for t in trainings(library)] == [30]


def test_an_earlier_model_proposes_again_and_the_present_one_is_kept(
    project: Project, learning: Callable[..., TrainingRecord]
) -> None:
    library = ModelLibrary.of(project)
    first, second = learning(measures(3.0), epochs=2), learning(measures(2.0), epochs=3)
    assert proposing(library, trainings(library)) == second.number
    propose_again(library, first)
    assert proposing(library, trainings(library)) == first.number
    propose_again(library, second)
    assert proposing(library, trainings(library)) == second.number


def test_only_the_last_earlier_models_are_kept(
    project: Project, learning: Callable[..., TrainingRecord]
) -> None:
    library = ModelLibrary.of(project)
    made = [learning(measures(3.0), epochs=2 + n) for n in range(MOST + 2)]
    assert [is_kept(library, one) for one in made] == [False] + [True] * (MOST + 1)
    with pytest.raises(ActionableError, match="training 1 is not kept") as refused:
        propose_again(library, made[0])
    assert refused.value.remedy.endswith("--backend exemplar --set epochs=2")


def test_an_error_of_few_groups_says_how_sure_it_is(library: ModelLibrary) -> None:
    figures = {"held_out_error": 1.36, "held_out_error_low": 1.1, "held_out_error_high": 1.6}
    keep_training(library, "heatmap", 30, None, figures=figures)
    keep_training(library, "heatmap", 31, 1.36)
    few, unknown = trainings(library)
    assert few.held_out_range == (1.1, 1.6)
    assert sure_text(few.figures) == "1.36 (1.10 to 1.60) %"
    assert unknown.held_out_range is None
    assert sure_text(unknown.figures) == "1.36 %"


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.RUNNING, "Training 1 is still running"),
        (Outcome.STOPPED, "Training 1 left no model"),
    ],
)
def test_what_has_left_no_model_is_not_said_to_have_lost_it(
    project: Project, learning: Callable[..., TrainingRecord], outcome: Outcome, said: str
) -> None:
    library = ModelLibrary.of(project)
    unfinished = replace(learning(measures(3.0), epochs=2), outcome=outcome, model="")
    with pytest.raises(ActionableError, match=said):
        propose_again(library, unfinished)
