"""Where an evaluation lets itself be stopped: between one image, frame or cell and the next."""

from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import Cancelled

_NOTHING = "Nothing was written."


def step(progress: Progress, kept: str = _NOTHING) -> None:
    """One more of what was begun is done. Raises Cancelled as `stop_if_asked` does."""
    progress.advance()
    stop_if_asked(progress, kept)


def stop_if_asked(progress: Progress, kept: str = _NOTHING) -> None:
    """Raises Cancelled where a person asked for an end. kept: the sentence that says what is."""
    if progress.cancelled():
        raise Cancelled("The evaluation was stopped.", kept=kept)
