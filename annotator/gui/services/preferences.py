"""What the user has set for every project: kept in one small file of this user."""

import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from projects.vocabulary import ActionableError

THEMES = ("system", "dark", "light")
SMALLEST_SCALE, LARGEST_SCALE = 80, 200
"""Of letters, in %."""

_RECENT = 12


@dataclass
class Preferences:
    """keep_view: stay at the same zoom and place when another image is opened. learn: train a model
    by itself, beside the labelling, whenever there are so many new labels that it would help.

    theme: "system", "dark" or "light". font_scale: of all letters, in %. keys: by the name of an
    action, those that the user gave it in place of its own. recent: folders of projects, the one
    opened last first.

    window, parts: size and place of the window and of its parts, as Qt writes them. path: the file
    that every change is written to at once; None keeps nothing.
    """

    keep_view: bool = False
    learn: bool = True
    theme: str = "system"
    font_scale: int = 100
    keys: dict[str, list[str]] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)
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
        return cls(**{name: _sound(name, value) for name, value in known.items()}, path=path)

    def opened(self, project: Path) -> None:
        """It is the first of the recent ones. Raises ActionableError as `change` does."""
        others = [known for known in self.recent if known != str(project)]
        self.change(recent=[str(project), *others][:_RECENT])

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


def _sound(name: str, value: Any) -> Any:
    """What of a value in the file makes sense; people edit such files by hand."""
    if name == "theme":
        return value if value in THEMES else THEMES[0]
    if name == "font_scale":
        return min(max(value, SMALLEST_SCALE), LARGEST_SCALE)
    if name == "recent":
        return [entry for entry in value if isinstance(entry, str)]
    if name == "keys":
        return {
            action: [key for key in keys if isinstance(key, str)]
            for action, keys in value.items()
            if isinstance(keys, list)
        }
    return value


def usual_path() -> Path:
    """In the platform's place for a user's settings."""
    import platformdirs

    folder = platformdirs.user_config_path("landmark-annotator", appauthor=False)
    return folder / "preferences.json"
