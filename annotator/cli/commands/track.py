"""annotator track: the objects of a video, told apart from frame to frame and proposed for."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.heading_note import tell_free_heading
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, video_file
from landmark_annotator.annotator.cli.support.output import answer, counted, note


def track(
    project: ProjectFolder,
    video: Annotated[
        Path,
        typer.Argument(
            metavar="VIDEO",
            help="A video, or a folder of numbered images, that frames were added of.",
            show_default=False,
            parser=video_file,
        ),
    ],
    first: Annotated[int, typer.Option(min=0, help="The first frame.")] = 0,
    last: Annotated[int | None, typer.Option(min=0, help="The last frame.")] = None,
    add: Annotated[
        bool, typer.Option("--add", help="Add all frames of the range that are not there yet.")
    ] = False,
    carry: Annotated[
        bool, typer.Option(help="Carry objects into frames in which nobody has found them.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Follow the objects of a video through its frames, and propose a shape for every one that is
    not accepted, from its own frame and from all others.

    Example: annotator track mice session1.mp4 --first 0 --last 999 --add
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.setup.video_frames import add_frames
    from landmark_annotator.annotator.session.tracking.unfinished_following import (
        Following,
        forget,
        noted,
    )
    from landmark_annotator.annotator.session.tracking.video_tracks import (
        Means,
        follow_video,
        known_video,
        video_to_add_from,
    )
    from landmark_annotator.projects.images.source import frames_of
    from landmark_annotator.projects.vocabulary.errors import FileMissing

    if last is not None and last < first:
        raise typer.BadParameter("it lies before --first", param_hint="--last")
    with open_to_write(project) as opened, ProgressBar() as progress:
        means = Means.of(opened) if add else None
        if means is not None:
            video = video_to_add_from(opened, video)
            end = frames_of(video).count - 1
            end = end if last is None else min(last, end)
            numbers = range(first, end + 1)
            means.refuse_in_vain(opened, video, first, end)
            add_frames(opened, video, numbers, who=who(), damaged_too=False, progress=progress)
        record = known_video(opened, video)
        tell_free_heading(opened)
        to = last
        if to is None:
            frames = (i.frame or 0 for i in opened.images() if i.video_id == record.id)
            to = max(frames, default=first)
        begun = Following(who(), record.id, first, to)
        with noted(opened.folder, begun):
            done, _ = follow_video(
                opened,
                record,
                progress,
                who=who(),
                first=first,
                last=last,
                carry=carry,
                means=means,
            )
            forget(opened.folder, begun)
    lines = [
        done.reason,
        done.time,
        f"Looked at {counted(done.frames, 'frame')}: {counted(done.objects, 'object')}, "
        f"{done.added:,} of them new, {done.moved:,} elsewhere than before.",
        *(f"Track {name}: {counted(size, 'frame')}." for name, size in done.tracks.items()),
        *([] if done.tracks else [_none_said(done.frames, add)]),
        *([done.ends] if done.ends else []),
        *([done.doubt] if done.doubt else []),
        f"Proposed for {counted(done.proposed, 'instance')}.",
    ]
    answer(asdict(done), "\n".join(lines), as_json=as_json)
    for line in done.unreadable:
        note(line)
    if done.away:
        raise FileMissing(
            done.away,
            kept="What was looked at is tracked and proposed for.",
            remedy=f"Put the file back, and go on with --first {done.stopped_at}.",
        )
    if progress.cancelled():
        on = "" if done.stopped_at is None else f" It goes on with --first {done.stopped_at}."
        note(f"Stopped before the end. What was looked at is tracked and proposed for.{on}")
        raise typer.Exit(ExitCode.INTERRUPTED)


def _none_said(frames: int, add: bool) -> str:
    """Where nothing became a track. frames: that were looked at."""
    said = "No object was found in two frames."
    brings = " --add brings in the frames that the project has not yet."
    return said if add or frames > 1 else f"{said}{brings}"
