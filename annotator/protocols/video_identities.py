"""Who is who: the shapes that another program saw in each frame, told apart by their shapes alone.

Nothing tells which fly is truly which. Within a track of that program both name the same fly, as it
is taken here; where ours changes its mind inside one of these tracks, that is a switch. Two tracks
of the other program that one fly has in turn are no switch.
"""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.annotator.protocols.datasets.clips import fly_detections
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.models.labelled_images import object_box
from landmark_annotator.backends.shapes import Proposal, ShapeMixture, condition, shape_prior
from landmark_annotator.backends.tracking import flow_between, matched
from landmark_annotator.projects.vocabulary import (
    Box,
    Evidence,
    LabelledInstance,
    Progress,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.arrays import Floats

_FRAMES = 1100
_FLIES = 2
_SEEN = 0.02
"""Sides of the box that a landmark of the other program is taken to be off by."""
_FEWEST = 8
"""Landmarks that make a detection a fly."""


def identities(options: Options, progress: Progress) -> Figures:
    scheme, read, shapes, given = fly_detections(min(options.images or _FRAMES, _FRAMES))
    prior = _prior(shapes, scheme)
    current: list[Proposal] = []
    before = None
    owners: dict[str, int] = {}
    switches = assigned = 0
    progress.start("who is who", len(read))
    for frame, pixels in enumerate(each() for each in read):
        kept = [
            n for n, shape in enumerate(shapes[frame]) if np.isfinite(shape[:, 0]).sum() >= _FEWEST
        ]
        seen = [_proposal(shapes[frame][n], prior, scheme) for n in kept]
        if before is None:
            current = seen[:_FLIES]
            owners = {given[frame][n]: m for m, n in enumerate(kept[:_FLIES])}
        else:
            flows = [flow_between(before, pixels, (p.box, p.box)) for p in current]
            for n, owner in enumerate(matched(current, seen, flows)):
                if owner is None:
                    continue
                current[owner] = seen[n]
                assigned += 1
                track = given[frame][kept[n]]
                switches += owners.get(track, owner) != owner
                owners[track] = owner
        before = pixels
        step(progress)
    return {
        "video/flies24/frames": len(read),
        "video/flies24/assigned": assigned,
        "video/flies24/identity_switches": switches,
    }


def _prior(shapes: Sequence[Sequence[Floats]], scheme: Scheme) -> ShapeMixture:
    """Of the flies of which most landmarks were seen."""
    whole = [s for frame in shapes[::10] for s in frame if np.isfinite(s[:, 0]).mean() > 0.8]
    pairs = [(_box(shape, scheme), Shape(shape)) for shape in whole]
    return shape_prior(pairs, scheme)


def _box(shape: Floats, scheme: Scheme) -> Box:
    drawn = Box.square_around(shape)
    own = LabelledInstance("", drawn, Shape(shape), lambda: np.empty(0, np.uint8))
    return object_box(own, scheme)


def _proposal(shape: Floats, prior: ShapeMixture, scheme: Scheme) -> Proposal:
    """What was seen of a fly, and what the prior makes of the rest."""
    box = _box(shape, scheme)
    framed = box.to_frame(shape)
    known = np.flatnonzero(np.isfinite(framed[:, 0])).tolist()
    pieces = [Evidence.click(j, framed[j], _SEEN) for j in known]
    return Proposal(box, condition(prior, pieces), "detected")
