"""Which shapes nobody has accepted yet goes through every format that has a place for it, and is
told where it has none."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.exchange import export_labels, formats, import_labels
from landmark_annotator.projects.exchange.capabilities import NOT_WRITTEN
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

WRITTEN = [card for card in formats() if card.writer is not None and card.carries is not None]
KEPT = [card.name for card in WRITTEN if card.carries and card.carries.states != NOT_WRITTEN]
LOST = [card.name for card in WRITTEN if card.carries and card.carries.states == NOT_WRITTEN]
HAND = Scheme("hand", [f"joint {n}" for n in range(21)])
"""As many as COCO-WholeBody has of a hand; all other formats take any number."""
BOX = Box(20.0, 20.0, 30.0, 30.0)
SAID = "1 complete shape that nobody has accepted yet cannot be told from accepted ones"


def whole(first: float) -> Shape:
    return Shape(np.column_stack([first + np.arange(21.0), 30 - np.arange(21.0)]))


def hands(folder: Path, *, of_video: bool) -> Project:
    """An accepted shape, and one of the next image that is as complete and not accepted."""
    project = Project.create(folder / "hands", HAND)
    if of_video:
        add_frames(project, encode(folder / "clip.mp4", 4), [0, 2], who="ada")
    for n in range(0 if of_video else 2):
        path = folder / "photos" / f"{n}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 40), (100 * n, 0, 0)).save(path)
        project.add_image(path, examine(path))
    for n, image in enumerate(project.images()):
        project.add_instance(image.id, BOX, shape=whole(5.0 + n), who="ada", started=n == 1)
    return project


def target(folder: Path, format: str) -> Path:
    card = next(card for card in WRITTEN if card.name == format)
    return folder / f"out{'' if card.writes_folder else card.suffix}"


def states(project: Project) -> dict[float, InstanceState]:
    """By where the first landmark is: frames and copied images have other names."""
    return {round(float(s.points[0, 0]), 3): record.state for record, s in project.shapes(None)}


@pytest.mark.parametrize("format", KEPT)
def test_what_nobody_has_accepted_comes_back_so(tmp_path: Path, format: str) -> None:
    out = target(tmp_path, format)
    with (
        hands(tmp_path, of_video=format == "cvat-video") as project,
        Project.create(tmp_path / "again", HAND) as again,
    ):
        report = export_labels(project, out, format=format, include_unaccepted=True)
        import_labels(again, out, who="ben", format=format)

        assert states(again) == {5.0: InstanceState.ACCEPTED, 6.0: InstanceState.STARTED}
        assert not any("nobody has accepted" in note for note in report.losses)


@pytest.mark.parametrize("format", sorted({*LOST} - {"indexed-png"}))
def test_where_it_is_lost_that_is_said(tmp_path: Path, format: str) -> None:
    with hands(tmp_path, of_video=False) as project:
        out = target(tmp_path, format)
        losses = export_labels(project, out, format=format, include_unaccepted=True).losses

    assert any(note.startswith(SAID) for note in losses)


@pytest.mark.parametrize("format", ["coco", "csv", "pts"])
@pytest.mark.parametrize("everything", [True, False])
def test_that_what_is_proposed_is_not_written_is_said_where_more_than_accepted_is_asked_for(
    tmp_path: Path, format: str, everything: bool
) -> None:
    """A box was written in its place, or nothing, and why was not said."""
    with hands(tmp_path, of_video=False) as project:
        bare = project.add_instance(project.images()[0].id, BOX, who="ada")
        spread = np.tile(np.eye(2), (21, 1, 1))
        points = whole(8.0).points
        project.store_proposal(
            bare.id, points, spread, predicted_error=3.0, model="prior", own=True
        )
        out = target(tmp_path, format)
        report = export_labels(project, out, format=format, include_unaccepted=everything)
    said = "What is proposed for 1 instance is written once it is accepted."
    assert (said in report.losses) == everything


def test_of_accepted_shapes_alone_nothing_is_said_and_nothing_written(tmp_path: Path) -> None:
    with hands(tmp_path, of_video=False) as project:
        points = export_labels(project, target(tmp_path, "pts"), format="pts")
        out = target(tmp_path, "coco")
        export_labels(project, out, format="coco")

    assert not any("nobody has accepted" in note for note in points.losses)
    assert '"state"' not in out.read_text()
