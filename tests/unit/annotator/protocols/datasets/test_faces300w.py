from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.projects.vocabulary.errors import ActionableError

pytestmark = pytest.mark.usefixtures("landmark_data")


def test_the_test_set_is_the_common_set_of_300w() -> None:
    assert len(faces300w.faces(faces300w.TESTING)) == 554


def test_copies_of_test_photographs_are_not_trained_on() -> None:
    keys = {face.key for face in faces300w.faces(faces300w.TRAINING)}
    assert len(keys) == 1675 - 3
    assert keys.isdisjoint(faces300w.COPIES)


def test_coordinates_count_from_zero(landmark_data: Path) -> None:
    face = faces300w.faces(("faces68/helen-test",))[0]
    line = (landmark_data / f"faces68/{face.key}.pts").read_text().splitlines()[3]
    assert face.shape.points[0] == pytest.approx([float(v) - 1 for v in line.split()])


def test_missing_data_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANDMARK_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(ActionableError, match="does not exist"):
        faces300w.faces(faces300w.TESTING)
