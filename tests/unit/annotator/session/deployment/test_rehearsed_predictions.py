"""What a format cannot hold is said before the predictions that it is for, in hours, are made."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.session.deployment.prediction_files import PredictionFile
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("pair", ("one", "two"))


def test_two_images_that_would_share_a_file_are_refused(tmp_path: Path) -> None:
    file = PredictionFile.of(tmp_path / "labels", "pts", overwrite=False)
    with pytest.raises(FormatError, match="would share a file") as refused:
        file.rehearse([tmp_path / "a.png", tmp_path / "a.jpg"], SCHEME)
    assert "predict" in refused.value.kept
    assert "--images" not in refused.value.remedy


@pytest.mark.parametrize("kind", ["json", "csv", "pts", "coco", "yolo", "webdataset"])
def test_images_of_own_names_are_not_and_nothing_is_written(tmp_path: Path, kind: str) -> None:
    file = PredictionFile.of(tmp_path / "labels", kind, overwrite=False)
    file.rehearse([tmp_path / "a.png", tmp_path / "b.jpg"], SCHEME)
    assert list(tmp_path.iterdir()) == []
