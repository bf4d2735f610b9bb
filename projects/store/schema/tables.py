"""The tables of a project's database, as SQLAlchemy maps them.

The tables come into being through the migrations, never from here; a test compares the two.
Queries use the tables' columns and plain rows, not mapped objects: a project of 100,000 images
is listed in one pass.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from landmark_annotator.projects.store.schema.base import Base

_PLACE = ("position", "image_id", "id")
"""What instances are listed by."""
_EXCLUDED = text("excluded_why IS NOT NULL")
_WAITS = text("state <> 'accepted' AND excluded_why IS NULL")
_UNSURE = text("predicted_error IS NOT NULL AND state <> 'accepted' AND excluded_why IS NULL")


class SchemeTable(Base):
    """The landmark definitions that the project has had; `project.scheme_id` says which one holds.

    numbers: a JSON list, under which number each landmark is stored; NULL is 0 to L - 1.
    region_numbers: the same of regions.
    """

    __tablename__ = "scheme"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
    json: Mapped[str]
    numbers: Mapped[str | None]
    region_numbers: Mapped[str | None]


class ProjectTable(Base):
    """One row: the project itself."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    created: Mapped[datetime]
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))


class VideoTable(Base):
    __tablename__ = "videos"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    frame_rate: Mapped[float | None]


class TrackTable(Base):
    """name: NULL of a track that is no more."""

    __tablename__ = "tracks"

    id: Mapped[int] = mapped_column(primary_key=True)
    video_id: Mapped[int] = mapped_column(ForeignKey("videos.id"))
    name: Mapped[str | None]


class ImageTable(Base):
    """path: with forward slashes from the project folder when inside it, otherwise absolute.

    width, height: of the upright image in pixels. excluded_why, excluded_by, excluded_at: NULL
    where it was not.
    """

    __tablename__ = "images"
    __table_args__ = (
        UniqueConstraint("video_id", "frame"),
        Index(None, "position", "id"),
        Index("ix_images_excluded", "id", sqlite_where=_EXCLUDED, postgresql_where=_EXCLUDED),
        CheckConstraint("(video_id IS NULL) = (frame IS NULL)", "frame_of_video"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    width: Mapped[int]
    height: Mapped[int]
    position: Mapped[int]
    video_id: Mapped[int | None] = mapped_column(ForeignKey("videos.id"))
    frame: Mapped[int | None]
    excluded_why: Mapped[str | None]
    excluded_by: Mapped[str | None]
    excluded_at: Mapped[datetime | None]


class InstanceTable(Base):
    """The box is unknown when its five columns are NULL; angle in radians.

    source: the entry of the label file that it came from. second_opinion_on: the instance of the
    same object that another person labelled. track_id: NULL of none. excluded_why, excluded_by,
    excluded_at: NULL where it was not; an instance of an excluded image counts no more either.
    position: of its image, kept here too, so that lists are read off one index however long they
    are.
    """

    __tablename__ = "instances"
    __table_args__ = (
        UniqueConstraint("image_id", "source"),
        UniqueConstraint("second_opinion_on"),
        Index(None, "image_id", "id"),
        Index(None, "track_id"),
        Index("ix_instances_listed", *_PLACE, "state", "excluded_why"),
        Index(
            "ix_instances_waiting",
            *_PLACE,
            "width",
            "predicted_error",
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        Index(
            "ix_instances_unsure",
            "predicted_error",
            *_PLACE,
            sqlite_where=_UNSURE,
            postgresql_where=_UNSURE,
        ),
        CheckConstraint("state IN ('untouched', 'started', 'accepted')", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("images.id"))
    state: Mapped[str]
    centre_x: Mapped[float | None]
    centre_y: Mapped[float | None]
    width: Mapped[float | None]
    height: Mapped[float | None]
    angle: Mapped[float | None]
    source: Mapped[str | None]
    predicted_error: Mapped[float | None]
    second_opinion_on: Mapped[int | None] = mapped_column(ForeignKey("instances.id"))
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id"))
    excluded_why: Mapped[str | None]
    excluded_by: Mapped[str | None]
    excluded_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(server_default=text("0"))


class LandmarkTable(Base):
    """What is stored of one landmark; x and y are NULL where only its visibility is known.

    A provenance without x and y: somebody has said that the landmark is absent.

    xx, xy, yy: the position's covariance in squared pixels, NULL where never estimated.
    who: the person whose action put it there.
    """

    __tablename__ = "landmarks"
    __table_args__ = (
        CheckConstraint("(x IS NULL) = (y IS NULL)", "whole_position"),
        CheckConstraint("visibility IN (0, 1, 2)", "visibility"),
        # Rows lie in the order of the key, so a shape is read in one go.
        {"sqlite_with_rowid": False},
    )

    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    landmark: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    x: Mapped[float | None]
    y: Mapped[float | None]
    visibility: Mapped[int]
    provenance: Mapped[str | None]
    xx: Mapped[float | None]
    xy: Mapped[float | None]
    yy: Mapped[float | None]
    who: Mapped[str]


class MaskTable(Base):
    """The mask of one region, by its number. runs: see `Mask.to_bytes`. who: drew it last."""

    __tablename__ = "masks"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    region: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    runs: Mapped[bytes]
    provenance: Mapped[str]
    who: Mapped[str]


class MaskProposalTable(Base):
    """What a model says of a region, until the next one does."""

    __tablename__ = "mask_proposals"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    region: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    runs: Mapped[bytes]
    model: Mapped[str]
    at: Mapped[datetime]


class FlagTable(Base):
    """The last flag of an instance: somebody wants it looked at. resolved_by: NULL while open."""

    __tablename__ = "flags"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    who: Mapped[str]
    at: Mapped[datetime]
    comment: Mapped[str]
    resolved_by: Mapped[str | None]


class ReviewTable(Base):
    """What the last reviewer said of an instance, as long as it holds."""

    __tablename__ = "reviews"
    __table_args__ = (CheckConstraint("verdict IN ('accepted', 'sent back')", "verdict"),)

    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    who: Mapped[str]
    at: Mapped[datetime]
    verdict: Mapped[str]
    comment: Mapped[str]


class ProposalTable(Base):
    """Proposals of an instance: the last of the program's own, and those that somebody brought,
    the last one of each name. points, covariances: little-endian float64, C order.

    scheme_id: of the scheme whose landmarks they are; NULL is the project's first one.

    It is from a model, or from a file: the other of the two is NULL. own: the model is one of the
    program's. maker: then which training of that model; made: a JSON object, how it came to this
    proposal, see `records.Making`, and "hidden", the probabilities of a `records.StoredProposal`.
    NULL where nobody has said. who: the person who brought it.
    aside: somebody wants it kept, but not shown.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("(model IS NULL) <> (imported_from IS NULL)", "one_origin"),
        Index(None, "instance_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"))
    points: Mapped[bytes]
    covariances: Mapped[bytes]
    predicted_error: Mapped[float | None]
    model: Mapped[str | None]
    at: Mapped[datetime]
    imported_from: Mapped[str | None]
    scheme_id: Mapped[int | None]
    maker: Mapped[str | None]
    made: Mapped[str | None]
    own: Mapped[bool]
    who: Mapped[str | None]
    aside: Mapped[bool]


class JournalTable(Base):
    """Append-only: triggers refuse every UPDATE and DELETE.

    changes: what the action did to the stored rows, see `change_json`; NULL for entries that
    cannot be undone. target: the entry that an undo or redo is about. image_id: of an action on a
    whole image.
    """

    __tablename__ = "journal"
    __table_args__ = (Index(None, "who", "id"), Index(None, "instance_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    kind: Mapped[str]
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instances.id"))
    landmark: Mapped[int | None]
    from_x: Mapped[float | None]
    from_y: Mapped[float | None]
    to_x: Mapped[float | None]
    to_y: Mapped[float | None]
    proposed_x: Mapped[float | None]
    proposed_y: Mapped[float | None]
    duration: Mapped[float | None]
    title: Mapped[str]
    changes: Mapped[str | None]
    target: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    image_id: Mapped[int | None] = mapped_column(ForeignKey("images.id"))


class GroupRuleTable(Base):
    """Which images are related, as somebody has said; the newest row holds.

    names: a JSON object, by the image's id the name of its group.
    """

    __tablename__ = "group_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    kind: Mapped[str]
    pattern: Mapped[str | None]
    names: Mapped[str | None]


class PixelSizeTable(Base):
    """Millimetres a pixel, of all images where image_id is NULL, else of that one; the newest row
    of each holds. mm_per_pixel: NULL takes back what was said."""

    __tablename__ = "pixel_sizes"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    image_id: Mapped[int | None]
    mm_per_pixel: Mapped[float | None]


class PlanTable(Base):
    """What the project lead decided; the newest row holds. landmarks: a JSON list of numbers."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    name: Mapped[str]
    landmarks: Mapped[str]
    ask_above: Mapped[float | None]
    clicks: Mapped[int | None]
    seconds: Mapped[float | None]
    hard_stop: Mapped[bool]


class CertificateTable(Base):
    """A batch that somebody wants certified; the newest row of a scope holds.

    batch: a JSON list of [instance's id, fingerprint of its shape], in the order of the draw.
    """

    __tablename__ = "certificates"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    scope: Mapped[str]
    seed: Mapped[int]
    visible: Mapped[float]
    share: Mapped[float]
    confidence: Mapped[float]
    scheme_id: Mapped[int]
    batch: Mapped[str]


class CertificateCheckTable(Base):
    """A drawn shape. points: as it was drawn, little-endian float64, C order, and drawn: its
    fingerprint then. change and checked: NULL while nobody has judged it."""

    __tablename__ = "certificate_checks"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instance_id: Mapped[int]
    drawn: Mapped[str]
    points: Mapped[bytes]
    who: Mapped[str]
    at: Mapped[datetime]
    change: Mapped[float | None]
    checked: Mapped[str | None]
