"""A large JSON file, an element at a time: a list, or an object whose lists hold what there are
millions of.

Only where one element ends and the next begins is looked for here; each is then read as JSON by
itself. A whole pass says whether the file is whole before anything is made of it.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import orjson

from landmark_annotator.projects.exchange.codecs.common.text import readable
from landmark_annotator.projects.vocabulary.errors import FormatError, why

BEGIN = object()
_BLOCK = 1 << 20
_LARGEST = 1 << 28
"""Bytes of one element, or of all that is not in a list that is asked for."""
_SPACE = re.compile(rb"[ \t\r\n]*")
_PLAIN = re.compile(rb"[^ \t\r\n,\]}]*")
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_MARK = re.compile(rb'[\[\]{}]|"(?:[^"\\]*(?:\\.[^"\\]*)*")?', re.DOTALL)


def elements(source: Path, lists: Collection[str]) -> Iterator[tuple[str, Any]]:
    """The elements of these lists of the object in the file, each with its list's name, in their
    order in the file. A list that begins gives its name with `BEGIN` first; a value that is no list
    comes without.

    Raises FormatError where the file is no such object, not whole, or no UTF-8.
    """
    with readable(source), source.open("rb") as file:
        yield from _Reading(source, file).elements(lists)


def items(source: Path) -> Iterator[Any]:
    """The elements of the list that is in the file. Raises FormatError as `elements` does."""
    with readable(source), source.open("rb") as file:
        yield from _Reading(source, file).items()


def in_utf_16(source: Path) -> bool:
    try:
        with source.open("rb") as file:
            return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    except OSError:
        return False


class _Reading:
    def __init__(self, source: Path, file: Any) -> None:
        self._source, self._file = source, file
        self._text = b""
        self._at = 0

    def elements(self, lists: Collection[str]) -> Iterator[tuple[str, Any]]:
        self._begin(b"{", "it is no object")
        if self._next() == b"}":
            self._at += 1
        else:
            yield from self._members(lists)
        self._end_here()

    def items(self) -> Iterator[Any]:
        self._begin(b"[", "it is no list")
        yield from self._list()
        self._end_here()

    def _begin(self, bracket: bytes, otherwise: str) -> None:
        mark = self._file.read(len(codecs.BOM_UTF8))
        self._text = b"" if mark == codecs.BOM_UTF8 else mark
        if self._next() != bracket:
            raise self._odd(otherwise)
        self._at += 1

    def _end_here(self) -> None:
        if self._next():
            raise self._odd("something follows its end")

    def _members(self, lists: Collection[str]) -> Iterator[tuple[str, Any]]:
        while True:
            name = self._value() if self._next() == b'"' else None
            if not isinstance(name, str) or self._next() != b":":
                raise self._odd("a name is missing")
            self._at += 1
            if name in lists and self._next() == b"[":
                self._at += 1
                yield name, BEGIN
                for element in self._list():
                    yield name, element
            else:
                value = self._value()
                if name in lists:
                    yield name, value
            if self._ended(b"}"):
                return

    def _list(self) -> Iterator[Any]:
        if self._next() == b"]":
            self._at += 1
            return
        while True:
            yield self._value()
            if self._ended(b"]"):
                return

    def _ended(self, end: bytes) -> bool:
        """Past a comma, or past the end."""
        found = self._next()
        if found not in (b",", end):
            raise self._odd(
                "a comma is missing, or it is cut short" if found else "it is cut short"
            )
        self._at += 1
        return found == end

    def _next(self) -> bytes:
        """The next byte that is no space; empty at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found is not None else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def _value(self) -> Any:
        self._next()
        while (end := self._end()) is None:
            if not self._more():
                raise self._odd("it is cut short")
        piece = self._text[self._at : end]
        self._at = end
        return self._parsed(piece)

    def _parsed(self, piece: bytes) -> Any:
        try:
            return orjson.loads(piece)
        except ValueError:  # which takes neither NaN nor half a surrogate pair, nor long integers
            try:
                return json.loads(piece.decode("utf-8"))
            except (ValueError, RecursionError) as error:
                raise self._odd(why(error)) from error

    def _end(self) -> int | None:
        """Where the value ends that begins here; None where that is not in memory yet."""
        first = self._text[self._at : self._at + 1]
        if first == b'"':
            string = _STRING.match(self._text, self._at)
            return None if string is None else string.end()
        if first not in (b"[", b"{"):
            plain = _PLAIN.match(self._text, self._at)
            assert plain is not None  # it may be empty
            # It may go on in the next block.
            return plain.end() if plain.end() < len(self._text) else None
        depth = 0
        for found in _MARK.finditer(self._text, self._at):
            mark = found[0]
            if mark in (b"[", b"{"):
                depth += 1
            elif mark in (b"]", b"}"):
                depth -= 1
                if not depth:
                    return found.end()
            elif len(mark) == 1:  # a string that is not in memory to its end
                return None
        return None

    def _more(self) -> bool:
        """Reads on, twice as much as is waiting, so that a long value is not looked at often."""
        waiting = self._text[self._at :]
        if len(waiting) > _LARGEST:
            raise self._odd(f"one entry has more than {_LARGEST >> 20} MB")
        block = self._file.read(max(_BLOCK, len(waiting)))
        self._text, self._at = waiting + block, 0
        return bool(block)

    def _odd(self, why: str) -> FormatError:
        return FormatError(
            f"{self._source} is not JSON, or cut short: {why}.", remedy="Copy the file again."
        )
