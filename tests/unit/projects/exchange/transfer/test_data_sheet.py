"""What an export of a whole set leaves: its parts and its data sheet."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import Split, export_set
from landmark_annotator.projects.exchange.transfer.data_sheet import agreement
from landmark_annotator.projects.images import ImageFacts, examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError
from tests.statements import statements_asked

SCHEME = Scheme("pair", ("one", "two"), normaliser=(0, 1), version=3)
POINTS = np.array([[10.0, 10.0], [30.0, 10.0]])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Twenty images of ten subjects, one instance each, accepted."""
    with Project.create(tmp_path / "pairs", SCHEME) as opened:
        for number in range(20):
            path = tmp_path / f"s{number // 2}_{number % 2}.png"
            Image.new("RGB", (50, 40), (number, 0, 0)).save(path)
            image = opened.add_image(path, examine(path))
            shape = Shape(POINTS, np.array([2, 1], dtype=np.int8), [Provenance.CLICKED, None])
            opened.add_instance(image.id, Box(20, 15, 30, 20), shape=shape, who="anna")
        yield opened


def test_a_split_export_writes_one_file_a_part(project: Project, tmp_path: Path) -> None:
    split = Split.parse("80/10/10", group=r"([^/]+)_\d")

    report = export_set(project, tmp_path / "set.json", format="coco", split=split)

    names = {}
    for part in ("train", "validation", "test"):
        content = json.loads((tmp_path / f"set-{part}.json").read_text())
        names[part] = {Path(image["file_name"]).name.split("_")[0] for image in content["images"]}
    assert [len(names[part]) for part in names] == [8, 1, 1]
    assert len(set.union(*names.values())) == 10
    assert report.instances == 20


def test_formats_with_a_file_an_image_get_a_folder_a_part(project: Project, tmp_path: Path) -> None:
    export_set(project, tmp_path / "out", format="pts", split=Split.parse("90/10"))

    counts = {f.name: len(list(f.rglob("*.pts"))) for f in (tmp_path / "out").iterdir()}
    assert counts == {"train": 18, "test": 2}


def test_the_sheet_counts_by_part(project: Project, tmp_path: Path) -> None:
    report = export_set(project, tmp_path / "a.json", format="coco", split=Split.parse("80/20", 5))

    assert report.sheet == tmp_path / "a.datasheet.md"
    sheet = json.loads((tmp_path / "a.datasheet.json").read_text())
    assert sheet["scheme"] == {
        "name": "pair",
        "version": 3,
        "landmarks": 2,
        "labelled_as": "pair",
        "labelled_as_version": 3,
    }
    assert sheet["parts"]["train"]["instances"] == 16
    assert sheet["parts"]["train"]["provenance"] == {"clicked": 16, "imported": 16}
    assert sheet["parts"]["test"]["landmarks"] == {"visible": 4, "occluded": 4}
    assert "train 80 %" in sheet["split"]
    assert "seed 5" in sheet["split"]


def test_what_is_counted_is_said_of_each_part_and_the_rest_once(
    project: Project, tmp_path: Path
) -> None:
    """Two images each of validation and test are not accepted: said once, they were two in all."""
    split = Split.parse("80/10/10", seed=5)
    export_set(project, tmp_path / "b.json", format="coco", split=split)
    for part in ("validation", "test"):
        content = json.loads((tmp_path / f"b-{part}.json").read_text())
        held = {Path(image["file_name"]).name for image in content["images"]}
        for image in project.images():
            if image.path.name in held:
                project.add_instance(image.id, Box(9, 9, 5, 5), who="anna")

    report = export_set(project, tmp_path / "a.json", format="coco", split=split)

    left_out = "2 instances not accepted were left out."
    said = [note for note in report.notes if left_out in note]
    assert said == [f"validation: {left_out}", f"test: {left_out}"]
    assert report.notes.count("Provenance and uncertainty are not written.") == 1


def test_images_that_were_left_out_as_changed_are_not_counted(
    project: Project, tmp_path: Path
) -> None:
    Image.new("RGB", (50, 40), (0, 200, 0)).save(project.images()[0].path)

    report = export_set(project, tmp_path / "a.csv", format="csv")

    part = json.loads((tmp_path / "a.datasheet.json").read_text())["parts"]["all"]
    assert (part["instances"], part["images"]) == (report.instances, report.images) == (19, 19)


def test_the_sheet_for_people_says_the_same(project: Project, tmp_path: Path) -> None:
    export_set(project, tmp_path / "a.csv", format="csv")

    text = (tmp_path / "a.datasheet.md").read_text()
    assert "| all | a.csv | 20 | 20 |" in text
    assert "20 (50.0%)" in text
    assert "no object in it has labels of two people" in text


def test_it_says_how_many_were_accepted_at_one_look_at_many(
    project: Project, tmp_path: Path
) -> None:
    shapes = {record.id: project.shape(record.id) for record in project.instances()[:7]}
    project.accept_sheet(shapes, who="anna")

    export_set(project, tmp_path / "a.json", format="coco", split=Split.parse("80/20", seed=5))

    sheet = json.loads((tmp_path / "a.datasheet.json").read_text())
    assert sum(part["accepted_on_sheets"] for part in sheet["parts"].values()) == 7
    assert "many shapes at one look: 7 of the instances" in sheet_text(tmp_path)


def test_it_says_how_many_boxes_nobody_drew(project: Project, tmp_path: Path) -> None:
    image = project.images()[0].id
    for instance in project.add_found({image: [Box(9, 9, 8, 8), Box(30, 9, 8, 8)]}, who="finder"):
        project.accept(instance, Shape(POINTS), who="anna")

    export_set(project, tmp_path / "a.json", format="coco", split=Split.parse("80/20", seed=5))

    assert "Boxes that a model found, and nobody drew: 2 of the instances" in sheet_text(tmp_path)


def sheet_text(folder: Path) -> str:
    return (folder / "a.datasheet.md").read_text()


def test_agreement_of_two_people_on_the_same_objects(project: Project, tmp_path: Path) -> None:
    for image in project.images()[:4]:
        other = Shape(POINTS + np.array([0.0, 1.0]))
        project.add_instance(image.id, Box(20, 15, 30, 20), shape=other, who="bert")

    export_set(project, tmp_path / "a.csv", format="csv")

    sheet = json.loads((tmp_path / "a.datasheet.json").read_text())
    # One pixel of the twenty between the two landmarks.
    told = {"percent_of": "the normaliser", "mean_percent": 5.0, "median_percent": 5.0}
    told |= {
        "untouched_proposals": 0,
        "landmarks_left_to_models": 0,
        "mean_percent_with_untouched": 5.0,
    }
    assert sheet["agreement"] == {"objects": 4, "pairs_of_labels": 4, **told}


def test_agreement_is_that_of_the_labels_as_they_were_given(project: Project) -> None:
    image = project.images()[0]
    other = Shape(POINTS + np.array([0.0, 1.0]))
    second = project.add_instance(image.id, Box(20, 15, 30, 20), shape=other, who="bert")
    for landmark, point in enumerate(POINTS.tolist()):
        project.place(second.id, landmark, point, provenance=Provenance.CLICKED, who="lead")

    found = agreement(project, project.instances())

    assert found is not None
    assert found["mean_percent"] == 5.0


def test_a_second_opinion_in_another_place_is_one_on_the_same_object(project: Project) -> None:
    """As `annotator agreement` has it; left out, the farthest one made no difference."""
    first, beside = project.instances()[:2]
    shape = Shape(POINTS + np.array([0.0, 20.0]))
    box = Box(20, 35, 30, 20)
    project.add_instance(first.image_id, box, second_opinion_on=first.id, shape=shape, who="bert")
    shape = Shape(POINTS + np.array([0.0, 1.0]))
    project.add_instance(beside.image_id, Box(20, 15, 30, 20), shape=shape, who="bert")

    found = agreement(project, project.instances())

    assert found is not None
    assert (found["objects"], found["mean_percent"]) == (2, pytest.approx((100 + 5) / 2))


def test_agreement_on_more_objects_takes_no_more_questions(project: Project) -> None:
    asked = []
    for image in project.images()[:4]:
        other = Shape(POINTS + np.array([0.0, 1.0]))
        second = project.add_instance(image.id, Box(20, 15, 30, 20), shape=other, who="bert")
        project.place(second.id, 0, (9.0, 9.0), provenance=Provenance.CLICKED, who="lead")
        records = project.instances()
        with statements_asked() as said:
            agreement(project, records)
        asked.append(len(said))
    assert asked[1:] == [asked[0]] * 3


def test_what_three_people_have_labelled_is_one_object(project: Project, tmp_path: Path) -> None:
    for image in project.images()[:2]:
        for n, who in enumerate(("bert", "cid"), 1):
            other = Shape(POINTS + np.array([0.0, n]))
            project.add_instance(image.id, Box(20, 15, 30, 20), shape=other, who=who)

    report = export_set(project, tmp_path / "a.csv", format="csv")

    sheet = json.loads((tmp_path / "a.datasheet.json").read_text())
    assert (sheet["agreement"]["objects"], sheet["agreement"]["pairs_of_labels"]) == (2, 6)
    said = "2 objects have labels of several people, of whom every two are compared."
    assert said in sheet_text(tmp_path)
    report = export_set(project, tmp_path / "b.json", format="coco")
    said = "6 shapes are several people's labels of 2 objects, each as an object of its own there"
    assert any(said in note for note in report.notes)


def test_an_object_of_which_one_label_stands_counts_for_the_agreement(
    project: Project, tmp_path: Path
) -> None:
    """Without those on which people differ most they would seem to agree better."""
    image = project.images()[0]
    [first] = project.instances_of(image.id)
    other = Shape(POINTS + np.array([0.0, 1.0]))
    second = project.add_instance(image.id, Box(20, 15, 30, 20), shape=other, who="bert")
    project.let_stand([(second.id, first.id)], why="bert's label of this object stands", who="lead")
    # What was left out for any other reason says nothing of people.
    beside = project.images()[1]
    third = project.add_instance(beside.id, Box(20, 15, 30, 20), shape=other, who="bert")
    project.exclude(instances=[third.id], why="blurred", who="lead")

    export_set(project, tmp_path / "a.csv", format="csv")

    found = json.loads((tmp_path / "a.datasheet.json").read_text())["agreement"]
    assert (found["objects"], found["mean_percent"]) == (1, 5.0)


def test_an_acceptance_that_was_taken_back_makes_nobody_the_annotator(
    project: Project, tmp_path: Path
) -> None:
    image = project.images()[0]
    shape = Shape(POINTS + np.array([0.0, 1.0]))
    second = project.add_instance(image.id, Box(20, 15, 30, 20), shape=shape, who="bert")
    project.accept(second.id, shape, who="anna")
    project.undo("anna")

    export_set(project, tmp_path / "a.csv", format="csv")

    assert json.loads((tmp_path / "a.datasheet.json").read_text())["agreement"]["objects"] == 1


def test_two_objects_of_one_image_are_no_disagreement(project: Project, tmp_path: Path) -> None:
    image = project.images()[0]
    project.add_instance(image.id, Box(200, 15, 30, 20), shape=Shape(POINTS + 180), who="bert")

    export_set(project, tmp_path / "a.csv", format="csv")

    assert json.loads((tmp_path / "a.datasheet.json").read_text())["agreement"] is None


def test_one_proposal_that_both_accepted_is_no_agreement(project: Project, tmp_path: Path) -> None:
    box, proposed = Box(20, 15, 30, 20), Shape(POINTS, provenance=[Provenance.INFERRED] * 2)
    image = project.add_image(tmp_path / "more.png", ImageFacts(50, 40, "more"))
    for who in ("anna", "bert"):
        project.add_instance(image.id, box, shape=proposed, who=who)
    export_set(project, tmp_path / "a.csv", format="csv")
    sheet = (tmp_path / "a.datasheet.md").read_text()
    assert "1 object has labels of two people. 1 object both accepted as the same" in sheet
    project.add_instance(
        project.images()[0].id, box, shape=Shape(POINTS + np.array([0.0, 1.0])), who="bert"
    )

    export_set(project, tmp_path / "a.csv", format="csv")

    found = json.loads((tmp_path / "a.datasheet.json").read_text())["agreement"]
    assert (found["objects"], found["untouched_proposals"]) == (2, 1)
    assert found["mean_percent"] == pytest.approx(5)
    assert found["mean_percent_with_untouched"] == pytest.approx(2.5)


def test_landmarks_that_both_left_to_a_model_are_no_agreement(
    project: Project, tmp_path: Path
) -> None:
    box, image = Box(20, 15, 30, 20), project.add_image(tmp_path / "m.png", ImageFacts(50, 40, "m"))
    marks = [Provenance.INFERRED, Provenance.CLICKED]
    for who, by in (("anna", 0.0), ("bert", 2.0)):
        shape = Shape(POINTS + np.array([[0.0, 0.0], [0.0, by]]), provenance=marks)
        project.add_instance(image.id, box, shape=shape, who=who)

    export_set(project, tmp_path / "a.csv", format="csv")

    found = json.loads((tmp_path / "a.datasheet.json").read_text())["agreement"]
    assert found["landmarks_left_to_models"] == 1
    assert found["mean_percent"] == pytest.approx(10, abs=0.1)
    assert found["mean_percent_with_untouched"] == pytest.approx(5, abs=0.1)
    sheet = (tmp_path / "a.datasheet.md").read_text()
    assert "Their landmarks that either placed are 9.98 %" in sheet
    assert "1 landmark both left to a model, which says nothing of how far people are" in sheet


def test_an_empty_part_is_said(project: Project, tmp_path: Path) -> None:
    report = export_set(
        project, tmp_path / "a.json", format="coco", split=Split.parse("80/20", group="folder")
    )

    assert any("is empty" in note for note in report.notes)
    assert any("that is 1 group for 2 parts" in note for note in report.notes)


def test_an_export_into_the_folder_that_one_is_in(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert export_set(project, Path(), format="yolo").sheet == tmp_path / "here.datasheet.md"
    with pytest.raises(FormatError, match="no place for an export"):
        export_set(project, Path("/"), format="yolo")
