"""Labels without a position for some landmarks, as of an animal that is half seen."""

from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme


@pytest.mark.parametrize("dry_run", [True, False])
def test_that_they_are_begun_and_how_their_boxes_are_is_said(tmp_path: Path, dry_run: bool) -> None:
    for n in range(4):
        Image.new("RGB", (40, 30), (n, 0, 0)).save(tmp_path / f"{n}.png")
    labels = tmp_path / "mice.csv"
    # Ear and nose are too near each other to say how large a mouse is.
    rows = "0.png,5,5,7,5,30,20\n1.png,5,5,7,5,,\n2.png,,,,,30,20\n3.png,5,5,,,30,21\n"
    labels.write_text(f"image,x0,y0,x1,y1,x2,y2\n{rows}", encoding="utf-8")
    with Project.create(tmp_path / "mice", Scheme("mouse", ("ear", "nose", "tail"))) as project:
        report = import_labels(project, labels, who="ada", dry_run=dry_run)
        [said] = [note for note in report.notes if "came in as begun" in note]
        assert said.startswith("3 labels without a position for some landmarks")
        # Of one landmark there is no box at all.
        assert "1 box is around the landmarks that are there alone" in said
        assert "1 box is around where the others would be" in said
        if not dry_run:
            states = [record.state for record in project.instances()]
            begun = InstanceState.STARTED
            assert states == [InstanceState.ACCEPTED, begun, begun, begun]
            assert project.instances()[1].box == Box(6, 5, 2, 2)
        again = import_labels(project, labels, who="ada", dry_run=dry_run)
        assert dry_run or not any("came in as begun" in note for note in again.notes)


def test_of_whole_labels_nothing_is_said(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "0.png")
    labels = tmp_path / "mice.csv"
    labels.write_text("image,x0,y0,x1,y1\n0.png,5,5,8,5\n", encoding="utf-8")
    with Project.create(tmp_path / "mice", Scheme("mouse", ("ear", "nose"))) as project:
        report = import_labels(project, labels, who="ada")
        assert not any("came in as begun" in note for note in report.notes)
