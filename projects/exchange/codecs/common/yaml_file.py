"""YAML of other programs, which may be made to harm."""

from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.codecs.common.text import ODD, read_text
from landmark_annotator.projects.vocabulary.errors import FormatError, why

_MOST = 1_000_000


def read_yaml(file: Path) -> Any:
    """Raises FormatError."""
    import yaml

    text = read_text(file)
    if len(text) > _MOST:
        raise FormatError(f"{file} has more than {_MOST // 1_000_000} million characters.")
    try:
        # A few aliases of aliases stand for more than any memory holds.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise ValueError("it has aliases, which are not read")
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, *ODD) as error:
        raise FormatError(f"{file} is not YAML: {(why(error).splitlines() or [''])[0]}.") from error
