"""annotator demo: the window on rendered sample heads."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import no_project_file
from landmark_annotator.annotator.cli.support.output import answer, note

_PICTURE = Path("annotator-demo.png")


def demo(
    screenshot: Annotated[
        Path | None,
        typer.Option(
            callback=no_project_file,
            help="Label one head by a script, save a picture of the window, and end.",
        ),
    ] = None,
    page: Annotated[
        str,
        typer.Option(
            help="What the picture shows: label, review, compare, dashboard, budget, sheet or "
            "trainings."
        ),
    ] = "label",
    folder: Annotated[
        Path | None,
        typer.Option(help="Where the sample project is kept. Default: with this user's data."),
    ] = None,
) -> None:
    """Open the window on rendered sample heads, some of them labelled already.

    Without a display it saves a picture of the window instead.

    Example: annotator demo --screenshot window.png
    """
    from landmark_annotator.annotator.cli.support.qt_loader import gui, run_window, samples_folder

    if screenshot is None and not gui("services.application").has_display():
        screenshot = _PICTURE
        note("There is no display here, so a picture of the window is saved instead.")
    if screenshot is None:
        raise typer.Exit(run_window(_sample_project(folder or samples_folder())))
    gui("screenshot").refuse_no_page(page)  # before the samples are made, in a minute
    with tempfile.TemporaryDirectory() as passing:
        # The script accepts a shape, so without --folder it works on samples of its own.
        samples = _sample_project(folder or Path(passing) / "samples")
        _take_picture(samples, screenshot, page)
    answer({}, f"Saved a picture of the window at work: {screenshot.absolute()}", as_json=False)


def _sample_project(folder: Path) -> Path:
    """Made at the first call; later calls find it as the user left it."""
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.setup.demonstration import make_demonstration
    from landmark_annotator.projects.store import Project

    if not Project.is_project(folder):
        with ProgressBar() as progress:
            make_demonstration(folder, progress)
    note(f"The sample project is in {folder}; the work of Ada and Ben in it is made up.")
    return folder


def _take_picture(folder: Path, target: Path, page: str) -> None:
    from landmark_annotator.annotator.cli.support.qt_loader import gui
    from landmark_annotator.projects.samples import demo_truth
    from landmark_annotator.projects.store import Project

    with Project.open(folder, read_only=True) as project:
        truth = demo_truth(project)
    gui("screenshot").scripted_screenshot(folder, target, "demo", truth.__getitem__, page)
