"""The K-state hidden Markov model over exemplar classes: what it costs at 140,428 of them, and what
it makes of the rendered film, as figure 10 of the classifier paper has it under occlusion."""

import time

import numpy as np

from landmark_annotator.annotator.protocols.datasets.clips import embedded_clip
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.registry import Embedding, backend_named
from landmark_annotator.backends.tracking.hmm import (
    Transitions,
    believed_in_time,
    best_path,
    in_time,
)
from landmark_annotator.projects.vocabulary import Box, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_CLASSES, _LANDMARKS, _MODES = 140_428, 68, 12
_FRAMES = 30


def hidden_markov(options: Options, progress: Progress) -> Figures:
    return _cost(options) | _film(options, progress)


def _cost(options: Options) -> Figures:
    """Milliseconds of one thread a frame, of made-up classes and a pose that wanders among them."""
    random = np.random.default_rng(options.seed)
    modes = random.normal(size=(_MODES, 2 * _LANDMARKS)) / np.arange(1, _MODES + 1)[:, None]
    poses = random.normal(size=(_CLASSES, _MODES))
    shapes = (0.05 * poses @ modes).astype(np.float32).reshape(_CLASSES, _LANDMARKS, 2)
    started = time.process_time()
    transitions = Transitions.between(shapes)
    seconds = time.process_time() - started
    at = np.zeros(_MODES)
    scores: list[Floats] = []
    for _ in range(_FRAMES):
        at = 0.98 * at + 0.1 * random.normal(size=_MODES)
        scores.append(-((poses - at) ** 2).sum(axis=1))
    figures: Figures = {"video/hmm/140428/seconds_to_make": rounded(seconds)}
    started = time.process_time()
    weighed = in_time(scores, transitions)
    figures["video/hmm/140428/ms"] = rounded(1000 * (time.process_time() - started) / _FRAMES)
    figures["video/hmm/140428/classes_kept"] = rounded(
        float(np.mean([len(each.classes) for each in weighed]))
    )
    started = time.process_time()
    best_path(scores, transitions)
    milliseconds = 1000 * (time.process_time() - started) / _FRAMES
    return {**figures, "video/hmm/140428/best_path_ms": rounded(milliseconds)}


def _film(options: Options, progress: Progress) -> Figures:
    """Errors and how unsure the classes are, frame by frame and in time, where a hand hides."""
    clip = embedded_clip(options.images)
    backend, scheme = backend_named("exemplar"), Scheme.named("face68")
    folder = backend.shipped(scheme)
    if folder is None:
        return {}
    model = backend.load(folder, scheme)
    assert isinstance(model, Embedding)
    alone = []
    progress.start("classes", len(clip.read))
    for index, read in enumerate(clip.read):
        drawn = Box.square_around(clip.points[index])
        box = jittered(drawn, options.jitter, options.seed, index)
        alone.append(model.propose(read(), box, regression=False))
        step(progress)
    shapes = alone[0].mixture.exemplars.shapes
    together = believed_in_time(alone, Transitions.between(shapes))
    figures: Figures = {"video/hmm/film/classes": len(shapes)}
    behind = clip.hidden.any(axis=1)
    for name, proposals in (("alone", alone), ("in_time", together)):
        beliefs = [each.given([]) for each in proposals]
        points = np.stack([each.points for each in beliefs])
        errors = 100 * np.linalg.norm(points - clip.points, axis=2) / clip.lengths[:, None]
        spread = [
            float(np.sqrt(np.trace(each.covariances, axis1=1, axis2=2).mean())) for each in beliefs
        ]
        figures |= {
            f"video/hmm/film/{name}/nme": rounded(float(errors.mean())),
            f"video/hmm/film/{name}/hidden": rounded(float(errors[clip.hidden].mean())),
            f"video/hmm/film/{name}/fr10": rounded(100 * float((errors.mean(axis=1) > 10).mean())),
            f"video/hmm/film/{name}/deviation_under_hand": rounded(
                float(np.mean(np.array(spread)[behind]))
            ),
        }
    return figures
