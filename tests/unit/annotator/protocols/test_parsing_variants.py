"""Networks that segment beside each other, in small."""

import shutil
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from landmark_annotator.annotator.protocols import hair, parsing_sizes
from landmark_annotator.annotator.protocols.datasets.head_masks import PARTS
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.projects.samples.rendered_heads.heads import FOLDER, rendered_heads
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.short_epochs import short_epochs

pytestmark = pytest.mark.usefixtures("short_epochs")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Options:
    """Twelve heads to learn from, two to be tested on."""
    work = tmp_path_factory.mktemp("parsing")
    heads = work / "heads"
    heads.mkdir()
    for number, head in enumerate(rendered_heads()[-12:]):
        (heads / f"head_{number}.json").write_bytes(orjson.dumps(head.truth))
        shutil.copy(head.picture, heads / f"head_{number}.jpg")
        shutil.copy(FOLDER / "masks" / f"{head.name}.png", heads / f"head_{number}.png")
    return Options(work=str(work), images=2, training={"size": 64, "epochs": 1})


@pytest.fixture(scope="module")
def figures(small: Options) -> Figures:
    """Of two sizes that were trained for it."""
    with short_epochs():
        return parsing_sizes.run(replace(small, variants=("f16-t3", "dense-f32-t6")), SILENT)


def test_sizes_are_told_with_what_they_cost_and_are_worth(figures: Figures) -> None:
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


def test_what_was_trained_for_one_table_stands_in_the_other(
    small: Options, figures: Figures
) -> None:
    assert small.work is not None
    card = Path(small.work, "parsing-dense-f32-t6", "card.json")
    before = card.stat().st_mtime_ns
    tiny = replace(small, training={**small.training, "features": 8})
    other = hair.run(replace(tiny, variants=("segmentation", "dense-f32-t6")), SILENT)
    assert card.stat().st_mtime_ns == before
    assert other["hair/segmentation/miou"] == other["hair/segmentation/iou/hair"]
    assert "hair/segmentation/iou/skin" not in other
    assert "hair/dense-f32-t6/iou/skin" in other


def test_without_heads_to_learn_from_nothing_is_trained() -> None:
    with pytest.raises(ActionableError, match="needs rendered heads"):
        hair.run(Options(), SILENT)
