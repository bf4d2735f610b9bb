"""The parsing network that comes with the program, on rendered heads of persons that it has not
seen."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from landmark_annotator.annotator.protocols.datasets.head_masks import (
    REGIONS,
    embedded_heads,
    parsing_scheme,
)
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.backends.borders.landmark_evidence import border_evidence
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.metrics.regions import RegionCounts
from landmark_annotator.backends.metrics.visible import visible_errors
from landmark_annotator.backends.parsers import PARSING, known_borders, load_parser
from landmark_annotator.backends.parsing.parser import read
from landmark_annotator.backends.parsing.settings import Settings
from landmark_annotator.backends.parsing.training import new_network, start_from
from landmark_annotator.backends.region_masks import label_map
from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named
from landmark_annotator.projects.vocabulary import SchemeChange

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


@pytest.mark.usefixtures("shipped_weights")
def test_exact_masks_bring_landmarks_nearer_to_their_contours() -> None:
    scheme = parsing_scheme()
    borders = known_borders(Path("nowhere"), scheme)
    backend = backend_named(DEFAULT_BACKEND)
    weights = backend.shipped(scheme)
    assert borders is not None
    assert weights is not None
    model = backend.load(weights, scheme)
    before, after = [], []
    for head in embedded_heads()[:8]:
        instance, masks = head.instance, head.masked().masks
        proposal = model.propose(instance.read_pixels(), instance.box)
        prior = proposal.given([])
        hidden = probably_hidden(proposal.hidden)
        told = border_evidence(prior, proposal.box.side, masks, borders, hidden)
        for found, errors in ((prior, before), (proposal.told(told).given([]), after)):
            truth = instance.shape.points
            length = scheme.normaliser_length(truth, instance.box)
            errors.append(visible_errors(found.points, truth, scheme, length).mean())
    assert np.mean(after) < 0.95 * np.mean(before)


@pytest.mark.usefixtures("shipped_weights")
@pytest.mark.parametrize("gone", [False, True], ids=["as it is", "without a landmark"])
def test_a_training_of_the_same_regions_starts_from_it(gone: bool) -> None:
    """Also where the project's scheme has other landmarks by now."""
    scheme, settings = parsing_scheme(), Settings()
    network = new_network(len(REGIONS), settings)
    now = SchemeChange.none(scheme).remove(0).after if gone else scheme
    start_from(network, REGIONS, settings, now)
    expected = read(WEIGHTS, scheme).network.state_dict()
    assert network.state_dict().keys() == expected.keys()
    for name, value in network.state_dict().items():
        torch.testing.assert_close(value, expected[name], msg=name)


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
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) < 410_000
