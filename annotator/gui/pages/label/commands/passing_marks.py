"""What is drawn over a frame of a video that nobody has opened."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks, OtherObject
from landmark_annotator.annotator.session.labelling.clip import seen_shape
from landmark_annotator.projects.store import FrameObject, InstanceState, Project
from landmark_annotator.projects.vocabulary import Shape


def passing_marks(
    project: Project, objects: Sequence[FrameObject], track: int | None, who: str
) -> tuple[Marks | None, tuple[OtherObject, ...]]:
    """The landmarks of the open track's object in full, else of the first one; the others beside
    it, by their numbers in the frame. objects: of the frame; track: the id of the open one's; who:
    is to see nothing of what they are to label for the second time."""
    own = [n for n, each in enumerate(objects) if each.track_id == track]
    # Asked once for all of the frame: the hand is on the timeline.
    begun = [e.instance_id for e in objects if e.state is not InstanceState.UNTOUCHED]
    hidden = project.hidden_from(who, begun) if begun else frozenset()
    nothing = Shape.unknown(len(project.scheme))
    shapes = [nothing if e.instance_id in hidden else seen_shape(project, e) for e in objects]
    full = own[0] if own else 0
    marks = None
    if shapes:
        one = shapes[full]
        unsure = np.full((len(project.scheme), 2, 2), np.nan)
        of_points = one.points, unsure, one.visibility, one.provenance
        marks = Marks(project.scheme, *of_points, None, None)
    others = tuple(
        OtherObject(each.instance_id, number + 1, shape.points, None)
        for number, (each, shape) in enumerate(zip(objects, shapes, strict=True))
        if number != full
    )
    return marks, others
