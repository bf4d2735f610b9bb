"""The modules of the occlusion-adaptive network, one left out at a time, in small."""

import json
import shutil
from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols import occlusion_network
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.projects.samples import rendered_heads
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError


@pytest.mark.usefixtures("short_epochs")
def test_every_variant_learns_from_the_same_and_is_shown_the_same(
    tmp_path: Path, landmark_data: Path
) -> None:
    heads = tmp_path / "heads"
    heads.mkdir()
    for head in rendered_heads()[:8]:
        (heads / f"{head.name}.json").write_text(json.dumps(head.truth))
        shutil.copyfile(head.picture, heads / f"{head.name}.jpg")
    small = {"size": 32, "width": 8, "stride": 8, "epochs": 1}
    options = Options(
        work=str(tmp_path), images=4, training=small, variants=("base", "all_not_sparse")
    )
    figures = occlusion_network.run(options, SILENT)
    assert figures["occlusion_network/training"] == 16
    for name in options.variants:
        for case in ("clean", "ellipse_large", "rendered"):
            found = f"occlusion_network/{name}/{case}"
            assert figures[f"{found}/images"] == 4
            assert 0 < figures[f"{found}/nme_network"] < 100  # type: ignore[operator]
        assert 0 < figures[f"occlusion_network/{name}/rendered/hidden_ap"] <= 1  # type: ignore[operator]
    assert "occlusion_network/base/effective_rank" not in figures
    chosen = json.loads((tmp_path / "occlusion-all_not_sparse" / "card.json").read_text())
    assert chosen["settings"]["sparsity"] == 0
    assert chosen["settings"]["geometry"]


def test_a_variant_that_is_none_is_refused() -> None:
    with pytest.raises(ActionableError, match='Did you mean "all_not_sparse"'):
        occlusion_network.run(Options(variants=("all_not_spars",)), SILENT)
