"""Weights in eight bits: half the space, and hardly another network."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.backends.learning.model_files import pack_model, packed, unpacked
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.vocabulary import Box, Scheme
from tests.drawn_heads import drawn_head


@given(seed=st.integers(0, 2**32 - 1), spread=st.floats(1e-6, 1e3))
def test_each_weight_is_off_by_a_254th_of_the_largest_of_its_output_at_most(
    seed: int, spread: float
) -> None:
    filters = torch.from_numpy(np.random.default_rng(seed).normal(0, spread, (4, 3, 2, 2)))
    state = {
        "filters": filters.float(),
        "bias": filters[:, 0, 0, 0].float(),
        "count": torch.ones(1),
    }
    found = unpacked(packed(state))
    assert list(found) == list(state)
    largest = filters.abs().flatten(1).amax(dim=1)
    apart = (found["filters"] - filters).abs().flatten(1).amax(dim=1)
    assert (apart <= largest / 254 * 1.001).all()
    assert torch.equal(found["bias"], state["bias"])


def test_an_output_without_weights_stays_without() -> None:
    assert not unpacked(packed({"filters": torch.zeros(2, 3)}))["filters"].any()


@pytest.mark.usefixtures("shipped_weights")
def test_a_packed_model_proposes_nearly_the_same_from_a_smaller_file(tmp_path: Path) -> None:
    scheme, backend = Scheme.named("face68"), backend_named("heatmap")
    shipped = backend.weights("face68")
    assert shipped is not None
    pack_model(shipped, tmp_path)
    size = (tmp_path / "weights.safetensors").stat().st_size
    assert size < 0.6 * (shipped / "weights.safetensors").stat().st_size
    pixels, shape = drawn_head(5)
    box = Box.square_around(shape.points)
    there, here = (
        backend.load(folder, scheme).propose(pixels, box).given([]).points
        for folder in (shipped, tmp_path)
    )
    assert np.abs(there - here).max() < 0.01 * box.side
