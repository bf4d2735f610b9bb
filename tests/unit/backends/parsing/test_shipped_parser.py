"""The parsing network that comes with the program, on rendered heads of persons that it has not
seen."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.datasets.head_masks import (
    REGIONS,
    embedded_heads,
    parsing_scheme,
)
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.metrics.regions import RegionCounts
from landmark_annotator.backends.parsers import PARSING, load_parser
from landmark_annotator.backends.region_masks import label_map

WEIGHTS = Path(__file__).parents[4] / "backends" / "parsing" / "weights" / "face68"
FIGURES = Path(__file__).parents[3] / "benchmarks" / "results" / "parsing.json"


@pytest.mark.usefixtures("shipped_weights")
def test_it_parses_heads_that_it_has_not_seen() -> None:
    scheme = parsing_scheme()
    folder = PARSING.shipped(scheme)
    assert folder is not None
    model = load_parser(folder, scheme)
    assert model.regions() == REGIONS
    counts = RegionCounts(len(REGIONS) + 1)
    for head in embedded_heads()[:6]:
        height, width = head.labels.shape
        instance = head.instance
        found = model.segment(instance.read_pixels(), instance.box, instance.shape.points, {}, ())
        counts.add(label_map(found, (0, 0, width, height)), head.labels)
    overlaps = counts.overlaps(REGIONS)
    assert overlaps["skin"] > 0.6
    assert overlaps["hair"] > 0.5
    assert np.mean(list(overlaps.values())) > 0.4


def test_its_card_says_that_it_has_seen_rendered_heads_only() -> None:
    assert "rendered heads only" in read_card(WEIGHTS)["learned_elsewhere"]
    said = (WEIGHTS / "README.md").read_text(encoding="utf-8")
    assert "rendered heads only" in said.lower()


def test_its_card_tells_the_committed_figures() -> None:
    said = (WEIGHTS / "README.md").read_text(encoding="utf-8")
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))["figures"]
    for name in ("miou", "hair_iou", "hair_clicks_to_90", "photos/eyes_iou", "photos/lips_iou"):
        assert f"| {figures[f'parsing/{name}']:.1f}" in said, name


def test_it_is_small() -> None:
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) < 260_000
