"""Files that another account of the operating system has left in a folder of both."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from landmark_annotator.projects.file_lock import is_held, one_at_a_time
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.store import Presence, visitors
from landmark_annotator.projects.store.engine.failures import disk_error
from tests.accounts import ONLY_ROOT, as_account

pytestmark = ONLY_ROOT


@pytest.fixture
def folder() -> Iterator[Path]:
    """That both may write."""
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o777)
        yield Path(temporary)


def test_a_lock_that_somebody_else_left_is_locked_all_the_same(folder: Path) -> None:
    left = folder / "heatmap.running"
    left.touch(0o644)
    with as_account(), one_at_a_time(left, stays=False) as alone:
        assert alone
        assert is_held(left)
    assert not left.exists()


def test_where_no_lock_can_be_made_that_is_what_is_told(folder: Path) -> None:
    folder.chmod(0o755)
    with as_account(), pytest.raises(PermissionError), one_at_a_time(folder / "x"):
        pass


def test_who_comes_after_somebody_else_was_killed_is_seen(folder: Path) -> None:
    (folder / ".open-1.lock").touch(0o644)
    with as_account(), Presence(folder, "ben"):
        assert [visitor.who for visitor in visitors(folder)] == ["ben"]


def test_half_a_file_that_somebody_else_left_keeps_nobody_from_writing_it(folder: Path) -> None:
    (folder / "card.json.part").touch(0o644)
    with as_account():
        write_whole(folder / "card.json", "{}")
    assert [file.name for file in folder.iterdir()] == ["card.json"]


def test_a_folder_of_somebody_else_is_named_with_whose_it_is(folder: Path) -> None:
    (folder / "backups").mkdir(0o755)
    with as_account():
        with pytest.raises(PermissionError) as refused:
            (folder / "backups" / "copy.db").touch()
        told = disk_error(folder, refused.value)
    assert told.happened == f"{folder / 'backups'} cannot be written: it belongs to root."
    assert told.remedy == f"root can let others write the project: chmod -R g+w {folder}."
