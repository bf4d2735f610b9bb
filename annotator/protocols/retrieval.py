"""Nearest neighbours against classification: the `retrieval` protocol (the paper's table 1).

The nearest training face by the cosine between features, by the cosine between features and
class weights, and the class of the highest score; each answers with one whole shape.
"""

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.registry import Embedding
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError


def run(options: Options, progress: Progress) -> Figures:
    model = options.model(progress, "exemplar")
    if not isinstance(model, Embedding):
        raise ActionableError(f"The backend {options.backend} has no features to compare.")
    scheme = Scheme.named("face68")
    training = faces300w.faces(faces300w.TRAINING)
    faces = faces300w.faces(faces300w.TESTING)[: options.images]
    progress.start("retrieval", len(training) + len(faces))
    shelf, shapes = [], []
    for face in training:
        features, box, _ = model.embed(face.read_pixels(), face.box)
        shelf.append(_unit(features))
        shapes.append(box.to_frame(face.shape.points))
        step(progress)
    features_of_training = np.stack(shelf)
    weights, exemplars = model.class_weights()
    weights = _unit(weights)
    errors: dict[str, list[float]] = {"linear": [], "nn_weights": [], "nn_features": []}
    visible: dict[str, list[float]] = {name: [] for name in errors}
    for index, face in enumerate(faces):
        box = jittered(face.box, options.jitter, options.seed, index)
        features, refined, scores = model.embed(face.read_pixels(), box)
        truth = face.shape.points
        length = scheme.normaliser_length(truth, face.box)
        answers = {
            "linear": exemplars[int(scores.argmax())],
            "nn_weights": exemplars[int((weights @ _unit(features)).argmax())],
            "nn_features": shapes[int((features_of_training @ _unit(features)).argmax())],
        }
        for name, answer in answers.items():
            points = refined.to_image(answer)
            errors[name].append(nme(points, truth, length))
            visible[name].append(visible_nme(points, truth, scheme, length))
        step(progress)
    figures: Figures = {"images": len(faces)}
    for name, values in errors.items():
        figures[f"retrieval/{name}/nme"] = rounded(float(np.mean(values)))
        figures[f"retrieval/{name}/visible"] = rounded(float(np.mean(visible[name])))
    return figures


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
