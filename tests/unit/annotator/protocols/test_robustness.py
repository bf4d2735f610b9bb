"""Protocols of robustness, with a model that is off by what the test says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols import crossset, occlusion
from landmark_annotator.annotator.protocols.framework import compared_losses
from landmark_annotator.annotator.protocols.framework.compared_losses import Compared, compared
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.robustness import (
    Shown,
    error_figures,
    robustness,
)
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.budgets.known_formats import KNOWN_FORMATS
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError


@dataclass
class Off:
    """Finds the truth that the test tells it, but for `by` normalisers to the right at landmark 0;
    read by its barycentre at all landmarks. dark: share of black pixels in what it was shown."""

    faces: list[LabelledInstance]
    by: float
    dark: list[float]

    def _points(self, pixels: Pixels, everywhere: bool) -> Floats:
        face = self.faces[len(self.dark) % len(self.faces)]
        off = self.by * Scheme.named("face68").normaliser_length(face.shape.points, face.box)
        points = face.shape.points.copy()
        points[slice(None) if everywhere else 0, 0] += off
        return points

    def readings(self, pixels: Pixels, box: Box) -> dict[str, Floats]:
        found = {"proposal": self._points(pixels, False), "get_bc": self._points(pixels, True)}
        self.dark.append(float((pixels.max(axis=2) == 0).mean()))
        return found

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        points = box.to_frame(self._points(pixels, False))
        self.dark.append(0.0)
        mixture = ShapeMixture(np.zeros(1), points[None], 1e-4 * np.eye(points.size))
        return Proposal(box, mixture, "off")


class OnlyProposes:
    def __init__(self, model: Off) -> None:
        self.propose = model.propose


def shown(faces: list[LabelledInstance]) -> Iterator[Shown]:
    return (Shown(face, np.zeros((8, 8, 3), np.uint8), face.box) for face in faces)


def test_one_landmark_far_off_is_a_failure_of_landmarks_and_of_no_face(
    heads: list[LabelledInstance], face68: Scheme
) -> None:
    model = Off(heads[:3], 0.17, [])
    figures = robustness("off", model, shown(heads[:3]), 3, face68, SILENT)
    assert figures["off/nme"] == pytest.approx(17 / 68, abs=1e-3)
    assert figures["off/fr8"] == 0
    assert figures["off/frl5"] == figures["off/frl15"] == pytest.approx(100 / 68, abs=1e-3)
    assert figures["off/frl20"] == 0
    assert figures["off/get_bc/nme"] == pytest.approx(17, abs=1e-3)
    assert figures["off/get_bc/fr10"] == 100
    assert figures["off/get_bc/variance"] == pytest.approx(0, abs=1e-3)
    # The first landmark is no point of the sparser formats.
    assert figures["off/aflw19/nme"] == figures["off/cofw29/frl10"] == pytest.approx(0, abs=1e-3)


def test_a_model_without_maps_is_judged_by_what_it_proposes(
    heads: list[LabelledInstance], face68: Scheme
) -> None:
    model = OnlyProposes(Off(heads[:2], 0.34, []))
    figures = robustness("off", model, shown(heads[:2]), 2, face68, SILENT)
    assert figures["off/nme"] == pytest.approx(34 / 68, abs=1e-3)
    assert not any("get_" in name for name in figures)


def test_the_variance_is_that_of_single_landmarks_and_unknown_ones_count_nowhere() -> None:
    figures = error_figures(np.array([[2.0, 4.0, np.nan], [6.0, 12.0, 6.0]]))
    assert figures["nme"] == pytest.approx((3 + 8) / 2)
    assert figures["fr8"] == 0
    assert figures["frl5"] == pytest.approx(60)
    assert figures["variance"] == pytest.approx(np.var([2, 4, 6, 12, 6]), abs=1e-3)


def test_only_landmarks_that_are_points_of_a_format_are_common_to_both() -> None:
    common = {known.name: known.common for known in KNOWN_FORMATS}
    assert len(common["aflw19"]) == 16
    assert len(common["cofw29"]) == 21
    assert not {37, 38, 40, 41} & {*common["aflw19"], *common["cofw29"]}


@pytest.fixture
def two_sources(monkeypatch: pytest.MonkeyPatch, heads: list[LabelledInstance]) -> Off:
    """What learned from one collection, and tests of a few drawn heads."""
    model = Off(heads[:2], 0.1, [])

    def fake(*_: object) -> Iterator[Compared]:
        yield Compared("lfpw", "wasserstein-3", model)

    for module in (crossset, occlusion):
        monkeypatch.setattr(module, "compared", fake)
        tests = dict.fromkeys(("lfpw", "helen", "heads", "photographs"), lambda: heads)
        monkeypatch.setattr(module, "TESTED_ON", tests)
    return model


def test_what_learned_from_one_source_is_tested_on_all(two_sources: Off) -> None:
    figures = crossset.run(Options(images=2), SILENT)
    for target in ("lfpw", "helen", "heads"):
        name = f"crossset/lfpw-{target}/wasserstein-3"
        assert figures[f"{name}/nme"] == pytest.approx(10 / 68, abs=1e-3)
        assert figures[f"{name}/get_bc/nme"] == pytest.approx(10, abs=1e-3)


def test_ellipses_grow_over_the_same_faces(two_sources: Off) -> None:
    figures = occlusion.run(Options(images=2), SILENT)
    clean, medium, large = np.reshape(two_sources.dark, (3, 2)).mean(axis=1)
    assert clean < medium < large
    for ellipse in ("none", "medium", "large"):
        name = f"occlusion/lfpw/{ellipse}/wasserstein-3"
        assert figures[f"{name}/frl5"] == pytest.approx(100 / 68, abs=1e-3)


def test_a_projects_model_is_tested_as_it_is(hardly_trained: Path) -> None:
    options = Options(project=str(hardly_trained), backend="exemplar")
    [found] = compared(options, ("lfpw",), SILENT)
    assert (found.source, found.loss) == ("project", "soft_target")


@pytest.mark.usefixtures("short_epochs", "narrow_networks")
def test_a_loss_is_trained_once_and_kept_with_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heads: list[LabelledInstance]
) -> None:
    monkeypatch.setattr(compared_losses, "TRAINED_ON", {"lfpw": lambda: heads[:16]})
    training = {"epochs": 1, "size": 32, "quick": True, "coordinates": True}
    options = Options(work=str(tmp_path), variants=("wasserstein-3",), training=training)
    [first] = compared(options, ("lfpw",), SILENT)
    assert (first.source, first.loss) == ("lfpw", "wasserstein-3")
    [card] = tmp_path.glob("*/card.json")
    settings = read_card(card.parent)["settings"]
    chosen = {"loss": "wasserstein", "sigma": 3.0, "trunk": "none", **training}
    assert settings == {**settings, **chosen}
    written = card.stat().st_mtime_ns
    assert len(list(compared(options, ("lfpw",), SILENT))) == 1
    assert card.stat().st_mtime_ns == written
    others = replace(options, training={**training, "epochs": 2})
    with pytest.raises(ActionableError, match="another epochs"):
        list(compared(others, ("lfpw",), SILENT))


def test_losses_and_sources_that_are_not_there_are_named() -> None:
    with pytest.raises(ActionableError, match="wasserstine"):
        list(compared(Options(variants=("wasserstine-1",)), ("lfpw",), SILENT))
    with pytest.raises(ActionableError, match="cofw"):
        list(compared(Options(sets=("cofw",)), ("lfpw",), SILENT))
    with pytest.raises(ActionableError, match="one loss to all"):
        list(compared(Options(training={"loss": "l2"}), ("lfpw",), SILENT))
