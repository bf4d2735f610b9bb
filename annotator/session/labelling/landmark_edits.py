"""Changes of several landmarks of what is stored at once: pure functions on shapes."""

from collections.abc import Collection, Mapping

from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

Point = tuple[float, float]


def moved(
    stored: Shape, moves: Mapping[int, Point], traced: Mapping[int, Floats | None] | None = None
) -> Shape:
    """As if a person had clicked each of these landmarks at its place, in image pixels.

    traced: covariances (2, 2) of those of which only the contour was clicked.
    """
    points, covariances = stored.points.copy(), stored.covariances.copy()
    provenance, visibility = list(stored.provenance), stored.visibility.copy()
    for landmark, place in moves.items():
        covariance = (traced or {}).get(landmark)
        points[landmark] = place
        provenance[landmark] = Provenance.CLICKED if covariance is None else Provenance.TRACED
        covariances[landmark] = float("nan") if covariance is None else covariance
        visibility[landmark] = visibility[landmark] or Visibility.VISIBLE
    return Shape(points, visibility, provenance, covariances)


def swapped(stored: Shape, scheme: Scheme, landmarks: Collection[int] = ()) -> Shape:
    """Left and right with each other's places, in all of it or in the pairs of these landmarks.

    Raises ActionableError where there is nothing to swap.
    """
    if not scheme.partners:
        raise ActionableError(
            f"The scheme {scheme.name} does not say which landmarks are left and right.",
            remedy="Name their pairs as partners in the scheme.",
        )
    pairs = {j: scheme.mirror[j] for j in range(len(scheme)) if scheme.mirror[j] != j}
    if landmarks:
        pairs = {j: k for j, k in pairs.items() if j in landmarks or k in landmarks}
        if not pairs:
            raise ActionableError(
                "None of the selected landmarks has a partner on the other side.",
                remedy="Select some that have one, or press Esc to swap the whole shape.",
            )
    if not any(stored.provenance[j] for j in pairs):
        raise ActionableError(
            "Nobody has placed a landmark here yet, so there is nothing to swap.",
            remedy="Click a landmark; the model's own follow it.",
        )
    order = [pairs.get(j, j) for j in range(len(scheme))]
    marks = [stored.provenance[j] for j in order]
    return Shape(stored.points[order], stored.visibility[order], marks, stored.covariances[order])
