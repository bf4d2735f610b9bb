"""Networks that segment beside each other, in small."""

import shutil
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from landmark_annotator.annotator.protocols import hair, parsing_sizes
from landmark_annotator.annotator.protocols.datasets.head_masks import PARTS
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.projects.samples.rendered_heads.heads import FOLDER, rendered_heads
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError

pytestmark = pytest.mark.usefixtures("short_epochs")


@pytest.fixture
def small(tmp_path: Path) -> Options:
    """Twelve heads to learn from, two to be tested on."""
    heads = tmp_path / "heads"
    heads.mkdir()
    for number, head in enumerate(rendered_heads()[-12:]):
        (heads / f"head_{number}.json").write_bytes(orjson.dumps(head.truth))
        shutil.copy(head.picture, heads / f"head_{number}.jpg")
        shutil.copy(FOLDER / "masks" / f"{head.name}.png", heads / f"head_{number}.png")
    return Options(work=str(tmp_path), images=2, training={"size": 64, "epochs": 1})


def test_sizes_are_told_with_what_they_cost_and_are_worth(small: Options) -> None:
    figures = parsing_sizes.run(replace(small, variants=("f16-t3", "dense-f32-t6")), SILENT)
    assert figures["parsing_sizes/training"] == 12
    assert figures["parsing_sizes/heads"] == 2
    less, more = (
        {
            key.removeprefix(f"parsing_sizes/{name}/"): value
            for key, value in figures.items()
            if key.startswith(f"parsing_sizes/{name}/")
        }
        for name in ("f16-t3", "dense-f32-t6")
    )
    assert set(less) == set(more)
    assert {"miou", "mean_f1", "onnx_ms", "ms", "hair/precision"} < set(less)
    parts = {key.removeprefix("iou/") for key in less if key.startswith("iou/")}
    assert {"hair", "skin", "eyes"} <= parts <= set(PARTS)
    assert less["parameters"] < more["parameters"]  # type: ignore[operator]
    for part in parts:
        iou, f1 = (float(less[f"{kind}/{part}"]) for kind in ("iou", "f1"))  # type: ignore[arg-type]
        assert f1 == pytest.approx(100 * 2 * iou / (100 + iou), abs=0.01)


def test_what_was_trained_for_one_table_stands_in_the_other(small: Options) -> None:
    parsing_sizes.run(replace(small, variants=("dense-f32-t6",)), SILENT)
    assert small.work is not None
    card = Path(small.work, "parsing-dense-f32-t6", "card.json")
    before = card.stat().st_mtime_ns
    tiny = replace(small, training={**small.training, "features": 8})
    figures = hair.run(replace(tiny, variants=("segmentation", "dense-f32-t6")), SILENT)
    assert card.stat().st_mtime_ns == before
    assert figures["hair/segmentation/miou"] == figures["hair/segmentation/iou/hair"]
    assert "hair/segmentation/iou/skin" not in figures
    assert "hair/dense-f32-t6/iou/skin" in figures


def test_without_heads_to_learn_from_nothing_is_trained() -> None:
    with pytest.raises(ActionableError, match="needs rendered heads"):
        hair.run(Options(), SILENT)
