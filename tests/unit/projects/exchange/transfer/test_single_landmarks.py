"""Labels of one landmark, which has no box around it."""

from pathlib import Path

from PIL import Image

from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme


def test_their_box_is_the_whole_image_where_objects_fill_their_images(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "eye.png")
    labels = tmp_path / "pupils.csv"
    labels.write_text("image,x0,y0\neye.png,12,7\n", encoding="utf-8")
    with Project.create(tmp_path / "eyes", Scheme("eye", ("pupil",))) as project:
        import_labels(project, labels, who="ada", whole_images=True)
        (record,) = project.instances()
        assert record.state is InstanceState.ACCEPTED
        assert record.box == Box.whole_image(40, 30)


def labelled(tmp_path: Path) -> Path:
    Image.new("RGB", (40, 30)).save(tmp_path / "eye.png")
    labels = tmp_path / "pupils.csv"
    labels.write_text("image,x0,y0\neye.png,12,7\n", encoding="utf-8")
    return labels


def test_without_a_box_it_is_said_why_nothing_is_learned(tmp_path: Path) -> None:
    with Project.create(tmp_path / "eyes", Scheme("eye", ("pupil",))) as project:
        report = import_labels(project, labelled(tmp_path), who="ada")
        assert any("1 label came in without a box" in line for line in report.notes)
        assert "nothing is learned from 1 labelled shape" in best_proposer(project).reason


def test_labels_that_are_there_get_their_box_from_a_second_import(tmp_path: Path) -> None:
    labels = labelled(tmp_path)
    with Project.create(tmp_path / "eyes", Scheme("eye", ("pupil",))) as project:
        import_labels(project, labels, who="ada")
        tried = import_labels(project, labels, who="ada", whole_images=True, dry_run=True)
        assert "1 object there already without a box would get the whole image." in tried.notes
        assert project.instances()[0].box is None
        done = import_labels(project, labels, who="ada", whole_images=True)
        assert "1 object there already without a box got the whole image." in done.notes
        (record,) = project.instances()
        assert record.box == Box.whole_image(40, 30)
        assert record.state is InstanceState.ACCEPTED
        again = import_labels(project, labels, who="ada", whole_images=True)
        assert "1 object there already keeps its box." in again.notes
        project.undo(who="ada")
        assert project.instances()[0].box is None


def test_images_without_labels_do_too_and_what_has_a_box_keeps_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        colour = (ord(name), 0, 0)
        Image.new("RGB", (40, 30), colour).save(tmp_path / f"{name}.png")
    with Project.create(tmp_path / "eyes", Scheme("eye", ("left", "right"))) as project:
        import_labels(project, tmp_path, who="ada")
        first, _ = project.instances()
        drawn = Box(20, 15, 10, 10)
        project.set_box(first.id, drawn, who="ada")
        report = import_labels(project, tmp_path, who="ada", whole_images=True)
        assert report.unchanged == 2
        assert [one.box for one in project.instances()] == [drawn, Box.whole_image(40, 30)]
        assert len(report.notes) == 2
