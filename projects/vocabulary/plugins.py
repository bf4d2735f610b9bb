"""What other packages add to this program, found by their entry points.

A package names what it adds in its `pyproject.toml`:

    [project.entry-points."landmark_annotator.formats"]
    points = "my_package.cards:POINTS"

The name is that of the card it points at, and of nothing that comes with the program. What cannot
be loaded is left out, and said by `annotator plugins`; it never keeps the program from its work.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from landmark_annotator.projects.vocabulary.errors import ActionableError, PluginFailed

BACKENDS = "landmark_annotator.backends"
FORMATS = "landmark_annotator.formats"
IMAGES = "landmark_annotator.images"
METRICS = "landmark_annotator.metrics"


@dataclass(frozen=True)
class Plugin:
    """card: what the entry point is. package: that brought it, with its version."""

    group: str
    name: str
    package: str
    card: Any


@dataclass(frozen=True)
class LeftOut:
    """reason: one sentence."""

    group: str
    name: str
    package: str
    reason: str


_left_out: dict[tuple[str, str, str], LeftOut] = {}


@cache
def plugins(group: str, kind: type, taken: tuple[str, ...] = ()) -> tuple[Plugin, ...]:
    """Those of a group whose cards are of this kind, by their names. taken: names that come with
    the program. Looked for once in a process."""
    found: dict[str, Plugin] = {}
    for entry in sorted(entry_points(group=group), key=lambda entry: (entry.name, entry.value)):
        package = _package_of(entry)
        try:
            card = entry.load()
            _check(card, kind, entry.name, [*taken, *found])
        except Exception as error:  # noqa: BLE001 - other people's code may raise anything
            leave_out(group, entry.name, package, _sentence(error))
        else:
            found[entry.name] = Plugin(group, entry.name, package, card)
    return tuple(found.values())


def leave_out(group: str, name: str, package: str, reason: str) -> None:
    """Said once; from then on it is among `left_out`."""
    _left_out.setdefault((group, name, package), LeftOut(group, name, package, reason))


def left_out() -> list[LeftOut]:
    """What this process has come by and could not use."""
    return list(_left_out.values())


def told(parts: Iterable[LeftOut]) -> list[str]:
    """A sentence each."""
    return [
        f"The plug-in {part.name} of {part.package} ({part.group.rpartition('.')[2]}) is left out: "
        f"{part.reason}"
        for part in parts
    ]


def failed(title: str, package: str, error: BaseException) -> PluginFailed:
    """What a person is told where a plug-in breaks at work."""
    return PluginFailed(
        f"The {title}, a plug-in of {package}, failed: {_sentence(error)}",
        kept="What was finished before is stored.",
        remedy=f"Tell the authors of {package}, or remove it: pip uninstall {package.split()[0]}",
    )


def _check(card: Any, kind: type, name: str, taken: Collection[str]) -> None:
    if not isinstance(card, kind):
        raise TypeError(f"it is {type(card).__name__} and no {kind.__name__}")
    own = getattr(card, "name", None)
    if own != name:
        raise ValueError(f'its card is called "{own}", its entry point "{name}"')
    if name in taken:
        raise ValueError("something of that name is there already")


def _package_of(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.value


def _sentence(error: BaseException) -> str:
    if isinstance(error, ActionableError):
        return error.happened
    said = " ".join(str(error).split())[:300] or type(error).__name__
    plain = isinstance(error, TypeError | ValueError)
    return f"{said}." if plain else f"{type(error).__name__}: {said}."
