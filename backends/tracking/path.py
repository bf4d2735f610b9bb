"""Where an object is in every frame before anything is weighed, and what flow says there."""

from collections.abc import Mapping, Sequence

import numpy as np

from landmark_annotator.backends.tracking.beliefs import Believed
from landmark_annotator.backends.tracking.flow import FlowField
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.evidence import Evidence


def first_path(
    found: Sequence[Believed | None],
    flows: Sequence[FlowField | None],
    labels: Mapping[int, Sequence[Evidence]],
    size: int,
) -> Floats:
    """(T, L, 2): labels, proposals, and where a frame has neither what flow carries there from the
    nearest frame that does. NaN of landmarks that nothing is known of anywhere."""
    count = len(found)
    path = np.full((count, size, 2), np.nan)
    distance = np.full((count, size), np.inf)
    for t, each in enumerate(found):
        if each is not None:
            path[t], distance[t] = each.mean.reshape(-1, 2), 0.0
        for piece in labels.get(t, ()):
            path[t, piece.landmark], distance[t, piece.landmark] = piece.position, 0.0
    for order, ahead in ((range(count - 1), True), (range(count - 2, -1, -1), False)):
        for t in order:
            before, after = (t, t + 1) if ahead else (t + 1, t)
            nearer = distance[before] + 1 < distance[after]
            if not nearer.any():
                continue
            flow = flows[t]
            step = np.zeros((size, 2))
            if flow is not None:
                step = (flow.carried if ahead else flow.carried_back)(path[before])[0]
            path[after][nearer] = (path[before] + step)[nearer]
            distance[after][nearer] = distance[before][nearer] + 1
    return path


def measured_flow(flows: Sequence[FlowField | None], path: Floats) -> tuple[Floats, Floats]:
    """(T - 1, L, 2) how far flow carries the landmarks of a path, and (T - 1, L) the variances of
    that along each axis, infinite where nobody has looked."""
    steps = np.zeros((max(len(path) - 1, 0), *path.shape[1:]))
    variances = np.full(steps.shape[:2], np.inf)
    for t, flow in enumerate(flows):
        if flow is None:
            continue
        # What both ways say on average treats the two frames alike.
        there, out = flow.carried(path[t])
        home, back = flow.carried_back(path[t + 1])
        steps[t] = (there - home) / 2
        variances[t] = np.maximum(out, back)
    return steps, variances
