"""What the canvas draws of a view."""

import numpy as np

from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.projects.vocabulary import Scheme


def seen_marks(scheme: Scheme, view: View, asked: int | None, *, offered: bool) -> Marks:
    """asked: the landmark that the next click places; offered: whether the model asks for it."""
    return Marks(
        scheme,
        np.where(view.shape.known[:, None], view.shape.points, view.absent_at),
        view.shape.covariances,
        view.shape.visibility,
        view.shape.provenance,
        view.instance.box,
        asked,
        absent=view.absent,
        offered=offered,
        hidden=view.hidden,
        measured=view.measured,
        carried=view.carried,
        lost=view.lost,
    )
