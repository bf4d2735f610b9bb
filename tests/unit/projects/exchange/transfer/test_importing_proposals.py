"""Other programs' predictions into a project: what becomes of them, of scores and of matches."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sleap_io
from PIL import Image

from landmark_annotator.projects.exchange import import_labels, import_proposals
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("triangle", ("top", "left", "right"), normaliser=(1, 2))
POINTS = [[20.0, 10.0], [10.0, 30.0], [30.0, 30.0]]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", SCHEME) as opened:
        yield opened


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(1, 4):
        Image.new("RGB", (50, 60), (number, 0, 0)).save(folder / f"{number:05d}.png")
    return folder


def results(folder: Path, **changes: Any) -> Path:
    """COCO results for image 1, with scores of 1, 0.5 and 0 for the three landmarks."""
    keypoints = np.column_stack([POINTS, [1.0, 0.5, 0.25]]).ravel().tolist()
    entry = {"image_id": 1, "category_id": 1, "keypoints": keypoints, "score": 0.5, **changes}
    (folder / "results.json").write_text(json.dumps([entry]))
    return folder / "results.json"


def test_a_new_instance_with_the_prediction_and_no_labels(project: Project, photos: Path) -> None:
    report = import_proposals(project, results(photos), who="anna")

    assert (report.proposed, report.added, report.images_added) == (1, 1, 1)
    (record,) = project.instances()
    assert record.state is InstanceState.UNTOUCHED
    assert not project.shape(record.id).known.any()
    proposal = project.proposal(record.id)
    assert proposal is not None
    assert not proposal.own
    assert proposal.points.tolist() == POINTS


def test_how_far_off_it_may_be_is_told_in_the_box_that_the_object_has(
    tmp_path: Path, photos: Path
) -> None:
    errors = []
    for side in (20.0, 24.0):
        scheme = Scheme("triangle", SCHEME.landmarks)
        with Project.create(tmp_path / f"{side}", scheme) as opened:
            facts = examine(photos / "00001.png")
            image = opened.add_image(photos / "00001.png", facts)
            opened.add_instance(image.id, Box(20.0, 20.0, side, side), who="anna")
            assert import_proposals(opened, results(photos), who="anna").added == 0
            (record,) = opened.instances()
            errors.append(record.predicted_error or 0.0)
    assert 0 < errors[0] == pytest.approx(1.2 * errors[1])


@pytest.mark.parametrize(("seen", "hidden"), [([2, 1, 2], [0.0, 1.0, 0.0]), ([2, 2, 2], None)])
def test_what_a_file_says_is_hidden_is_suggested_and_no_label(
    project: Project, photos: Path, seen: list[int], hidden: list[float] | None
) -> None:
    content = {
        "images": [{"id": 1, "file_name": "00001.png", "width": 50, "height": 60}],
        "categories": [{"id": 1, "name": "thing", "keypoints": list(SCHEME.landmarks)}],
        "annotations": [
            {
                "id": 1,
                "image_id": 1,
                "category_id": 1,
                "keypoints": np.column_stack([POINTS, seen]).ravel().tolist(),
            }
        ],
    }
    (photos / "theirs.json").write_text(json.dumps(content))
    import_proposals(project, photos / "theirs.json", who="anna")
    (record,) = project.instances()
    proposal = project.proposal(record.id)
    assert proposal is not None
    assert (None if proposal.hidden is None else proposal.hidden.tolist()) == hidden
    assert not (project.shape(record.id).visibility == 1).any()


def test_scores_become_deviations_and_a_predicted_error(project: Project, photos: Path) -> None:
    import_proposals(project, results(photos), who="anna")

    (record,) = project.instances()
    proposal = project.proposal(record.id)
    assert proposal is not None
    assert record.box is not None
    deviations = np.sqrt(proposal.covariances[:, 0, 0]) / record.box.side
    assert deviations == pytest.approx([0.005, 0.0525, 0.07625])
    assert record.predicted_error == proposal.predicted_error
    expected = 100 * (deviations * 20 * np.sqrt(2)).mean() * np.sqrt(np.pi) / 2 / 20
    assert record.predicted_error == pytest.approx(expected)


def test_a_surer_prediction_has_a_smaller_error(project: Project, photos: Path) -> None:
    keypoints = np.column_stack([POINTS, [2, 2, 2]]).ravel().tolist()
    errors = []
    for score in (0.2, 0.9):
        import_proposals(project, results(photos, keypoints=keypoints, score=score), who="anna")
        errors.append(project.instances()[0].predicted_error)

    assert errors[0] is not None
    assert errors[1] is not None
    assert errors[0] > errors[1]


def test_twice_is_once(project: Project, photos: Path) -> None:
    file = results(photos)
    import_proposals(project, file, who="anna")

    again = import_proposals(project, file, who="anna")

    assert (again.proposed, again.added, again.images_added) == (1, 0, 0)
    assert len(project.instances()) == 1


def test_an_image_that_waits_gets_the_box_of_the_prediction(project: Project, photos: Path) -> None:
    import_labels(project, photos, who="anna")

    report = import_proposals(project, results(photos, bbox=[5.5, 5.5, 30, 30]), who="anna")

    assert (report.added, len(project.instances())) == (0, 3)
    assert project.instances()[0].box == Box(20, 20, 30, 30)


def test_it_goes_to_the_instance_whose_box_it_overlaps(project: Project, photos: Path) -> None:
    import_labels(project, photos / "00001.png", who="anna")
    image = project.images()[0]
    far = project.instances()[0]
    project.set_box(far.id, Box(200, 200, 30, 30), who="anna")
    near = project.add_instance(image.id, Box(21, 20, 22, 22), who="anna")

    import_proposals(project, results(photos), who="anna")

    assert project.proposal(near.id) is not None
    assert project.proposal(far.id) is None


def test_what_is_accepted_stays_without(project: Project, photos: Path) -> None:
    import_labels(project, photos / "00001.png", who="anna")
    (record,) = project.instances()
    project.set_box(record.id, Box(20, 20, 20, 20), who="anna")
    project.accept(record.id, Shape(np.array(POINTS)), who="anna")

    report = import_proposals(project, results(photos), who="anna")

    assert (report.proposed, report.accepted) == (0, 1)
    assert project.proposal(record.id) is None


def test_the_ids_of_a_coco_file(project: Project, photos: Path) -> None:
    reference = {
        "images": [{"id": 1, "file_name": "00003.png"}],
        "annotations": [],
        "categories": [{"id": 1, "keypoints": ["right", "left", "top"]}],
    }
    (photos / "truth.json").write_text(json.dumps(reference))

    import_proposals(project, results(photos), images=photos / "truth.json", who="anna")

    assert project.images()[0].path.name == "00003.png"
    proposal = project.proposal(project.instances()[0].id)
    assert proposal is not None
    assert proposal.points[::-1].tolist() == POINTS


@pytest.mark.parametrize(
    "change",
    [
        {"image_id": 77},
        {"keypoints": [1, 2]},
        {"keypoints": None},
        {"keypoints": [0] * 9},
        {"bbox": [1, 2]},
    ],
)
def test_a_bad_result_is_reported(project: Project, photos: Path, change: dict[str, Any]) -> None:
    report = import_proposals(project, results(photos, **change), who="anna")

    assert report.proposed == 0
    assert len(report.unreadable) == 1


def test_predictions_are_no_labels(project: Project, photos: Path) -> None:
    with pytest.raises(FormatError, match="--as-proposals"):
        import_labels(project, results(photos), who="anna")
    assert project.instances() == []


def test_the_predictions_of_sleap_also_where_somebody_labelled(
    project: Project, photos: Path
) -> None:
    skeleton = sleap_io.Skeleton(list(SCHEME.landmarks))
    video = sleap_io.Video.from_filename([str(photos / "00002.png")])
    hand = sleap_io.Instance.from_numpy(np.array(POINTS) + 9, skeleton=skeleton)
    predicted = sleap_io.PredictedInstance.from_numpy(
        np.array(POINTS), skeleton=skeleton, point_scores=np.array([1, 1, 0.5]), score=0.9
    )
    frame = sleap_io.LabeledFrame(video=video, frame_idx=0, instances=[hand, predicted])
    sleap_io.Labels([frame]).save(str(photos / "a.slp"), embed=False, verbose=False)

    report = import_proposals(project, photos / "a.slp", who="anna")

    assert report.proposed == 1
    proposal = project.proposal(project.instances()[0].id)
    assert proposal is not None
    assert proposal.points.tolist() == POINTS
    assert proposal.covariances[2, 0, 0] > proposal.covariances[0, 0, 0]


def test_the_likelihood_of_deeplabcut(project: Project, photos: Path) -> None:
    head = ["scorer", "bodyparts", "coords"]
    rows = [
        [head[0]] + ["DLC_resnet50"] * 9,
        [head[1]] + [name for name in SCHEME.landmarks for _ in range(3)],
        [head[2]] + ["x", "y", "likelihood"] * 3,
        ["00001.png"]
        + [str(v) for p, s in zip(POINTS, (0.9, 0.9, 0.1), strict=True) for v in (*p, s)],
    ]
    (photos / "dlc.csv").write_text("\n".join(",".join(row) for row in rows))

    report = import_proposals(project, photos / "dlc.csv", who="anna")

    assert (report.proposed, report.unreadable) == (1, [])
    proposal = project.proposal(project.instances()[0].id)
    assert proposal is not None
    assert proposal.points.tolist() == POINTS
    assert proposal.covariances[2, 0, 0] > proposal.covariances[0, 0, 0]


def test_labels_without_scores_are_proposals_of_unknown_error(
    project: Project, photos: Path
) -> None:
    (photos / "a.csv").write_text("image,x0,y0,x1,y1,x2,y2\n00001.png,20,10,10,30,30,30\n")

    import_proposals(project, photos / "a.csv", who="anna")

    (record,) = project.instances()
    proposal = project.proposal(record.id)
    assert proposal is not None
    assert record.predicted_error is None
    assert np.isnan(proposal.covariances).all()


def test_boxes_of_a_detector_wait_for_a_proposal(project: Project, photos: Path) -> None:
    found = [
        {"image_id": 1, "category_id": 1, "bbox": [4.5, 5.5, 20, 30], "score": 0.9},
        {"image_id": 1, "category_id": 1, "bbox": [24.5, 5.5, 20, 30], "score": 0.7},
        {"image_id": 2, "category_id": 1, "bbox": [1, 1, 9, 9], "score": 0.3},
    ]
    (photos / "found.json").write_text(json.dumps(found))
    report = import_proposals(project, photos / "found.json", who="anna")
    assert (report.boxes, report.proposed, report.added) == (2, 0, 2)
    assert "1 box was left out: of a score below 0.5." in report.notes
    first = project.instances()[0]
    assert first.box == Box.from_corner(4, 5, 20, 30)
    assert project.proposal(first.id) is None


def test_the_same_boxes_come_in_once(project: Project, photos: Path) -> None:
    found = [{"image_id": 1, "category_id": 1, "bbox": [4.5, 5.5, 20, 30], "score": 0.9}]
    (photos / "found.json").write_text(json.dumps(found))
    for _ in range(2):
        import_proposals(project, photos / "found.json", who="anna")
    assert len(project.instances()) == 1


def test_labels_of_what_was_proposed_go_into_the_objects_that_have_its_box(
    project: Project, photos: Path
) -> None:
    import_labels(project, photos, who="anna")
    proposed = results(photos)
    assert import_proposals(project, proposed, who="anna").added == 0
    boxes = [record.box for record in project.instances()]
    corrected = photos / "corrected.csv"
    corrected.write_text("image,x0,y0,x1,y1,x2,y2\n00001.png,21,11,11,31,31,31\n")

    report = import_labels(project, corrected, who="anna")
    assert (report.added, report.filled) == (0, 1)
    assert [record.state for record in project.instances()] == [
        InstanceState.ACCEPTED,
        InstanceState.UNTOUCHED,
        InstanceState.UNTOUCHED,
    ]
    assert [record.box for record in project.instances()] == boxes


def test_boxes_of_proposals_are_one_step_for_undo(project: Project, photos: Path) -> None:
    import_labels(project, photos, who="anna")
    content = json.loads(results(photos).read_text())
    both = [content[0], {**content[0], "image_id": 2}]
    (photos / "results.json").write_text(json.dumps(both))
    import_proposals(project, photos / "results.json", who="anna")
    assert [record.box is None for record in project.instances()] == [False, False, True]

    project.undo("anna")
    assert [record.box for record in project.instances()] == [None] * 3
    project.redo("anna")
    assert [record.box is None for record in project.instances()] == [False, False, True]


HEAD, CLOSE = Box(20.0, 25.0, 40.0, 50.0), Box(20.0, 20.0, 21.0, 21.0)


@pytest.mark.parametrize(("there", "of_file"), [(HEAD, None), (CLOSE, [0.5, 0.5, 40.0, 50.0])])
def test_a_prediction_is_of_the_object_though_one_box_is_far_larger(
    project: Project, photos: Path, there: Box, of_file: list[float] | None
) -> None:
    """Of a head, where the other is around its landmarks: a second object was added beside it."""
    image = project.add_image(photos / "00001.png", examine(photos / "00001.png"))
    record = project.add_instance(image.id, there, who="anna")
    file = results(photos) if of_file is None else results(photos, bbox=of_file)
    report = import_proposals(project, file, who="anna")
    assert (report.proposed, report.added) == (1, 0)
    assert project.proposal(record.id) is not None
    assert project.instance(record.id).box == there


def test_of_two_objects_around_it_a_prediction_is_of_neither(
    project: Project, photos: Path
) -> None:
    image = project.add_image(photos / "00001.png", examine(photos / "00001.png"))
    for box in (HEAD, Box(22.0, 25.0, 44.0, 50.0)):
        project.add_instance(image.id, box, who="anna")
    assert import_proposals(project, results(photos), who="anna").added == 1
