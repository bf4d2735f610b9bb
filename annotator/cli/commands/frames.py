"""annotator frames: frames of a video, or pages of a TIFF, into a project, to be labelled."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, video_file
from landmark_annotator.annotator.cli.support.output import answer, counted, note


def frames(
    project: ProjectFolder,
    video: Annotated[
        Path,
        typer.Argument(
            metavar="VIDEO",
            help="A video, a folder of numbered images, or a TIFF with several pages.",
            show_default=False,
            parser=video_file,
        ),
    ],
    count: Annotated[
        int | None, typer.Option(min=1, help="So many frames, spread evenly over the video.")
    ] = None,
    different: Annotated[
        bool, typer.Option("--different", help="With --count: those that look least alike.")
    ] = False,
    every: Annotated[int | None, typer.Option(min=1, help="Each so manyth frame.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="NUMBERS", help="These frames, from 0, such as 0,25,118.")
    ] = None,
    whole_image: Annotated[
        bool, typer.Option("--whole-image", help="The box of the object is the whole frame.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add frames of a video, or pages of a TIFF, to a project as images. Nothing is copied.

    A folder of images whose names differ in their last number is a video too.

    Doing it again changes nothing; more frames of the same video can be added at any time.

    Example: annotator frames mice session1.mp4 --count 40 --different
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.setup.video_frames import (
        add_frames,
        most_different,
        spread_evenly,
        videos_at,
    )
    from landmark_annotator.projects.images.source import frames_of
    from landmark_annotator.projects.video import video_at, video_name
    from landmark_annotator.projects.vocabulary.errors import ActionableError

    if [count, every, at].count(None) != 2:
        raise typer.BadParameter("give one of --count, --every and --at", param_hint="--count")
    if different and count is None:
        raise typer.BadParameter("goes with --count", param_hint="--different")
    numbers = _numbers(at or "")
    if video.is_dir() and (inside := videos_at(video)):
        raise ActionableError(
            f"{video} holds {counted(len(inside), 'video')}; frames are added of one at a time.",
            kept="Nothing was changed.",
            remedy=f"Name it: annotator frames {shlex.join(map(str, (project, inside[0])))} ...",
        )
    video = video_at(video)
    with open_to_write(project) as opened, ProgressBar() as progress:
        total = frames_of(video).count
        if different:
            numbers = most_different(video, count or 1, progress)
        elif at is None:
            numbers = spread_evenly(count, total) if count else list(range(0, total, every or 1))
        done = add_frames(
            opened,
            video,
            numbers,
            who=who(),
            whole_images=whole_image,
            damaged_too=at is not None,
            or_nearest=count is not None,
            progress=progress,
        )
    facts = {
        "video": video.absolute(),
        "frames": total,
        "added": [image.frame for image in done.added],
        "known": done.known,
        "note": done.note,
    }
    text = f"Added {counted(len(done.added), 'frame')} of the {total:,} in {video_name(video)}."
    if done.known:
        text += f" {counted(done.known, 'was', 'were')} there already."
    answer(facts, text, as_json=as_json)
    if done.note:
        note(done.note)
    if progress.cancelled():
        note("Stopped before the end. The frames that were read are in the project.")
        raise typer.Exit(ExitCode.INTERRUPTED)


def _numbers(text: str) -> list[int]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    if not all(word.isdecimal() and len(word) < 10 for word in words):
        raise typer.BadParameter("write numbers from 0 on, such as 0,25,118", param_hint="--at")
    return [int(word) for word in words]
