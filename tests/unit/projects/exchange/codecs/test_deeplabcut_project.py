"""A project of DeepLabCut as a folder: what its program asks for is there, and it comes back."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

from landmark_annotator.projects.exchange import (
    by_name,
    export_set,
    import_labels,
    scheme_of_labels,
    sniff,
)
from landmark_annotator.projects.exchange.codecs import deeplabcut_project
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("mouse", ("snout", "ear, left", "tail"), ((0, 1), (1, 2)))


def made(folder: Path, people: dict[str, list[str]]) -> Project:
    """people: for each photograph who has placed an object of it."""
    project = Project.create(folder / "mice", SCHEME)
    for number, (name, several) in enumerate(people.items()):
        path = folder / "photographs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (50, 60), (number, 0, 0)).save(path)
        image = project.add_image(path, examine(path))
        for place, who in enumerate(several):
            points = np.array([[1.5, 2.5], [3.25, 4.5 + number], [9.0, 9.0 + place]])
            marks = [Provenance.CLICKED] * 3
            project.add_instance(
                image.id, Box(20, 20, 9, 9), source=f"{name}{place}",
                shape=Shape(points, [2, 1, 2], marks), who=who,
            )  # fmt: skip
    return project


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    people = {"cage 1/a.png": ["anna"], "cage 1/b.png": ["anna"], "other/cage 1/a.png": ["anna"]}
    with made(tmp_path, people) as project:
        format = "deeplabcut-project"
        export_set(project, tmp_path / "out", format=format, include_unaccepted=True)
    return tmp_path / "out"


def test_every_folder_of_images_is_a_video_of_its_name(exported: Path) -> None:
    config = yaml.safe_load((exported / "config.yaml").read_text())

    assert sorted(p.name for p in (exported / "labeled-data").iterdir()) == ["cage 1", "cage 1-2"]
    assert sorted(Path(video).stem for video in config["video_sets"]) == ["cage 1", "cage 1-2"]
    assert (config["scorer"], config["bodyparts"]) == ("anna", list(SCHEME.landmarks))
    assert config["skeleton"] == [["snout", "ear, left"], ["ear, left", "tail"]]


def test_pandas_reads_its_tables_as_deeplabcut_does(exported: Path) -> None:
    folder = exported / "labeled-data" / "cage 1"
    frame = pd.read_hdf(folder / "CollectedData_anna.h5")
    table = pd.read_csv(folder / "CollectedData_anna.csv", index_col=0, header=[0, 1, 2])

    assert list(frame.index) == ["labeled-data/cage 1/a.png", "labeled-data/cage 1/b.png"]
    assert all((exported / name).is_file() for name in frame.index)
    assert frame["anna"]["ear, left"]["y"].tolist() == [4.5, 5.5]
    assert np.array_equal(frame.to_numpy(), table.to_numpy())


def test_it_comes_back(exported: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "again", SCHEME) as again:
        report = import_labels(again, exported, who="b")
        shapes = [shape.points[1].tolist() for _, shape in again.shapes()]

    assert sniff(exported).name == sniff(exported / "config.yaml").name == "deeplabcut-project"
    assert (report.added, report.unreadable) == (3, [])
    assert shapes == [[3.25, 4.5], [3.25, 5.5], [3.25, 6.5]]


def test_a_project_of_ours_can_begin_with_it(exported: Path) -> None:
    scheme = scheme_of_labels(exported / "config.yaml")

    assert (scheme.name, scheme.landmarks, scheme.edges) == (
        "mouse",
        SCHEME.landmarks,
        SCHEME.edges,
    )


def test_written_again_it_keeps_how_deeplabcut_is_to_train(exported: Path, tmp_path: Path) -> None:
    file = exported / "config.yaml"
    config = yaml.safe_load(file.read_text())
    config |= {"TrainingFraction": [0.8], "iteration": 3, "own": "words", "scorer": "somebody"}
    config["video_sets"]["/films/other.avi"] = {"crop": "0, 9, 0, 9"}
    file.write_text(yaml.safe_dump(config))

    with Project.open(tmp_path / "mice") as project:
        export_set(project, exported, format="deeplabcut-project", include_unaccepted=True)

    again = yaml.safe_load(file.read_text())
    assert (again["TrainingFraction"], again["iteration"], again["own"]) == ([0.8], 3, "words")
    assert again["scorer"] == "anna"
    assert again["video_sets"].keys() == config["video_sets"].keys()


def test_written_again_it_goes_over_no_table_that_was_changed(
    exported: Path, tmp_path: Path
) -> None:
    table = exported / "labeled-data" / "cage 1" / "CollectedData_anna.csv"
    table.write_text(changed := table.read_text().replace("1.5", "1.75"))

    with Project.open(tmp_path / "mice") as project, pytest.raises(FormatError, match="changed"):
        export_set(project, exported, format="deeplabcut-project", include_unaccepted=True)

    assert table.read_text() == changed


def test_several_objects_of_an_image_are_individuals_in_all_tables(tmp_path: Path) -> None:
    with made(tmp_path, {"one/a.png": ["anna", "ben"], "two/b.png": ["anna"]}) as project:
        export_set(project, tmp_path / "out", format="deeplabcut-project", include_unaccepted=True)
    config = yaml.safe_load((tmp_path / "out" / "config.yaml").read_text())
    with Project.create(tmp_path / "again", SCHEME) as again:
        report = import_labels(again, tmp_path / "out", who="b")

    assert config["multianimalproject"] is True
    assert (config["bodyparts"], config["individuals"]) == (
        "MULTI!",
        ["individual1", "individual2"],
    )
    assert config["scorer"] == "landmark-annotator"
    for folder in ("one", "two"):
        (file,) = (tmp_path / "out" / "labeled-data" / folder).glob("*.h5")
        assert pd.read_hdf(file).shape[1] == 2 * 3 * 2
    assert (report.added, report.unreadable) == (3, [])


@pytest.mark.parametrize("who", ["a/b", "..", "../../x"])
def test_a_name_of_a_person_leads_nowhere_else(tmp_path: Path, who: str) -> None:
    with made(tmp_path, {"one/a.png": [who]}) as project:
        export_set(project, tmp_path / "out", format="deeplabcut-project", include_unaccepted=True)

    tables = [path.parent for path in tmp_path.rglob("CollectedData*.csv")]
    assert tables == [tmp_path / "out" / "labeled-data" / "one"]


@pytest.mark.parametrize(
    "text", ["bodyparts: [a, b]\nvideo_sets:\n", "bodyparts: 7\nvideo_sets: x\n", "["]
)
def test_a_folder_without_tables_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.yaml").write_text(text)

    with pytest.raises(FormatError, match="no labels"):
        by_name("deeplabcut-project").reader().read(tmp_path, SCHEME)


@pytest.mark.parametrize(
    "text", ["bodyparts: 7\nvideo_sets:\n", "- a\n", "a: [", "a: &x 1\nb: *x\n"]
)
def test_a_config_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.yaml").write_text(text)

    with pytest.raises(FormatError):
        deeplabcut_project.landmarks(tmp_path / "config.yaml")
