"""A video file, opened for its pictures; what FFmpeg refuses is said in plain words."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from landmark_annotator.projects.vocabulary.errors import FileMissing, ImageError


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """FFmpeg's errors as ImageErrors."""
    import av

    try:
        yield
    except FileNotFoundError as error:
        raise FileMissing(
            f"There is no video {path}.",
            remedy="Put the file back, or say where it is now: annotator locate PROJECT FOLDER.",
        ) from error
    except (PermissionError, IsADirectoryError) as error:
        raise ImageError(
            f"The video {path} cannot be read: {error.strerror}.",
            remedy="Check that it is a file and that you may read it.",
        ) from error
    except (av.error.FFmpegError, ValueError) as error:
        if path.is_file() and not path.stat().st_size:
            raise ImageError(
                f"{path} is empty (0 bytes).", remedy="Copy the file again."
            ) from error
        # FFmpeg's own words alone: its number says nothing, and the file is named already.
        reason = getattr(error, "strerror", None) or error
        raise ImageError(
            f"{path} cannot be read as a video: {reason}.",
            remedy="If it plays elsewhere, write it anew as H.264 in an MP4 file; a recording that "
            "was cut off before its end may have lost what a reader needs to begin with.",
        ) from error


def opened(path: Path) -> Any:
    """The container; close it. Raises ImageError where it cannot be opened or shows nothing."""
    import av

    with in_words(path):
        container = av.open(str(path.resolve(strict=True)), mode="r")
    if not container.streams.video:
        container.close()
        raise ImageError(f"{path} holds no pictures, only sound or text.")
    container.streams.video[0].thread_type = "AUTO"
    return container


def has_sound(path: Path) -> bool:
    """Whether sound comes with the pictures. Raises ImageError as `opened` does."""
    with closing(opened(path)) as container:
        return bool(container.streams.audio)
