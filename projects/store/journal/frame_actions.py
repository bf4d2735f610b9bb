"""Frames that come in because somebody begins to label them. Inside the caller's transaction,
journalled; undo takes them back as it takes back what was restored."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.rows import images, instances, tracks, videos
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.images import ImageFacts
from landmark_annotator.projects.store.rows.records import ActionKind, Exclusion, ImageRecord
from landmark_annotator.projects.store.schema.tables import ImageTable
from landmark_annotator.projects.vocabulary import Box

ADDING_TAKEN_BACK = "its adding was taken back"
"""Why a frame counts no more that came in by a click, after undo."""


def is_taken_back(image: ImageRecord) -> bool:
    """Whether it is such a frame: nobody has left it out, and it waits as any other one does."""
    return image.excluded is not None and image.excluded.why == ADDING_TAKEN_BACK


def begin_frame(
    connection: Connection,
    folder: Path,
    video_id: int,
    number: int,
    facts: ImageFacts,
    objects: Sequence[tuple[Box | None, int | None]],
    who: str,
) -> int:
    at = clock.now(connection)
    for image in videos.add_frames(connection, folder, video_id, {number: facts}):
        for box, track_id in objects:
            if track_id is not None:
                tracks.refuse_misplaced(connection, image.id, track_id, None)
            empty = StoredInstance(box, False, {})
            instances.add_instance(connection, image.id, empty, None, None, track_id)
        images.save_exclusion(connection, image.id, Exclusion(ADDING_TAKEN_BACK, who, at))
    of_frame = ImageTable.video_id == video_id, ImageTable.frame == number
    image_id = connection.execute(select(ImageTable.id).where(*of_frame)).scalar_one()
    excluded = images.image(connection, folder, image_id).excluded
    if excluded is not None:
        images.save_exclusion(connection, image_id, None)
        entries.append(
            connection,
            who=who,
            kind=ActionKind.RESTORE,
            title=f"adding of frame {number}",
            instance_id=None,
            image_id=image_id,
            of_image=(excluded, None),
            at=at,
        )
    return image_id
