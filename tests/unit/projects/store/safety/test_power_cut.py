"""The disk after a power cut, which the drill of `tests/benchmarks/killing` cuts."""

import random
from pathlib import Path

import pytest

from tests.benchmarks.killing.power_cut import PAGE, Disk, survived

TRIES = 40


@pytest.fixture
def record(tmp_path: Path) -> Path:
    folder = tmp_path / "record"
    folder.mkdir()
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "old").write_bytes(b"old")
    return folder


def left(root: Path, record: Path, seed: int, *lines: str) -> dict[str, bytes]:
    """What the cut leaves of a new file `part`, renamed to `old`, after these lines of a record."""
    (root / "old").write_bytes(b"old")
    disk = Disk(root)
    (root / "old").write_bytes(b"new")
    (record / "1").write_bytes(b"new")
    (record / "log").write_text("".join(f"{line}\n" for line in lines))
    disk.cut(record, random.Random(seed))
    return {path.name: path.read_bytes() for path in root.iterdir()}


def lines(root: Path, *, file_synced: bool, folder_synced: bool) -> list[str]:
    part = root / "part"
    said = [f"c\t{part}\t"]
    said += [f"s\t{part}\t1"] if file_synced else []
    said += [f"r\t{part}\t{root / 'old'}"]
    return said + ([f"d\t{root}\t"] if folder_synced else [])


def test_a_file_and_its_folder_that_were_synced_are_there(root: Path, record: Path) -> None:
    said = lines(root, file_synced=True, folder_synced=True)
    assert all(left(root, record, seed, *said) == {"old": b"new"} for seed in range(TRIES))


def test_a_name_whose_folder_was_not_synced_may_be_the_old_one(root: Path, record: Path) -> None:
    said = lines(root, file_synced=True, folder_synced=False)
    found = {left(root, record, seed, *said)["old"] for seed in range(TRIES)}
    assert found == {b"old", b"new"}


def test_a_file_that_was_not_synced_may_be_empty_under_its_new_name(
    root: Path, record: Path
) -> None:
    said = lines(root, file_synced=False, folder_synced=True)
    found = {left(root, record, seed, *said)["old"] for seed in range(TRIES)}
    assert b"" in found
    assert b"old" not in found


def test_what_was_written_since_a_sync_is_there_in_any_pages() -> None:
    before, now = b"a" * (3 * PAGE), b"b" * (3 * PAGE)
    found = {survived(before, now, random.Random(seed)) for seed in range(TRIES)}
    assert before in found
    assert now in found
    assert any(set(one) == {*b"ab"} for one in found)
