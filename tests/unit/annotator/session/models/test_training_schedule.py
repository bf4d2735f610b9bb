import json

import pytest

from landmark_annotator.annotator.session.models.training_schedule import (
    prior_due,
    project_training_due,
    training_due,
)
from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.store import Project


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


@pytest.mark.parametrize(("learned_from", "due"), [(None, True), (8, True), (12, False)])
def test_a_project_of_twelve_shapes_is_due_unless_its_network_knows_them(
    project: Project, monkeypatch: pytest.MonkeyPatch, learned_from: int | None, due: bool
) -> None:
    monkeypatch.setattr(Backend, "shipped", lambda self, scheme: None)
    if learned_from is not None:
        folder = project.folder / "models" / "heatmap"
        folder.mkdir(parents=True)
        instances = {"training": learned_from - 2, "held_out": 2}
        (folder / "card.json").write_text(json.dumps({"instances": instances}))

    assert project_training_due(project) is due
