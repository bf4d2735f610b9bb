"""A picture that the program has drawn, as a file."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from landmark_annotator.projects.folder_sync import write_whole


def write_picture(image: Image.Image, path: Path, format: str = "PNG") -> None:
    """What was there before stays where all of it cannot be written. Raises OSError."""
    content = BytesIO()
    image.save(content, format=format)
    write_whole(path, content.getvalue())
