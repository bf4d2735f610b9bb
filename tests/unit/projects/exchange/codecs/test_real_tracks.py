"""A real file with tracks, against what sleap-io itself says of it."""

from collections import defaultdict
from pathlib import Path

import pytest

from landmark_annotator.projects.exchange.codecs import sleap
from landmark_annotator.projects.vocabulary import Scheme


def test_tracks_are_those_of_sleap_io(landmark_data: Path) -> None:
    sleap_io = pytest.importorskip("sleap_io")
    folder = landmark_data / "video" / "flies24"
    source = folder / "predictions.slp"
    labels = sleap_io.load_slp(str(source), open_videos=False)
    expected = defaultdict(list)
    for frame in labels:
        for instance in frame.predicted_instances:
            expected[instance.track.name].append(int(frame.frame_idx))

    contents = sleap.PREDICTIONS.read(source, Scheme("fly", tuple(labels.skeleton.node_names)))

    found = defaultdict(list)
    for entry in contents.instances:
        assert entry.image == folder / "flies24.mp4"
        found[entry.track].append(entry.frame)
    assert found == expected
    assert "flies24.mp4 was taken for it" in contents.notes[0]
