"""dlib's imglab XML: dlib reads and trains from it, and what is read and refused."""

from pathlib import Path

import dlib
import numpy as np
import pytest
from lxml import etree

from landmark_annotator.projects.exchange import export_labels, import_labels, sniff
from landmark_annotator.projects.exchange.codecs import imglab
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("eye", ("outer <&> corner", "ångström", "inner"), version=2)
FILE = """<?xml version='1.0' encoding='ISO-8859-1'?>
<?xml-stylesheet type='text/xsl' href='image_metadata_stylesheet.xsl'?>
<dataset><name>imglab dataset</name><comment>Created by imglab tool.</comment><images>
<image file='Müller.jpg'>
<box top='20' left='10' width='31' height='41'>
<label>eye</label>
<part name='0' x='12' y='21'/><part name='2' x='30' y='44.5'/>
</box>
</image>
</images></dataset>
"""


def read(tmp_path: Path, text: str, scheme: Scheme = SCHEME) -> Contents:
    (tmp_path / "labels.xml").write_bytes(text.encode("latin-1"))
    return imglab.read(tmp_path / "labels.xml", scheme)


def exported(tmp_path: Path) -> ExportedInstance:
    points = np.array([[12.25, 20.5], [30.0, 44.0], [np.nan, np.nan]])
    shape = Shape(points, np.array([2, 1, 0], dtype=np.int8))
    box = Box(25.25, 40.5, 30.5, 41.0, 0.1)
    return ExportedInstance(tmp_path / "photos" / "é 1.png", 80, 90, shape, box, 'key "1"')


def test_dlib_reads_rounded_parts_and_boxes_of_whole_pixels(tmp_path: Path) -> None:
    imglab.write(tmp_path / "o.xml", [exported(tmp_path)], SCHEME)

    loaded = dlib.image_dataset_metadata.load_image_dataset_metadata(str(tmp_path / "o.xml"))

    (image,) = loaded.images
    (box,) = image.boxes
    assert image.filename == "photos/é 1.png"
    assert {name: (box.parts[name].x, box.parts[name].y) for name in ("00", "01")} == {
        "00": (12, 20),
        "01": (30, 44),
    }
    # The rectangle of whole pixels around the turned box.
    assert (box.rect.width(), box.rect.height()) == (34, 44)
    assert (box.rect.left(), box.rect.top()) == (9, 19)


def test_what_dlib_rounds_away_comes_back(tmp_path: Path) -> None:
    instance = exported(tmp_path)
    imglab.write(tmp_path / "o.xml", [instance], SCHEME)

    (back,) = imglab.read(tmp_path / "o.xml", SCHEME).instances

    assert np.array_equal(back.shape.points, instance.shape.points, equal_nan=True)
    assert back.shape.visibility.tolist() == [2, 1, 0]
    assert (back.box, back.source, back.image) == (instance.box, instance.source, instance.image)


def test_what_was_moved_in_imglab_is_taken_from_its_whole_numbers(tmp_path: Path) -> None:
    imglab.write(tmp_path / "o.xml", [exported(tmp_path)], SCHEME)
    text = (tmp_path / "o.xml").read_text(encoding="utf-8")
    text = text.replace("x='12'", "x='15'").replace("left='9'", "left='11'")
    (tmp_path / "o.xml").write_text(text, encoding="utf-8")

    (back,) = imglab.read(tmp_path / "o.xml", SCHEME).instances

    assert back.shape.points[0].tolist() == [15, 20]
    assert back.box == Box(11 + 33 / 2, 19 + 43 / 2, 34, 44)


def test_a_file_of_imglab_itself(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, FILE).instances

    assert instance.image == tmp_path / "Müller.jpg"
    assert instance.shape.points[[0, 2]].tolist() == [[12, 21], [30, 44.5]]
    assert not instance.shape.known[1]
    # 31 pixels from the one at 10 on: the middle one is at 25.
    assert instance.box == Box(25, 40, 31, 41)


def test_parts_are_found_by_name(tmp_path: Path) -> None:
    text = FILE.replace("name='0'", "name='inner'").replace("name='2'", "name='ångström'")

    (instance,) = read(tmp_path, text).instances

    assert instance.shape.points[2].tolist() == [12, 21]
    assert instance.shape.points[1].tolist() == [30, 44.5]


def test_an_export_is_read_into_a_scheme_of_another_order(tmp_path: Path) -> None:
    imglab.write(tmp_path / "o.xml", [exported(tmp_path)], SCHEME)
    other = Scheme("other", tuple(reversed(SCHEME.landmarks)))

    (back,) = imglab.read(tmp_path / "o.xml", other).instances

    assert back.shape.points[2].tolist() == [12.25, 20.5]


def test_parts_numbered_from_one(tmp_path: Path) -> None:
    text = FILE.replace("name='0'", "name='1'").replace("name='2'", "name='3'")

    contents = read(tmp_path, text)

    assert contents.instances[0].shape.known.tolist() == [True, False, True]
    assert "numbered from 1" in contents.notes[0]


def test_boxes_to_be_ignored_and_images_without_boxes(tmp_path: Path) -> None:
    text = FILE.replace("<box ", "<box ignore='1' ").replace(
        "</images>", "<image file='b.jpg'/></images>"
    )

    ignored, bare = read(tmp_path, text).instances

    assert (ignored.image.name, bare.image.name) == ("Müller.jpg", "b.jpg")
    assert not any(one.shape.known.any() or one.box for one in (ignored, bare))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("name='2'", "name='3'", 'part "3" is no landmark'),
        ("name='2'", "name='0'", 'part "0" twice'),
        ("x='12'", "x='12,5'", 'x of the part "0"'),
        ("y='21'", "y='1e999'", 'y of the part "0"'),
        ("x='12'", "", "x of the part"),
        ("width='31'", "width='wide'", "width of the box"),
        ("x='12'", "x='12' visibility='3'", '"3" and not 1 or 2'),
    ],
)
def test_a_bad_box_is_reported_and_the_rest_is_read(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    good = FILE[FILE.index("<box") : FILE.index("</image>")]
    text = FILE.replace(old, new, 1).replace("</image>", f"{good}</image>")

    contents = read(tmp_path, text)

    assert len(contents.instances) == 1
    assert "Box 1 of Müller.jpg" in contents.unreadable[0].reason
    assert reason in contents.unreadable[0].reason


@pytest.mark.parametrize("text", ["", FILE[:300], "<other/>", FILE.replace("ISO-8859-1", "cp9")])
def test_not_an_imglab_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatError):
        read(tmp_path, text)


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    layers = "".join(f"<!ENTITY e{i + 1} '{f'&e{i};' * 20}'>" for i in range(9))
    text = f"<!DOCTYPE dataset [<!ENTITY e0 'x'>{layers}]><dataset>&e9;</dataset>"

    with pytest.raises(FormatError, match="not XML"):
        read(tmp_path, text)


def test_a_character_that_xml_has_not_is_refused_before_the_old_file_is_gone(
    tmp_path: Path,
) -> None:
    (tmp_path / "o.xml").write_text("old")
    instance = ExportedInstance(tmp_path / "a\x01.png", 9, 9, Shape.unknown(3), None, "k")

    with pytest.raises(FormatError, match="no XML file can hold"):
        imglab.write(tmp_path / "o.xml", [instance], SCHEME)

    assert (tmp_path / "o.xml").read_text() == "old"


def test_a_name_that_dlib_takes_for_another_is_noted(tmp_path: Path) -> None:
    image = tmp_path / "a & <b>.png"
    instance = ExportedInstance(image, 9, 9, Shape(np.ones((3, 2))), None, "k")

    written = imglab.write(tmp_path / "o.xml", [instance], SCHEME)

    assert any("1 image whose name" in note and "&" in note for note in written.notes)
    assert imglab.read(tmp_path / "o.xml", SCHEME).instances[0].image == image


def test_it_is_well_formed_and_known_by_its_content(tmp_path: Path) -> None:
    imglab.write(tmp_path / "o.txt", [exported(tmp_path)], SCHEME)

    root = etree.parse(tmp_path / "o.txt").getroot()

    assert [part.get("name") for part in root.iter("part")] == ["00", "01"]
    assert sniff(tmp_path / "o.txt").name == "imglab"


def test_dlib_trains_a_shape_predictor_from_an_export(tmp_path: Path, landmark_data: Path) -> None:
    folder = landmark_data / "faces68" / "helen-train"
    with Project.create(tmp_path / "faces", Scheme.named("face68")) as project:
        for file in sorted(folder.glob("*.pts"))[:30]:
            import_labels(project, file, who="anna")
        export_labels(project, tmp_path / "faces.xml", format="imglab")
        by_hand = [shape.points for _, shape in project.shapes()]
        boxes = [record.box for record, _ in project.shapes()]
    options = dlib.shape_predictor_training_options()
    options.tree_depth, options.cascade_depth, options.num_trees_per_cascade_level = 3, 5, 40
    options.oversampling_amount, options.feature_pool_size = 3, 150
    options.num_threads, options.random_seed = 1, "1"
    file, model = str(tmp_path / "faces.xml"), str(tmp_path / "faces.dat")

    dlib.train_shape_predictor(file, model, options)

    # Mean distance in pixels, against that of the mean shape put into each box.
    frames = np.array([box.to_frame(p) for box, p in zip(boxes, by_hand, strict=True) if box])
    mean = frames.mean(axis=0)
    errors = [
        np.linalg.norm(box.to_image(mean) - points, axis=1).mean()
        for box, points in zip(boxes, by_hand, strict=True)
        if box
    ]
    assert dlib.test_shape_predictor(file, model) < 0.7 * float(np.mean(errors))
