"""What people have said beside positions goes through files: what is absent, who labelled, when."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, formats, import_labels
from landmark_annotator.projects.exchange.mapping import Mapping
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility

SCHEME = Scheme("kite", ("top", "right", "bottom", "left"))
AT = datetime(2025, 3, 1, 8, 30, 15, 250000, UTC)
POINTS = np.array([[20.0, 8.0], [32.0, 20.0], [np.nan, np.nan], [np.nan, np.nan]])
HOLDING = (
    "csv",
    "coco",
    "coco-folder",
    "cvat",
    "label-studio",
    "datumaro",
    "labelme",
    "sleap",
    "sleap-package",
    "via",
    "nwb",
    "webdataset",
    "huggingface",
    "imagefolder",
)
"""The formats that have a place for it."""
IN_BYTES = ("nwb", "sleap", "sleap-package", "webdataset", "huggingface")
"""Those of which nobody changes a letter by hand."""
HOLDING_ABSENT = (*HOLDING, "slicer")
ELSEWHERE = ("cvat-video", "coco-wholebody")
"""Of videos alone, and of schemes of other sizes."""
OF_ONE_PERSON = ("deeplabcut", "deeplabcut-h5", "deeplabcut-project", "lightning-pose")
"""Those that name one person for all."""


@pytest.fixture
def kites(tmp_path: Path) -> Project:
    """One instance of bob, with an absent bottom and a left corner that nobody has labelled."""
    picture = tmp_path / "photos" / "a.png"
    picture.parent.mkdir()
    Image.new("RGB", (40, 40)).save(picture)
    project = Project.create(tmp_path / "kites", SCHEME)
    marks = (Provenance.CLICKED, Provenance.CLICKED, Provenance.CLICKED, None)
    shape = Shape(POINTS, provenance=marks)
    facts = project.add_image(picture, examine(picture))
    project.add_instance(facts.id, Box(20, 20, 30, 30), shape=shape, who="bob", at=AT)
    return project


def target(folder: Path, format: str) -> Path:
    card = next(card for card in formats() if card.name == format)
    return folder / "out" if card.writes_folder else folder / f"out{card.suffix}"


def through(project: Project, folder: Path, format: str) -> Project:
    if format.startswith("sleap"):
        pytest.importorskip("sleap_io")
    export_labels(project, target(folder, format), format=format, include_unaccepted=True)
    again = Project.create(folder / "again", SCHEME)
    import_labels(again, target(folder, format), format=format, who="importer")
    return again


@pytest.mark.parametrize("format", HOLDING)
def test_it_comes_back(kites: Project, tmp_path: Path, format: str) -> None:
    with kites, through(kites, tmp_path, format) as again:
        [(record, shape)] = again.shapes(None)
        assert shape.absent.tolist() == [False, False, True, False]
        assert shape.visibility[3] == Visibility.NOT_LABELLED
        label = again.labellings()[record.id]
        assert (label.who, label.at) == ("bob", AT)


@pytest.mark.parametrize(
    "format", [c.name for c in formats() if c.carries and c.name not in ELSEWHERE]
)
def test_what_a_format_has_no_place_for_is_told(
    kites: Project, tmp_path: Path, format: str
) -> None:
    if format.startswith("sleap"):
        pytest.importorskip("sleap_io")
    with kites:
        report = export_labels(
            kites, target(tmp_path, format), format=format, include_unaccepted=True
        )
    told = " ".join(report.losses)
    assert ("Who labelled, and when" in told) == (format not in (*HOLDING, *OF_ONE_PERSON))
    assert ("When it was labelled" in told) == (format in OF_ONE_PERSON)
    said = ("absent", "unknown landmarks was left out", "neither landmarks nor boxes")
    silent = not any(words in told for words in said)
    assert silent == (format in HOLDING_ABSENT)


@pytest.mark.parametrize("format", OF_ONE_PERSON)
def test_the_one_person_whose_labels_they_are_comes_back(
    kites: Project, tmp_path: Path, format: str
) -> None:
    pytest.importorskip("h5py")
    with kites, through(kites, tmp_path, format) as again:
        [label] = again.labellings().values()
        assert label.who == "bob"


@pytest.mark.parametrize("format", OF_ONE_PERSON)
def test_of_several_people_nobody_is_named_and_that_is_told(
    kites: Project, tmp_path: Path, format: str
) -> None:
    pytest.importorskip("h5py")
    picture = tmp_path / "photos" / "b.png"
    Image.new("RGB", (40, 40), "white").save(picture)
    with kites:
        image = kites.add_image(picture, examine(picture)).id
        kites.add_instance(image, Box(20, 20, 30, 30), shape=Shape(POINTS), who="ada")
        out = target(tmp_path, format)
        report = export_labels(kites, out, format=format, include_unaccepted=True)
        assert "Who labelled, and when, is not written." in report.losses
        with through(kites, tmp_path, format) as again:
            assert {label.who for label in again.labellings().values()} == {"importer"}


# SLEAP's is no text in which a time could be changed.
@pytest.mark.parametrize("format", [name for name in HOLDING if name not in IN_BYTES])
def test_a_wrong_time_is_told_and_no_crash(kites: Project, tmp_path: Path, format: str) -> None:
    out = target(tmp_path, format)
    with kites:
        export_labels(kites, out, format=format, include_unaccepted=True)
    for file in [out] if out.is_file() else list(out.rglob("*.json*")):
        file.write_text(file.read_text().replace("2025-03-01T08:30:15", "yesterday"))
    with Project.create(tmp_path / "again", SCHEME) as again:
        report = import_labels(again, out, format=format, who="importer")
    assert report.added == 0
    assert "not the time of a label" in report.unreadable[0].reason


def test_a_mean_of_landmarks_is_absent_only_where_all_of_them_are() -> None:
    means = Scheme("two", ("upper", "lower"))
    mapping = Mapping(SCHEME, means, ((0, 2), (2, 3)))
    gone = (Provenance.CLICKED, None, Provenance.CLICKED, Provenance.CLICKED)
    shape = mapping.to_sparse(Shape(POINTS, provenance=gone))
    assert shape.absent.tolist() == [False, True]


def test_shapes_that_lack_only_what_is_absent_are_told_from_unlabelled_ones(
    kites: Project, tmp_path: Path
) -> None:
    with kites:
        [(record, shape)] = kites.shapes(None)
        kites.place(record.id, 3, (8, 20), who="bob")
        [image] = kites.images()
        kites.add_instance(image.id, Box(20, 20, 9, 9), shape=shape, who="bob")
        report = export_labels(kites, tmp_path / "out", format="pts", include_unaccepted=True)
    [told] = [loss for loss in report.losses if "left out" in loss]
    assert told.startswith("2 shapes with unknown landmarks were left out; 1 of them lacks nothing")


@pytest.mark.parametrize(
    ("format", "apart"), [("pts", False), ("coco", True), ("lightning-pose", True)]
)
def test_two_peoples_labels_of_one_object_that_look_like_two_objects_are_told(
    tmp_path: Path, format: str, apart: bool
) -> None:
    picture = tmp_path / "a.png"
    Image.new("RGB", (40, 40)).save(picture)
    with Project.create(tmp_path / "kites", SCHEME) as project:
        image = project.add_image(picture, examine(picture)).id
        whole = Shape(np.array([[20.0, 8.0], [32, 20], [20, 32], [8, 20]]))
        for who in ("ada", "bob"):
            project.add_instance(image, Box(20, 20, 30, 30), shape=whole, who=who)
        project.add_instance(image, Box(35, 35, 4, 4), shape=whole, who="bob")
        report = export_labels(project, target(tmp_path, format), format=format)
    told = [loss for loss in report.losses if "two people's labels of one object" in loss]
    assert told == [] if apart else told[0].startswith("1 pair of shapes is")
    noted = [note for note in report.notes if "two people's labels of one object" in note]
    # Where who labelled is written nothing is lost; most programs do not ask for that.
    assert len(noted) == (format != "lightning-pose")
