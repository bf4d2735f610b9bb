"""Attacks: bytes of a sound file changed by chance, or its values replaced by odd ones."""

import json
import random
import re
from collections.abc import Iterator
from typing import Any

_PIECES = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\x1b"),
    *(b"nan", b"inf", b"-1", b"1e308", b"9e999", b"1e-400", b"0x1f", b"1_0", b"1,5", b"33."),
    *(b"9" * 5000, b"1" * 400 + b"x", b"[" * 2000, b"{" * 500, b"(" * 300, b" " * 3000),
    *(b'"', b"'", b",", b";", b"<", b">", b"&amp;", b"&#0;", b"<!DOCTYPE a [", b"../../..", b"/"),
    *(b"\\u0000", b"\\ud800", b"http://[x", b"*a", b"&a", b"!!int ''", b"null", b"true", b"{}"),
)
_ODD: tuple[Any, ...] = (
    *(None, True, [], {}, [[]], "", "\0", "\ud800", "../../x", "http://[x", "a" * 5000),
    *(-1, 0, 7, 10**30, 1e308, 1e12, -1e-320, float("inf"), float("nan"), [1, [2]], {"id": []}),
)
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")


def attacked(sound: bytes, other: bytes, chance: random.Random) -> bytes:
    """One to four changes, by a chance that is the same for the same seed."""
    if sound[:1] in (b"{", b"[") and chance.random() < 0.5:
        try:
            return _values_replaced(sound, chance)
        except ValueError:  # a value a line
            lines = sound.splitlines()
            place = chance.randrange(len(lines))
            lines[place] = _values_replaced(lines[place], chance)
            return b"\n".join(lines)
    content = sound
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        content = chance.choice(_CHANGES)(content, other, chance)
    return content


def _values_replaced(sound: bytes, chance: random.Random) -> bytes:
    content = json.loads(sound)
    places = list(_places(content))
    for _ in range(chance.choice((1, 1, 2, 3))):
        holder, key = chance.choice(places)
        what = chance.random()
        if what < 0.7:
            holder[key] = chance.choice(_ODD)
        elif what < 0.85 and isinstance(holder, dict):
            holder.pop(key, None)
        else:
            donor, from_key = chance.choice(places)
            try:
                holder[key] = donor[from_key]
            except (KeyError, IndexError):
                continue
    try:
        return json.dumps(content).encode()
    except (ValueError, RecursionError):  # a value that holds itself
        return sound


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _at(content: bytes, chance: random.Random) -> int:
    return chance.randrange(len(content) + 1)


def _flip(content: bytes, other: bytes, chance: random.Random) -> bytes:
    if not content:
        return content
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwrite(content: bytes, other: bytes, chance: random.Random) -> bytes:
    start = _at(content, chance)
    new = chance.choice((b"\0" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff", chance.randbytes(4)))
    return content[:start] + new + content[start + len(new) :]


def _cut(content: bytes, other: bytes, chance: random.Random) -> bytes:
    return content[: _at(content, chance)]


def _remove(content: bytes, other: bytes, chance: random.Random) -> bytes:
    start = _at(content, chance)
    return content[:start] + content[start + chance.choice((1, 2, 8, 64)) :]


def _repeat(content: bytes, other: bytes, chance: random.Random) -> bytes:
    start = _at(content, chance)
    part = content[start : start + chance.choice((1, 16, 200))]
    return content[:start] + part * chance.choice((2, 3, 20)) + content[start:]


def _insert(content: bytes, other: bytes, chance: random.Random) -> bytes:
    start = _at(content, chance)
    return content[:start] + chance.choice(_PIECES) + content[start:]


def _splice(content: bytes, other: bytes, chance: random.Random) -> bytes:
    return content[: _at(content, chance)] + other[_at(other, chance) :]


def _number(content: bytes, other: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(content[:100_000]))
    if not found:
        return content
    one = chance.choice(found)
    return content[: one.start()] + chance.choice(_PIECES) + content[one.end() :]


_CHANGES = (_flip, _flip, _overwrite, _cut, _remove, _repeat, _insert, _splice, _number, _number)
