"""A new project begins with a video, and with labels of its frames that were exported before."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.setup.import_preview import preview_of_new
from landmark_annotator.annotator.session.setup.new_project import NewProject, make_project
from landmark_annotator.annotator.session.setup.video_frames import FramesChoice, add_frames
from landmark_annotator.projects.exchange import export_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError
from tests.unit.projects.video.encoded import encode

BAR = Scheme("bar", ("start", "end"))
POINTS = np.array([[10.0, 12.0], [30.0, 25.0]])


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return encode(tmp_path / "clip.mp4", 8)


@pytest.fixture
def exported(tmp_path: Path, clip: Path) -> Path:
    """A folder with labels of frame 3, in a format that names frames' files and one that names no
    video."""
    folder = tmp_path / "labels"
    folder.mkdir()
    with Project.create(tmp_path / "old", BAR) as project:
        (image,) = add_frames(project, clip, [3], who="ann").added
        (own,) = project.instances_of(image.id)
        shape = Shape(POINTS).with_provenance(Provenance.CLICKED)
        project.fill_instance(own.id, Box.square_around(POINTS, 1.2), shape, who="ann")
        export_labels(project, folder / "lp", format="lightning-pose", frames=True)
        export_labels(project, folder / "table.csv", format="deeplabcut")
    return folder


@pytest.mark.parametrize("name", ["lp", "table.csv"])
def test_labels_of_its_frames_come_to_these(
    tmp_path: Path, clip: Path, exported: Path, name: str
) -> None:
    """Files of frames came in as photographs beside the video, and a table of frames not at all."""
    seen = preview_of_new(exported / name, BAR, clip, SILENT)
    chosen = (FramesChoice(clip, 2, different=False),)
    wanted = NewProject(tmp_path / "new", "x", BAR, labels=seen, frames=chosen)
    with Project.open(make_project(wanted, "ann", SILENT).folder) as project:
        images = project.images()
        assert all(image.frame is not None for image in images)
        labelled = next(image for image in images if image.frame == 3)
        (own,) = project.instances_of(labelled.id)
        np.testing.assert_allclose(project.shape(own.id).points, POINTS, atol=1e-6)


def test_a_table_of_frames_without_a_video_is_refused_as_it_was(
    tmp_path: Path, exported: Path
) -> None:
    with pytest.raises(FormatError, match="frames of a video, and none beside it"):
        preview_of_new(exported / "table.csv", BAR, tmp_path / "labels", SILENT)
