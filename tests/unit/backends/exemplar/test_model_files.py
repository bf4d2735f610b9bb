import json
import shutil
from pathlib import Path

import pytest

from landmark_annotator.backends.exemplar import load, train
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.errors import WeightsMismatch
from tests.short_epochs import short_epochs


@pytest.fixture(scope="module")
def original(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> Path:
    folder = tmp_path_factory.mktemp("model")
    with short_epochs():
        train(heads[:20], face68, folder, {"epochs": 1, "size": 32, "levels": 1}, SILENT)
    return folder


@pytest.fixture
def trained(tmp_path: Path, original: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "model"))


def test_weights_for_another_scheme_say_for_which(trained: Path) -> None:
    wing = Scheme("wing", ("base", "tip"))
    with pytest.raises(WeightsMismatch, match=r'"face68" with 68 landmarks.*"wing" with 2'):
        load(trained, wing)


def test_as_many_other_landmarks_are_told_by_the_first_that_differs(
    trained: Path, face68: Scheme
) -> None:
    changed = Scheme(face68.name, (*face68.landmarks[:8], "menton", *face68.landmarks[9:]))
    with pytest.raises(WeightsMismatch, match=r'"chin" stands where .* has "menton"'):
        load(trained, changed)


def test_truncated_weights_are_a_clear_error(trained: Path, face68: Scheme) -> None:
    path = trained / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(WeightsMismatch, match="cannot be read"):
        load(trained, face68)


def test_a_missing_card_is_a_clear_error(trained: Path, face68: Scheme) -> None:
    (trained / "card.json").unlink()
    with pytest.raises(WeightsMismatch, match="cannot be read"):
        load(trained, face68)


def test_a_card_of_a_later_format_is_a_clear_error(trained: Path, face68: Scheme) -> None:
    path = trained / "card.json"
    card = json.loads(path.read_text())
    path.write_text(json.dumps({**card, "format": 99}))
    with pytest.raises(WeightsMismatch, match="format 99"):
        load(trained, face68)
