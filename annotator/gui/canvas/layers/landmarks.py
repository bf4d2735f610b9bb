"""Paints landmarks, their uncertainty and the callout over the photograph.

Every line is drawn twice: a wide dark halo, then the light line, so it reads on any image. Sizes
are device-independent pixels whatever the zoom. Shape says the same as colour, see `signs`.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
)

from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import label_place
from landmark_annotator.annotator.gui.canvas.geometry.viewport import (
    Viewport,
    box_corners,
    uncrowded_radius,
)
from landmark_annotator.annotator.gui.canvas.layers.edges import paint_edges
from landmark_annotator.annotator.gui.canvas.layers.ellipses import paint_ellipses
from landmark_annotator.annotator.gui.canvas.layers.signs import stamp_sign, stroke
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import tangents

_FINE = 0.65
_DOT = 2.2
"""Screen pixels of the radius of a landmark of an object that is not open."""
_PLATE_PADDING = 18.0, 9.0
"""Screen pixels that a plate is wider and higher than its text."""
_BESIDE_HINT = 14.0
_FROM_ASKED = 38.0
"""Screen pixels between the landmark that is asked for and its name."""
_WRAPPED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, eq=False)
class Marks:
    """What to draw over one image, in image pixels.

    points (L, 2) and covariances (L, 2, 2): NaN where unknown. asked: the landmark that the next
    click places. hovered: the one under the cursor. absent: those that are not in the image; their
    points are where they would be. hidden: (L,) the probability that the photograph does not show
    it, NaN where a person has said something of that; None where nobody can tell.
    """

    scheme: Scheme
    points: Floats
    covariances: Floats
    visibility: npt.NDArray[np.int8]
    provenance: tuple[Provenance | None, ...]
    box: Box | None = None
    asked: int | None = None
    hovered: int | None = None
    absent: frozenset[int] = frozenset()
    offered: bool = False
    """Whether the model asks, and not a person: a click may be meant for another."""
    selected: frozenset[int] = frozenset()
    to_look_at: bool = False
    """Whether hands only point at landmarks, and place none."""
    mends: bool = False
    """Whether a click beside a point mends it, where nothing is asked for."""
    fine: bool = False
    """Whether signs are small: many shapes share the screen."""
    hidden: Floats | None = None
    measured: Box | None = None
    """In whose size deviations are told; None: in that of the box."""
    carried: frozenset[int] = frozenset()
    """Those that are hidden or not in the image as in a frame of the video beside."""
    lost: bool = False
    """Whether the object may be anywhere else as well."""

    @property
    def open(self) -> npt.NDArray[np.bool_]:
        """(L,) landmarks of which no person has said anything."""
        said = [mark is not None and mark.is_evidence for mark in self.provenance]
        open_ = ~np.array(said, dtype=bool)
        open_[list(self.absent)] = False
        return np.asarray(open_)

    @property
    def free(self) -> npt.NDArray[np.bool_]:
        """(L,) landmarks with a place that no person has given them."""
        return np.asarray(np.isfinite(self.points[:, 0]) & self.open)

    @property
    def suggested(self) -> frozenset[int]:
        """Landmarks that are probably hidden, and of which no person has said so."""
        return probably_hidden(self.hidden)

    def visibility_of(self, landmark: int) -> Visibility:
        """NOT_LABELLED only of what is not in the image."""
        if landmark in self.absent:
            return Visibility.NOT_LABELLED
        return Visibility(int(self.visibility[landmark]) or Visibility.VISIBLE)


@dataclass(frozen=True, eq=False)
class OtherObject:
    """An object of the image that is not open.

    id: of the instance. number: its place among the objects of the image, from 1. points: (L, 2)
    image pixels, NaN where neither stored nor proposed. waits: for its landmarks to be accepted.
    """

    id: int
    number: int
    points: Floats
    box: Box | None
    waits: bool = False


def paint(
    painter: QPainter,
    marks: Marks,
    viewport: Viewport,
    size: tuple[float, float],
    font: QFont,
    *,
    named: bool = True,
    every_ellipse: bool = True,
) -> None:
    """size: (width, height) of the widget in device-independent pixels.

    named: whether names are shown; not while a landmark is moved, when they would jump about.
    every_ellipse: whether points that are neither asked for nor hovered show theirs.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    points = viewport.to_screen(marks.points)
    if marks.box is not None:
        paint_box(painter, marks.box, viewport)
    seen = points.copy()
    seen[list(marks.absent)] = np.nan
    suggested = marks.suggested
    paint_edges(painter, seen, marks.scheme.lines, suggested)
    paint_ellipses(
        painter,
        points,
        viewport.spreads_to_screen(marks.covariances),
        asked=marks.asked,
        hovered=marks.hovered,
        every=every_ellipse,
    )
    largest = canvas_colours.POINT_RADIUS * (_FINE if marks.fine else 1.0)
    usual = uncrowded_radius(points, largest)
    own, across, places = dict(marks.scheme.colours), _across(points, marks), points.tolist()
    for landmark in np.flatnonzero(np.isfinite(points[:, 0])).tolist():
        x, y = places[landmark]
        radius = usual + (1.5 if landmark == marks.hovered else 0.0)
        provenance, visibility = marks.provenance[landmark], marks.visibility_of(landmark)
        colour, line = own.get(landmark), across.get(landmark, 0.0)
        about = provenance, visibility, colour, line, landmark in suggested
        stamp_sign(painter, (x, y), radius, *about)
    for selected in marks.selected:
        _paint_selected(painter, points[selected], usual + 4.5)
    if marks.asked is not None:
        name = marks.scheme.landmarks[marks.asked]
        _paint_asked(painter, points, marks.asked, name if named else None, size, font)


def _across(points: Floats, marks: Marks) -> dict[int, float]:
    """Of each landmark of which only the contour was clicked the angle across it on the screen."""
    traced = [j for j, mark in enumerate(marks.provenance) if mark is Provenance.TRACED]
    sliding = [row for row in marks.scheme.sliding.tolist() if row[1] in traced]
    if not sliding:
        return {}
    before, at, after = np.array(sliding).T
    x, y = tangents(points[before], points[at], points[after]).T
    angles = np.nan_to_num(np.arctan2(x, -y))
    return dict(zip(at.tolist(), angles.tolist(), strict=True))


def paint_other(
    painter: QPainter, scheme: Scheme, other: OtherObject, viewport: Viewport, font: QFont
) -> None:
    """An object of the same image that is not open: thin lines, dots where no line leads, and its
    number at its box."""
    points = viewport.to_screen(other.points)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines = [
        QLineF(*points[a], *points[b]) for a, b in scheme.lines if np.isfinite(points[[a, b]]).all()
    ]
    if lines:
        stroke(painter, canvas_colours.OTHER, 1.0, lambda: painter.drawLines(lines))
    joined = {landmark for line in scheme.lines for landmark in line}
    alone = [p for i, p in enumerate(points.tolist()) if i not in joined and math.isfinite(p[0])]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(canvas_colours.OTHER)
    for place in alone:
        painter.drawEllipse(QPointF(*place), _DOT, _DOT)
    known = points[np.isfinite(points).all(axis=1)]
    corners = known if other.box is None else viewport.to_screen(box_corners(other.box))
    if len(corners):
        # The uppermost corner, of two the left one: beside a turned box there is no corner at all.
        left, top = corners[np.lexsort(corners.T.round())[0]]
        width, height = plate_size(QFontMetricsF(font), f"#{other.number}")
        plate = QRectF(float(left), float(top) - height, width, height)
        paint_plate(painter, plate, f"#{other.number}", font, False)
    if other.box is not None:
        paint_box(painter, other.box, viewport)


def paint_box(painter: QPainter, box: Box, viewport: Viewport, drawn: bool = False) -> None:
    """drawn: the box is being drawn right now."""
    polygon = QPolygonF([QPointF(x, y) for x, y in viewport.to_screen(box_corners(box))])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, box.angle + viewport.angle != 0.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(canvas_colours.BOX_HALO, 1.0))
    painter.drawPolygon(polygon)
    painter.setPen(
        QPen(canvas_colours.ASKED if drawn else canvas_colours.BOX, 1.0, Qt.PenStyle.DashLine)
    )
    painter.drawPolygon(polygon)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_selected(painter: QPainter, place: Floats, half: float) -> None:
    """Four corners round a landmark: no other sign has any."""
    if not np.isfinite(place).all():
        return
    x, y = place.tolist()
    arm = 0.45 * half
    lines = [
        line
        for right in (-1, 1)
        for down in (-1, 1)
        for line in (
            QLineF(x + right * half, y + down * half, x + right * (half - arm), y + down * half),
            QLineF(x + right * half, y + down * half, x + right * half, y + down * (half - arm)),
        )
    ]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    stroke(painter, canvas_colours.LABEL_TEXT, 1.6, lambda: painter.drawLines(lines))


def paint_band(painter: QPainter, first: QPointF, second: QPointF) -> None:
    """The rectangle that is being drawn round landmarks to select them."""
    painter.setBrush(canvas_colours.BAND)
    painter.setPen(QPen(canvas_colours.LABEL_TEXT, 1.0, Qt.PenStyle.DashLine))
    painter.drawRect(QRectF(first, second).normalized())


def _paint_asked(
    painter: QPainter,
    points: Floats,
    asked: int,
    name: str | None,
    size: tuple[float, float],
    font: QFont,
) -> None:
    if not np.isfinite(points[asked, 0]):
        return
    centre = QPointF(*points[asked])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = canvas_colours.ASKED_RADIUS
    stroke(painter, canvas_colours.ASKED, 2.4, lambda: painter.drawEllipse(centre, radius, radius))
    if name is not None:
        plate = asked_plate(points, asked, name, size, font)
        line = _leader(centre, plate, radius)
        if line is not None:
            stroke(painter, canvas_colours.ASKED, 1.6, lambda: painter.drawLine(line))
        paint_plate(painter, plate, name, _bold(font), True)


def asked_plate(
    points: Floats, asked: int, name: str, size: tuple[float, float], font: QFont
) -> QRectF:
    """Where the name of the landmark that is asked for stands. points (L, 2): on the screen."""
    label = plate_size(QFontMetricsF(_bold(font)), name)
    x, y = points[asked].tolist()
    return QRectF(*label_place((x, y), label, _FROM_ASKED, points, size))


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def paint_hint(
    painter: QPainter, text: str, width: float, font: QFont, picture: QPixmap | None = None
) -> None:
    """A line at the top of a view of this width: what is asked for that has no place yet.
    picture: the one in the corner, which stays free."""
    font = _bold(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    taken = QRectF() if picture is None else corner_area(picture)
    paint_plate(painter, hint_plate(text, width, font, taken), text, font, True)


def hint_plate(text: str, width: float, font: QFont, taken: QRectF) -> QRectF:
    """In a view of this width; a long text takes several lines. taken: of its left upper corner."""
    plate = _hint_plate(text, 0.0, width, font)
    return _hint_plate(text, taken.right(), width, font) if plate.intersects(taken) else plate


def _hint_plate(text: str, begin: float, end: float, font: QFont) -> QRectF:
    room = QRectF(0, 0, max(end - begin - 2 * _BESIDE_HINT - _PLATE_PADDING[0], 1.0), 1e4)
    needed = QFontMetricsF(font).boundingRect(room, _WRAPPED, text)
    across, down = needed.width() + _PLATE_PADDING[0], needed.height() + _PLATE_PADDING[1]
    return QRectF((begin + end - across) / 2, _BESIDE_HINT, across, down)


def corner_area(picture: QPixmap) -> QRectF:
    """What a small picture in the left upper corner of the view takes, with its frame."""
    size = picture.deviceIndependentSize()
    return QRectF(12, 12, size.width() + 8, size.height() + 8)


def paint_corner(painter: QPainter, picture: QPixmap, width: float, asked: QRectF) -> None:
    """A small picture in an upper corner of a view of this width, where it hides the least of the
    object. asked: where the landmark that is asked for is, with its name, which stay free."""
    area = corner_area(picture)
    if area.intersects(asked):
        area.moveRight(width - area.left())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(canvas_colours.ASKED, 1.4))
    painter.setBrush(canvas_colours.LABEL_BACKGROUND)
    painter.drawRoundedRect(area, 5, 5)
    painter.drawPixmap(area.topLeft() + QPointF(4, 4), picture)


def plate_size(metrics: QFontMetricsF, text: str) -> tuple[float, float]:
    """Width and height of the plate that a text stands on."""
    return metrics.horizontalAdvance(text) + _PLATE_PADDING[0], metrics.height() + _PLATE_PADDING[1]


def paint_plate(painter: QPainter, plate: QRectF, text: str, font: QFont, asked: bool) -> None:
    """asked: in the colour of what is asked for."""
    painter.setPen(QPen(canvas_colours.ASKED, 1.4) if asked else Qt.PenStyle.NoPen)
    painter.setBrush(canvas_colours.LABEL_BACKGROUND)
    painter.drawRoundedRect(plate, 5, 5)
    painter.setFont(font)
    painter.setPen(canvas_colours.ASKED if asked else canvas_colours.LABEL_TEXT)
    # As wide as it was measured, and a pixel more to be sure: else a line takes one word too many.
    beside = _PLATE_PADDING[0] / 2 - 1
    painter.drawText(plate.adjusted(beside, 0, -beside, 0), _WRAPPED, text)


def _leader(anchor: QPointF, plate: QRectF, radius: float) -> QLineF | None:
    """From the ring's rim to the nearest point of the plate; None where the plate touches it."""
    end = QPointF(
        min(max(anchor.x(), plate.left()), plate.right()),
        min(max(anchor.y(), plate.top()), plate.bottom()),
    )
    line = QLineF(anchor, end)
    if line.length() <= radius:
        return None
    return QLineF(line.pointAt(radius / line.length()), end)
