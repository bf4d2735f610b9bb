"""3D Slicer's markups: positions are where Slicer, which reads images by ITK, shows the pixels."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels, sniff
from landmark_annotator.projects.exchange.scheme_of_labels import scheme_of_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("triangle", ("top", "left", "right"))
POINTS = np.array([[10.1, 5.7], [33.3, 41.9], [0.0, 12.345678901234567]])
SAID = [
    ("a.jpg", (72, 72), (25.4 / 72, 25.4 / 72)),
    ("a.tif", (300, 150), (25.4 / 300, 25.4 / 150)),
]
UNSAID = [("a.png", (72, 72)), ("a.bmp", (72, 72)), ("a.jpg", None), ("a.tif", None)]
"""Files of which ITK (SimpleITK 2.5) takes a pixel for a millimetre."""


def labelled(folder: Path, name: str, dpi: tuple[int, int] | None) -> Project:
    (folder / "photos").mkdir()
    image = folder / "photos" / name
    Image.new("RGB", (60, 50)).save(image, **({} if dpi is None else {"dpi": dpi}))
    project = Project.create(folder / "project", SCHEME)
    record = project.add_image(image, examine(image))
    project.add_instance(
        record.id, Box(20, 20, 40, 40), source="one", shape=Shape(POINTS), who="ada"
    )
    return project


def written(folder: Path) -> Any:
    return json.loads((folder / "out" / "a.mrk.json").read_text())


def positions(content: Any) -> list[list[float]]:
    return [point["position"][:2] for point in content["markups"][0]["controlPoints"]]


def back(folder: Path) -> tuple[list[list[float]], list[str]]:
    with Project.create(folder / "other", SCHEME) as other:
        report = import_labels(other, folder / "out", who="ben", images=folder / "photos")
        [(_, shape)] = other.shapes()
    return shape.points.tolist(), report.notes


@pytest.mark.parametrize(("name", "dpi", "pixel"), SAID)
@pytest.mark.parametrize("naming", ["movable", "copy"])
def test_positions_are_in_millimetres_where_the_image_says_what_a_pixel_is(
    tmp_path: Path, name: str, dpi: tuple[int, int], pixel: tuple[float, float], naming: str
) -> None:
    project = labelled(tmp_path, name, dpi)

    report = export_labels(project, tmp_path / "out", format="slicer", naming=naming)

    np.testing.assert_allclose(positions(written(tmp_path)), POINTS * pixel, rtol=1e-12)
    assert any("how large a pixel is" in note for note in report.notes)
    assert back(tmp_path) == (POINTS.tolist(), [])


@pytest.mark.parametrize(("name", "dpi", "pixel"), SAID)
def test_what_slicer_has_written_is_read_as_it_shows_the_image(
    tmp_path: Path, name: str, dpi: tuple[int, int], pixel: tuple[float, float]
) -> None:
    export_labels(labelled(tmp_path, name, dpi), tmp_path / "out", format="slicer")
    content = written(tmp_path)
    del content["markups"][0]["pixelSize"]
    (tmp_path / "out" / "a.mrk.json").write_text(json.dumps(content))

    points, [note] = back(tmp_path)

    assert points == POINTS.tolist()
    assert f"({name}: {pixel[0]:.4g} mm)" in note


@pytest.mark.parametrize(("name", "dpi"), UNSAID)
def test_a_pixel_is_a_millimetre_where_the_image_says_nothing(
    tmp_path: Path, name: str, dpi: tuple[int, int] | None
) -> None:
    report = export_labels(labelled(tmp_path, name, dpi), tmp_path / "out", format="slicer")

    assert positions(written(tmp_path)) == POINTS.tolist()
    assert not any("how large a pixel is" in note for note in report.notes)


def test_what_a_file_says_of_its_pixels_and_is_none_is_told(tmp_path: Path) -> None:
    export_labels(labelled(tmp_path, "a.jpg", None), tmp_path / "out", format="slicer")
    content = written(tmp_path)
    content["markups"][0]["pixelSize"] = [1, 0]
    (tmp_path / "out" / "a.mrk.json").write_text(json.dumps(content))

    with Project.create(tmp_path / "other", SCHEME) as other:
        report = import_labels(other, tmp_path / "out", who="ben", images=tmp_path / "photos")

    assert [each.reason for each in report.unreadable] == [
        'Markup 0: its "pixelSize" is not the width and the height of a pixel.'
    ]


@pytest.mark.parametrize(
    ("system", "sign"), [("LPS", 1), ("RAS", -1), ("1", 1), ("0", -1), (0, -1)]
)
def test_axes_point_as_the_coordinate_system_says(
    tmp_path: Path, system: object, sign: int
) -> None:
    """By vtkMRMLStorageNode 0 is RAS and 1 is LPS."""
    export_labels(labelled(tmp_path, "a.png", None), tmp_path / "out", format="slicer")
    content = written(tmp_path)
    content["markups"][0]["coordinateSystem"] = system
    for point in content["markups"][0]["controlPoints"]:
        point["position"] = [sign * each for each in point["position"]]
    (tmp_path / "out" / "a.mrk.json").write_text(json.dumps(content))

    assert back(tmp_path)[0] == POINTS.tolist()


@pytest.mark.parametrize("unit", ["um", ["um", "UCUM", "micrometer"]])
def test_micrometres_are_not_taken_for_millimetres(tmp_path: Path, unit: object) -> None:
    export_labels(labelled(tmp_path, "a.png", None), tmp_path / "out", format="slicer")
    content = written(tmp_path)
    [markup] = content["markups"]
    del markup["pixelSize"]
    markup["coordinateUnits"] = unit
    for point in markup["controlPoints"]:
        point["position"] = [1000 * each for each in point["position"]]
    (tmp_path / "out" / "a.mrk.json").write_text(json.dumps(content))

    points, notes = back(tmp_path)

    np.testing.assert_allclose(points, POINTS, rtol=1e-12)
    assert notes == []


def test_units_and_kinds_that_are_not_read_are_told(tmp_path: Path) -> None:
    export_labels(labelled(tmp_path, "a.png", None), tmp_path / "out", format="slicer")
    content = written(tmp_path)
    [markup] = content["markups"]
    del markup["pixelSize"]
    content["markups"] = [{**markup, "type": "Angle"}, {**markup, "coordinateUnits": "furlong"}]
    (tmp_path / "out" / "a.mrk.json").write_text(json.dumps(content))

    with Project.create(tmp_path / "other", SCHEME) as other:
        report = import_labels(other, tmp_path / "out", who="ben", images=tmp_path / "photos")

    assert "'furlong', not in mm or um" in report.unreadable[0].reason
    assert report.notes[0] == "1 markup is no list of points (Angle) and passed over."


def fcsv(system: str, sign: int, labels: tuple[str, ...] = SCHEME.landmarks) -> str:
    head = f"# Markups fiducial file version = 4.11\n# CoordinateSystem = {system}\n"
    columns = "# columns = id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID\n"
    rows = [
        f"{number},{sign * x!r},{sign * y!r},0,0,0,0,1,1,1,0,{label},,\n"
        for number, (label, (x, y)) in enumerate(zip(labels, POINTS.tolist(), strict=True))
    ]
    return head + columns + "".join(rows)


@pytest.mark.parametrize(("system", "sign"), [("LPS", 1), ("RAS", -1), ("0", -1), ("1", 1)])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_tables_of_older_versions_are_read(
    tmp_path: Path, system: str, sign: int, ending: str
) -> None:
    labelled(tmp_path, "a.png", None).close()
    (tmp_path / "out").mkdir()
    text = fcsv(system, sign).replace("\n", ending)
    (tmp_path / "out" / "a.fcsv").write_bytes(text.encode())

    assert sniff(tmp_path / "out").name == sniff(tmp_path / "out" / "a.fcsv").name == "slicer"
    assert scheme_of_labels(tmp_path / "out" / "a.fcsv").landmarks == SCHEME.landmarks
    assert back(tmp_path) == (POINTS.tolist(), [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("10.1", "nan", "a.fcsv, line 4: it is no point with x, y, z and a label"),
        ("0,10.1", "10.1", "a.fcsv, line 4: it is no point"),
        ("top", "nose", "nose"),
        ("left", "top", "is there twice"),
        ("LPS", "IJK", "are in IJK, not LPS"),
        ("10.1", "x" * 200_000, "a.fcsv, line 4: it is no point"),
    ],
)
def test_damaged_tables_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    labelled(tmp_path, "a.png", None).close()
    (tmp_path / "photos" / "a.fcsv").write_text(fcsv("LPS", 1).replace(old, new, 1))

    with Project.create(tmp_path / "other", SCHEME) as other:
        report = import_labels(other, tmp_path / "photos" / "a.fcsv", who="ben")

    assert told in report.unreadable[0].reason
