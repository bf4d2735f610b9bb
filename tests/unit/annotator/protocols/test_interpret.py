"""How landmarks move together in predictions, against the truth."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.reports.interpretation_files import write_files
from landmark_annotator.annotator.protocols import interpret
from landmark_annotator.annotator.protocols.framework.options import MeasuredModel, Options
from landmark_annotator.annotator.protocols.interpret import (
    Interpretation,
    figures,
    interpreted,
    looked_at,
    parts_of,
)
from landmark_annotator.annotator.protocols.thesis_findings import findings
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    LabelledInstance,
    Progress,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError, TooFewLabels

FACE = Scheme.named("face68")


def faces(count: int, noise: float = 0.02) -> list[LabelledInstance]:
    """Shapes whose landmarks move partly together and partly alone."""
    random = np.random.default_rng(0)
    mean = random.uniform(-0.5, 0.5, (68, 2))
    common = random.normal(0, 0.05, (3, 68, 2))
    found = []
    for index in range(count):
        shape = mean + np.tensordot(random.normal(0, 1, 3), common, 1)
        points = 100 * (shape + random.normal(0, noise, (68, 2))) + 100

        def read(points: Floats = points) -> Pixels:
            return np.zeros((1, 1, 3), dtype=np.uint8)

        box = Box.square_around(points)
        found.append(LabelledInstance(f"face{index}", box, Shape(points), read))
    return found


@cache
def common() -> tuple[Floats, Floats]:
    """(68, 2) the mean of many of them, and (3, 136) in which ways landmarks move together."""
    many = np.stack([face.shape.points for face in faces(200)])
    mean = many.mean(axis=0)
    offsets = (many - mean).reshape(len(many), -1)
    return mean, np.linalg.svd(offsets, full_matrices=False)[2][:3]


@dataclass
class Smoothing:
    """Its first stage loses what landmarks do alone, its second finds half of that again."""

    truths: list[Floats]

    def stages(self, pixels: Pixels, box: Box) -> dict[str, Floats]:
        truth = self.truths.pop(0)
        random = np.random.default_rng(len(self.truths))
        mean, modes = common()
        smooth = mean + (((truth - mean).ravel() @ modes.T) @ modes).reshape(68, 2)
        smooth = smooth + random.normal(0, 1e-3, (68, 2))
        return {"first": smooth, "second": (smooth + truth) / 2}

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        raise AssertionError("its stages are asked for")


@pytest.fixture(scope="module")
def smoothed() -> Interpretation:
    known = faces(60)
    model = Smoothing([face.shape.points for face in known])
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(interpret.faces300w, "faces", lambda folders: known)
        monkeypatch.setattr(Options, "model", lambda self, progress: model)
        return interpreted(Options(backend="exemplar"), SILENT)


def test_an_over_regular_stage_has_errors_above_zero(smoothed: Interpretation) -> None:
    assert list(smoothed.stages) == ["first", "second"]
    everywhere = parts_of(FACE)["all"]
    first, second = (smoothed.error(name)[everywhere].mean() for name in smoothed.stages)
    assert first > second > 0.01


def test_the_figures_are_by_stage(smoothed: Interpretation) -> None:
    told = figures(smoothed)
    assert told["instances"] == 60
    errors, nmes = told["stages/error/all"], told["stages/nme"]
    assert isinstance(errors, list)
    assert isinstance(nmes, list)
    assert len(errors) == len(nmes) == 2
    assert nmes[1] == pytest.approx(nmes[0] / 2, rel=0.1)
    assert told["stages/pair/62-66"][1] == pytest.approx(
        smoothed.stages["second"][62, 66], abs=1e-4
    )


def test_what_an_eye_sees_is_told_by_stage_too(smoothed: Interpretation) -> None:
    told = figures(smoothed)
    visible, nmes = told["stages/visible"], told["stages/nme"]
    assert isinstance(visible, list)
    assert isinstance(nmes, list)
    assert all(0 < seen < whole for seen, whole in zip(visible, nmes, strict=True))


def test_findings_say_what_is_visible_and_what_is_refuted(smoothed: Interpretation) -> None:
    told = {finding.claim: finding.verdict for finding in findings(smoothed)}
    assert told["Predictions are more correlated than the truth."] == "visible"
    assert told["Stages take correlation away, from a regular shape to a finer one."] == "visible"
    reverse = Interpretation(
        FACE,
        smoothed.truth,
        60,
        dict(reversed(list(smoothed.stages.items()))),
        nmes=smoothed.nmes,
    )
    turned = {finding.claim: finding.verdict for finding in findings(reverse)}
    assert turned["Stages take correlation away, from a regular shape to a finer one."] == "refuted"
    assert any("the mean affinity rises by 0." in finding.figures for finding in findings(reverse))


def test_predictions_that_are_the_truth_show_nothing() -> None:
    truth = np.eye(68)
    found = Interpretation(FACE, truth, 60, {"only": truth}, nmes={"only": 0.0})
    assert {finding.verdict for finding in findings(found)} == {"unclear"}


def test_the_contour_is_the_first_part_of_the_scheme() -> None:
    parts = parts_of(FACE)
    assert parts["contour"].sum() == 17 * 16 / 2
    assert parts["contour_to_rest"].sum() == 17 * 51
    assert parts["neighbours"].sum() == len(FACE.edges)


def test_what_changes_late_in_training_is_told(smoothed: Interpretation) -> None:
    random = np.random.default_rng(1)
    contour = parts_of(FACE)["contour"]
    epochs = {}
    for epoch in range(6):
        matrix = smoothed.truth.copy()
        matrix[contour] += random.normal(0, 0.1, contour.sum())
        epochs[f"epoch {epoch}"] = matrix
    found = Interpretation(FACE, smoothed.truth, 60, epochs=epochs, nmes=dict.fromkeys(epochs, 5.0))
    [told] = [f for f in findings(found) if f.claim.startswith("Late in training")]
    assert told.verdict == "visible"
    assert figures(found)["epochs/deviation/rest"] == 0


@pytest.mark.parametrize("epochs", [1, 2, 9, 60])
def test_a_training_is_looked_at_early_and_at_its_end(epochs: int) -> None:
    when = looked_at(epochs)
    assert (when[0], when[-1]) == (1, epochs)
    assert when == sorted(set(when))
    assert len(when) <= 13


def test_a_training_alone_is_judged_by_its_last_epoch(smoothed: Interpretation) -> None:
    epochs = {"epoch 1": smoothed.truth, "epoch 2": smoothed.stages["first"]}
    found = Interpretation(FACE, smoothed.truth, 60, epochs=epochs, nmes=dict.fromkeys(epochs, 5.0))
    told = {finding.claim: finding.verdict for finding in findings(found)}
    assert told["Predictions are more correlated than the truth."] == "visible"


def test_without_a_backend_all_are_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def recorded(
        options: Options, progress: Progress, pairs: object = None, epochs: int = 0
    ) -> Interpretation:
        asked.append((options.backend, epochs > 0))
        return Interpretation(FACE, np.eye(68), 10, {"only": np.eye(68)}, nmes={"only": 1.0})

    monkeypatch.setattr(interpret, "interpreted", recorded)
    told = interpret.run(Options(), SILENT)
    assert asked == [("heatmap", False), ("exemplar", False), ("weak", True)]
    assert told["exemplar/stages/nme"] == [1.0]


def test_pictures_and_tables_are_written(smoothed: Interpretation, tmp_path: Path) -> None:
    write_files(tmp_path / "new", smoothed)
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert {"error_first.png", "error_second.csv", "pairs_by_stages.png", "figures.json"} <= names
    with (tmp_path / "new" / "error_second.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0][63] == FACE.landmarks[62]
    assert float(rows[63][67]) == pytest.approx(smoothed.error("second")[62, 66], abs=1e-4)


def test_a_pair_that_moves_together_too_much_is_green_and_too_little_red(
    tmp_path: Path, smoothed: Interpretation
) -> None:
    errors = np.zeros((68, 68))
    errors[0, 67], errors[67, 0] = 0.2, -0.2
    found = Interpretation(FACE, np.zeros((68, 68)), 60, {"only": errors}, nmes={"only": 0.0})
    write_files(tmp_path, found)
    with Image.open(tmp_path / "error_only.png") as picture:
        green, red = (
            picture.getpixel((60 + 67 * 9 + 4, 64)),
            picture.getpixel((64, 60 + 67 * 9 + 4)),
        )
    assert green[1] > green[0]  # type: ignore[index]
    assert red[0] > red[1]  # type: ignore[index]


def test_too_few_instances_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    few: Callable[..., list[LabelledInstance]] = partial(lambda known, folders: known, faces(9))
    monkeypatch.setattr(interpret.faces300w, "faces", few)
    with pytest.raises(TooFewLabels, match="there are 9"):
        interpreted(Options(backend="exemplar"), SILENT)


def test_a_pair_that_is_not_of_landmarks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpret.faces300w, "faces", lambda folders: faces(20))
    with pytest.raises(ActionableError, match="no landmark 99") as raised:
        interpreted(Options(backend="exemplar"), SILENT, [(62, 99)])
    assert "0 to 67" in raised.value.remedy


def test_coordinates_without_epochs_are_nothing_to_look_at() -> None:
    with pytest.raises(ActionableError, match="nothing to look at") as raised:
        interpreted(Options(backend="weak"), SILENT)
    assert "--epochs" in raised.value.remedy


def test_a_project_without_a_model_is_told_to_train_one(tmp_path: Path) -> None:
    Project.create(tmp_path / "faces", FACE).close()
    with pytest.raises(ActionableError, match="no trained heat-map network") as raised:
        interpreted(Options(backend="heatmap", project=str(tmp_path / "faces")), SILENT)
    assert "annotator train" in raised.value.remedy


def _trained(folder: Path, scheme: Scheme, backend: str, count: int) -> Path:
    """A project with so many accepted shapes, and the card of a model that has held all out."""
    shapes = np.random.default_rng(0).normal(50, 9, (count, len(scheme), 2))
    with Project.create(folder, scheme) as project:
        for number, points in enumerate(shapes):
            picture = folder / f"{number}.png"
            Image.new("RGB", (99, 99), (number, 0, 0)).save(picture)
            image = project.add_image(picture, examine(picture))
            record = project.add_instance(image.id, Box(50, 50, 60, 60), who="ada")
            project.accept(record.id, Shape(points), who="ada")
        keys = [each.key for each in labelled_instances(project)]
    model = folder / "models" / backend
    model.mkdir(parents=True)
    counts = {"training": 0, "held_out": count, "unreadable": []}
    card = {"scheme": scheme.to_dict(), "settings": {}, "instances": counts, "held_out_keys": keys}
    (model / "card.json").write_text(json.dumps(card))
    return folder


class Guess:
    """What it proposes has nothing to do with the photograph."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(1)

    def propose(self, pixels: object, box: Box) -> Proposal:
        shapes = self.random.normal(0, 0.3, (1, 3, 2))
        mixture = ShapeMixture(np.zeros(1), shapes, 0.01 * np.eye(6))
        return Proposal(box, mixture, "guess")


@pytest.mark.parametrize("chosen", ["heatmap", None])
def test_a_project_of_other_landmarks_is_interpreted_by_its_own_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str | None
) -> None:
    scheme = Scheme("trio", ("a", "b", "c"))
    folder = _trained(tmp_path / "trios", scheme, "heatmap", 12)
    monkeypatch.setattr(MeasuredModel, "load", lambda _: Guess())
    found = interpreted(Options(backend=chosen, project=str(folder)), SILENT)
    assert (found.scheme.name, found.instances) == ("trio", 12)


def test_faces_are_not_measured_with_a_project_of_other_landmarks(tmp_path: Path) -> None:
    folder = _trained(tmp_path / "trios", Scheme("trio", ("a", "b", "c")), "heatmap", 1)
    with pytest.raises(ActionableError, match="other landmarks than the faces"):
        Options(project=str(folder)).model(SILENT)
