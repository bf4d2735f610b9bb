"""The ONNX form of crops and of a second look, against the program's own."""

import cv2
import numpy as np
import onnxruntime
import pytest
import torch

from landmark_annotator.backends.densities.inference import Observation
from landmark_annotator.backends.heatmap.portable.beliefs import inverted, median
from landmark_annotator.backends.heatmap.portable.frames import Frame, crop, shown
from landmark_annotator.backends.heatmap.portable.second_look import second_look
from landmark_annotator.backends.heatmap.refinement.network import PatchNetwork
from landmark_annotator.backends.heatmap.refinement.refiner import Refiner
from landmark_annotator.backends.learning.crops import crop as program_crop
from landmark_annotator.backends.learning.onnx_graph import Graph, Value
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

SIZE, MARGIN = 64, 1.4
INPUTS = {"image": (np.uint8, ("h", "w", 3)), "box": (np.float64, (5,))}


def numbers(box: Box) -> Floats:
    return np.array([box.centre_x, box.centre_y, box.width, box.height, box.angle])


def photograph(width: int, height: int) -> Pixels:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.5), np.uint8)


@pytest.fixture(scope="module")
def cropping() -> onnxruntime.InferenceSession:
    def make(image: Value, box: Value) -> dict[str, tuple[Value, tuple[int, ...]]]:
        return {"crop": (crop(image, Frame.of(box), SIZE, MARGIN, True), (SIZE, SIZE, 3))}

    return onnxruntime.InferenceSession(Graph().model(INPUTS, make, {}))


@pytest.mark.parametrize("side", [20, 60, 93, 150, 230, 400])
@pytest.mark.parametrize("centre", [(150.2, 111.0), (3.0, 230.5)])
def test_a_crop_has_the_programs_pixels_at_any_size_and_beyond_the_border(
    cropping: onnxruntime.InferenceSession, side: int, centre: tuple[float, float]
) -> None:
    pixels, box = photograph(330, 260), Box(*centre, side, 0.8 * side, 0.3)
    [found] = cropping.run(None, {"image": pixels, "box": numbers(box)})
    apart = np.abs(found - program_crop(pixels, box, SIZE, MARGIN, flip=True).astype(float))
    # A processor that rounds products and sums apart has another byte in a hundred thousand.
    assert apart.max() <= 1
    assert (apart > 0).mean() < 0.0002


def test_a_second_look_sees_what_the_programs_does() -> None:
    torch.manual_seed(0)
    network = PatchNetwork(4).eval()
    for weights in (network.gains, network.shifts, network.densities, network.scale_weights):
        torch.nn.init.normal_(weights, std=0.3)
    scheme = Scheme("quad", ("a", "b", "c", "d"), partners=((0, 1), (2, 3)))
    refiner = Refiner(network, 90.0, scheme.mirror, torch.float32)
    believed = np.array([[-0.2, -0.1], [0.2, -0.1], [-0.2, 0.3], [0.25, 0.3]])

    def make(image: Value, box: Value) -> dict[str, tuple[Value, tuple[int, ...]]]:
        seen = second_look(refiner, image, Frame.of(box), image.graph.constant(believed))
        return {
            "points": (seen.points, (4, 2)),
            "spreads": (seen.spreads, (4, 3)),
            "scales": (seen.scales, (4, 1)),
        }

    session = onnxruntime.InferenceSession(Graph().model(INPUTS, make, {}))
    pixels, box = photograph(330, 260), Box(150.2, 111.0, 140, 140, 0.3)
    points, spreads, scales = session.run(None, {"image": pixels, "box": numbers(box)})
    first = _nothing_seen(box)
    own = refiner.refine(pixels, first, believed)
    assert points * box.side == pytest.approx(own.points * box.side, abs=0.01)
    assert spreads == pytest.approx(own.spreads.reshape(-1, 4)[:, [0, 1, 3]], rel=1e-3, abs=1e-7)
    assert scales[:, 0] == pytest.approx(own.scales, rel=1e-3)


def _nothing_seen(box: Box) -> Observation:
    return Observation(box, np.zeros((4, 2)), np.zeros((4, 2, 2)), np.zeros(4))


def test_a_matrix_is_inverted_as_precisely_as_by_numpy() -> None:
    parts = np.random.default_rng(0).normal(size=(40, 60))
    matrix = 1e-6 * (parts @ parts.T) + 1e-9 * np.eye(40)

    def make(image: Value, box: Value) -> dict[str, tuple[Value, tuple[int, ...]]]:
        return {"inverse": (inverted(image.graph.constant(matrix), 40), (40, 40))}

    session = onnxruntime.InferenceSession(Graph().model(INPUTS, make, {}))
    [found] = session.run(None, {"image": photograph(8, 8), "box": numbers(Box(4, 4, 4, 4))})
    assert found @ matrix == pytest.approx(np.eye(40), abs=1e-9)


@pytest.mark.parametrize("chosen", [[], [4], [0, 3], [1, 2, 4], [0, 1, 2, 3, 4]])
def test_the_median_is_of_those_that_are_chosen_and_of_all_where_none_is(chosen: list[int]) -> None:
    values = np.array([3.0, 1.0, 0.0, 8.0, 2.5])
    mask = np.isin(np.arange(5), chosen)

    def make(values: Value, mask: Value) -> dict[str, tuple[Value, tuple[int, ...]]]:
        return {"median": (median(values, mask, 5), ())}

    inputs = {"values": (np.float64, (5,)), "mask": (np.bool_, (5,))}
    session = onnxruntime.InferenceSession(Graph().model(inputs, make, {}))
    [found] = session.run(None, {"values": values, "mask": mask})
    assert found == np.median(values[mask] if chosen else values)


def test_what_lies_in_an_image_reaches_half_a_pixel_around_the_middles_of_its_pixels() -> None:
    at = np.array([[-0.4, 3.0], [-0.6, 3.0], [9.4, 3.0], [9.6, 3.0], [5.0, 7.4], [5.0, 7.6]])

    def make(image: Value, box: Value) -> dict[str, tuple[Value, tuple[int, ...]]]:
        return {"shown": (shown(image, image.graph.constant(at)), (6,))}

    session = onnxruntime.InferenceSession(Graph().model(INPUTS, make, {}))
    [found] = session.run(None, {"image": photograph(10, 8), "box": np.zeros(5)})
    assert found.tolist() == [True, False, True, False, True, False]
