"""A click among 140,428 classes, by pytest-benchmark; `annotator evaluate latency` has the rest."""

import numpy as np
import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture

from landmark_annotator.annotator.protocols import latency
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.backends.exemplar.network import ExemplarNetwork
from landmark_annotator.backends.shapes import Exemplars, Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import SILENT, Box, Evidence


@pytest.fixture(scope="module")
def proposal() -> Proposal:
    random = np.random.default_rng(0)
    mean = random.uniform(-0.5, 0.5, (68, 2))
    shapes = mean + random.normal(0, 0.03, (140_428, 68, 2)).astype(np.float32)
    scores = -0.5 * ((shapes[:, :20] / 0.1) ** 2).sum(axis=(1, 2))
    exemplars = Exemplars(shapes.astype(np.float32)).prepare()
    return Proposal(
        Box(150, 150, 300, 300), ShapeMixture(scores, exemplars, np.eye(136) * 0.02**2), "test"
    )


def test_a_forward_pass_at_140428_classes(benchmark: BenchmarkFixture) -> None:
    network = ExemplarNetwork(140_428, 68, 96, rank=32).eval()
    crops = torch.rand(2, 3, 96, 96).contiguous(memory_format=torch.channels_last)
    with torch.inference_mode():
        scores, _, _ = benchmark(network, crops)
    assert scores.shape == (1, 2, 140_428)


@pytest.mark.parametrize("clicks", [1, 3, 10])
def test_a_click_and_the_next_query(
    benchmark: BenchmarkFixture, proposal: Proposal, clicks: int
) -> None:
    points = proposal.given([]).points
    evidence = [Evidence.click(j, points[j] + 3.0, 1.2) for j in range(clicks)]
    posterior = benchmark(proposal.given, evidence)
    assert posterior.query not in range(clicks)


def test_the_protocol_names_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latency, "SIZES", (10, 9000))
    monkeypatch.setattr(latency, "NUMPY_SIZE", 9000)
    figures = latency.run(Options(images=2, clicks=3), SILENT)
    assert figures["latency/9000/clicks"] == 6
    assert figures["latency/10/leading"] <= 10
    for name in ("click_ms", "click_p99_ms", "click_query_ms", "first_click_ms", "memory_mb"):
        assert figures[f"latency/9000/{name}"] > 0
        assert figures[f"latency/numpy/9000/{name}"] > 0
    assert figures["latency/classes"] == [10, 9000]
    assert len(figures["latency/click_ms"]) == 2
    assert figures["latency/forward/ratio"] > 0
