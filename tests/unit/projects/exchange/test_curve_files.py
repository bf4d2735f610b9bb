import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange.codecs import tem, tps
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.curve_files import curves_for, read_curves, write_sliders
from landmark_annotator.projects.vocabulary import Curve, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

FACE = Scheme.named("face68")
LEAF = Scheme(
    "leaf",
    tuple("abcdefgh"),
    edges=((0, 7),),
    curves=(Curve("edge", (0, 1, 2, 3)), Curve("spot", (4, 5, 6), closed=True)),
)
LONDON = Path(os.environ.get("LANDMARK_DATA", "../shared/data")) / "london189"


def shape(curve: Curve) -> tuple[tuple[int, ...], bool]:
    return curve.landmarks, curve.closed


def test_sliders_are_before_slide_and_after_from_one(tmp_path: Path) -> None:
    target = tmp_path / "sliders.csv"
    assert write_sliders(target, LEAF) == 5
    assert target.read_text().splitlines()[:3] == ["before,slide,after", "1,2,3", "2,3,4"]


def test_a_table_that_somebody_has_made_is_not_written_over(tmp_path: Path) -> None:
    target = tmp_path / "sliders.csv"
    target.write_text("before,slide,after\n6,7,8\n")

    with pytest.raises(FormatError, match="there already"):
        write_sliders(target, LEAF)

    assert target.read_text() == "before,slide,after\n6,7,8\n"


def test_sliders_come_back_as_the_curves_that_they_were(tmp_path: Path) -> None:
    target = tmp_path / "sliders.csv"
    write_sliders(target, LEAF)
    found = read_curves(target, len(LEAF))
    assert found[0].landmarks == (0, 1, 2, 3)
    assert found[1].closed
    assert set(found[1].landmarks) == {4, 5, 6}


def test_a_face_slides_as_before_but_for_the_ends_of_the_jaw(tmp_path: Path) -> None:
    target = tmp_path / "sliders.csv"
    write_sliders(target, FACE)
    found = read_curves(target, 68)
    assert sorted(c.landmarks for c in found) == sorted(c.landmarks for c in FACE.curves)


def test_rows_as_r_writes_them_are_read_in_any_order(tmp_path: Path) -> None:
    source = tmp_path / "r.csv"
    source.write_text('"","before","slide","after"\n"1",2,3,4\n"2",1,2,3\n')
    assert read_curves(source, 4) == (Curve("curve 1", (0, 1, 2, 3)),)


@pytest.mark.parametrize(
    "row", ["1,2", "1,2,9", "1,1,2", "a,b,c", f"1,2,{'3' * 5000}", f"1,2,{'x' * 200_000}"]
)
def test_a_row_that_is_none_is_named(tmp_path: Path, row: str) -> None:
    source = tmp_path / "broken.csv"
    source.write_text(f"before,slide,after\n{row}\n")
    with pytest.raises(FormatError, match="line 2"):
        read_curves(source, 8)


def test_an_older_project_gets_those_of_the_built_in_scheme_by_the_names_of_its_landmarks() -> None:
    order = (*range(30, 68), *range(30))
    older = Scheme("old", tuple(FACE.landmarks[j] for j in order))
    found = curves_for(older, Path("face68"))
    assert [older.landmarks[j] for j in found[0].landmarks] == list(FACE.landmarks[:17])
    assert found[0].free_ends


def test_a_scheme_without_curves_has_no_sliders(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no landmark that slides"):
        write_sliders(tmp_path / "none.csv", Scheme("one", ("a",)))


def test_lines_of_a_tem_file_are_the_scheme_s_curves_and_its_other_edges(tmp_path: Path) -> None:
    points = np.arange(16.0).reshape(8, 2)
    one = ExportedInstance(tmp_path / "leaf.png", 20, 20, Shape(points), None, "leaf")
    tem.write(tmp_path / "out", [one], LEAF)
    text = (tmp_path / "out" / "leaf.tem").read_text()
    assert text.splitlines()[9] == "3"
    found = read_curves(tmp_path / "out" / "leaf.tem", 8)
    assert [shape(c) for c in found] == [shape(c) for c in LEAF.curves]


@pytest.mark.skipif(not LONDON.is_dir(), reason="needs LANDMARK_DATA")
def test_the_template_of_189_points_draws_its_contours() -> None:
    source = sorted(LONDON.glob("*.tem"))[0]
    found = read_curves(source, 189)
    scheme = Scheme("london189", tuple(map(str, range(189))), curves=found)
    assert sum(curve.closed for curve in found) == 2
    assert len(scheme.semilandmarks) > 100


def leaf(folder: Path) -> ExportedInstance:
    Image.new("L", (30, 20)).save(folder / "leaf.png")
    points = np.random.default_rng(3).uniform(0, 19, (8, 2))
    points[2] = np.nan
    return ExportedInstance(folder / "leaf.png", 30, 20, Shape(points), None, "leaf")


def test_tps_has_every_landmark_and_its_contours_once_more(tmp_path: Path) -> None:
    one, target = leaf(tmp_path), tmp_path / "leaf.tps"
    tps.write(target, [one], LEAF)
    lines = target.read_text().splitlines()
    assert lines[0] == "LM=8"
    assert lines[9:11] == ["CURVES=2", "POINTS=4"]
    assert lines[15] == "POINTS=4"
    assert lines[16] == lines[19] == lines[5]
    found = tps.read(target, LEAF).instances[0].shape
    assert np.array_equal(found.points, one.shape.points, equal_nan=True)


@pytest.mark.parametrize("with_ends", [True, False])
def test_tps_whose_curves_alone_have_what_slides_is_read_in_the_scheme_s_order(
    tmp_path: Path, with_ends: bool
) -> None:
    one, target = leaf(tmp_path), tmp_path / "leaf.tps"
    tps.write(target, [one], LEAF)
    rows = target.read_text().splitlines()[1:9]
    edge = [0, 1, 2, 3] if with_ends else [1, 2]
    spot = [4, 5, 6, 4] if with_ends else [4, 5, 6]
    lines = ["LM=3", *(rows[j] for j in (0, 3, 7)), "CURVES=2"]
    for through in (edge, spot):
        lines += [f"POINTS={len(through)}", *(rows[j] for j in through)]
    target.write_text("\n".join([*lines, "IMAGE=leaf.png", ""]))
    found = tps.read(target, LEAF).instances[0].shape
    assert np.array_equal(found.points, one.shape.points, equal_nan=True)
