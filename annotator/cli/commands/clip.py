"""annotator clip: a video with its landmarks drawn, as an MP4."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, video_file
from landmark_annotator.annotator.cli.support.output import answer, counted, note


def clip(
    project: ProjectFolder,
    video: Annotated[
        Path,
        typer.Argument(
            metavar="VIDEO",
            help="A video, or a folder of numbered images, that the project has frames of.",
            show_default=False,
            parser=video_file,
        ),
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="The MP4 to write.", show_default=False)
    ],
    first: Annotated[int, typer.Option(min=0, help="The first frame.")] = 0,
    last: Annotated[int | None, typer.Option(min=0, help="The last frame.")] = None,
    accepted: Annotated[
        bool, typer.Option("--accepted", help="Only what people have accepted.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write over a file that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a video with its landmarks drawn: placed ones as discs, hidden and proposed ones as
    rings, each track in a colour of its own.

    Example: annotator clip mice session1.mp4 labelled.mp4 --first 0 --last 499
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_read
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.exchange.labelled_clip import (
        drawn_objects,
        write_clip,
    )
    from landmark_annotator.annotator.session.tracking.video_tracks import known_video
    from landmark_annotator.projects.vocabulary import ActionableError

    if target.exists() and not overwrite:
        raise ActionableError(
            f"{target} is there already.",
            kept="It was left as it is.",
            remedy="Name another file, or say --overwrite.",
        )
    with open_to_read(project) as opened, ProgressBar() as progress:
        record = known_video(opened, video)
        if target.resolve() == record.path.resolve():
            raise ActionableError(
                f"{target} is the video itself.",
                kept="It was left as it is.",
                remedy="Name another file.",
            )
        objects = drawn_objects(opened, record, accepted=accepted)
        done = write_clip(
            record.path, target, objects, opened.scheme, progress, first=first, last=last
        )
    if not done.frames:
        note("Stopped before the end. Nothing was written.")
        raise typer.Exit(ExitCode.INTERRUPTED)
    text = (
        f"Wrote {counted(done.frames, 'frame')} to {target}, {done.labelled:,} of them with "
        "landmarks."
    )
    answer({"target": target.absolute(), **asdict(done)}, text, as_json=as_json)
    if done.lost:
        note(f"{counted(done.lost, 'frame')} could not be decoded: left out.")
    if done.silenced:
        note("The sound of the video is not in it.")
