"""What a pixel measures, as somebody has said, or as the files of the images say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, or_, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.schema.tables import PixelSizeTable
from landmark_annotator.projects.vocabulary.errors import ProjectError


@dataclass(frozen=True)
class PixelSizes:
    """Millimetres a pixel. usual: of images that have none of their own, by their ids in
    `of_images`; None where nobody has said."""

    usual: float | None = None
    of_images: Mapping[int, float | None] = field(default_factory=dict)

    def of(self, image_id: int) -> float | None:
        """None where nobody knows."""
        own = self.of_images.get(image_id)
        return self.usual if own is None else own


def refuse_impossible(mm_per_pixel: float | None) -> None:
    """Raises ProjectError where no pixel can be so large."""
    possible = mm_per_pixel is None or 0 < mm_per_pixel < float("inf")
    if not possible or isinstance(mm_per_pixel, bool):  # which Python takes for 1
        raise ProjectError(
            f"A pixel cannot measure {mm_per_pixel} mm.",
            kept="Nothing was changed.",
            remedy="Give millimetres a pixel, such as 0.1.",
        )


class Said(NamedTuple):
    """Millimetres a pixel, and who said so."""

    mm_per_pixel: float
    who: str


def said_of(connection: Connection, image_id: int | None) -> Said | None:
    """What holds of one image by itself, or with None of all that have none of their own; None
    where nobody has said, or it was taken back."""
    table = PixelSizeTable
    query = (
        select(table.mm_per_pixel, table.who)
        .where(table.image_id.is_(None) if image_id is None else table.image_id == image_id)
        .order_by(table.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None or row.mm_per_pixel is None:
        return None
    return Said(row.mm_per_pixel, row.who)


def store_pixel_size(
    connection: Connection, mm_per_pixel: float | None, image_id: int | None, who: str
) -> None:
    """Of one image, or with None of all that have none of their own. In the place of the earlier
    one, which stays in the table; None takes it back. Raises ProjectError where no pixel can be so
    large."""
    refuse_impossible(mm_per_pixel)
    values = {"at": clock.now(connection), "who": who, "mm_per_pixel": mm_per_pixel}
    connection.execute(insert(PixelSizeTable).values(image_id=image_id, **values))


def pixel_sizes(connection: Connection, image_id: int | None = None) -> PixelSizes:
    """As they were said last. image_id: of that image alone, besides the usual one; the files of a
    clinic give every image a row."""
    table = PixelSizeTable
    query = select(table.image_id, table.mm_per_pixel).order_by(table.id)
    if image_id is not None:
        query = query.where(or_(table.image_id == image_id, table.image_id.is_(None)))
    said: dict[int | None, float | None] = {
        row.image_id: row.mm_per_pixel for row in connection.execute(query)
    }
    usual = said.pop(None, None)
    return PixelSizes(usual, {i: size for i, size in said.items() if i is not None})


def forget_image(connection: Connection, image_id: int) -> None:
    """Of an image that is removed: another may get its id."""
    connection.execute(delete(PixelSizeTable).where(PixelSizeTable.image_id == image_id))
