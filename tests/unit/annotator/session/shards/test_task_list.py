"""The tasks of a manifest stay in their file."""

import tracemalloc
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.shards.manifest import (
    Asked,
    Manifest,
    Shard,
    read_manifest,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError


def manifest_of(folder: Path, number: int) -> Manifest:
    tasks = [{"id": i, "image": f"{i:064x}", "box": [1.5, 2, 3, 4, 0]} for i in range(number)]
    return Manifest(Asked("propose", "p", 3), "model", {}, tasks)


def test_they_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = manifest_of(tmp_path, 1100)
    kept = written.kept_in(tmp_path).tasks
    assert [*kept] == [*written.tasks]
    parts = [Shard(number, 3).part_of(kept) for number in (1, 2, 3)]
    assert [task for part in parts for task in part] == [*written.tasks]
    assert (parts[1][5], len(parts[1][5:])) == (kept[len(parts[0]) + 5], len(parts[1]) - 5)
    with pytest.raises(IndexError):
        parts[0][len(parts[0])]


def test_few_of_them_are_in_memory_at_once(tmp_path: Path) -> None:
    manifest_of(tmp_path, 20_000).kept_in(tmp_path)
    tracemalloc.start()
    assert sum(task["id"] for task in read_manifest(tmp_path).tasks) == 20_000 * 19_999 // 2
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000  # all of them take some 15 MB


def test_a_list_that_is_changed_while_it_is_used_is_refused(tmp_path: Path) -> None:
    tasks = manifest_of(tmp_path, 4).kept_in(tmp_path).tasks
    (tmp_path / "manifest.jsonl").write_bytes(b"{")
    with pytest.raises(ActionableError, match="changed while it was read"):
        tasks[0]
