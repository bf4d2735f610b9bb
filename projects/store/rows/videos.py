"""The videos of a project, by path and by the hash of their content, and their frames in order."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, bindparam, func, insert, select, update

from landmark_annotator.projects.store.engine.many_rows import is_one_of
from landmark_annotator.projects.store.rows.images import (
    COLUMNS,
    ImageFacts,
    located,
    record,
    stored_path,
)
from landmark_annotator.projects.store.rows.records import ImageRecord, VideoRecord
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable, VideoTable
from landmark_annotator.projects.video import is_numbered, numbered_files
from landmark_annotator.projects.vocabulary.errors import ProjectError


def add_video(
    connection: Connection, folder: Path, path: Path, sha256: str, frame_rate: float | None
) -> VideoRecord:
    """The same content is the same video: it is added once. Where its file is gone from the path
    recorded earlier, the new path takes its place, for its frames as well."""
    # A link stays one, so that the video keeps the name that the user knows.
    path = path.parent.resolve() / path.name
    known = select(VideoTable.id, VideoTable.path).where(VideoTable.sha256 == sha256)
    row = connection.execute(known).first()
    if row is None:
        new = {"path": stored_path(path, folder), "sha256": sha256, "frame_rate": frame_rate}
        connection.execute(insert(VideoTable).values(**new))
    elif folder / row.path != path and not _is_there(folder / row.path) and _is_there(path):
        there = stored_path(path, folder)
        connection.execute(update(VideoTable).where(VideoTable.id == row.id).values(path=there))
        of_video = update(ImageTable).where(ImageTable.video_id == row.id)
        connection.execute(of_video.values(path=there))
    return next(each for each in videos(connection, folder) if each.sha256 == sha256)


def _is_there(path: Path) -> bool:
    """The video, or one of numbered images (img_%04d.png), whose folder may outlive them."""
    return path.is_file() or (is_numbered(path) and bool(numbered_files(path)))


def videos(connection: Connection, folder: Path) -> list[VideoRecord]:
    """In the order in which they came in."""
    columns = VideoTable.id, VideoTable.path, VideoTable.sha256, VideoTable.frame_rate
    rows = connection.execute(select(*columns).order_by(VideoTable.id)).all()
    return [
        VideoRecord(row.id, located(row.path, folder), row.sha256, row.frame_rate) for row in rows
    ]


def add_frames(
    connection: Connection, folder: Path, video_id: int, frames: Mapping[int, ImageFacts]
) -> list[ImageRecord]:
    """Those of the frames, by number, that the project did not have; all frames of a video stand
    together and in the order in which they are shown."""
    path = connection.execute(select(VideoTable.path).where(VideoTable.id == video_id)).scalar()
    if path is None:
        raise ProjectError(f"The project has no video {video_id}.")
    of_video = ImageTable.video_id == video_id
    there = set(connection.execute(select(ImageTable.frame).where(of_video)).scalars())
    last = connection.execute(select(func.max(ImageTable.position))).scalar()
    position = -1 if last is None else last
    new = [
        {
            "path": path,
            "sha256": facts.sha256,
            "width": facts.width,
            "height": facts.height,
            "position": position + count,
            "video_id": video_id,
            "frame": number,
        }
        for count, (number, facts) in enumerate(
            ((n, frames[n]) for n in sorted(frames) if n not in there), start=1
        )
    ]
    if not new:
        return []
    connection.execute(insert(ImageTable), new)
    if there:
        _put_together(connection, video_id)
    added = is_one_of(connection, ImageTable.frame, frames.keys() - there)
    query = select(*COLUMNS).where(of_video, added).order_by(ImageTable.frame)
    return [record(row, folder) for row in connection.execute(query).all()]


def _put_together(connection: Connection, video_id: int) -> None:
    """The video's frames from where the first of them stands on; what stood there follows."""
    of_video = ImageTable.video_id == video_id
    lowest = select(func.min(ImageTable.position)).where(of_video)
    first = connection.execute(lowest).scalar_one()
    later = select(ImageTable.id, ImageTable.position, ImageTable.video_id, ImageTable.frame).where(
        ImageTable.position >= first
    )
    rows = connection.execute(later.order_by(ImageTable.position, ImageTable.id)).all()
    own = sorted((row for row in rows if row.video_id == video_id), key=lambda row: row.frame)
    others = [row for row in rows if row.video_id != video_id]
    moved = [
        {"moved": row.id, "to": first + place}
        for place, row in enumerate([*own, *others])
        if row.position != first + place
    ]
    if moved:
        change = update(ImageTable).where(ImageTable.id == bindparam("moved"))
        connection.execute(change.values(position=bindparam("to")), moved)
        inside = update(InstanceTable).where(InstanceTable.image_id == bindparam("moved"))
        connection.execute(inside.values(position=bindparam("to")), moved)
