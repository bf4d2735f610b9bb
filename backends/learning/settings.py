"""What can be set about a training: a frozen dataclass of each backend, checked here."""

import json
from collections.abc import Collection, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol, TypeVar, get_args, get_type_hints, runtime_checkable

from landmark_annotator.projects.vocabulary.errors import ActionableError, closest
from landmark_annotator.projects.vocabulary.scheme import Scheme

S = TypeVar("S")

_PLURALS = {"loss": "losses"}
_TRUNKS = ("shipped", "none")
_MOST_WHOLE = 2**32 - 1
"""Of a seed: more is none to a part of what draws at random, and no number of anything else."""
_MOST_PIXELS = 4096
"""Of a crop's side: larger ones fit into no memory."""


@dataclass(frozen=True)
class SettingCard:
    """One setting as people are told of it. unit: empty where it has none."""

    name: str
    default: Any
    unit: str
    what: str


@runtime_checkable
class OfScheme(Protocol):
    """Settings of which some name parts of a scheme."""

    def check_scheme(self, scheme: Scheme) -> None:
        """Raises ActionableError where the scheme has no such part."""
        ...


FEWEST_CHANNELS = 8
"""Of a network: on processors with AVX2 alone, PyTorch can end the whole program in the backward
pass of a convolution of one pixel with stride 2 that reads fewer."""


def setting(
    default: Any, what: str, unit: str = "", least: int | None = None, most: float | None = None
) -> Any:
    """A field of a dataclass of settings: what it does, for whoever may change it. least: of a
    number of which `checked` takes smaller ones by itself, or not as small ones; most: of a number
    that may be more than one."""
    limits = {"least": least, "most": most}
    known = {name: value for name, value in limits.items() if value is not None}
    return field(default=default, metadata={"what": what, "unit": unit, **known})


def cards_of(cls: type) -> list[SettingCard]:
    """Of a dataclass of settings, in its order; a field that says nothing of itself is there with
    its default."""
    return [
        SettingCard(
            each.name, each.default, each.metadata.get("unit", ""), each.metadata.get("what", "")
        )
        for each in fields(cls)
    ]


def checked(cls: type[S], given: Mapping[str, Any], title: str) -> S:
    """The settings with their defaults where nothing is given; lists become tuples.

    cls: a dataclass in which every field has a default; a whole number may be nought where its
    default is, or where the field's metadata has it as "least", a share only there; a share is up
    to one, or to what the metadata has as "most". title: of the backend. Raises ActionableError
    with the closest known name, or for a value of another kind.
    """
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    kinds = get_type_hints(cls)
    for name, value in given.items():
        if name not in known:
            raise ActionableError(
                f'The {title} has no setting "{name}".{closest(name, known)}',
                remedy=f"Known settings: {', '.join(known)}.",
            )
        if not _fits(value, known[name], kinds[name]):
            raise ActionableError(
                f"The setting {name} cannot be {value!r}.",
                remedy=f"It is {_plain(known[name].default)} by default; give "
                f"{_what_fits(known[name], kinds[name])}.",
            )
    return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})


def one_of(kind: str, value: str, known: Collection[str], remedy: str = "") -> None:
    """Raises ActionableError with the closest known name for a value that is not known."""
    if value not in known:
        raise ActionableError(
            f'There is no {kind} "{value}".{closest(value, known)}',
            remedy=remedy or f"Known {_PLURALS.get(kind, kind + 's')}: {', '.join(known)}.",
        )


def check_trunk(value: str, title: str) -> None:
    """What a network starts from: weights that came with the program (shipped), chance (none), or
    the folder of a model. title: of the backend. Raises ActionableError for anything else."""
    if not Path(value, "card.json").is_file():
        known = f"Known: {', '.join(_TRUNKS)}, and the folder of a trained {title}."
        one_of("trunk", value, _TRUNKS, known)


def check_unlabelled(value: str) -> None:
    """Whether to learn from images without labels: `auto` or `off`. Raises ActionableError."""
    one_of("way to use unlabelled images", value, ("auto", "off"))


def check_size(value: int, multiple: int) -> None:
    """A side in pixels that the network halves several times. Raises ActionableError."""
    if value % multiple:
        raise ActionableError(
            f"The setting size cannot be {value}.", remedy=f"Give a multiple of {multiple}."
        )


def _fits(value: Any, field: Field[Any], kind: Any) -> bool:
    """Whether a value is of the field's kind, and positive where only that makes sense."""
    assert field.default is not MISSING
    if kind in (bool, str):
        return type(value) is kind
    if kind is int:
        return type(value) is int and _smallest(field) <= value <= _largest(field)
    if kind is float:
        most = _most(field)
        return _is_positive(value, most) or (type(value) in (int, float) and value == _least(field))
    if not isinstance(value, list | tuple) or (field.default and not value):
        return False
    if get_args(kind)[0] is float:
        return all(_is_positive(each, 1.0) for each in value)
    whole = all(type(each) is int and each >= 0 for each in value)
    return whole and len(set(value)) == len(value)


def _what_fits(field: Field[Any], kind: Any) -> str:
    """As `_fits` has it, for people."""
    if kind is bool:
        return "true or false"
    if kind is str:
        return "a word"
    if kind is int:
        upto = f", {_MOST_PIXELS:,} at most" if _largest(field) == _MOST_PIXELS else ""
        return f"a whole number, {_smallest(field)} or more{upto}"
    if kind is float:
        above = "of 0 or more" if _least(field) == 0 else "above 0"
        return f"a number {above}, up to {_most(field):g}"
    if get_args(kind)[0] is float:
        return "numbers above 0, up to 1, such as [0.5, 1]"
    return "whole numbers, each once, such as [0, 5, 9]"


def _plain(value: Any) -> str:
    """As it is written after --set."""
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _smallest(field: Field[Any]) -> int:
    least, usual = _least(field), field.default
    assert isinstance(usual, int)
    return min(usual, 1) if least is None else least


def _largest(field: Field[Any]) -> int:
    return _MOST_PIXELS if field.metadata.get("unit") == "px" else _MOST_WHOLE


def _most(field: Field[Any]) -> float:
    return float(field.metadata.get("most", 1.0))


def _least(field: Field[Any]) -> int | None:
    least: int | None = field.metadata.get("least")
    return least


def _is_positive(value: Any, most: float) -> bool:
    return type(value) in (int, float) and 0 < value <= most
