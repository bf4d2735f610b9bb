"""Labels out and in on the command line: splits, other landmarks, predictions."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from landmark_annotator.projects.samples import create_sample_project
from landmark_annotator.projects.store import Project
from tests.end_to_end.conftest import Annotator


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 accepted drawn heads and 6 to be labelled."""
    folder = tmp_path_factory.mktemp("cli") / "heads"
    create_sample_project(folder).close()
    return folder


def facts(result: tuple[int, str, str]) -> Any:
    assert result[0] == 0, result[2]
    return json.loads(result[1])


def test_a_split_is_one_export_a_part_and_one_sheet(
    annotator: Annotator, heads: Path, tmp_path: Path
) -> None:
    options = ("--format", "coco", "--split", "50/25/25", "--seed", 3, "--json")

    done = facts(annotator("export", heads, tmp_path / "set.json", *options))

    assert list(done["parts"]) == ["train", "validation", "test"]
    assert sum(part["instances"] for part in done["parts"].values()) == 24
    found = [json.loads(Path(p["target"]).read_text()) for p in done["parts"].values()]
    names = [{image["file_name"] for image in content["images"]} for content in found]
    assert len(set.union(*names)) == sum(map(len, names)) == 24
    assert "seed 3" in Path(done["data_sheet"]).read_text()


def test_predictions_on_a_test_part_are_evaluated_by_pycocotools(
    annotator: Annotator, heads: Path, tmp_path: Path
) -> None:
    annotator("export", heads, tmp_path / "a.json", "--format", "coco", "--split", "50/50")
    truth = COCO(str(tmp_path / "a-test.json"))
    found = [{**a, "score": 0.9} for a in truth.loadAnns(truth.getAnnIds())]
    for annotation in found:
        annotation["keypoints"] = [v + (n % 3 < 2) for n, v in enumerate(annotation["keypoints"])]

    evaluation = COCOeval(truth, truth.loadRes(found), "keypoints")
    evaluation.params.kpt_oks_sigmas = 0.05 + 0 * evaluation.params.kpt_oks_sigmas[:1].repeat(68)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()

    assert evaluation.stats[0] > 0.9


def test_predictions_come_back_as_proposals(
    annotator: Annotator, heads: Path, tmp_path: Path
) -> None:
    annotator("export", heads, tmp_path / "a.json", "--format", "coco")
    content = json.loads((tmp_path / "a.json").read_text())
    keys = ("image_id", "category_id", "keypoints")
    results = [{**{k: a[k] for k in keys}, "score": 0.7} for a in content["annotations"]]
    (tmp_path / "results.json").write_text(json.dumps(results))
    other = tmp_path / "other"
    annotator("new", other, "--scheme", "face68")

    source = (tmp_path / "results.json", "--images", tmp_path / "a.json")
    refused = annotator("import", other, *source)
    done = facts(annotator("import", other, *source, "--as-proposals", "--json"))

    assert refused[0] == 3
    assert "--as-proposals" in refused[2]
    assert (done["proposed"], done["added"], done["unreadable"]) == (24, 24, [])
    status = facts(annotator("status", other, "--json"))
    assert status["instances"] == {"untouched": 24, "started": 0, "accepted": 0}


def test_five_points_out_and_into_a_dense_scheme(
    annotator: Annotator, heads: Path, tmp_path: Path
) -> None:
    five = tmp_path / "five.json"
    facts(annotator("export", heads, five, "--format", "coco", "--as", "mafl5", "--json"))
    other = tmp_path / "other"
    annotator("new", other, "--scheme", "face68")

    done = facts(annotator("import", other, five, "--as", "mafl5", "--json"))

    assert done["added"] == 24
    status = facts(annotator("status", other, "--json"))
    assert status["instances"] == {"untouched": 0, "started": 24, "accepted": 0}


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--group", "x"), 2, "--split"),
        (("--split", "80/30"), 3, "add up to 100"),
        (("--split", "80/20", "--group", "("), 3, "no regular expression"),
        (("--as", "mafl"), 3, 'Did you mean "mafl5"'),
    ],
)
def test_wrong_options(
    annotator: Annotator,
    heads: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    result = annotator("export", heads, tmp_path / "a.json", "--format", "coco", *options)

    assert result[0] == code
    assert says in " ".join(result[2].split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["cvat", "datumaro", "label-studio", "labelme", "sleap"])
def test_other_tools_files_come_back_as_they_were(
    annotator: Annotator, heads: Path, tmp_path: Path, name: str
) -> None:
    exported = facts(annotator("export", heads, tmp_path / "out", "--format", name, "--json"))
    other = tmp_path / "other"
    annotator("new", other, "--scheme", "face68")

    done = facts(annotator("import", other, tmp_path / "out", "--json"))
    again = facts(annotator("import", heads, tmp_path / "out", "--json"))

    assert (exported["instances"], done["added"], done["unreadable"]) == (24, 24, [])
    assert (again["added"], again["unchanged"], again["differing"]) == (0, 24, [])
    with Project.open(heads, read_only=True) as one, Project.open(other, read_only=True) as two:
        for (_, shape), (_, copy) in zip(one.shapes(), two.shapes(), strict=True):
            assert np.array_equal(shape.points, copy.points)
            assert np.array_equal(shape.visibility, copy.visibility)
