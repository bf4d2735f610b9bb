"""A network that sees where pixels are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from landmark_annotator.backends.heatmap import load, onnx_file
from landmark_annotator.backends.heatmap.model_files import load_model, save_model
from landmark_annotator.backends.heatmap.network import HeatmapNetwork
from landmark_annotator.backends.heatmap.pretrained import start_from
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.vocabulary import LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError

pytestmark = pytest.mark.usefixtures("shipped_weights")


@pytest.fixture
def plain(face68: Scheme) -> Path:
    folder = backend_named("heatmap").shipped(face68)
    assert folder is not None
    return folder


@pytest.fixture
def seeing(tmp_path: Path, plain: Path, face68: Scheme) -> Path:
    """As one that has gone on from the other with coordinates, and has learned nothing yet."""
    network = HeatmapNetwork(len(face68), coordinates=True)
    start_from(str(plain), network, face68)
    model = load_model(plain, face68)
    card = {**model.card, "settings": {**model.card["settings"], "coordinates": True}}
    inference = replace(model.inference, network=network.eval())
    save_model(tmp_path, replace(model, inference=inference, card=card))
    return tmp_path


def test_the_same_pixels_elsewhere_look_different_to_it() -> None:
    torch.manual_seed(0)
    crops = torch.full((1, 3, 64, 64), 0.5)
    for coordinates in (False, True):
        network = HeatmapNetwork(2, coordinates).eval()
        stem = network.stem(network.seen(crops))
        apart = (stem[..., 10, 10] - stem[..., 20, 20]).abs().max()
        assert (float(apart.detach()) > 1e-3) == coordinates


def test_what_was_learned_without_them_is_the_same_function_with_them_and_is_loaded_so(
    seeing: Path, plain: Path, face68: Scheme
) -> None:
    models = [load(folder, face68) for folder in (seeing, plain)]
    networks = [model.model.inference.network for model in models]
    assert isinstance(networks[0], HeatmapNetwork)
    assert networks[0].coordinates
    crops = torch.rand(1, 3, 32, 32)
    with torch.inference_mode():
        found = [network(crops)[0] for network in networks]
    torch.testing.assert_close(found[0], found[1])


def test_a_network_without_them_does_not_start_from_one_that_has_them(
    seeing: Path, face68: Scheme
) -> None:
    with pytest.raises(ActionableError, match="sees where pixels are"):
        start_from(str(seeing), HeatmapNetwork(len(face68)), face68)


def test_it_is_not_written_as_onnx(seeing: Path, face68: Scheme) -> None:
    with pytest.raises(ActionableError, match="cannot be written as ONNX"):
        onnx_file(seeing, face68)


def test_the_readings_are_two_places_of_each_landmark_beside_the_proposal(
    plain: Path, heads: list[LabelledInstance], face68: Scheme
) -> None:
    model = load(plain, face68)
    pixels, box = heads[0].read_pixels(), heads[0].box
    found = model.readings(pixels, box)
    assert list(found) == ["proposal", "get_max", "get_bc"]
    np.testing.assert_allclose(found["proposal"], model.propose(pixels, box).given([]).points)
    assert all(np.isfinite(points).all() and points.shape == (68, 2) for points in found.values())
