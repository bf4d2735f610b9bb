import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.annotator import protocols
from landmark_annotator.annotator.protocols import PROTOCOLS, evaluate
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Result, differences
from landmark_annotator.annotator.protocols.framework.runner import TAKING
from landmark_annotator.annotator.session.execution.executor import Executor
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError


def run(name: str, project: Path, images: int = 3, clicks: int = 2) -> Result:
    options = Options(project=str(project), backend="exemplar", images=images, clicks=clicks)
    return evaluate(name, options, f"annotator evaluate {name}", SILENT)


def test_accuracy_is_repeatable_and_complete(hardly_trained: Path) -> None:
    first, second = run("accuracy", hardly_trained), run("accuracy", hardly_trained)
    changed = {name for name, _, _ in differences(first.figures, second.figures)}
    assert changed <= {"propose_ms/median"}
    assert {"nme", "fr8", "fr10", "frl10", "auc8"} <= first.figures.keys()
    assert first.figures["images"] == 3


def test_every_rule_starts_from_the_same_proposal(hardly_trained: Path) -> None:
    figures = run("clicks", hardly_trained).figures
    starts = {
        figures[f"clicks/{rule}/{policy}/nme"][0]
        for rule in ("manual", "hard", "mixture")
        for policy in ("worst", "query", "fixed", "best")
    }
    assert len(starts) == 1
    assert len(figures["clicks/mixture/worst/nme"]) == 3


def test_the_best_click_is_no_worse_than_the_others(hardly_trained: Path) -> None:
    figures = run("clicks", hardly_trained).figures
    best = figures["clicks/mixture/best/nme"][1]
    assert all(
        best <= figures[f"clicks/mixture/{policy}/nme"][1] + 1e-3
        for policy in ("worst", "query", "fixed")
    )


def test_table_3_is_also_that_of_the_classifier_alone(hardly_trained: Path) -> None:
    figures = run("clicks", hardly_trained, clicks=1).figures
    for name in ("table3", "table3/alone/hard", "table3/alone/mixture"):
        before = figures[f"{name}/none"]
        for policy in ("fixed", "best"):
            after = figures[f"{name}/{policy}"]
            share = 100 * (1 - after / before) if before else 0.0
            assert figures[f"{name}/{policy}_removes"] == pytest.approx(share, abs=1e-3)


def test_refinement_is_measured_at_every_jitter(hardly_trained: Path) -> None:
    figures = run("refinement", hardly_trained, images=2).figures
    for jitter in (5, 10, 15, 20):
        for stage in ("classifier", "refined", "regressed"):
            assert figures[f"jitter/{jitter}/{stage}/nme"] > 0


def test_a_result_survives_its_file(hardly_trained: Path, tmp_path: Path) -> None:
    result = run("accuracy", hardly_trained, images=1)
    result.write(tmp_path / "new" / "accuracy.json")
    assert Result.load(tmp_path / "new" / "accuracy.json") == result


@pytest.fixture(scope="module")
def beside() -> Iterator[Executor]:
    with LocalProcesses(2) as executor:
        yield executor


@pytest.mark.parametrize("name", ["accuracy", "clicks", "contours"])
def test_other_processes_measure_the_same(
    name: str, hardly_trained: Path, beside: Executor
) -> None:
    options = Options(project=str(hardly_trained), backend="exemplar", images=2, clicks=1)
    here = evaluate(name, options, "", SILENT)
    there = evaluate(name, replace(options, executor=beside), "", SILENT)
    assert here.settings == there.settings
    changed = {figure for figure, _, _ in differences(here.figures, there.figures)}
    assert changed <= {"propose_ms/median"}


def test_a_protocol_with_nothing_to_share_out_says_so(beside: Executor) -> None:
    with pytest.raises(ActionableError, match="refinement has no parts"):
        evaluate("refinement", Options(executor=beside), "", SILENT)


@pytest.mark.parametrize(
    ("name", "chosen", "said"),
    [
        ("clicks", {"sets": ("helen",)}, "clicks takes no --sets"),
        ("fewshot", {"variants": ("worst",)}, "fewshot takes no --variants"),
        ("budget", {"training": {"epochs": 1}}, "budget takes no --set"),
        ("people", {"shipped": True}, "people takes no --shipped"),
        ("finder", {"project": "faces"}, "finder takes no --project"),
        ("finder", {"shipped": True, "training": {"epochs": 1}}, "each say which model"),
        ("crossset", {"shipped": True, "variants": ("l2-1",)}, "which models are trained"),
        ("audit", {"sets": ("ceph19",), "variants": ("spoiled",)}, "are of the part ratio"),
        ("fewshot", {"training": {"quick": True}}, "of the training of a network"),
        ("newsource", {"variants": ("none",)}, "only run where --sets names them"),
        ("video", {"variants": ("surest",)}, 'no variant "surest"'),
        ("video", {"training": {"frame": 100}}, 'no setting "frame"'),
        ("video", {"sets": ("films",)}, "No folder of films"),
    ],
)
def test_what_a_protocol_does_not_have_is_refused(
    name: str, chosen: dict[str, Any], said: str
) -> None:
    with pytest.raises(ActionableError, match=said):
        evaluate(name, Options(**chosen), f"annotator evaluate {name}", SILENT)


@pytest.mark.parametrize(
    ("option", "typed"),
    [
        ("sets", "--sets"),
        ("variants", "--variants"),
        ("project", "--project"),
        ("shipped", "--shipped"),
        ("training", "--set"),
    ],
)
def test_every_protocol_whose_code_reads_a_choice_may_be_told_it(option: str, typed: str) -> None:
    """Of those that read it in their own file: others leave that to what they share."""
    rooms = Path(protocols.__file__).parent
    reading = {
        name for name in PROTOCOLS if f"options.{option}" in (rooms / f"{name}.py").read_text()
    }
    assert reading
    assert reading <= set(TAKING[typed]) <= set(PROTOCOLS)


def test_differences_name_what_changed() -> None:
    rows = differences({"nme": 3.0, "fr8": 1, "gone": [1.0]}, {"nme": 2.5, "fr8": 1, "new": 2})
    assert rows == [("gone", "1", "-"), ("new", "-", "2"), ("nme", "3", "2.5")]


def test_an_unknown_protocol_suggests_the_closest(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match='Did you mean "accuracy"'):
        run("acuracy", tmp_path)


def test_a_project_without_a_model_is_told_how_to_train(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="has no trained exemplar classifier"):
        run("accuracy", tmp_path)


def test_a_file_that_is_no_result_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"nme": 3}')
    with pytest.raises(ActionableError, match="not the result of a protocol"):
        Result.load(path)


def test_every_listed_protocol_has_its_module() -> None:
    for name in PROTOCOLS:
        module = __import__(f"landmark_annotator.annotator.protocols.{name}", fromlist=["run"])
        assert callable(module.run)


def test_a_model_of_other_settings_is_not_measured_in_its_place(
    hardly_trained: Path, tmp_path: Path
) -> None:
    (tmp_path / "exemplar-seed0").symlink_to(hardly_trained / "models" / "exemplar")
    options = Options(work=str(tmp_path), backend="exemplar", training={"size": 48, "epochs": 1})
    assert options.model(SILENT).propose is not None
    with pytest.raises(ActionableError, match="another size: 48"):
        replace(options, training={"size": 64}).model(SILENT)
    with pytest.raises(ActionableError, match='without a setting "sizes"'):
        replace(options, training={"sizes": 48}).model(SILENT)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("evenly", "evenly-as_placed-seed0"),
        ("finder", "finder-seed0"),
        ("losses", "losses/softmax-10"),
        ("newsource", "newsource-heatmap-seed0"),
        ("parsing", "parsing-seed0"),
        ("precision", "precision-ceph19-heatmap-seed0"),
    ],
)
def test_what_an_earlier_run_has_kept_is_not_taken_for_what_is_asked_now(
    tmp_path: Path, landmark_data: Path, name: str, folder: str
) -> None:
    kept = tmp_path / folder
    kept.mkdir(parents=True)
    counts = {"training": 4, "held_out": 0, "unreadable": []}
    card = {"settings": {"seed": 7, "trunk": "none", "epochs": 2}, "instances": counts}
    (kept / "card.json").write_text(json.dumps(card))
    with pytest.raises(ActionableError, match="was trained with another seed: 7"):
        evaluate(name, Options(work=str(tmp_path)), "", SILENT)


@pytest.mark.parametrize("other", [{"shipped": True}, {"project": "faces"}])
def test_settings_are_only_for_a_model_that_is_trained(other: dict[str, Any]) -> None:
    with pytest.raises(ActionableError, match="--set"):
        Options(training={"size": 48}, **other).model(SILENT)


@pytest.mark.parametrize("name", ["audit", "fewshot", "newsource", "precision", "video"])
def test_a_set_that_a_protocol_does_not_have_is_refused_with_those_that_it_has(name: str) -> None:
    with pytest.raises(ActionableError, match='There is no set "moon"') as refused:
        evaluate(name, Options(sets=("moon",)), "", SILENT)
    assert refused.value.remedy.startswith("Known sets: ")


def test_an_audit_has_no_other_parts_than_its_own() -> None:
    with pytest.raises(ActionableError, match=r'no variant "spoilt".*"spoiled"'):
        evaluate("audit", Options(variants=("spoilt",)), "", SILENT)
