"""What `propose` stores of landmarks goes by the masks that people have drawn."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.annotator.session.shards.gather import gather
from landmark_annotator.annotator.session.shards.manifest import Shard
from landmark_annotator.annotator.session.shards.proposal_shards import ProposalShards
from landmark_annotator.annotator.session.shards.result_file import computed
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Provenance, RegionMask, Shape
from tests.unit.annotator.session.disks import add_disk, disk_project
from tests.unit.backends.borders.ring import disk, ring


def _plainly(project: Project, _: Path) -> None:
    propose_all(project, SILENT)


def _in_parts(project: Project, folder: Path) -> None:
    work = ProposalShards(project)
    manifest = work.manifest(1).kept_in(folder)
    computed(work, manifest, Shard(1, 1), folder, THIS_PROCESS, SILENT)
    gather(project, folder, who="ada", progress=SILENT)


@pytest.mark.parametrize("propose", [_plainly, _in_parts])
def test_landmarks_are_proposed_on_the_border_of_a_drawn_mask(
    tmp_path: Path, propose: Callable[[Project, Path], None]
) -> None:
    random = np.random.default_rng(2)
    with disk_project(tmp_path) as project:
        for _ in range(12):
            centre = (float(random.normal(75, 4)), float(random.normal(75, 4)))
            points = ring(float(random.normal(30, 3)), centre)
            shape = Shape(points).with_provenance(Provenance.IMPORTED)
            add_disk(project, tmp_path, shape)
        told, untold = (add_disk(project, tmp_path) for _ in range(2))
        drawn = {"disk": RegionMask(disk(33.0, (78.0, 73.0)))}
        project.set_masks(told, drawn, title="stroke", who="ada")
        propose(project, tmp_path / "parts")
        found = {number: project.proposal(number) for number in (told, untold)}

    off = {}
    for number, one in found.items():
        assert one is not None
        off[number] = abs(np.linalg.norm(one.points - (78.0, 73.0), axis=1) - 33.0).mean()
    assert off[told] < 1.5 < off[untold]
