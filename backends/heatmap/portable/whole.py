"""The whole proposal as one ONNX file: `DensityProposer.propose`, its mean and its covariances."""

import json
import math
from pathlib import Path

import numpy as np
import torch

from landmark_annotator.backends.densities.inference import NUDGE, CropInference
from landmark_annotator.backends.densities.model import DensityModel
from landmark_annotator.backends.heatmap.model_files import load_model
from landmark_annotator.backends.heatmap.network import HeatmapNetwork
from landmark_annotator.backends.heatmap.portable.beliefs import area_of, believed, median
from landmark_annotator.backends.heatmap.portable.first_look import FirstLook
from landmark_annotator.backends.heatmap.portable.frames import Frame, shown
from landmark_annotator.backends.heatmap.portable.second_look import second_look
from landmark_annotator.backends.heatmap.refinement.training import Refinement
from landmark_annotator.backends.learning.onnx_graph import Graph, Value
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.scheme import Scheme

INPUTS = "image (H, W, 3) uint8 RGB upright; box (5,) float64 centre x, y, width, height, angle"
OUTPUTS = (
    "points (L, 2) float64 pixels; covariances (L, 2, 2) squared pixels; hidden (L,) "
    "probabilities; novelty () above 1 where the model has never seen the like"
)


def onnx_file(folder: Path, scheme: Scheme) -> bytes:
    """Of the model that a training has left there. Raises MissingPackage, WeightsMismatch, and
    ActionableError for a network that sees coordinates."""
    return _file(load_model(folder, scheme), scheme)


def _file(model: DensityModel, scheme: Scheme) -> bytes:
    graph = Graph()
    inference = model.inference
    assert isinstance(inference, CropInference)
    network = inference.network.fast(torch.float32)
    assert isinstance(network, HeatmapNetwork)
    if network.coordinates:
        raise ActionableError(
            "A heat-map network that sees coordinates cannot be written as ONNX.",
            kept="Nothing was written.",
            remedy="Train one without them: leave out --set coordinates=true.",
        )
    first = FirstLook(inference, network)
    second = model.refinement
    assert second is None or isinstance(second, Refinement)
    degrees = (second or model).calibration.degrees
    landmarks = len(scheme)

    def whole(image: Value, box: Value) -> dict[str, tuple[Value, tuple[int, ...]]]:
        frame = first.fitted(image, Frame.of(box))
        nudged = frame.shifted(NUDGE)
        seen = first.look(image, [frame, nudged])
        belief = believed(model.calibration, model.prior, seen)
        if second is not None:
            again = second_look(second.refiner, image, frame, belief.points)
            belief = believed(second.calibration, model.prior, again)
        usual = graph.constant(np.asarray(model.usual_areas, np.float64))
        areas = area_of(seen.spreads)
        squared = usual.clamped(1e-12) * usual.clamped(1e-12)
        # As `DensityProposer` says it of a network that has not learned it.
        wide = areas * areas / (areas * areas + squared)
        inside = shown(image, frame.to_image(seen.points))
        novelty = median(areas / usual.clamped(1e-12), inside, landmarks)
        hidden = wide if seen.hidden is None else seen.hidden
        within = belief.within * novelty.clamped(1.0)
        head = model.inference.hidden
        if head is not None:
            within = within * (hidden * float(head.widening) + 1.0).reshape(-1, 1, 1)
        covariances = belief.between + within
        return {
            "points": (frame.to_image(belief.points), (landmarks, 2)),
            "covariances": (frame.covariances_to_image(covariances), (landmarks, 2, 2)),
            "hidden": (hidden, (landmarks,)),
            "novelty": (novelty, ()),
        }

    inputs = {"image": (np.uint8, ("height", "width", 3)), "box": (np.float64, (5,))}
    about = {
        "scheme": json.dumps(scheme.to_dict()),
        "inputs": INPUTS,
        "outputs": OUTPUTS,
        "degrees": "" if math.isinf(degrees) else repr(degrees),
    }
    return graph.model(inputs, whole, about)
