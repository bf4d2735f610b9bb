from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols import evaluate
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError


@pytest.mark.usefixtures("shipped_weights")
def test_the_prior_and_calibration_are_worth_something(landmark_data: Path) -> None:
    options = Options(backend="heatmap", shipped=True, images=12, clicks=3)
    figures = evaluate("ablation", options, "annotator evaluate ablation", SILENT).figures
    assert figures["ablation/fused/nme"] < figures["ablation/densities/nme"]
    # Without it, landmarks are taken as known far better than they are.
    assert figures["ablation/uncalibrated/inside95"] < figures["ablation/fused/inside95"]


def test_a_backend_without_parts_is_named(hardly_trained: Path) -> None:
    options = Options(project=str(hardly_trained), backend="exemplar", images=1)
    with pytest.raises(ActionableError, match="no parts"):
        evaluate("ablation", options, "annotator evaluate ablation", SILENT)
