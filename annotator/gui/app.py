"""Starts the window."""

from pathlib import Path

from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.services.preferences import Preferences, usual_path
from landmark_annotator.annotator.gui.services.wait_pointer import WaitPointer
from landmark_annotator.annotator.gui.windows import Windows
from landmark_annotator.projects.store.engine.server_waits import tell_waits


def run(project_folder: Path | None, *, who: str, samples: Path) -> int:
    """Opens the window on a project, or the start page; returns its exit status at the end.

    samples: where the sample project is, or will be. Raises what `Project.open` raises, before
    any window is shown.
    """
    app = application()
    windows = Windows(app, Preferences.load(usual_path()), who, samples)
    tell_waits(WaitPointer())
    try:
        if project_folder is None:
            windows.show_start()
        else:
            windows.show_project(project_folder)
        windows.tell_of_sudden_end()
        return app.exec()
    finally:
        windows.close()
        tell_waits(None)
