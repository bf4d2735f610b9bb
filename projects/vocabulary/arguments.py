"""What callers pass: taken as it is meant, or told which argument is none.

Scripts are not checked by anything before they run. Where a public function breaks over something,
its annotations say whether that is what it was given or a mistake of our own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache, wraps
from inspect import Parameter, Signature, isfunction, signature
from os import PathLike
from pathlib import Path
from types import GeneratorType, NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import whole
from landmark_annotator.projects.vocabulary.errors import ActionableError, UnfitValue, closest

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Member = TypeVar("_Member", bound=Enum)
_LARGEST = 2**63
"""Of whole numbers in a database, without the sign."""
_SAID: dict[Any, tuple[str, str]] = {
    bool: ("True or False", "truth values"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    str: ("a text", "texts"),
    Path: ("a path", "paths"),
    datetime: ("a time", "times"),
    NoneType: ("None", "None"),
    np.ndarray: ("an array", "arrays"),
}
"""One, and several."""


class WrongValue(ActionableError, ValueError):
    """Also the kind of error that Python has for it, as enumerations raise it."""


class _Misfit(ActionableError):
    """An argument is not what it is said to be; its cause is what broke over it."""


def member(kind: type[_Member], value: object, what: str) -> _Member:
    """Of an enumeration, by its value or name too. what: it is, for the error, as in "state of an
    instance". Raises ActionableError."""
    found = _member(kind, value)
    if found is None:
        known = _members(kind)
        near = closest(value, known) if isinstance(value, str) else ""
        raise WrongValue(
            f"{value!a:.40} is no {what}.{near}", remedy=f"There are: {', '.join(known)}."
        )
    return found


def told(function: _Function, title: str = "") -> _Function:
    """The function, which tells with an ActionableError over which argument it broke, where one is
    not what its annotation says. All other errors are as they were. title: what it is called, if
    not by its name."""
    title = title or function.__name__

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            found = function(*args, **kwargs)
        except Exception as error:
            _tell(error, function, args, kwargs, title)
            raise
        if type(found) is GeneratorType:
            return _each(found, function, args, kwargs, title)
        return found

    return cast(_Function, called)


def tell_methods(*kinds: type) -> None:
    """What makes one of these classes, and all public methods of each itself, are `told` from now
    on."""
    for kind in kinds:
        _tell_methods(kind)


def tell_members(*kinds: type[Enum]) -> None:
    """Each of these is made of the name of a member as well as of its value from now on, in small
    letters, and says what members there are where it is none: raises WrongValue."""
    for kind in kinds:

        def missing(cls: type[Enum], value: object) -> Enum:
            return member(cls, value, cls.__name__)

        kind._missing_ = classmethod(missing)  # type: ignore[assignment]


def check_fields(made: object) -> None:
    """Of an instance of a dataclass. Raises ActionableError by the name of a field that is not what
    its annotation says."""
    own: Any = type(made)
    for name, kind in _hints(own).items():
        value = getattr(made, name)
        if not _fits(value, kind):
            said = f"{own.__name__} takes as {name} {_said(kind)}, not {value!a:.60}."
            raise ActionableError(said)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _tell_methods(kind: type) -> None:
    for name, value in list(vars(kind).items()):
        if name == "__init__":
            setattr(kind, name, told(value, kind.__name__))
        if name.startswith("_"):
            continue
        if isinstance(value, classmethod | staticmethod):
            setattr(kind, name, type(value)(told(value.__func__)))
        elif isfunction(value):
            setattr(kind, name, told(value))


def _each(
    found: Iterator[Any], function: Callable[..., Any], args: Any, kwargs: Any, title: str
) -> Any:
    """What is made as it is asked for breaks only then."""
    try:
        return (yield from found)
    except Exception as error:
        _tell(error, function, args, kwargs, title)
        raise


def _tell(
    error: Exception, function: Callable[..., Any], args: Any, kwargs: Any, title: str
) -> None:
    """Raises where an argument is none. What a function inside broke over is told by the names of
    the one that was called; where that was passed what it takes, the mistake is our own."""
    if isinstance(error, ActionableError) and not isinstance(error, _Misfit | UnfitValue):
        return
    parameters = _parameters(function)
    try:
        given = parameters.bind(*args, **kwargs).arguments
    except TypeError:  # which arguments are missing Python tells well
        return
    unfit = error
    if isinstance(error, UnfitValue) and isinstance(error.__cause__, UnfitValue):
        unfit = error.__cause__  # which a function inside has told by a name of its own
    for name, value in given.items():
        kind = parameters.parameters[name].annotation
        if not _fits(value, kind) and isinstance(unfit, UnfitValue):
            told_of = f"{title} takes as {name} {_said(kind)}: {unfit.happened}"
            raise UnfitValue(told_of, kept=unfit.kept, remedy=unfit.remedy) from unfit
        if not _fits(value, kind):
            told_of = f"{title} takes as {name} {_said(kind)}, not {value!a:.60}."
            raise _Misfit(told_of) from (error.__cause__ if isinstance(error, _Misfit) else error)
    if isinstance(error, _Misfit) and error.__cause__ is not None:
        raise error.__cause__


def _parameters(function: Callable[..., Any]) -> Signature:
    try:
        return signature(function, eval_str=True)  # a class is named by a text in its own methods
    except NameError:  # of what is imported for types alone
        return signature(function)


def _fits(value: object, kind: Any) -> bool:
    """Whether the function may have meant it; of what is not known here it may."""
    origin, inner = _taken_apart(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in inner)
    if not isinstance(origin, type) or origin is Parameter.empty:
        return True
    if getattr(origin, "_is_protocol", False):
        names = [name for name in vars(origin) if not name.startswith("_")]
        # Of its class first: what a property has to compute may be slow, and is not asked for.
        return all(hasattr(type(value), name) or hasattr(value, name) for name in names)
    if issubclass(origin, Enum):
        return _member(origin, value) is not None
    if origin is int:
        return _is_whole(value)
    if origin is float:
        return isinstance(value, int | float | np.integer | np.floating)
    if origin is Path:
        return isinstance(value, str | PathLike)
    if origin is np.ndarray:
        return isinstance(value, np.ndarray | list | tuple) and _is_numbers(value)
    if origin is tuple and isinstance(value, Sequence | np.ndarray) and len(inner) > 1:
        return len(value) == len(inner) and all(map(_fits, value, inner))
    if issubclass(origin, Mapping):
        pairs = value.items() if isinstance(value, Mapping) else None
        return pairs is not None and all(
            _fits(each, one) for pair in pairs for each, one in zip(pair, inner, strict=False)
        )
    if issubclass(origin, Sequence) and not isinstance(value, Sequence | np.ndarray):
        return False
    if issubclass(origin, Iterable) and len(inner) == 1:
        # What gives its values only once is taken at its word.
        given = value if isinstance(value, Iterable) and not isinstance(value, bytes) else None
        if isinstance(given, str) and inner[0] is not str:
            return False
        once = isinstance(given, Iterator)
        return given is not None and (once or all(_fits(one, inner[0]) for one in given))
    return isinstance(value, origin)


def _taken_apart(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """What is asked for, and of what. A tuple of any length may be any list."""
    origin, inner = get_origin(kind) or kind, get_args(kind)
    return (Sequence, inner[:1]) if origin is tuple and inner[1:] == (...,) else (origin, inner)


def _is_numbers(value: Any) -> bool:
    try:
        return np.asarray(value).dtype.kind in "biuf"
    except ValueError:  # rows of several lengths
        return False


def _is_whole(value: object) -> bool:
    try:
        return -_LARGEST <= whole(value, "It") < _LARGEST
    except ActionableError:
        return False


def _member(kind: type[_Member], value: object) -> _Member | None:
    try:
        return next((one for one in kind if {value} & {one.value, one.name.lower()}), None)
    except TypeError:  # it has no hash, as a list
        return None


def _members(kind: type[Enum]) -> list[str]:
    return [one.value if isinstance(one, str) else one.name.lower() for one in kind]


def _said(kind: Any, several: bool = False) -> str:
    origin, inner = _taken_apart(kind)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_said(one, several) for one in inner))
    if origin in _SAID:
        return _SAID[origin][several]
    name = getattr(origin, "__name__", str(origin))
    if isinstance(origin, type) and issubclass(origin, Enum):
        return f"{'some' if several else 'one'} of {', '.join(_members(origin))}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "dicts" if several else "a dict"
    if isinstance(origin, type) and issubclass(origin, Iterable):
        of = f" of {_said(inner[0], True)}" if len(inner) == 1 else ""
        return f"lists{of}" if several else f"a list{of}"
    return f"{name}s" if several else f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
