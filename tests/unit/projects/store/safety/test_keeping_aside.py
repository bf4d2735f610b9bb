"""What was there, kept before something comes in its place."""

from pathlib import Path

import pytest

from landmark_annotator.projects.store.safety import keeping_aside
from landmark_annotator.projects.store.safety.keeping_aside import keep_aside


def test_twice_in_one_second_is_twice(tmp_path: Path) -> None:
    file = tmp_path / "project.db"
    kept = []
    for content in ("first", "second"):
        file.write_text(content)
        kept.append(keep_aside([file], tmp_path, "restoring"))
    assert [(folder / file.name).read_text() for folder in kept] == ["first", "second"]


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keeping_aside, "sync_folder", full)
    (tmp_path / "project.db").write_text("all")
    with pytest.raises(OSError, match="No space"):
        keep_aside([tmp_path / "project.db"], tmp_path, "repair")
    assert [path.name for path in tmp_path.iterdir()] == ["project.db"]
