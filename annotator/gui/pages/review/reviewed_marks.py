"""What is drawn over the photograph of a shape that is judged."""

from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.session.review.review_session import Reviewed
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape


def reviewed_marks(
    scheme: Scheme, seen: Reviewed, beside: Shape | None, landmark: int | None
) -> Marks:
    """beside: another person's shape of the object, to be drawn in place of the stored one.
    landmark: the one that is pointed at."""
    shape = seen.shape if beside is None else beside
    absent = frozenset(
        i for i, mark in enumerate(shape.provenance) if mark is not None and not shape.known[i]
    )
    marks = tuple(None if mark is Provenance.INFERRED else mark for mark in shape.provenance)
    return Marks(
        scheme,
        shape.points,
        shape.covariances,
        shape.visibility,
        marks,
        seen.record.box,
        landmark,
        absent=absent,
        to_look_at=True,
        hidden=seen.hidden if beside is None else None,
    )
