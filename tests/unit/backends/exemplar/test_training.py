from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from landmark_annotator.backends.exemplar import load, train
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, TooFewLabels
from tests.measured_curves import Curves
from tests.short_epochs import short_epochs
from tests.stopped_training import StopsAfter, assert_same_weights

SHORT = {"epochs": 2, "size": 32, "seed": 3, "pose_classes": 2, "levels": 1}
ALONE = {"epochs": 1, "size": 32, "seed": 3, "levels": 0}


MEASURED = Curves()


@pytest.fixture(scope="module", autouse=True)
def _short_epochs() -> Iterator[None]:
    with short_epochs(64):
        yield


@pytest.fixture(scope="module")
def heads(heads: list[LabelledInstance]) -> list[LabelledInstance]:
    """Few, for nothing here says how well anything is learned from many."""
    return heads[:24]


def weights(folder: Path) -> dict[str, Any]:
    return dict(load_file(folder / "weights.safetensors"))


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    train(heads, face68, folder, SHORT, MEASURED)
    return folder


@pytest.fixture(scope="module")
def alone(
    tmp_path_factory: pytest.TempPathFactory, heads: list[LabelledInstance], face68: Scheme
) -> tuple[Path, Mapping[str, Any]]:
    """A classifier without anything after it, and its card."""
    folder = tmp_path_factory.mktemp("alone")
    return folder, train(heads, face68, folder, ALONE, SILENT)


def test_an_interrupted_training_resumes_to_the_same_weights(
    tmp_path: Path, trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    with pytest.raises(Cancelled, match="epoch 2 of 2"):
        train(heads, face68, tmp_path, SHORT, StopsAfter(3))
    assert not (tmp_path / "weights.safetensors").exists()
    train(heads, face68, tmp_path, SHORT, SILENT)
    assert_same_weights(trained, tmp_path, "network.")
    # The rest is compared by what it proposes.
    head = heads[0]
    points = [
        load(folder, face68).propose(head.read_pixels(), head.box).given([]).points
        for folder in (trained, tmp_path)
    ]
    np.testing.assert_allclose(points[0], points[1], atol=0.05)


def test_its_loss_on_held_out_heads_is_measured_each_epoch(trained: Path) -> None:
    learned, held_out = (MEASURED.points[name] for name in ("loss", "held-out loss"))
    assert [epoch for epoch, _ in held_out] == [epoch for epoch, _ in learned] == [1, 2]
    assert all(np.isfinite(value) for _, value in held_out)


def test_another_seed_gives_another_model(
    tmp_path: Path,
    alone: tuple[Path, Mapping[str, Any]],
    heads: list[LabelledInstance],
    face68: Scheme,
) -> None:
    train(heads, face68, tmp_path, {**ALONE, "seed": 4}, SILENT)
    name = "network.heads.0.last.weight"
    assert not np.array_equal(weights(alone[0])[name], weights(tmp_path)[name])


def test_the_trained_model_proposes_a_shape_inside_the_box(
    trained: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    head = heads[0]
    posterior = load(trained, face68).propose(head.read_pixels(), head.box).given([])
    errors = np.linalg.norm(posterior.points - head.shape.points, axis=1)
    assert errors.mean() < 0.15 * head.box.side
    assert (np.linalg.eigvalsh(posterior.covariances) > 0).all()


def test_the_card_says_what_the_model_was_trained_on(
    alone: tuple[Path, Mapping[str, Any]], heads: list[LabelledInstance], face68: Scheme
) -> None:
    folder, card = alone
    assert card["instances"]["training"] + card["instances"]["held_out"] == 24
    assert card["classes"] == 2 * card["instances"]["training"]
    assert card["settings"]["seed"] == 3
    assert card["figures"]["held_out_error"] > 0
    assert card["usual_spread"] > 0
    head = heads[0]
    assert load(folder, face68).propose(head.read_pixels(), head.box).novelty is not None


def test_an_unreadable_image_is_left_out_and_named(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    def broken() -> Any:
        raise ActionableError("The file ends too early.")

    bad = LabelledInstance("broken.jpg", heads[0].box, heads[0].shape, broken)
    card = train([bad, *heads[1:]], face68, tmp_path, ALONE, SILENT)
    assert card["instances"]["unreadable"] == ["broken.jpg: The file ends too early."]


def test_too_few_instances_are_a_clear_error(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    with pytest.raises(TooFewLabels, match="at least 20"):
        train(heads[:19], face68, tmp_path, SHORT, SILENT)


def test_an_unknown_setting_suggests_the_closest(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    with pytest.raises(ActionableError, match='Did you mean "epochs"'):
        train(heads, face68, tmp_path, {"epoch": 3}, SILENT)


def test_identical_shapes_train_to_a_finite_model(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    same = [
        LabelledInstance(f"copy{i}", heads[0].box, heads[0].shape, heads[0].read_pixels)
        for i in range(24)
    ]
    train(same, face68, tmp_path, {**SHORT, "epochs": 1}, SILENT)
    posterior = load(tmp_path, face68).propose(heads[0].read_pixels(), heads[0].box).given([])
    assert np.isfinite(posterior.points).all()
    assert np.isfinite(posterior.covariances).all()


def test_missing_landmarks_in_training_shapes_are_no_obstacle(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    gappy = []
    for i, head in enumerate(heads):
        points = head.shape.points.copy()
        points[(i * 7) % 68 : (i * 7) % 68 + 5] = np.nan
        gappy.append(LabelledInstance(head.key, head.box, Shape(points), head.read_pixels))
    train(gappy, face68, tmp_path, {**SHORT, "epochs": 1}, SILENT)
    posterior = load(tmp_path, face68).propose(heads[0].read_pixels(), heads[0].box).given([])
    assert np.isfinite(posterior.points).all()


@pytest.mark.parametrize("loss", ["softmax", "soft_target"])
def test_every_loss_trains(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme, loss: str
) -> None:
    card = train(heads, face68, tmp_path, {**ALONE, "loss": loss}, SILENT)
    assert card["settings"]["loss"] == loss


def test_without_levels_the_classifier_proposes_alone(
    alone: tuple[Path, Mapping[str, Any]], heads: list[LabelledInstance], face68: Scheme
) -> None:
    folder, card = alone
    assert card["figures"]["held_out_error"] == card["figures"]["held_out_error_regressed"]
    assert 0 < card["figures"]["held_out_visible_error"] < card["figures"]["held_out_error"]
    model, head = load(folder, face68), heads[0]
    with_all, without = (
        model.propose(head.read_pixels(), head.box, regression=regression).given([]).points
        for regression in (True, False)
    )
    np.testing.assert_array_equal(with_all, without)


def test_fewer_classes_than_shapes_are_centres_closed_under_mirroring(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    card = train(heads, face68, tmp_path, {**ALONE, "classes": 10}, SILENT)
    assert card["classes"] == 10
    classes = weights(tmp_path)["exemplars"]
    mirrored = classes[:, list(face68.mirror)] * np.array([-1, 1], np.float32)
    np.testing.assert_allclose(mirrored[weights(tmp_path)["mirrored_class"]], classes, atol=1e-6)


def test_more_classes_than_shapes_are_refused_unless_filled(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    wide = {**ALONE, "classes": 500, "rank": 16}
    with pytest.raises(TooFewLabels, match="500 classes were asked for"):
        train(heads, face68, tmp_path, wide, SILENT)
    assert train(heads, face68, tmp_path, {**wide, "fill": True}, SILENT)["classes"] == 500


def test_the_chosen_radius_is_on_the_card(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    narrow = train(heads, face68, tmp_path, {**ALONE, "members": (0.02,)}, SILENT)
    wide = train(heads, face68, tmp_path, {**ALONE, "members": (0.5,)}, SILENT)
    assert 0 < narrow["tau"] < wide["tau"]
    either = train(heads, face68, tmp_path, {**ALONE, "members": (0.02, 0.5)}, SILENT)
    assert either["tau"] in (narrow["tau"], wide["tau"])


@pytest.mark.parametrize(
    "setting", [{"epochs": 0}, {"epochs": "ten"}, {"members": []}, {"held_out": 2.0}, {"fill": 1}]
)
def test_a_setting_of_the_wrong_kind_is_a_clear_error(
    tmp_path: Path, heads: list[LabelledInstance], face68: Scheme, setting: dict[str, Any]
) -> None:
    with pytest.raises(ActionableError, match="cannot be"):
        train(heads, face68, tmp_path, setting, SILENT)
