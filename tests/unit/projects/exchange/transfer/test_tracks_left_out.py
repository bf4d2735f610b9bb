"""What an export says of tracks that its format has no place for."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.exchange import export_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two tracks in two frames."""
    with Project.create(tmp_path / "project", Scheme("dots", ("one", "two"))) as project:
        images = add_frames(project, encode(tmp_path / "clip.mp4", 12), (2, 5), who="ada").added
        (video,) = project.videos()
        for name in ("red", "blue"):
            track = project.add_track(video.id, name, who="ada").id
            for image in images:
                shape = Shape(np.array([[10.0 + track, 20.0], [30.0, 40.0]]))
                box = Box(20.0, 20.0, 30.0, 30.0)
                project.add_instance(image.id, box, track=track, shape=shape, who="ada")
        yield project


@pytest.mark.parametrize("format", ["cvat", "label-studio", "datumaro", "lightning-pose"])
def test_that_tracks_are_not_written_is_said(project: Project, tmp_path: Path, format: str) -> None:
    """Of all these but one nothing was."""
    notes = export_labels(project, tmp_path / "out", format=format, frames=True).notes
    said = [note for note in notes if "track" in note and "is written" not in note]
    assert said == [
        "2 tracks are not written: sleap, csv, coco and cvat-video have a place for that."
    ]


@pytest.mark.parametrize("format", ["csv", "sleap", "deeplabcut-project", "coco"])
def test_of_tracks_that_are_written_nothing_is_said(
    project: Project, tmp_path: Path, format: str
) -> None:
    notes = export_labels(project, tmp_path / "out", format=format, frames=True).notes
    assert not [note for note in notes if "track" in note]
