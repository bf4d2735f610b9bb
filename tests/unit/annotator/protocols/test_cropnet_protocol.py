"""The stages and losses of the coarse-to-fine network beside each other, in small."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols import cropnet
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError

pytestmark = pytest.mark.usefixtures("short_epochs")


def test_every_stage_of_every_variant_is_told(tmp_path: Path, landmark_data: Path) -> None:
    small = {"size": 32, "width": 8, "epochs": 1}
    options = Options(
        work=str(tmp_path), images=8, training=small, variants=("none", "l2-l1", "no_way_back")
    )
    figures = cropnet.run(options, SILENT)
    assert figures["cropnet/training"] == 16
    stages = {"none": 0, "l2-l1": 2, "no_way_back": 3}
    for name, count in stages.items():
        assert figures[f"cropnet/{name}/images"] == 8
        told = {key.split("/")[2] for key in figures if key.startswith(f"cropnet/{name}/")}
        refined = {f"stage{n}" for n in range(1, count + 1)}
        assert told == {"images", "minutes", "baseline", "proposal"} | refined
        assert 0 < figures[f"cropnet/{name}/proposal/nme"] < 100  # type: ignore[operator]


def test_a_model_of_other_settings_is_not_measured_for_it(
    tmp_path: Path, landmark_data: Path
) -> None:
    small = {"size": 32, "width": 8, "epochs": 1}
    options = Options(work=str(tmp_path), images=8, training=small, variants=("none",))
    cropnet.run(options, SILENT)
    other = Options(
        work=str(tmp_path), images=8, training={**small, "width": 16}, variants=("none",)
    )
    with pytest.raises(ActionableError, match="trained with another width"):
        cropnet.run(other, SILENT)
    more = Options(work=str(tmp_path), images=10, training=small, variants=("none",))
    with pytest.raises(ActionableError, match="on 16 instances and not on 20"):
        cropnet.run(more, SILENT)
