"""What the user has set for every project: kept in one small file of this user."""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from projects.vocabulary import ActionableError


@dataclass
class Preferences:
    """keep_view: stay at the same zoom and place when another image is opened.

    window, parts: size and place of the window and of its parts, as Qt writes them. path: the file
    that every change is written to at once; None keeps nothing.
    """

    keep_view: bool = False
    window: str = ""
    parts: str = ""
    path: Path | None = None

    @classmethod
    def load(cls, path: Path) -> "Preferences":
        """Of the file; what it lacks, or all where it cannot be read, is as at a first start."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            content = {}
        first = cls()
        known = {
            field.name: content[field.name]
            for field in fields(cls)
            if field.name != "path"
            and isinstance(content, dict)
            and isinstance(content.get(field.name), type(getattr(first, field.name)))
        }
        return cls(**known, path=path)

    def change(self, **values: Any) -> None:
        """Sets what is named and writes the file, in one step.

        Raises ActionableError where it cannot be written; then it holds until the program ends.
        """
        for name, value in values.items():
            setattr(self, name, value)
        if self.path is not None:
            try:
                self._write(self.path)
            except OSError as error:
                raise ActionableError(
                    f"Your settings cannot be written to {self.path}: {error.strerror}.",
                    kept="They hold until the program is closed.",
                    remedy="Make room there, or make the folder one that you may write to.",
                ) from error

    def _write(self, path: Path) -> None:
        content = asdict(self)
        del content["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_text(json.dumps(content, indent=1), encoding="utf-8")
        part.replace(path)


def usual_path() -> Path:
    """In the platform's place for a user's settings."""
    import platformdirs

    folder = platformdirs.user_config_path("landmark-annotator", appauthor=False)
    return folder / "preferences.json"
