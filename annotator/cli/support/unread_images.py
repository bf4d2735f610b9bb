"""Images that could not be read, as a command tells of them."""

from collections.abc import Sequence

from landmark_annotator.annotator.cli.support.output import counted, note

_SHOWN = 10


def refuse_unread(unreadable: Sequence[str], done: int, kept: str) -> None:
    """Raises ImageError where nothing was done, for no image could be read.

    unreadable: a sentence for each image; done: for how many of the others something was done;
    kept: what is as it was.
    """
    from landmark_annotator.projects.vocabulary.errors import MOVED_IMAGES, ImageError

    if unreadable and not done:
        raise ImageError(
            f"None of {counted(len(unreadable), 'image')} can be read. {unreadable[0]}",
            kept=kept,
            remedy=MOVED_IMAGES,
        )


def note_unread(unreadable: Sequence[str]) -> None:
    """The first ones, and how many there are besides."""
    for line in unreadable[:_SHOWN]:
        note(line)
    if len(unreadable) > _SHOWN:
        more = counted(len(unreadable) - _SHOWN, "more image", "more images")
        note(f"{more} could not be read: annotator check lists them all.")
