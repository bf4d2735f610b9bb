"""What may come next on a command line: commands, options, their values, project folders.

A shell asks at every Tab, so nothing is loaded that the answer does not need.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

_MARKS = ("project.db", "project.address")


def candidates(program: Any, words: Sequence[str]) -> list[str]:
    """words: behind the name of the program; the last one is being written. None of it where the
    shell itself knows best, as of file names."""
    *before, current = words or [""]
    name = next((word for word in before if not word.startswith("-")), None)
    if name is None:
        of_all = [option for each in program.params for option in each.opts]
        return _beginning(current, of_all if current.startswith("-") else program.commands)
    command = program.commands.get(name)
    if command is None:
        return []
    given = before[before.index(name) + 1 :]
    options = {option: each for each in command.params for option in _options(each)}
    asking = options.get(given[-1]) if given else None
    if asking is not None and not asking.is_flag:
        return _beginning(current, _values(name, asking))
    if current.startswith("-"):
        return _beginning(current, [*options, "--help"])
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    place = _arguments_given(given, options)
    if not arguments:
        return []
    asked = arguments[min(place, len(arguments) - 1)]
    if place >= len(arguments) and asked.nargs == 1:
        return []
    if asked.name == "project" and name != "new":
        return _projects(current)
    return _beginning(current, _values(name, asked))


def _options(parameter: Any) -> list[str]:
    if parameter.param_type_name != "option" or getattr(parameter, "hidden", False):
        return []
    return [*parameter.opts, *parameter.secondary_opts]


def _arguments_given(words: Sequence[str], options: dict[str, Any]) -> int:
    count, values = 0, 0
    for word in words:
        if values:
            values -= 1
        elif word in options:
            values = 0 if options[word].is_flag else options[word].nargs
        elif not word.startswith("-"):
            count += 1
    return count


def _projects(current: str) -> list[str]:
    """Folders of projects whose path begins so."""
    folder = current.rpartition("/")[0] + "/" if "/" in current else ""
    try:
        found = sorted(Path(folder or ".").expanduser().iterdir())
    except OSError:
        return []
    projects = [each for each in found if any((each / mark).is_file() for mark in _MARKS)]
    return _beginning(current, [f"{folder}{each.name}" for each in projects])


def _values(command: str, parameter: Any) -> Iterable[str]:
    known = _VALUES.get((command, parameter.name)) or _VALUES.get(("", parameter.name))
    return known() if known is not None else ()


def _beginning(current: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(current)]


def _formats() -> list[str]:
    from landmark_annotator.projects.exchange import formats

    return [card.name for card in formats()]


def _backends() -> list[str]:
    from landmark_annotator.backends.registry import all_backends

    return [*(card.name for card in all_backends()), "finder", "parsing"]


def _schemes() -> list[str]:
    from landmark_annotator.projects.vocabulary.scheme import built_in_names

    return list(built_in_names())


def _mappings() -> list[str]:
    from landmark_annotator.projects.exchange.mapping import built_in_mappings

    return list(built_in_mappings())


def _protocols() -> list[str]:
    from landmark_annotator.annotator.protocols.framework.runner import PROTOCOLS

    return list(PROTOCOLS)


def _models() -> list[str]:
    from landmark_annotator.backends.registry import all_backends

    return sorted({name for card in all_backends() for name in card.weights_names()})


_VALUES: dict[tuple[str, str], Callable[[], Iterable[str]]] = {
    ("import", "format"): _formats,
    ("export", "format"): _formats,
    ("predict", "format"): _formats,
    ("formats", "name"): _formats,
    ("import", "scheme"): _mappings,
    ("export", "scheme"): _mappings,
    ("new", "scheme"): _schemes,
    ("new", "weights"): _models,
    ("predict", "model"): _models,
    ("package", "model"): _models,
    ("evaluate", "name"): _protocols,
    ("completion", "shell"): lambda: ("bash", "zsh", "fish"),
    ("people", "role"): lambda: ("annotator", "reviewer", "lead"),
    ("", "backend"): _backends,
    ("", "device"): lambda: ("cpu", "cuda"),
}
"""By command and parameter, or by parameter alone."""
