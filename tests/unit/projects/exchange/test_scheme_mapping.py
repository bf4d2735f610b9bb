"""68 points as 5, 19 or 29, and sparse labels in a dense scheme."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_set, import_labels, mapping_for
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.samples import draw_head
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import SchemeError

FACE = Scheme.named("face68")


@pytest.fixture
def faces(tmp_path: Path) -> Iterator[Project]:
    """One accepted drawn head."""
    pixels, shape = draw_head(1)
    Image.fromarray(pixels).save(tmp_path / "head.png")
    with Project.create(tmp_path / "faces", FACE) as project:
        image = project.add_image(tmp_path / "head.png", examine(tmp_path / "head.png"))
        project.add_instance(image.id, None, shape=shape, who="anna")
        yield project


@pytest.mark.parametrize(
    ("name", "size", "unknown"), [("mafl5", 5, 0), ("aflw19", 19, 0), ("cofw29", 29, 2)]
)
def test_built_in_mappings_place_points_where_they_belong(
    name: str, size: int, unknown: int
) -> None:
    mapping = mapping_for(name, FACE)
    shape = draw_head(1)[1]

    sparse = mapping.to_sparse(shape)

    assert len(sparse) == size
    assert (~sparse.known).sum() == unknown
    # What is left of the subject is right in the image, in both schemes.
    for a, b in mapping.sparse.partners:
        if sparse.known[a] and sparse.known[b]:
            assert sparse.points[a, 0] < sparse.points[b, 0]


@pytest.mark.parametrize("name", ["mafl5", "aflw19", "cofw29"])
def test_mirroring_and_mapping_can_be_exchanged(name: str) -> None:
    mapping = mapping_for(name, FACE)
    shape = draw_head(2)[1]

    one = mapping.to_sparse(shape.mirrored(FACE.mirror, 50.0)).points
    other = mapping.to_sparse(shape).mirrored(mapping.sparse.mirror, 50.0).points

    assert np.allclose(one, other, equal_nan=True)


def test_a_mean_is_as_sure_and_as_visible_as_its_members() -> None:
    visibility, marks = np.full(68, 2, dtype=np.int8), [Provenance.CLICKED] * 68
    visibility[36], marks[37] = 1, Provenance.INFERRED
    covariances = np.broadcast_to(np.eye(2) * 6, (68, 2, 2))
    shape = Shape(draw_head(1)[1].points, visibility, marks, covariances)

    sparse = mapping_for("mafl5", FACE).to_sparse(shape)

    assert sparse.visibility.tolist() == [1, 2, 2, 2, 2]
    assert sparse.provenance[:2] == (Provenance.INFERRED, Provenance.CLICKED)
    assert np.allclose(sparse.covariances[0], np.eye(2))


def test_a_mean_of_an_unknown_landmark_is_unknown() -> None:
    points = draw_head(1)[1].points.copy()
    points[36] = np.nan

    sparse = mapping_for("mafl5", FACE).to_sparse(Shape(points))

    assert sparse.known.tolist() == [False, True, True, True, True]


def test_an_export_in_five_points(faces: Project, tmp_path: Path) -> None:
    mapping = mapping_for("mafl5", faces.scheme)

    report = export_set(faces, tmp_path / "five.json", format="coco", mapping=mapping)

    content = json.loads((tmp_path / "five.json").read_text())
    assert content["categories"][0]["keypoints"] == list(mapping.sparse.landmarks)
    assert len(content["annotations"][0]["keypoints"]) == 15
    assert report.instances == 1


def test_landmarks_without_a_counterpart_are_said(faces: Project, tmp_path: Path) -> None:
    mapping = mapping_for("cofw29", faces.scheme)

    report = export_set(faces, tmp_path / "out.json", format="coco", mapping=mapping)

    assert any("brow lower edge" in note for note in report.notes)


def test_sparse_labels_leave_the_rest_of_a_dense_scheme_unknown(
    faces: Project, tmp_path: Path
) -> None:
    mapping = mapping_for("mafl5", FACE)
    export_set(faces, tmp_path / "five.csv", format="csv", mapping=mapping)
    with Project.create(tmp_path / "other", FACE) as other:
        report = import_labels(other, tmp_path / "five.csv", mapping=mapping, who="bert")

        ((record, shape),) = other.shapes(None)
    assert record.state is InstanceState.STARTED
    assert np.flatnonzero(shape.known).tolist() == [30, 48, 54]
    assert any("right eye" in note for note in report.notes)


def test_a_mapping_file(tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(
        'from = "face68"\n[scheme]\nname = "two"\nlandmarks = ["chin", "nose"]\n'
        '[points]\nchin = "chin"\nnose = ["nose tip", "nose base"]\n'
    )

    sparse = mapping_for(str(file), FACE).to_sparse(draw_head(1)[1])

    points = draw_head(1)[1].points
    assert np.array_equal(sparse.points, [points[8], points[[30, 33]].mean(axis=0)])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("face68", "face86"), "face86"),
        (('"chin"\n', '"chins"\n'), 'Did you mean "chin"'),
        (("[points]", "[point]"), "needs the tables"),
        (("from =", "from"), "not TOML"),
    ],
)
def test_a_wrong_mapping_file(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    text = 'from = "face68"\n[scheme]\nname = "one"\nlandmarks = ["a"]\n[points]\na = "chin"\n'
    (tmp_path / "one.toml").write_text(text.replace(*change))

    with pytest.raises(SchemeError, match=says):
        mapping_for(str(tmp_path / "one.toml"), FACE)


def test_an_unknown_mapping_gets_the_closest() -> None:
    with pytest.raises(SchemeError, match='Did you mean "mafl5"'):
        mapping_for("mafl", FACE)


def test_a_script_may_ask_by_the_name_of_before() -> None:
    assert mapping_for("faces19", FACE) == mapping_for("aflw19", FACE)


@pytest.mark.parametrize("odd", ["9" * 5000, "[" * 2000, "\0", "[[1]]", "{a = 1}"])
def test_an_odd_mapping_file_is_refused(tmp_path: Path, odd: str) -> None:
    file = tmp_path / "odd.toml"
    file.write_text(f'from = "face68"\n[scheme]\nname = "eyes"\nlandmarks = {odd}\n[points]\n')

    with pytest.raises(SchemeError):
        mapping_for(str(file), Scheme.named("face68"))
