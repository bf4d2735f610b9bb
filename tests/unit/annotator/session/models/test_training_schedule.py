import errno
import io
import json
import sys
import time
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.execution.progress import WatchedProgress
from landmark_annotator.annotator.session.models import finder_training, training_process
from landmark_annotator.annotator.session.models.finder_training import finder_due
from landmark_annotator.annotator.session.models.training_schedule import (
    first_is_quick,
    prior_due,
    project_training_due,
    training_due,
)
from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import Cancelled


@pytest.mark.parametrize(
    ("labels", "learned_from", "due"),
    [(1, 0, True), (5, 4, True), (21, 20, False), (22, 20, True), (104, 100, False)],
)
def test_a_prior_follows_each_label_at_first_then_every_tenth_more(
    labels: int, learned_from: int, due: bool
) -> None:
    assert prior_due(labels, learned_from) is due


@pytest.mark.parametrize(
    ("labels", "learned_from", "due"),
    [(11, 0, False), (12, 0, True), (17, 12, False), (18, 12, True), (149, 100, False)],
)
def test_a_network_is_trained_from_a_dozen_on_and_when_labels_grew_by_half(
    labels: int, learned_from: int, due: bool
) -> None:
    assert training_due(labels, learned_from) is due


def trained(project: Project, learned_from: int, *, quick: bool = False) -> None:
    folder = project.folder / "models" / "heatmap"
    folder.mkdir(parents=True)
    instances = {"training": learned_from - 2, "held_out": 2}
    card = {"instances": instances, "settings": {"quick": quick}}
    (folder / "card.json").write_text(json.dumps(card))


@pytest.mark.parametrize(("learned_from", "due"), [(None, True), (8, True), (12, False)])
def test_a_project_of_twelve_shapes_is_due_unless_its_network_knows_them(
    project: Project, monkeypatch: pytest.MonkeyPatch, learned_from: int | None, due: bool
) -> None:
    monkeypatch.setattr(Backend, "shipped", lambda self, scheme: None)
    if learned_from is not None:
        trained(project, learned_from)

    assert project_training_due(project) is due


def test_a_first_network_of_a_short_course_is_still_to_learn(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Backend, "shipped", lambda self, scheme: None)
    assert first_is_quick(project, "heatmap")
    trained(project, 12, quick=True)
    assert project_training_due(project)
    assert not first_is_quick(project, "heatmap")


def come(monkeypatch: pytest.MonkeyPatch, folder: Path, landmarks: tuple[str, ...]) -> None:
    """With the program, as weights for a scheme of the project's name."""
    folder.mkdir()
    (folder / "card.json").write_text(json.dumps({"scheme": {"landmarks": landmarks}}))
    monkeypatch.setattr(Backend, "shipped", lambda self, scheme: folder)


def test_nobody_waits_where_weights_came_with_the_program(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    come(monkeypatch, tmp_path / "weights", project.scheme.landmarks)
    assert not first_is_quick(project, "heatmap")
    assert not project_training_due(project)
    assert not finder_due(project)


def test_weights_for_a_scheme_that_was_changed_since_keep_no_training_back(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(finder_training, "usual_box_of", lambda project: None)
    come(monkeypatch, tmp_path / "weights", (*project.scheme.landmarks, "one that went"))
    assert first_is_quick(project, "heatmap")
    assert project_training_due(project)
    assert finder_due(project)


def test_a_short_course_is_followed_by_the_whole_one(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = []

    def train(
        _project: Project, _backend: str, settings: dict[str, bool], *_: object, **how: bool
    ) -> object:
        given.append(settings)
        assert how == {"unlabelled": False, "go_on": True}, "labelling goes on beside it"
        sys.stdout.write("what a plug-in prints is no line for the window")
        return {"figures": {"held_out_error": 3.0}, "related": ""}

    monkeypatch.setattr(training_process, "train_project", train)
    monkeypatch.setattr(training_process, "first_is_quick", lambda *_: True)
    monkeypatch.setattr(training_process, "finder_due", lambda _: False)
    monkeypatch.setattr("sys.stdin", io.StringIO())

    training_process.main(project.folder, "heatmap", "ada")

    assert given == [{"quick": True}, {}]
    said = map(json.loads, capsys.readouterr().out.splitlines())
    assert [line["goes_on"] for line in said] == [True, False]


def test_where_the_window_is_gone_it_stops_and_does_not_fail(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    ends = []

    def train(*told: object, **_: object) -> object:
        progress = told[3]
        assert isinstance(progress, WatchedProgress)
        progress.start("training", 9)
        while not progress.cancelled():
            time.sleep(0.01)
        ends.append("stopped")
        raise Cancelled("It was stopped.", kept="A checkpoint.")

    monkeypatch.setattr(training_process, "train_project", train)
    monkeypatch.setattr(training_process, "first_is_quick", lambda *_: True)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdout", Gone())

    training_process.main(project.folder, "heatmap", "ada")

    assert ends == ["stopped"]
