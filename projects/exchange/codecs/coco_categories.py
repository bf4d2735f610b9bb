"""Which categories of a COCO file have the scheme's keypoints, and of which an annotation is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.codecs.common.landmark_names import by_names
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, closest
from landmark_annotator.projects.vocabulary.wording import first_few

_NAMED = 4
"""Categories that a message names."""
_NAMELESS = ""
"""What the one category of a file is called that has no id: no other could be meant."""


@dataclass(frozen=True)
class Others:
    """ids: of the file's categories, those without the scheme's keypoints too. only: the id of the
    one that there is; None where there are several. names: by the ids."""

    ids: frozenset[Any]
    only: int | str | None
    names: Mapping[Any, str]

    def name(self, number: Any) -> str:
        return self.names.get(number, f"category {number}")

    def of(self, annotation: Mapping[str, Any]) -> Any:
        """The id of its category. Raises KeyError where it says none and there are several."""
        said = annotation.get("category_id")
        if self.only is not None and (said is None or self.only == _NAMELESS):
            return self.only
        if said is None:
            raise KeyError("category_id")
        return said


def others(categories: Sequence[Any]) -> Others:
    ids = [_id(each, categories) for each in categories]
    only = ids[0] if len(ids) == 1 else None
    names = {
        number: each["name"]
        for number, each in zip(ids, categories, strict=True)
        if number is not None and isinstance(each.get("name"), str)
    }
    return Others(frozenset(each for each in ids if each is not None), only, names)


def _id(category: Any, categories: Sequence[Any]) -> int | str | None:
    """None where it is not to be told from others."""
    if not isinstance(category, dict):
        return None
    found = category.get("id")
    if isinstance(found, int | str):
        return found
    return _NAMELESS if len(categories) == 1 else None


def orders(
    categories: Sequence[Any],
    scheme: Scheme,
    source: Path,
    notes: list[str],
    has_regions: bool = False,
) -> dict[Any, list[int]]:
    """For each category that fits the scheme: the landmark that each of its keypoints is. None of
    the one whose boxes are the objects, where no category names keypoints."""
    found: dict[Any, list[int]] = {}
    misfits: list[str] = []
    nameless: list[str] = []
    for category in categories:
        names = category.get("keypoints") if isinstance(category, dict) else None
        if not isinstance(names, list) or not names:  # Datumaro and CVAT give [] to all others
            continue
        number = _id(category, categories)
        known, unknown = by_names(names, scheme)
        by_name = not unknown and len(set(known)) == len(names)
        in_order = len(unknown) == len(names) == len(scheme)
        if number is None and (by_name or in_order):
            nameless.append(f'"{category.get("name")}"')
        elif by_name:
            found[number] = known
        elif in_order:
            found[number] = list(range(len(scheme)))
            notes.append(
                f'The {len(names)} keypoints of category "{category.get("name")}" have other names '
                f"than the scheme's landmarks ({names[0]} for {scheme.landmarks[0]}, ...) and "
                "were taken in order."
            )
        else:
            first = unknown[0] if unknown else "the same name twice"
            misfits.append(f'"{first}"{closest(first, scheme.landmarks)}')
    if not found and nameless:
        raise FormatError(
            f"{source} has the keypoints of scheme {scheme.name} in category {nameless[0]}, which "
            "has no id and is one of several: which annotations are of it nobody can say.",
            remedy="Give it the id that its annotations have as category_id.",
        )
    if not found and not misfits and not has_regions:
        found = _boxed(categories, scheme, source, notes)
    if not found and not has_regions:
        wrong = f": {misfits[0]}" if misfits else ""
        raise FormatError(
            f"{source} has no category with the keypoints of scheme {scheme.name}{wrong}.",
            remedy="Import it into a project of its own scheme, or rename its keypoints.",
        )
    return found


def _boxed(
    categories: Sequence[Any], scheme: Scheme, source: Path, notes: list[str]
) -> dict[Any, list[int]]:
    """The category whose boxes are the scheme's objects: of its name, or the only one. Raises
    FormatError where nobody can say which it is."""
    known = [each for each in categories if isinstance(each, dict)]
    named = [(str(each.get("name")), _id(each, categories)) for each in known]
    alike = [each for each in named if each[0].casefold() == scheme.name.casefold()]
    chosen = alike if len(alike) == 1 else named
    if len(chosen) == 1 and chosen[0][1] is not None:
        name, number = chosen[0]
        notes.append(
            f'Category "{name}" of {source.name} names no keypoints: its boxes alone are '
            "taken, for landmarks to be placed in."
        )
        return {number: []}
    if not named:
        return {}
    told = first_few([f'"{name}"' for name, _ in named], _NAMED)
    raise FormatError(
        f"{source} has boxes alone: none of its categories names keypoints ({told}), and "
        "which of them are the objects to label it does not say.",
        remedy=f'Call that category "{scheme.name}" in the file, as the scheme is called, or keep '
        "no other in it: its boxes come in then, and wait for landmarks.",
    )
