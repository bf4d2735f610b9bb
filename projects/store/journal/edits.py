"""What each action of the click loop does to what is stored: pure functions, no database.

A landmark is named by the number that it is stored under, see `StoredScheme`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.store.rows.changes import LandmarkRow, MaskRow, StoredInstance
from landmark_annotator.projects.store.rows.masks import number_of, of_scheme
from landmark_annotator.projects.store.rows.records import Point, Review
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.vocabulary import (
    Box,
    Mask,
    MaskProvenance,
    Provenance,
    RegionMask,
    Shape,
    Visibility,
)
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ProjectError, SchemeError
from landmark_annotator.projects.vocabulary.region import beside, left_for, yielding
from landmark_annotator.projects.vocabulary.spacing import spaced


def point(position: Sequence[float] | Floats) -> Point:
    """(x, y) in pixels as plain numbers. Raises ProjectError where they are not finite."""
    try:
        values = [float(v) for v in position]
    except (TypeError, ValueError) as error:
        told = str(position)[:60]
        raise ProjectError(f"A landmark needs a finite (x, y), not {told!r}.") from error
    if len(values) != 2 or not all(math.isfinite(v) for v in values):
        raise ProjectError(f"A landmark needs a finite (x, y), not {tuple(values)}.")
    return values[0], values[1]


def check_fits(shape: Shape, size: int) -> None:
    """Raises SchemeError where the shape does not have the scheme's `size` landmarks."""
    given: object = shape
    if not isinstance(given, Shape):
        raise SchemeError(
            f"A Shape is needed, not {type(given).__name__}.",
            kept="Nothing was changed.",
            remedy="Shape(points) makes one, with points (L, 2) in pixels.",
        )
    if len(shape) != size:
        raise SchemeError(
            f"The shape has {len(shape)} landmarks, the project's scheme has {size}.",
            remedy="Use a project whose scheme is that of the shape.",
        )


def placed(
    stored: StoredInstance,
    landmark: int,
    at: Point,
    provenance: Provenance,
    who: str,
    covariance: Floats | None = None,
) -> StoredInstance:
    """A landmark said to be hidden stays so. covariance: (2, 2) of what was only traced; a click
    has none, it is as sure as hands are."""
    old = stored.landmarks.get(landmark)
    visibility = old.visibility if old else Visibility.NOT_LABELLED
    x, y = at
    row = LandmarkRow(
        x=x,
        y=y,
        visibility=int(visibility or Visibility.VISIBLE),
        provenance=provenance.value,
        who=who,
        xx=None if covariance is None else float(covariance[0, 0]),
        xy=None if covariance is None else float(covariance[0, 1]),
        yy=None if covariance is None else float(covariance[1, 1]),
    )
    return replace(stored, landmarks={**stored.landmarks, landmark: row})


def with_visibility(
    stored: StoredInstance, landmark: int, visibility: Visibility, who: str
) -> StoredInstance:
    """NOT_LABELLED says that the landmark is absent: not in the image, so without a position.

    What was absent or unknown and now is visible is simply not labelled yet, and has no row.
    """
    old = stored.landmarks.get(landmark)
    if visibility == Visibility.NOT_LABELLED:
        row = LandmarkRow(visibility=0, provenance=Provenance.CLICKED.value, who=who)
    elif old is not None and old.position is not None:
        row = replace(old, visibility=int(visibility), who=who)
    else:
        # No position and not absent either: an accepted shape would have a gap.
        stored = reopened(stored)
        if visibility == Visibility.VISIBLE:
            rest = {i: row for i, row in stored.landmarks.items() if i != landmark}
            return replace(stored, landmarks=rest)
        row = LandmarkRow(visibility=int(visibility), who=who)
    return replace(stored, landmarks={**stored.landmarks, landmark: row})


def with_visibilities(
    stored: StoredInstance, landmarks: Iterable[int], visibility: Visibility, who: str
) -> StoredInstance:
    """As `with_visibility`, of each of these."""
    for landmark in landmarks:
        stored = with_visibility(stored, landmark, visibility, who)
    return stored


def cleared(stored: StoredInstance, landmark: int) -> StoredInstance:
    """Without the landmark's position; it stays known as hidden where somebody said so.

    An accepted shape cannot lack a landmark, so it is reopened.
    """
    stored = reopened(stored)
    landmarks = dict(stored.landmarks)
    old = landmarks.pop(landmark, None)
    if old is not None and old.visibility == Visibility.OCCLUDED:
        landmarks[landmark] = _without_position(old)
    return replace(stored, landmarks=landmarks)


def _without_position(row: LandmarkRow) -> LandmarkRow:
    return replace(row, x=None, y=None, provenance=None, xx=None, xy=None, yy=None)


def with_box(stored: StoredInstance, box: Box) -> StoredInstance:
    return replace(stored, box=box)


def masked(
    stored: StoredInstance,
    scheme: StoredScheme,
    masks: Mapping[str, RegionMask | None],
    who: str,
) -> StoredInstance:
    """With these masks, by region; None takes one away. What a region is given, those lose that
    share no pixel with it; they stay as whose they were.

    A mask that says the same as before keeps the name of the person who drew it. Raises
    SchemeError where there is no such region.
    """
    rows = dict(stored.masks)
    for name, given in masks.items():
        number = number_of(scheme, name)
        if given is None:
            rows.pop(number, None)
            continue
        new, old = MaskRow(given.mask, given.provenance.value, who), rows.get(number)
        if old is None or replace(old, who=who) != new:
            rows[number] = new
        won = given.mask if old is None else given.mask - old.mask
        for other in yielding(scheme.scheme.regions, name) if won else ():
            beside = rows.get(scheme.regions[other])
            if beside is not None and beside.mask & won:
                rows[scheme.regions[other]] = replace(beside, mask=beside.mask - won)
    return replace(stored, masks=rows)


def new_masks(
    stored: StoredInstance, scheme: StoredScheme, masks: Mapping[str, RegionMask]
) -> dict[str, RegionMask]:
    """Of these, what goes beside those that the instance has; see `region.beside`."""
    return beside(masks, scheme.scheme.regions, of_scheme(scheme, stored.masks))


def accepted_masks(
    stored: StoredInstance, scheme: StoredScheme, proposed: Mapping[str, Mask], who: str
) -> StoredInstance:
    """With what a model has proposed for regions of which nobody has said anything, less what
    other regions have already."""
    rows = {name: stored.masks.get(number) for name, number in scheme.regions.items()}
    said = {name: row.mask for name, row in rows.items() if row is not None}
    rest = {
        name: RegionMask(left_for(mask, scheme.scheme.regions, name, said), MaskProvenance.ACCEPTED)
        for name, mask in proposed.items()
        if number_of(scheme, name) not in stored.masks
    }
    return masked(stored, scheme, rest, who)


def accepted(
    stored: StoredInstance, scheme: StoredScheme, shape: Shape, who: str
) -> StoredInstance:
    """A known point whose provenance is not given counts as inferred; what the scheme spaces evenly
    is moved along its contours.

    A row that says the same as before keeps the name of the person who put it there.
    """
    landmarks = dict(stored.landmarks)
    shape = spaced(shape, scheme.scheme)
    for i, row in rows_of(scheme, shape, who, Provenance.INFERRED).items():
        old = landmarks.get(i)
        if old is None or replace(old, who=who) != row:
            landmarks[i] = row
    return replace(stored, landmarks=landmarks, accepted=True)


def accepted_with_masks(
    stored: StoredInstance,
    scheme: StoredScheme,
    shape: Shape,
    proposed: Mapping[str, Mask],
    box: Box | None,
    who: str,
) -> StoredInstance:
    """As both of these. box: in place of its own, where it is given."""
    found = accepted(stored if box is None else replace(stored, box=box), scheme, shape, who)
    return accepted_masks(found, scheme, proposed, who) if proposed else found


def reshaped(
    stored: StoredInstance, scheme: StoredScheme, shape: Shape, who: str
) -> StoredInstance:
    """What was stored of the landmarks goes; an accepted shape stays so if the new one is whole."""
    gone = {n: row for n, row in stored.landmarks.items() if n not in scheme.places}
    rows = gone | rows_of(scheme, shape, who, Provenance.CLICKED)
    return replace(stored, landmarks=rows, accepted=stored.accepted and bool(finished(shape).all()))


def judged(stored: StoredInstance, review: Review) -> StoredInstance:
    """With a reviewer's verdict, which also answers an open flag."""
    flag = stored.flag
    if flag is not None and flag.resolved_by is None:
        flag = replace(flag, resolved_by=review.who)
    return replace(stored, review=review, flag=flag)


def reopened(stored: StoredInstance) -> StoredInstance:
    """Inferred positions go: while a shape is in progress the posterior provides them."""
    if not stored.accepted:
        return stored
    landmarks = {}
    for i, row in stored.landmarks.items():
        if row.provenance not in (Provenance.INFERRED, Provenance.RULED):
            landmarks[i] = row
        elif row.visibility == Visibility.OCCLUDED:
            landmarks[i] = _without_position(row)
    return replace(stored, landmarks=landmarks, accepted=False)


def finished(shape: Shape) -> npt.NDArray[np.bool_]:
    """(L,) whether each landmark has a position or is absent: nothing is left to find out."""
    return shape.known | shape.absent


def rows_of(
    scheme: StoredScheme, shape: Shape, who: str, provenance: Provenance
) -> dict[int, LandmarkRow]:
    """The rows of the landmarks of which anything is known, by number.

    provenance: of the known points whose own is not given.
    """
    rows = {}
    said = finished(shape) | (shape.visibility != Visibility.NOT_LABELLED)
    positions = shape.known
    estimates = np.asarray(np.isfinite(shape.covariances).all(axis=(1, 2)))
    for i in np.flatnonzero(said).tolist():
        known = bool(positions[i])
        mark = shape.provenance[i] or (provenance if known else None)
        covariance = shape.covariances[i]
        estimated = known and bool(estimates[i])
        rows[scheme.numbers[i]] = LandmarkRow(
            x=float(shape.points[i, 0]) if known else None,
            y=float(shape.points[i, 1]) if known else None,
            visibility=int(shape.visibility[i]),
            provenance=mark and mark.value,
            xx=float(covariance[0, 0]) if estimated else None,
            xy=float(covariance[0, 1]) if estimated else None,
            yy=float(covariance[1, 1]) if estimated else None,
            who=who,
        )
    return rows
