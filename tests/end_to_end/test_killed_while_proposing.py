"""Workers and writers are killed while real photographs are proposed for: nothing is lost or
doubled. `python -m tests.benchmarks.distributed` does so many times, and on a cluster."""

from pathlib import Path

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.projects.vocabulary import Scheme
from tests.benchmarks.distributed.drill import (
    LocalCluster,
    by_instance,
    command,
    cut_out,
    drill,
    make_project,
    stored,
)


def test_kills_lose_and_double_nothing(tmp_path: Path, landmark_data: Path) -> None:
    faces = cut_out(faces300w.faces(("faces68/lfpw-test",))[:26], tmp_path / "faces")
    # Of a scheme that no weights come for: the prior from the first six proposes.
    own = Scheme("own faces", Scheme.named("face68").landmarks)
    for name in ("undisturbed", "killed"):
        make_project(tmp_path / name, faces, own, labelled=6)
    assert command(tmp_path / "undisturbed").wait() == 0
    reference = by_instance(stored(tmp_path / "undisturbed"))
    assert len(reference) == 20
    outcome = drill(tmp_path / "killed", reference, LocalCluster(), kills=2, longest=1, seed=4)
    assert outcome.wrong == []
    assert sum(outcome.kills.values()) == 2
