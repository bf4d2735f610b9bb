"""Which shapes nobody has accepted yet goes through a table that has those too."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SCHEME = Scheme("pair", ("nose", "tail"))
WHOLE = Shape(np.array([[3.0, 4.0], [20.0, 21.0]]), provenance=(Provenance.CLICKED,) * 2)


def photograph(folder: Path, name: str, grey: int) -> Path:
    path = folder / "photos" / name
    path.parent.mkdir(exist_ok=True)
    Image.new("L", (40, 40), grey).save(path)
    return path


@pytest.fixture
def pairs(tmp_path: Path) -> Project:
    """a.png with an accepted shape, b.png with one that is as complete and not accepted."""
    project = Project.create(tmp_path / "pairs", SCHEME)
    for name, grey, started in (("a.png", 10, False), ("b.png", 200, True)):
        path = photograph(tmp_path, name, grey)
        image = project.add_image(path, examine(path))
        box = Box(20, 20, 30, 30)
        project.add_instance(image.id, box, shape=WHOLE, who="ada", started=started)
    return project


def states(project: Project) -> dict[str, InstanceState]:
    names = {image.id: image.path.name for image in project.images()}
    return {names[record.image_id]: record.state for record in project.instances()}


def test_what_is_started_comes_back_started(pairs: Project, tmp_path: Path) -> None:
    table = tmp_path / "all.csv"
    with pairs, Project.create(tmp_path / "again", SCHEME) as again:
        export_labels(pairs, table, format="csv", include_unaccepted=True)
        import_labels(again, table, who="ben")

        assert states(again) == {"a.png": InstanceState.ACCEPTED, "b.png": InstanceState.STARTED}


def test_so_it_does_where_the_images_wait_for_their_labels(pairs: Project, tmp_path: Path) -> None:
    table = tmp_path / "all.csv"
    with pairs, Project.create(tmp_path / "again", SCHEME) as again:
        export_labels(pairs, table, format="csv", include_unaccepted=True)
        import_labels(again, tmp_path / "photos", who="ben")
        import_labels(again, table, who="ben")

        assert states(again) == {"a.png": InstanceState.ACCEPTED, "b.png": InstanceState.STARTED}


def test_a_table_of_accepted_shapes_has_no_column_for_it(pairs: Project, tmp_path: Path) -> None:
    with pairs:
        export_labels(pairs, tmp_path / "out.csv", format="csv")

    assert "state" not in (tmp_path / "out.csv").read_text().splitlines()[0].split(",")


def test_a_complete_shape_of_a_table_without_the_column_is_accepted(tmp_path: Path) -> None:
    photograph(tmp_path, "a.png", 10)
    table = tmp_path / "photos" / "labels.csv"
    table.write_text("image,nose.x,nose.y,tail.x,tail.y\na.png,3,4,20,21\n")
    with Project.create(tmp_path / "new", SCHEME) as project:
        import_labels(project, table, who="ben")

        assert states(project) == {"a.png": InstanceState.ACCEPTED}


def test_another_word_in_a_column_of_that_name_says_nothing(tmp_path: Path) -> None:
    photograph(tmp_path, "a.png", 10)
    table = tmp_path / "photos" / "labels.csv"
    table.write_text("image,state,nose.x,nose.y,tail.x,tail.y\na.png,Ohio,3,4,20,21\n")
    with Project.create(tmp_path / "new", SCHEME) as project:
        import_labels(project, table, who="ben")

        assert states(project) == {"a.png": InstanceState.ACCEPTED}
