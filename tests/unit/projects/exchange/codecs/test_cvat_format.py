"""CVAT for images: the corner convention, the order of points, and what else is read."""

import tracemalloc
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from landmark_annotator.projects.exchange.codecs import cvat
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("face", ("chin", "left eye", "right eye"), edges=((0, 1), (1, 2)), title="A face")
POINTS = [[0.0, 0.0], [60.5, 40.25], [np.nan, np.nan]]


def exported(tmp_path: Path) -> ExportedInstance:
    shape = Shape(np.array(POINTS), np.array([2, 1, 0], dtype=np.int8))
    box = Box.from_corner(10, 20, 30, 40)
    return ExportedInstance(tmp_path / "photos" / "0.png", 120, 100, shape, box, "key#0")


def written(tmp_path: Path) -> Xml.Element:
    cvat.write(tmp_path / "labels.xml", [exported(tmp_path)], SCHEME)
    return Xml.parse(tmp_path / "labels.xml").getroot()


def read(tmp_path: Path, image: str, labels: str = "") -> Contents:
    text = f"<annotations><meta><labels>{labels}</labels></meta>{image}</annotations>"
    (tmp_path / "labels.xml").write_text(text)
    return cvat.read(tmp_path / "labels.xml", SCHEME)


def test_the_centre_of_the_first_pixel_is_at_a_half(tmp_path: Path) -> None:
    points = written(tmp_path).findall("image/skeleton/points")

    assert [p.get("points") for p in points[:2]] == ["0.5,0.5", "61.0,40.75"]


def test_visibility_is_outside_and_occluded(tmp_path: Path) -> None:
    points = written(tmp_path).findall("image/skeleton/points")

    assert [(p.get("outside"), p.get("occluded")) for p in points] == [
        ("0", "0"),
        ("0", "1"),
        ("1", "0"),
    ]


def test_the_file_has_all_that_cvats_own_reader_asks_for(tmp_path: Path) -> None:
    """The elements and attributes that its `load_anno` takes without a default."""
    root = written(tmp_path)

    assert root.tag == "annotations"
    assert root.findtext("version") == "1.1"
    (image,) = root.findall("image")
    assert {"id", "name", "width", "height"} <= set(image.keys())
    (skeleton,) = image.findall("skeleton")
    assert {"label", "source", "z_order"} <= set(skeleton.keys())
    for point in skeleton.findall("points"):
        assert {"label", "outside", "occluded", "points"} <= set(point.keys())
    (box,) = image.findall("box")
    assert {"label", "xtl", "ytl", "xbr", "ybr", "occluded"} <= set(box.keys())
    declared = {label.findtext("name"): label for label in root.iter("label")}
    assert {e.get("label") for e in image.iter() if e.get("label")} <= set(declared)
    assert declared["face"].findtext("type") == "skeleton"
    assert declared["chin"].findtext("parent") == "face"


def test_the_skeletons_drawing_names_every_landmark_and_edge(tmp_path: Path) -> None:
    svg = next(written(tmp_path).iter("svg")).text

    drawing = Xml.fromstring(f"<svg>{svg}</svg>")
    assert [c.get("data-label-name") for c in drawing.iter("circle")] == list(SCHEME.landmarks)
    assert [(e.get("data-node-from"), e.get("data-node-to")) for e in drawing.iter("line")] == [
        ("1", "2"),
        ("2", "3"),
    ]


def test_points_of_any_order_find_their_landmarks(tmp_path: Path) -> None:
    """CVAT keeps no order of a skeleton's points: its issue 5048."""
    root = written(tmp_path)
    skeleton = next(root.iter("skeleton"))
    skeleton[:] = list(skeleton)[::-1]
    (tmp_path / "labels.xml").write_text(Xml.tostring(root, encoding="unicode"))

    (instance,) = cvat.read(tmp_path / "labels.xml", SCHEME).instances

    assert np.array_equal(instance.shape.points, POINTS, equal_nan=True)
    assert instance.shape.visibility.tolist() == [2, 1, 0]


def test_points_of_other_names_are_taken_in_the_order_of_their_declaration(tmp_path: Path) -> None:
    labels = "".join(
        f"<label><name>{n}</name><parent>face</parent></label>" for n in ("c", "a", "b")
    )
    points = "".join(
        f'<points label="{n}" points="{x}.5,0.5"/>' for n, x in (("a", 1), ("b", 2), ("c", 0))
    )
    image = f'<image name="a.png"><skeleton label="face">{points}</skeleton></image>'

    contents = read(tmp_path, image, labels)

    assert contents.instances[0].shape.points[:, 0].tolist() == [0, 1, 2]
    assert "in order" in contents.notes[0]


def test_single_points_of_a_group_are_an_instance(tmp_path: Path) -> None:
    shapes = "".join(
        f'<points label="{name}" points="{x}.5,0.5" occluded="0" group_id="{group}"/>'
        for group in (1, 2)
        for x, name in enumerate(SCHEME.landmarks)
    )

    contents = read(tmp_path, f'<image name="a.png">{shapes}</image>')

    assert [i.shape.points[:, 0].tolist() for i in contents.instances] == [[0, 1, 2]] * 2


def test_a_list_of_points_is_taken_in_order(tmp_path: Path) -> None:
    image = '<image name="a.png"><points label="f" points="0.5,0.5;1.5,0.5;2.5,0.5"/></image>'

    contents = read(tmp_path, image)

    assert contents.instances[0].shape.points[:, 0].tolist() == [0, 1, 2]
    assert "in the scheme's order" in contents.notes[0]


def test_a_turned_box(tmp_path: Path) -> None:
    image = (
        '<image name="a.png"><box label="face" xtl="0.5" ytl="0.5" xbr="10.5" ybr="20.5" '
        'rotation="90"/></image>'
    )

    (instance,) = read(tmp_path, image).instances

    assert instance.box == Box(5, 10, 10, 20, np.pi / 2)


def test_an_image_without_shapes_is_yet_to_be_labelled(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, '<image name="a.png"/>').instances

    assert not instance.shape.known.any()


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ('<points label="chn" points="1,1"/>', 'Did you mean "chin"'),
        ('<points label="chin" points="1"/>', "two numbers"),
        ('<points label="chin" points="nan,1"/>', "not a number"),
        ('<points label="chin" points="1,1"/><points label="chin" points="2,1"/>', "twice"),
    ],
)
def test_a_bad_skeleton_is_reported_and_the_rest_is_read(
    tmp_path: Path, points: str, says: str
) -> None:
    good = '<skeleton label="face"><points label="chin" points="1,1"/></skeleton>'
    image = f'<image name="a.png"><skeleton label="face">{points}</skeleton>{good}</image>'

    contents = read(tmp_path, image)

    assert len(contents.instances) == 1
    assert says in contents.unreadable[0].reason


@pytest.mark.parametrize(
    "text", ["<annotations><im", "", "<other/>", "<annotations><track/></annotations>"]
)
def test_files_that_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.xml").write_text(text)

    with pytest.raises(FormatError):
        cvat.read(tmp_path / "a.xml", SCHEME)


def test_a_name_that_xml_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="U\\+FFFE"):
        cvat.write(tmp_path / "a.xml", [], Scheme("x", ("a\ufffe", "b")))
    assert not (tmp_path / "a.xml").exists()


def test_images_are_written_one_after_the_other(tmp_path: Path) -> None:
    """As elements all together they took ten times the room of the file: 1.4 GB of 20,000 faces."""
    one = exported(tmp_path)
    several = [replace(one, image=tmp_path / f"{n}.png") for n in range(1000)]
    cvat.write(tmp_path / "labels.xml", several[:1], SCHEME)

    tracemalloc.start()
    try:
        cvat.write(tmp_path / "labels.xml", several, SCHEME)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < (tmp_path / "labels.xml").stat().st_size


def test_objects_of_an_image_that_come_apart_stand_together(tmp_path: Path) -> None:
    one = exported(tmp_path)
    other = replace(one, image=tmp_path / "1.png")

    cvat.write(tmp_path / "labels.xml", [one, other, one], SCHEME)

    images = Xml.parse(tmp_path / "labels.xml").getroot().findall("image")
    groups = [[s.get("group_id") for s in image.findall("skeleton")] for image in images]
    assert groups == [["1", "3"], ["2"]]


def test_of_two_boxes_in_a_group_without_skeletons_each_is_an_object(tmp_path: Path) -> None:
    """The first one was lost."""
    boxes = "".join(
        f'<box label="face" group_id="7" xtl="{x}" ytl="1" xbr="{x + 4}" ybr="5"/>' for x in (1, 6)
    )

    contents = read(tmp_path, f'<image name="a.png">{boxes}</image>')

    assert [i.box and i.box.centre_x for i in contents.instances] == [2.5, 7.5]


def test_a_skeletons_box_is_the_one_of_its_group_with_the_objects_label(tmp_path: Path) -> None:
    points = "".join(f'<points label="{name}" points="1,1"/>' for name in SCHEME.landmarks)
    shapes = f'<skeleton label="face" group_id="7">{points}</skeleton>' + "".join(
        f'<box label="{label}" group_id="7" xtl="{x}" ytl="1" xbr="{x + 4}" ybr="5"/>'
        for x, label in ((1, "face box"), (6, "hat"))
    )

    contents = read(tmp_path, f'<image name="a.png">{shapes}</image>')

    assert [i.box and i.box.centre_x for i in contents.instances] == [2.5]
    assert contents.notes[0].endswith("of face and did not come in: hat (1).")
