"""Columns of other people's tables as those of `csv_table`: as they are told, or by their names.

Told, an assignment is OURS=THEIRS, such as `image=Filename`; {} stands for a landmark's name, as in
`{}.x={} (px)`. By their names: the image's column is called file, path, photo or the like, and
those of landmarks `nose_x`, `nose x`, `x_nose`, `nose-y` and so on; names of landmarks are compared
without regard to case and to what stands between their words. Tables with a row a landmark have the
columns image, landmark, x and y, and may have visibility, provenance, source and object, which
tells the objects of an image apart.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from landmark_annotator.projects.vocabulary.errors import FormatError, closest

DELIMITERS = ("\t", ";", "|", ",")
"""In the order in which they are taken where two are there as often: names have commas in them
sooner than the others."""
_SAID = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_IMAGES = (
    *("image", "filename", "file", "photo", "photograph", "picture", "path", "img"),
    *("imagename", "filepath", "imagepath", "imagefile", "imagefilename", "name"),
)
_LANDMARKS = ("landmark", "bodypart", "keypoint", "label", "point", "part")
_PARTS = {"x": "x", "y": "y", "v": "visibility", "vis": "visibility", "visibility": "visibility"}
_BETWEEN = r"[ ._:/\-]+"
_AFTER = re.compile(rf"(.+?){_BETWEEN}(x|y|v|vis|visibility)", re.IGNORECASE)
_BEFORE = re.compile(rf"(x|y){_BETWEEN}(.+)", re.IGNORECASE)
_OF_A_LANDMARK = ("landmark", "x", "y", "visibility", "provenance", "object")
_PLACE = "{}"


@dataclass(frozen=True)
class Columns:
    """assigned: (ours, theirs), as they were told."""

    assigned: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> "Columns":
        """OURS=THEIRS, with commas between them. Raises FormatError."""
        pairs = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            ours, equals, theirs = (word.strip() for word in part.partition("="))
            if not equals or not ours or not theirs or (_PLACE in ours) != (_PLACE in theirs):
                raise FormatError(
                    f'"{part}" does not say which column is which.',
                    remedy="Write OURS=THEIRS, such as image=Filename,{}.x={}_X,{}.y={}_Y.",
                )
            pairs.append((ours, theirs))
        return cls(tuple(pairs))

    def of(self, header: Sequence[str], landmarks: Sequence[str] | None) -> list[str]:
        """Our name for each of their columns; its own for one that was not spoken of. What was told
        of one column alone goes before what was told of many.

        Raises FormatError for a column that is not there, for one of which two things were told,
        and where none is left to name the images.
        """
        names, told = list(header), dict[int, str]()
        of_many = [pair for pair in self.assigned if _PLACE in pair[1]]
        for ours, theirs in [*(one for one in self.assigned if one not in of_many), *of_many]:
            pattern = re.compile(re.escape(theirs).replace(re.escape(_PLACE), "(.+)"))
            found = [(i, pattern.fullmatch(name)) for i, name in enumerate(header)]
            fitting = [(i, match) for i, match in found if match is not None]
            if not fitting:
                raise FormatError(
                    f'There is no column "{theirs}".{closest(theirs, header)}',
                    remedy=f"The columns are: {', '.join(header)}.",
                )
            assignment = f"{ours}={theirs}"
            for i, match in fitting:
                if i in told and _PLACE in theirs and _PLACE not in told[i]:
                    continue
                others = names[:i] + names[i + 1 :]
                only_image = header[i] == "image" != ours and "image" not in others
                if i in told or only_image:
                    raise _taken(header[i], assignment, told.get(i))
                told[i] = assignment
                name = _landmark(match[1], landmarks) if _PLACE in theirs else ""
                names[i] = ours.replace(_PLACE, name)
        return names


def _taken(column: str, assignment: str, before: str | None) -> FormatError:
    """before: what else was told of the column; None where it is the one that names the images."""
    other = "it names the images" if before is None else f"so does {before}"
    return FormatError(
        f'{assignment} takes the column "{column}" for itself, and {other}.',
        remedy="Say more of what its columns are called, such as {}.x={}_X.",
    )


def delimiter_of(text: str) -> str:
    """What stands between the names of the first line: of those that may, the one that is there
    most often."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\ufeff").split("\n", 1)[0])
    return max(DELIMITERS, key=first.count)


def said_delimiter(line: str) -> str | None:
    """What Excel's own first line, `sep=;` before the names, says; None where it is another."""
    match = _SAID.fullmatch(line.lstrip("\ufeff").rstrip("\r\n"))
    return match and match[1]


def guessed(header: Sequence[str], landmarks: Sequence[str] | None) -> list[str] | None:
    """Our names for columns that say by theirs what they are; None where they do not."""
    images = [i for name in _IMAGES for i, own in enumerate(header) if _plain(own) == name]
    if not images:
        return None
    names = list(header)
    names[images[0]] = "image"
    if sum(_plain(name) in ("x", "y") for name in header) == 2:
        places = [i for i, name in enumerate(header) if _plain(name) in _LANDMARKS]
        if len(places) != 1:
            return None
        names[places[0]] = "landmark"
        return [_plain(name) if _plain(name) in _OF_A_LANDMARK else name for name in names]
    pairs = 0
    for i, name in enumerate(header):
        after, before = _AFTER.fullmatch(name), _BEFORE.fullmatch(name)
        if i == images[0] or (after is None and before is None):
            continue
        landmark, part = (after[1], after[2]) if after else (before[2], before[1])  # type: ignore[index]
        names[i] = f"{_landmark(landmark, landmarks)}.{_PARTS[part.lower()]}"
        pairs += part.lower() in ("x", "y")
    return names if pairs >= 2 else None


def is_long(names: Sequence[str]) -> bool:
    return {"image", "landmark", "x", "y"} <= set(names)


def gathered(
    names: Sequence[str], rows: Sequence[tuple[int, Mapping[str, str]]]
) -> tuple[list[str], list[tuple[int, Mapping[str, str]]]]:
    """A table with a row a landmark as one with a row an object, of the object's first line.

    Raises FormatError where a landmark of an object is there twice.
    """
    own = [name for name in names if name not in _OF_A_LANDMARK]
    parts = [name for name in ("x", "y", "visibility", "provenance") if name in names]
    objects: dict[tuple[str, ...], tuple[int, dict[str, str]]] = {}
    landmarks: dict[str, None] = {}
    for line, row in rows:
        key = tuple(row.get(name, "") for name in ("image", "frame", "source", "track", "object"))
        _, found = objects.setdefault(key, (line, {name: row[name] for name in own}))
        landmark = row["landmark"].strip()
        landmarks[landmark] = None
        if f"{landmark}.x" in found:
            raise FormatError(
                f'Line {line}: "{landmark}" of {row["image"]} is there twice.',
                remedy="A column object tells the objects of an image apart.",
            )
        found |= {f"{landmark}.{part}": row[part] for part in parts}
    header = [*own, *(f"{landmark}.{part}" for landmark in landmarks for part in parts)]
    empty = dict.fromkeys(header, "")
    return header, [(line, {**empty, **found}) for line, found in objects.values()]


def said(header: Sequence[str], names: Sequence[str], known: Collection[str]) -> Iterator[str]:
    """A line a column that does not speak for itself: what it was taken for. known: what of it is
    read."""
    for theirs, ours in zip(header, names, strict=True):
        if ours not in known:
            yield f'"{theirs}": passed over'
        elif ours != theirs and not speaks_for_itself(theirs, ours):
            yield f'"{theirs}": {ours}'


def speaks_for_itself(theirs: str, ours: str) -> bool:
    """Whether it has the landmark's own name beside x or y, as `nose_x` and `x nose` have."""
    landmark, _, part = ours.rpartition(".")
    after, before = _AFTER.fullmatch(theirs), _BEFORE.fullmatch(theirs)
    written = [(m[1], m[2]) for m in (after,) if m] + [(m[2], m[1]) for m in (before,) if m]
    return part in ("x", "y") and (landmark, part) in [(a, b.lower()) for a, b in written]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _words(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.lower()).strip()


def _landmark(written: str, landmarks: Sequence[str] | None) -> str:
    """The landmark that is written so, exactly or but for case and what is between its words."""
    if landmarks is None or written in landmarks:
        return written
    alike = [name for name in landmarks if _words(name) == _words(written)]
    return alike[0] if len(alike) == 1 else written
