"""Objects found in parts and gathered."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.finding import search
from landmark_annotator.annotator.session.shards.find_shards import FindShards
from landmark_annotator.annotator.session.shards.gather import gather
from landmark_annotator.annotator.session.shards.manifest import Shard
from landmark_annotator.annotator.session.shards.result_file import computed
from landmark_annotator.backends.finders import FINDER
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Found, Scheme

FOUND = [Found(Box(20, 20, 10, 10), 0.9), Found(Box(40, 20, 10, 10), 0.6)]


class SeesTwo:
    def find(self, pixels: object, threshold: float | None = None) -> list[Found]:
        return FOUND


@pytest.fixture
def photographs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setattr(type(FINDER), "shipped", lambda self, scheme: tmp_path)
    monkeypatch.setattr(search, "load_finder", lambda folder, scheme, device: SeesTwo())
    with Project.create(tmp_path / "project", Scheme.named("face68")) as project:
        for number in range(4):
            path = tmp_path / f"{number}.png"
            Image.fromarray(np.full((48, 64, 3), number, np.uint8)).save(path)
            project.add_image(path, examine(path))
        yield project


def test_found_objects_are_put_in_once_and_are_one_step_for_undo(
    photographs: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "parts"
    work = FindShards(photographs, "lead")
    manifest = work.manifest(2).kept_in(folder)
    for number in (2, 1):
        computed(work, manifest, Shard(number, 2), folder, THIS_PROCESS, SILENT)
    drawn = photographs.images()[3].id
    photographs.add_instance(drawn, Box(9, 9, 5, 5), who="ada")
    first = gather(photographs, folder, who="lead", progress=SILENT).put
    assert (first.done, first.objects) == (3, 6)
    assert first.changed == [f"Image {drawn} has objects already."]
    second = gather(photographs, folder, who="lead", progress=SILENT).put
    assert (second.done, second.already) == (0, 3)
    assert photographs.instance_count() == 7
    photographs.undo("lead")
    assert photographs.instance_count() == 1
