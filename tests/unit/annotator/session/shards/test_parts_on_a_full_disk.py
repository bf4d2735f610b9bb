"""Parts whose results find no room leave no folder that was made for them."""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.shards import evaluation_shards, manifest
from landmark_annotator.annotator.session.shards.evaluation_shards import OnePart
from landmark_annotator.annotator.session.shards.manifest import Asked, Manifest, Shard
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError


class Nothing:
    identity = "a model"

    def make(self) -> Callable[[int], int]:
        return lambda task: task


def part(folder: Path) -> None:
    asked: dict[str, Any] = {"protocol": "accuracy"}
    list(OnePart(asked, [], folder, Shard(1, 2), THIS_PROCESS, SILENT).results(Nothing(), [1]))


def kept(folder: Path) -> None:
    Manifest(Asked("find", "project", 2), "model", {}, [{}]).kept_in(folder)


@pytest.mark.parametrize(("write", "module"), [(part, evaluation_shards), (kept, manifest)])
@pytest.mark.parametrize("there", [False, True])
def test_only_what_was_there_before_is_left(
    write: Callable[[Path], None],
    module: Any,
    there: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(file: Path, lines: Iterable[object], **_: bool) -> bool:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module, "write_lines", full)
    folder = tmp_path / "new" / "parts"
    if there:
        folder.mkdir(parents=True)
    with pytest.raises(ActionableError):
        write(folder)
    assert [*tmp_path.rglob("*")] == ([folder.parent, folder] if there else [])
