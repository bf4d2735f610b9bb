"""What is learned from and tested on, and how much is won back; nothing is trained."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.annotator.protocols import newsource_unlabelled
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.projects.vocabulary import (
    SILENT,
    LabelledInstance,
    Progress,
    Scheme,
    UnlabelledInstance,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError


class Recording:
    """A backend that keeps what it was to learn from, and is as wrong as the name of a training."""

    name = "recording"
    from_nothing: Mapping[str, Any] = {"trunk": "none"}

    def __init__(self) -> None:
        self.learned: dict[str, tuple[list[str], list[str]]] = {}

    def train(
        self,
        labelled: Sequence[LabelledInstance],
        scheme: Scheme,
        folder: Path,
        settings: Mapping[str, Any],
        progress: Progress,
        unlabelled: Sequence[UnlabelledInstance] = (),
    ) -> None:
        keys = [each.key for each in labelled], [each.key for each in unlabelled]
        self.learned[folder.name.removeprefix("newsource-recording-")] = keys
        folder.mkdir(parents=True)
        card = {
            "minutes": 1.0,
            "unlabelled": {"used": 0},
            "settings": dict(settings),
            "instances": {"training": len(labelled), "held_out": 0, "unreadable": []},
        }
        (folder / "card.json").write_text(json.dumps(card))

    def train_beside(self, unlabelled: Sequence[UnlabelledInstance]) -> Any:
        return lambda *given: self.train(*given, unlabelled=unlabelled)

    def load(self, folder: Path, scheme: Scheme) -> str:
        return folder.name


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch, landmark_data: object) -> Recording:
    made = Recording()
    monkeypatch.setattr(newsource_unlabelled, "backend_named", lambda _: made)
    return made


def test_the_new_source_gives_boxes_and_at_most_twenty_labels(
    backend: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = {"none": 4.0, "unlabelled": 3.7, "labelled20": 3.5, "both": 3.4, "all": 3.0}

    def measured(self: object, model: str, name: str, folders: Sequence[str]) -> dict[str, float]:
        assert folders == ("faces68/helen-test",)
        return {f"newsource/{name}": errors[model.split("-")[-1]]}

    monkeypatch.setattr(newsource_unlabelled.Networks, "errors", measured)
    options = Options(work=str(tmp_path), images=30, sets=("unlabelled",))
    figures = newsource_unlabelled.run(options, SILENT)
    assert figures["newsource/won_back/unlabelled"] == 30
    assert figures["newsource/won_back/labelled20_unlabelled"] == 60
    labelled, boxed = backend.learned["forward-both"]
    assert [key.split("/")[0] for key in labelled] == ["lfpw-train"] * 30 + ["helen-train"] * 20
    assert len(boxed) == 10
    assert not set(labelled) & set(boxed)
    labelled, boxed = backend.learned["forward-unlabelled"]
    assert {key.split("/")[0] for key in labelled} == {"lfpw-train"}
    assert {key.split("/")[0] for key in boxed} == {"helen-train"}


def test_few_of_fewer_faces_than_there_are(
    backend: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsource_unlabelled.Networks, "errors", lambda *_: {})
    newsource_unlabelled.run(Options(work=str(tmp_path), images=60, sets=("few",)), SILENT)
    assert {name: tuple(map(len, keys)) for name, keys in backend.learned.items()} == {
        "few50-none": (50, 0),
        "few50-unlabelled": (50, 10),
    }


def test_rendered_heads_are_asked_for_before_anything_is_trained(
    backend: Recording, tmp_path: Path
) -> None:
    with pytest.raises(ActionableError, match="no rendered heads"):
        newsource_unlabelled.run(Options(work=str(tmp_path), sets=("few", "heads")), SILENT)
    assert not backend.learned


def test_a_variant_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ActionableError, match=r'"unlabeled".* "unlabelled"'):
        newsource_unlabelled.run(Options(variants=("unlabeled",)), SILENT)


def test_networks_of_another_seed_or_of_fewer_faces_are_not_taken_for_them(
    backend: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        newsource_unlabelled.Networks, "errors", lambda *_: {"newsource/nme/none": 0}
    )
    asked = {"sets": ("unlabelled",), "variants": ("none",), "work": str(tmp_path)}
    newsource_unlabelled.run(Options(images=30, **asked), SILENT)
    with pytest.raises(ActionableError, match="another seed: 0"):
        newsource_unlabelled.run(Options(images=30, seed=1, **asked), SILENT)
    with pytest.raises(ActionableError, match="on 30 instances and not on 40"):
        newsource_unlabelled.run(Options(images=40, **asked), SILENT)
