"""Labels without a position for some landmarks, as of an animal that is half seen."""

from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels, import_proposals
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
        [said] = [note for note in report.notes if "come in as begun" in note]
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
        assert dry_run or not any("come in as begun" in note for note in again.notes)


def test_of_whole_labels_nothing_is_said(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "0.png")
    labels = tmp_path / "mice.csv"
    labels.write_text("image,x0,y0,x1,y1\n0.png,5,5,8,5\n", encoding="utf-8")
    with Project.create(tmp_path / "mice", Scheme("mouse", ("ear", "nose"))) as project:
        report = import_labels(project, labels, who="ada")
        assert not any("in as begun" in note for note in report.notes)


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    """Of four mice, the second without its tail."""
    for n in range(4):
        Image.new("RGB", (60, 60), (n, 0, 0)).save(tmp_path / f"{n}.png")
    table = tmp_path / "predictions.csv"
    tails = ("30,20", ",", "31,21", "32,20")
    rows = "".join(f"{n}.png,5,5,12,5,{tail}\n" for n, tail in enumerate(tails))
    table.write_text(f"image,x0,y0,x1,y1,x2,y2\n{rows}", encoding="utf-8")
    return table


def test_the_box_of_a_prediction_that_lacks_landmarks_is_around_all_of_the_object(
    tmp_path: Path, predictions: Path
) -> None:
    with Project.create(tmp_path / "mice", Scheme("mouse", ("ear", "nose", "tail"))) as project:
        import_proposals(project, predictions, who="ada")
        whole, part = (project.instances()[n].box for n in (0, 1))
        assert whole is not None
        assert part is not None
        assert part.side == pytest.approx(whole.side, rel=0.1)


def test_predictions_that_came_in_with_boxes_of_their_parts_add_no_object(
    tmp_path: Path, predictions: Path
) -> None:
    with Project.create(tmp_path / "mice", Scheme("mouse", ("ear", "nose", "tail"))) as project:
        import_proposals(project, predictions, who="ada")
        earlier = Box(8.5, 5, 7, 7)
        project.set_box(project.instances()[1].id, earlier, who="ada")
        assert import_proposals(project, predictions, who="ada").added == 0
        assert project.instances()[1].box == earlier
