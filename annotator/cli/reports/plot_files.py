"""Pictures that commands draw, as files of the kind that their names say."""

from pathlib import Path

from PIL import Image

from landmark_annotator.annotator.cli.support.options import PLOTS
from landmark_annotator.projects.images.written_picture import write_picture
from landmark_annotator.projects.vocabulary.errors import ActionableError


def save_plot(image: Image.Image, path: Path) -> None:
    """Raises ActionableError where the file cannot be written."""
    try:
        write_picture(image, path, PLOTS.get(path.suffix.lower(), "PNG"))
    except OSError as error:
        raise ActionableError(
            f"The plot cannot be written to {path}: {error.strerror}.",
            remedy="Give another path to --plot.",
        ) from error
