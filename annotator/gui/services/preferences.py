"""What the user has set for every project: kept in one small file of this user."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from landmark_annotator.projects.file_lock import one_at_a_time
from landmark_annotator.projects.vocabulary import ActionableError

THEMES = ("system", "dark", "light")
SMALLEST_SCALE, LARGEST_SCALE = 80, 200
"""Of letters, in %."""

SMALLEST_MARK, LARGEST_MARK = 50, 250
"""Of points, lines and ellipses on the photograph, in % of what is usual."""
PALETTES = ("usual", "vivid", "lightness")
"""Names of the colours of landmarks."""
_MARKS = ("point_size", "line_width", "ellipse_strength")

SHEET_SIZES = (6, 12, 20, 30)
SHEET_ORDERS = ("surest", "least sure", "project")
SHORTEST_LOOK, LONGEST_LOOK = 0.5, 10.0
"""Seconds."""

_RECENT = 12


@dataclass
class Preferences:
    """keep_view: stay at the same zoom and place when another image is opened. learn: train a model
    by itself, beside the labelling, whenever there are so many new labels that it would help.

    theme: "system", "dark" or "light". font_scale: of all letters, in %. keys: by the name of an
    action, those that the user gave it in place of its own. recent: folders of projects, the one
    opened last first.

    point_size, line_width, ellipse_strength: of what is painted over the photograph, in % of what
    is usual. palette: the name of its colours.

    sheet_size: objects on a sheet. sheet_order: which come first there. sheet_seconds: for how
    long each was on the screen before it can be accepted.

    toured: whether the tour of the first steps was seen, or ended.

    window: x, y, width and height of the window, and whether it is maximised. parts: of its parts,
    as Qt writes it. path: the file that every change is written to at once; None keeps nothing.
    Several windows may share it.
    """

    keep_view: bool = False
    learn: bool = True
    theme: str = "system"
    font_scale: int = 100
    point_size: int = 100
    line_width: int = 100
    ellipse_strength: int = 100
    palette: str = "usual"
    sheet_size: int = 12
    sheet_order: str = "surest"
    sheet_seconds: float = 1.0
    toured: bool = False
    keys: dict[str, list[str]] = field(default_factory=dict)
    recent: list[str] = field(default_factory=list)
    window: list[int] = field(default_factory=list)
    parts: str = ""
    path: Path | None = None

    @classmethod
    def load(cls, path: Path) -> "Preferences":
        """Of the file; what it lacks, or all where it cannot be read, is as at a first start."""
        return cls(**_known(_content(path)), path=path)

    def opened(self, project: Path) -> None:
        """It is the first of the recent ones. Raises ActionableError as `change` does."""
        folder = str(project)

        def first(recent: list[str]) -> list[str]:
            return [folder, *(known for known in recent if known != folder)][:_RECENT]

        self._keep({"recent": first})

    def forget(self, project: Path) -> None:
        """It is none of the recent ones. Raises ActionableError as `change` does."""

        def without(recent: list[str]) -> list[str]:
            return [known for known in recent if known != str(project)]

        self._keep({"recent": without})

    def change(self, **values: Any) -> None:
        """Sets what is named and writes it to the file, in one step.

        All else in the file stays as other windows have left it, the keys of other actions too.
        Raises ActionableError where it cannot be written; then it holds until the program ends.
        """
        self._keep(
            {name: partial(_merged, getattr(self, name), new) for name, new in values.items()}
        )

    def _keep(self, changes: Mapping[str, Callable[[Any], Any]]) -> None:
        """changes: by name, what becomes of the value that the file has."""
        for name, change in changes.items():
            setattr(self, name, change(getattr(self, name)))
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with one_at_a_time(self.path.with_name(f"{self.path.name}.lock")):
                content = _content(self.path)
                known = _known(content)
                for name, change in changes.items():
                    if name in known:
                        setattr(self, name, change(known[name]))
                mine = asdict(self)
                del mine["path"]
                mine.update({name: content[name] for name in content if name not in changes})
                self._write(self.path, mine)
        except OSError as error:
            raise ActionableError(
                f"Your settings cannot be written to {self.path}: {error.strerror}.",
                kept="They hold until the program is closed.",
                remedy="Make room there, or make the folder one that you may write to.",
            ) from error

    @staticmethod
    def _write(path: Path, content: Mapping[str, Any]) -> None:
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.write_text(json.dumps(content, indent=1), encoding="utf-8")
        part.replace(path)


def _content(path: Path) -> dict[str, Any]:
    """Of the file; empty where it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _known(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of it is a preference, and makes sense."""
    first = Preferences()
    return {
        field.name: _sound(field.name, content[field.name])
        for field in fields(Preferences)
        if field.name != "path"
        and isinstance(content.get(field.name), type(getattr(first, field.name)))
    }


def _merged(before: Any, new: Any, stored: Any) -> Any:
    """`new` as somebody made it of `before`; of the keys only those that they changed."""
    if not isinstance(new, dict):
        return new
    others = {name: keys for name, keys in stored.items() if name not in before or name in new}
    return {**others, **{name: keys for name, keys in new.items() if keys != before.get(name)}}


def _sound(name: str, value: Any) -> Any:
    """What of a value in the file makes sense; people edit such files by hand."""
    if name == "theme":
        return value if value in THEMES else THEMES[0]
    if name == "font_scale":
        return min(max(value, SMALLEST_SCALE), LARGEST_SCALE)
    if name in _MARKS:
        return min(max(value, SMALLEST_MARK), LARGEST_MARK)
    if name == "palette":
        return value if value in PALETTES else PALETTES[0]
    if name == "sheet_size":
        return value if value in SHEET_SIZES else SHEET_SIZES[1]
    if name == "sheet_order":
        return value if value in SHEET_ORDERS else SHEET_ORDERS[0]
    if name == "sheet_seconds":
        return min(max(value, SHORTEST_LOOK), LONGEST_LOOK)
    if name == "window":
        return [entry for entry in value if isinstance(entry, int)]
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
