"""Pages about commands, formats and names, from the code itself."""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from sphinx.util.inspect import stringify_signature
from typer.main import get_command

import landmark_annotator as root
from landmark_annotator.annotator.cli.main import app
from landmark_annotator.annotator.cli.reports.setting_lists import lists_of, table_of
from landmark_annotator.annotator.protocols.framework.runner import PROTOCOLS
from landmark_annotator.projects import exchange
from landmark_annotator.projects.exchange.capabilities import markdown

_KINDS = {Path: "FILE", int: "N", float: "NUMBER"}
PARTS = ("landmark_annotator",)
_LIBRARY = "landmark_annotator.annotator."


def commands() -> str:
    """A heading a command, with its text, its arguments and its options."""
    program: Any = get_command(app)
    return "\n\n".join(_command(name, command) for name, command in program.commands.items())


def _command(name: str, command: Any) -> str:
    text, _, example = inspect.cleandoc(command.help or "").partition("Example:")
    parts = [f"## `annotator {name}`", _prose(text)]
    if example:
        parts.append(f"```text\n{example.strip()}\n```")
    given = [parameter for parameter in command.params if parameter.name != "help"]
    if given:
        rows = [f"| {_names(parameter)} | {_cell(parameter.help)} |" for parameter in given]
        parts.append("\n".join(["| Given | What it does |", "|---|---|", *rows]))
    return "\n\n".join(parts)


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{str(parameter.metavar or parameter.name).upper().strip('{}')}`"
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    kind = _KINDS.get(parameter.type_descriptor.annotation, "TEXT")
    value = "" if parameter.is_flag else f" {parameter.metavar or kind}".replace("|", "\\|")
    return names + value + (", needed" if parameter.required else "")


def _cell(text: str | None) -> str:
    return " ".join(_prose(text or "").split()).replace("|", "\\|")


def formats() -> str:
    """The table of `annotator formats`."""
    return markdown((card.name, card.carries) for card in exchange.formats() if card.carries)


def settings() -> str:
    """What can be set about a training, a section a backend that comes with the program."""
    return "\n\n".join(map(table_of, lists_of()))


def protocols() -> str:
    """What `annotator evaluate` measures."""
    rows = [f"| `{name}` | {_cell(says)} |" for name, says in PROTOCOLS.items()]
    return "\n".join(["| Protocol | What it measures |", "|---|---|", *rows])


def api(name: str) -> str:
    """All public names of a package, with the text that stands in the code."""
    module = import_module(name)
    parts = [f"## `{name}`", f":::{{py:module}} {name}\n:::", _prose(module.__doc__ or "")]
    for public in sorted(module.__all__, key=str.lower):
        parts.append(_member(module, public))
    return "\n\n".join(parts)


def library() -> str:
    """What `landmark_annotator` has that none of the packages below it has."""
    parts = [f":::{{py:module}} {root.__name__}\n:::"]
    for name in sorted(root.__all__, key=str.lower):
        if getattr(root, name).__module__.startswith(_LIBRARY):
            parts.append(_member(root, name))
    return "\n\n".join(parts)


def _member(module: ModuleType, name: str) -> str:
    value = getattr(module, name)
    if inspect.isclass(value):
        parts = [_documented(value)]
        said = name
        if issubclass(value, Enum):  # nobody calls it: what it may be is what there is to know
            parts.append(f"One of {', '.join(f'`{one.name}` ({one.value!r})' for one in value)}.")
        else:
            said += _signature(value)
        inside = [_directive(kind, signed, doc) for kind, signed, doc in _methods(value)]
        return _directive("class", said, "\n\n".join([*parts, *inside]), ":::::")
    if inspect.isfunction(value):
        return _directive("function", name + _signature(value), _documented(value))
    return _directive("data", name, "")


def _directive(kind: str, said: str, text: str, fence: str = "::::") -> str:
    return f"{fence}{{py:{kind}}} {said}\n{text}\n{fence}"


def _methods(class_: type) -> Iterator[tuple[str, str, str]]:
    """(kind, signature, text) of what a user of the class can call."""
    for name in sorted(dir(class_)):
        if name.startswith("_"):
            continue
        value = inspect.getattr_static(class_, name)
        if isinstance(value, property):
            yield "property", name, _documented(value)
        elif isinstance(value, (classmethod, staticmethod)):
            function = value.__func__
            if (function.__module__ or "").startswith(PARTS):  # `str` has some of its own
                yield "method", name + _signature(function, bound=True), _documented(function)
        elif isinstance(value, FunctionType) and value.__module__.startswith(PARTS):
            yield "method", name + _signature(value, bound=True), _documented(value)


def _signature(value: Any, bound: bool = False) -> str:
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return "()"
    parameters = list(signature.parameters.values())
    if bound and parameters and parameters[0].name in ("self", "cls"):
        parameters = parameters[1:]
    parameters = [
        one.replace(default=...) if " at 0x" in repr(one.default) else one for one in parameters
    ]
    said = stringify_signature(signature.replace(parameters=parameters), unqualified_typehints=True)
    return " ".join(said.split())


def _documented(value: Any) -> str:
    """The docstring, unless it is what a dataclass or an enumeration writes for itself."""
    text = inspect.getdoc(value) or ""
    return "" if inspect.isclass(value) and text.startswith(f"{value.__name__}(") else _prose(text)


def _prose(text: str) -> str:
    """Plain text as Markdown: signs that mean something there stand for themselves."""
    parts = re.split(r"(`[^`]*`)", inspect.cleandoc(text))
    parts[::2] = [re.sub(r"([*<\\_\[\]$])", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)
