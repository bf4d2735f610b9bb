from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.backends.heatmap import load, train
from landmark_annotator.projects.vocabulary import SILENT, Evidence, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Cancelled,
    TooFewLabels,
    WeightsMismatch,
)
from tests.short_epochs import short_epochs
from tests.stopped_training import StopsAfter, assert_same_weights

pytestmark = pytest.mark.usefixtures("narrow_networks")

SHORT = {"epochs": 8, "size": 64, "seed": 3, "trunk": "none", "second_look": False}
TWO = {**SHORT, "epochs": 2, "size": 32}
ONE = {**SHORT, "epochs": 1}
TINY = {**ONE, "size": 32}


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> Path:
    folder = tmp_path_factory.mktemp("heatmap")
    with short_epochs(128):  # it has to find landmarks
        train(heads, face68, folder, SHORT, SILENT)
    return folder


@pytest.mark.usefixtures("short_epochs")
def test_an_interrupted_training_resumes_to_the_same_network(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    train(heads[:20], face68, tmp_path / "straight", TWO, SILENT)
    with pytest.raises(Cancelled, match="epoch 2 of 2"):
        train(heads[:20], face68, tmp_path / "resumed", TWO, StopsAfter(12))
    assert not (tmp_path / "resumed" / "weights.safetensors").exists()
    train(heads[:20], face68, tmp_path / "resumed", TWO, SILENT)
    assert_same_weights(tmp_path / "straight", tmp_path / "resumed", "network.")


def test_a_few_passes_over_drawn_heads_find_new_drawn_heads(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    """Better than the mean shape in the same box, which is what knows nothing of the image."""
    model = load(trained, face68)
    mean = np.mean([head.box.to_frame(head.shape.points) for head in heads], axis=0)
    ours, prior = [], []
    for head in heads[::4]:
        posterior = model.propose(head.read_pixels(), head.box.moved((0.06, -0.05), 1.08)).given([])
        drawn = head.box.moved((0.06, -0.05), 1.08)
        ours.append(np.linalg.norm(posterior.points - head.shape.points, axis=1).mean())
        prior.append(np.linalg.norm(drawn.to_image(mean) - head.shape.points, axis=1).mean())
        assert (np.linalg.eigvalsh(posterior.covariances) > 0).all()
    assert np.mean(ours) < np.mean(prior)


def test_a_click_lowers_the_error_of_the_other_landmarks(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    model = load(trained, face68)
    before, after = [], []
    for head in heads[::4]:
        proposal = model.propose(head.read_pixels(), head.box)
        truth, found = head.shape.points, proposal.given([]).points
        errors = np.linalg.norm(found - truth, axis=1)
        worst = int(errors.argmax())
        click = Evidence.click(worst, truth[worst], proposal.click_deviation)
        others = np.arange(68) != worst
        moved = np.linalg.norm(proposal.given([click]).points - truth, axis=1)
        before.append(errors[others].mean())
        after.append(moved[others].mean())
    assert np.mean(after) < np.mean(before)


def test_the_card_says_what_the_model_was_trained_on(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    card = load(trained, face68).model.card
    assert card["instances"]["training"] + card["instances"]["held_out"] == len(heads)
    assert len(card["held_out_keys"]) == card["instances"]["held_out"]
    assert card["epochs"] == 8
    assert card["figures"]["held_out_error"] > 0
    assert len(card["held_out_errors"]) == len(card["held_out_keys"])
    whole = card["figures"]["held_out_error"]
    assert np.mean(card["held_out_errors"]) == pytest.approx(whole, abs=1e-3)


@pytest.mark.usefixtures("short_epochs")
def test_an_unreadable_image_and_missing_landmarks_are_no_obstacle(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    def broken() -> Any:
        raise ActionableError("The file ends too early.")

    gappy = [LabelledInstance("broken.jpg", heads[0].box, heads[0].shape, broken)]
    for i, head in enumerate(heads[1:20]):
        points = head.shape.points.copy()
        points[(i * 7) % 68 : (i * 7) % 68 + 5] = np.nan
        gappy.append(LabelledInstance(head.key, head.box, Shape(points), head.read_pixels))
    card = train(gappy, face68, tmp_path, TINY, SILENT)
    assert card["instances"]["unreadable"] == ["broken.jpg: The file ends too early."]
    posterior = load(tmp_path, face68).propose(heads[0].read_pixels(), heads[0].box).given([])
    assert np.isfinite(posterior.points).all()
    assert np.isfinite(posterior.covariances).all()


@pytest.mark.usefixtures("short_epochs")
def test_a_dozen_identical_shapes_train_to_a_finite_model(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    same = [
        LabelledInstance(f"copy{i}", heads[0].box, heads[0].shape, heads[0].read_pixels)
        for i in range(12)
    ]
    train(same, face68, tmp_path, TINY, SILENT)
    posterior = load(tmp_path, face68).propose(heads[0].read_pixels(), heads[0].box).given([])
    assert np.isfinite(posterior.points).all()
    with pytest.raises(TooFewLabels, match="at least 12"):
        train(same[:11], face68, tmp_path, TINY, SILENT)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"epoch": 3}, 'Did you mean "epochs"'),
        ({"size": 100}, "multiple of 32"),
        ({"loss": "laplace"}, 'Did you mean "laplace_kl"'),
        ({"trunk": "ship"}, 'Did you mean "shipped"'),
    ],
)
def test_a_wrong_setting_is_explained(
    tmp_path: Path,
    heads: list[LabelledInstance],
    face68: Scheme,
    setting: dict[str, Any],
    says: str,
) -> None:
    with pytest.raises(ActionableError) as raised:
        train(heads, face68, tmp_path, setting, SILENT)
    assert says in f"{raised.value.happened} {raised.value.remedy}"


@pytest.mark.usefixtures("short_epochs")
def test_a_training_can_start_from_a_model_trained_before(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme, trained: Path
) -> None:
    def error(trunk: str) -> float:
        settings = {**ONE, "trunk": trunk}
        card = train(heads, face68, tmp_path / Path(trunk).name, settings, SILENT)
        return float(card["figures"]["held_out_error_densities"])

    assert error(str(trained)) < 0.8 * error("none")


def test_weights_of_another_scheme_are_refused(trained: Path) -> None:
    with pytest.raises(WeightsMismatch, match="68 landmarks"):
        load(trained, Scheme("wing", ("tip", "root")))


def test_a_dozen_labels_take_over_how_landmarks_go_together_where_training_starts(
    tmp_path: Path, trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    def correlation(folder: Path) -> np.ndarray:
        covariance = load(folder, face68).model.prior.covariance
        deviations = np.sqrt(np.diag(covariance))
        return np.asarray(covariance / np.outer(deviations, deviations))

    known, apart = correlation(trained), {}
    for trunk in ("none", str(trained)):
        folder = tmp_path / Path(trunk).name
        with short_epochs(64):
            train(heads[:12], face68, folder, {**ONE, "trunk": trunk}, SILENT)
        apart[trunk] = float(np.abs(correlation(folder) - known).mean())
    assert apart[str(trained)] < 0.7 * apart["none"]


@pytest.mark.usefixtures("short_epochs")
def test_a_short_course_calls_nothing_hidden_that_no_label_ever_said_is(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    """Though its densities are wide on every image that it has not learned from."""
    seen = [replace(head, shape=Shape(head.shape.points)) for head in heads]
    train(seen[:20], face68, tmp_path, {**TWO, "quick": True}, SILENT)
    model = load(tmp_path, face68)
    for head in seen[20:]:
        hidden = model.propose(head.read_pixels(), head.box).hidden
        assert hidden is not None
        assert hidden.max() < 0.5
