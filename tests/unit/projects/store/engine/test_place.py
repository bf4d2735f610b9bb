"""Places where a database is not safe are known."""

from pathlib import Path

import pytest

from landmark_annotator.projects.store.engine import place


def test_an_ordinary_folder_needs_no_word(tmp_path: Path) -> None:
    assert place.warning(tmp_path) == ""


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - University", "Nextcloud"])
def test_a_synchronised_folder_is_warned_of(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "faces").mkdir(parents=True)
    assert f"{name} synchronises" in place.warning(tmp_path / name / "faces")


def test_a_network_drive_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\nserver:/x {tmp_path.resolve()} nfs4 rw 0 0\n")
    monkeypatch.setattr(place, "_MOUNTS", mounts)
    assert "network drive (nfs4)" in place.warning(tmp_path)
    assert place.warning(Path("/")) == ""
