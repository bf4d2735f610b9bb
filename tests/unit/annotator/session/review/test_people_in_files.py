"""Who labelled what survives a label file: two people's labels are two people's again."""

from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("pair", ("one", "two"))
BY_HAND = [Provenance.CLICKED] * 2


@pytest.fixture
def project(tmp_path: Path):
    """One photograph whose object ada and bob have labelled, four pixels apart in one landmark."""
    photos = tmp_path / "photos"
    photos.mkdir()
    Image.new("RGB", (50, 60)).save(photos / "a.png")
    with Project.create(tmp_path / "first", SCHEME) as opened:
        import_labels(opened, photos, who="ada")
        first = opened.instances()[0]
        opened.set_box(first.id, Box(20, 20, 30, 30), who="ada")
        opened.accept(first.id, Shape([[10.0, 20.0], [30.0, 20.0]], None, BY_HAND), who="ada")
        second = opened.add_instance(
            first.image_id, Box(20, 20, 30, 30), second_opinion_on=first.id, who="bob"
        )
        opened.accept(second.id, Shape([[10.0, 20.0], [34.0, 20.0]], None, BY_HAND), who="bob")
        yield opened


FORMATS = pytest.mark.parametrize(
    ("format", "name"),
    [
        ("csv", "labels.csv"),
        ("coco", "labels.json"),
        ("cvat", "labels.xml"),
        ("label-studio", "labels.json"),
        ("datumaro", "labels.json"),
    ],
)


@FORMATS
def test_both_people_come_back(project, tmp_path, format, name):
    export_labels(project, tmp_path / name, format=format)
    with Project.create(tmp_path / "second", SCHEME) as again:
        import_labels(again, tmp_path / name, who="carl", format=format)
        assert sorted(label.who for label in again.labellings().values()) == ["ada", "bob"]
        found = agreements(again)
    assert [(one.first, one.second, len(one.pairs)) for one in found] == [("ada", "bob", 1)]
    assert found[0].pixels[0] == pytest.approx([0.0, 4.0])


@FORMATS
def test_one_of_them_can_be_asked_for(project, tmp_path, format, name):
    export_labels(project, tmp_path / name, format=format)
    with Project.create(tmp_path / "second", SCHEME) as again:
        with pytest.raises(FormatError, match='annotator "zoe"') as refused:
            import_labels(again, tmp_path / name, who="carl", format=format, annotator="zoe")
        assert refused.value.remedy == "Choose one of ada, bob."
        assert not again.images()
        import_labels(again, tmp_path / name, who="bob", format=format, annotator="bob")
        assert [shape.points[1, 0] for _, shape in again.shapes()] == pytest.approx([34.0])
        assert [label.who for label in again.labellings().values()] == ["bob"]
