"""A text file that lists something, a line each."""

from pathlib import Path


def text_lines(file: Path) -> list[str]:
    """Raises ActionableError where it is not there, or no text file."""
    from landmark_annotator.projects.vocabulary import ActionableError

    try:
        return file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise ActionableError(f"There is no list {file}.", kept="Nothing was changed.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ActionableError(
            f"The list {file} cannot be read as text: {error}.", kept="Nothing was changed."
        ) from error
