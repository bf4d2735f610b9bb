"""Shapes that other programs say their models made: they are labels that nobody has accepted."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels, import_proposals
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("wing", ("base", "tip"))


@pytest.fixture
def project(tmp_path: Path) -> Any:
    for name in ("a.png", "b.png"):
        Image.new("RGB", (40, 40), (ord(name[0]), 0, 0)).save(tmp_path / name)
    with Project.create(tmp_path / "project", SCHEME) as made:
        yield made


def states(project: Project) -> list[InstanceState]:
    return [one.state for one in project.instances()]


def test_what_cvat_says_is_automatic_waits_for_a_person(tmp_path: Path, project: Project) -> None:
    def skeleton(source: str) -> str:
        points = "".join(
            f'<points label="{name}" source="{source}" outside="0" occluded="0" points="{at}"/>'
            for name, at in (("base", "5.5,6.5"), ("tip", "20.5,9.5"))
        )
        return f'<skeleton label="wing" source="{source}" z_order="0">{points}</skeleton>'

    images = "".join(
        f'<image id="{n}" name="{name}" width="40" height="40">{skeleton(source)}</image>'
        for n, (name, source) in enumerate([("a.png", "semi-auto"), ("b.png", "auto")])
    )
    file = tmp_path / "cvat.xml"
    file.write_text(f"<annotations><version>1.1</version>{images}</annotations>")

    report = import_labels(project, file, who="ada")

    assert states(project) == [InstanceState.ACCEPTED, InstanceState.STARTED]
    assert any(note.startswith("1 label is not accepted") for note in report.notes)


def coco(file: Path, scores: list[float | None]) -> Path:
    annotations = [
        {"id": n, "image_id": n, "category_id": 1, "keypoints": [5, 6, 2, 20, 9, 2]}
        | ({} if score is None else {"score": score})
        for n, score in enumerate(scores)
    ]
    images = [{"id": n, "file_name": f"{'ab'[n]}.png", "width": 40, "height": 40} for n in (0, 1)]
    categories = [{"id": 1, "name": "wing", "keypoints": list(SCHEME.landmarks)}]
    whole = {"images": images, "annotations": annotations, "categories": categories}
    file.write_text(json.dumps(whole))
    return file


def test_coco_annotations_with_scores_wait_beside_labels(tmp_path: Path, project: Project) -> None:
    import_labels(project, coco(tmp_path / "mixed.json", [1.0, 0.7]), who="ada")

    assert states(project) == [InstanceState.ACCEPTED, InstanceState.STARTED]


def test_a_coco_file_of_predictions_is_refused_as_labels(tmp_path: Path, project: Project) -> None:
    file = coco(tmp_path / "predicted.json", [0.9, 0.7])

    with pytest.raises(FormatError, match="holds predictions and not labels"):
        import_labels(project, file, who="ada")
    assert project.images() == []


def tasks(file: Path, *, annotated: bool, score: float | None = 0.8) -> Path:
    """Of Label Studio: two, with predictions; the first one annotated as well."""

    def result(x: float) -> list[Any]:
        size = {"original_width": 40, "original_height": 40}
        return [
            {"id": name, "type": "keypointlabels", **size, "value": {"x": at, "y": 20.0} | value}
            for name, at in (("base", x), ("tip", 60.0))
            for value in [{"keypointlabels": [name]}]
        ]

    made = [
        {
            "data": {"image": f"/data/local-files/?d={name}"},
            "annotations": [{"result": result(10.0)}] if annotated and name == "a.png" else [],
            "predictions": [{"model_version": "x", "score": score, "result": result(30.0)}],
        }
        for name in ("a.png", "b.png")
    ]
    file.write_text(json.dumps(made))
    return file


def test_label_studios_predictions_are_told_beside_what_people_made(
    tmp_path: Path, project: Project
) -> None:
    file = tasks(tmp_path / "tasks.json", annotated=True)

    report = import_labels(project, file, who="ada")

    assert states(project) == [InstanceState.ACCEPTED, InstanceState.UNTOUCHED]
    assert any("2 predictions were passed over" in note for note in report.notes)


def test_label_studios_predictions_come_in_as_proposals(tmp_path: Path, project: Project) -> None:
    file = tasks(tmp_path / "tasks.json", annotated=False)
    with pytest.raises(FormatError, match="holds predictions and not labels"):
        import_labels(project, file, who="ada")

    import_proposals(project, file, who="ada")

    assert states(project) == [InstanceState.UNTOUCHED] * 2
    found = [project.proposal(one.id) for one in project.instances()]
    assert [one.points[0, 0] for one in found if one is not None] == [11.5, 11.5]


def test_label_studios_predictions_without_a_score_are_no_labels(
    tmp_path: Path, project: Project
) -> None:
    """It writes null where the model says none, and they came in as accepted ones."""
    file = tasks(tmp_path / "tasks.json", annotated=False, score=None)

    with pytest.raises(FormatError, match="holds predictions and not labels"):
        import_labels(project, file, who="ada")
