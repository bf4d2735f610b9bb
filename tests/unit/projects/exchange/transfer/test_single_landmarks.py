"""Labels of one landmark, which has no box around it."""

from pathlib import Path

from PIL import Image

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
