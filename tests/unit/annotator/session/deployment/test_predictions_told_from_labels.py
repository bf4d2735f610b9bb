"""What `predict` writes is nobody's label: no format that can say so brings it in as accepted."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.deployment.prediction_files import PredictionFile
from landmark_annotator.projects.exchange import formats, import_labels, import_proposals
from landmark_annotator.projects.exchange.capabilities import NOT_WRITTEN
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

HAND = Scheme("hand", tuple(f"joint {n}" for n in range(21)))
"""As many as OpenPose and COCO-WholeBody have of a hand; all other formats take any number."""
BOX = Box(20.0, 20.0, 30.0, 30.0)
POINTS = np.column_stack([5.0 + np.arange(21.0), 30 - np.arange(21.0)])
DEVIATIONS = np.where(np.arange(21) % 2, 0.6, 1.8)
"""In pixels: of sides of the box .02 and .06."""
WRITTEN = [c for c in formats() if c.writer is not None and c.carries and c.name != "csv"]
ELSEWHERE = {"cvat-video", "indexed-png"}
"""Videos, and masks alone."""
SAYING = [c for c in WRITTEN if c.scores or (c.carries and c.carries.states != NOT_WRITTEN)]
SCORED = ["coco", "coco-folder", "label-studio", "sleap", "yolo", "deeplabcut", "openpose"]


def predicted(folder: Path) -> tuple[Any, list[Any]]:
    path = folder / "photographs" / "a.png"
    path.parent.mkdir()
    Image.new("RGB", (40, 40), (90, 0, 0)).save(path)
    found = SimpleNamespace(
        points=POINTS,
        visibility=np.full(21, 2),
        covariances=np.eye(2) * DEVIATIONS[:, None, None] ** 2,
        box=BOX,
    )
    image = SimpleNamespace(path=path, width=40, height=40, objects=[found])
    return SimpleNamespace(model=SimpleNamespace(scheme=HAND)), [image]


def wrote(folder: Path, card: Format) -> tuple[Path, list[str]]:
    beside = {"openpose", "pts"}  # their files lie in the folder of the images
    out = folder / ("photographs" if card.name in beside else f"out{card.suffix}")
    predicting, images = predicted(folder)
    file = PredictionFile.of(out, card.name, overwrite=True)
    return out, file.write(predicting, images)


@pytest.mark.parametrize("name", sorted({card.name for card in SAYING} - ELSEWHERE))
def test_what_nobody_has_looked_at_is_accepted_from_no_format_that_can_say_so(
    tmp_path: Path, name: str
) -> None:
    (card,) = [c for c in SAYING if c.name == name]
    out, notes = wrote(tmp_path, card)

    assert not any("cannot say" in note for note in notes)
    with Project.create(tmp_path / "project", HAND) as project:
        if card.scores or name in SCORED or name == "sleap-package":
            with pytest.raises(FormatError, match="--as-proposals"):
                import_labels(project, out, who="ada", format=name)
            assert not project.instances()
        else:
            import_labels(project, out, who="ada", format=name)
            assert {one.state for one in project.instances()} == {InstanceState.STARTED}


@pytest.mark.parametrize("name", SCORED)
def test_how_sure_the_model_is_comes_back_as_proposed(tmp_path: Path, name: str) -> None:
    (card,) = [c for c in SAYING if c.name == name]
    out, _ = wrote(tmp_path, card)

    with Project.create(tmp_path / "project", HAND) as project:
        import_proposals(project, out, who="ada", format=name)
        [proposal] = [project.proposal(one.id) for one in project.instances()]

    assert proposal is not None
    assert proposal.predicted_error is not None
    own = np.sqrt(proposal.covariances[:, 0, 0])
    if name not in ("coco", "coco-folder"):  # which have one number for all
        assert own[::2].min() > 2.5 * own[1::2].max()


@pytest.mark.parametrize("name", ["pts", "tps"])
def test_a_format_that_cannot_say_so_says_that(tmp_path: Path, name: str) -> None:
    (card,) = [c for c in WRITTEN if c.name == name]
    _, notes = wrote(tmp_path, card)

    assert any("--as-proposals" in note for note in notes)
