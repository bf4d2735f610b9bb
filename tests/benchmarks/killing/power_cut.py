"""What a disk holds after a power cut, from a record of what a session made it keep.

A disk owes nothing but what was synced. The bytes of a file are those of its last fsync, and of
what was written since any pages, one of them torn at the edge of a sector; a file that was never
synced may be empty, or zeros. The names of a folder are those of its last fsync, and of what became
of them since the first few changes, as file systems with a journal keep their order; each folder
stands for itself. That is less than ext4, XFS, Btrfs, APFS or NTFS promise, which keep the names of
a file that is synced, too.
"""

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAGE, SECTOR = 4096, 512


@dataclass(eq=False)
class _File:
    durable: bytes = b""
    now: bytes | None = None
    """None: it had no name any more when the power went."""


@dataclass(eq=False)
class _Folder:
    durable: dict[str, "_File | _Folder"] = field(default_factory=dict)
    now: dict[str, "_File | _Folder"] = field(default_factory=dict)
    pending: "list[_Change]" = field(default_factory=list)


_Names = Sequence[tuple[_Folder, str, "_File | _Folder | None"]]


@dataclass(eq=False)
class _Change:
    """Of names, all at once: each folder's name and what it stands for from then on."""

    names: _Names
    done: bool = False

    def reach_the_disk(self) -> None:
        if not self.done:
            self.done = True
            for folder, name, what in self.names:
                if what is None:
                    folder.durable.pop(name, None)
                else:
                    folder.durable[name] = what


class Disk:
    """Of one folder. What is there when it is made has reached the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._tree = self._read(root)

    def cut(self, record: Path, chance: random.Random) -> None:
        """The folder is then what a power cut left of it. record: of `record_to`."""
        for line in (record / "log").read_text(encoding="utf-8").splitlines():
            what, one, other = line.split("\t")
            self._happened(what, one, other, record)
        self._look(self._tree, self._root)
        shutil.rmtree(self._root)
        self._write(self._tree, self._root, chance)

    def _read(self, path: Path) -> _Folder:
        found = _Folder()
        for entry in path.iterdir():
            if entry.is_dir():
                found.durable[entry.name] = self._read(entry)
            else:
                content = entry.read_bytes()
                found.durable[entry.name] = _File(content, content)
        found.now = dict(found.durable)
        return found

    def _happened(self, what: str, one: str, other: str, record: Path) -> None:
        folder, name = self._place(one)
        if folder is None:
            return
        if what == "s":
            file = folder.now.setdefault(name, _File())
            if isinstance(file, _File):
                file.durable = (record / other).read_bytes()
        elif what == "d":
            synced = folder.now.get(name) if name else folder
            for change in synced.pending if isinstance(synced, _Folder) else ():
                change.reach_the_disk()
        elif what == "u":
            self._change([(folder, name, None)])
        elif what in "cm":
            self._change([(folder, name, _File() if what == "c" else _Folder())])
        else:
            into, new = self._place(other)
            moved = folder.now.get(name)
            if into is not None and moved is not None:
                left = [(folder, name, None)] if what == "r" else []
                self._change([*left, (into, new, moved)])

    def _place(self, path: str) -> tuple[_Folder | None, str]:
        """A name and the folder that has it; None where that is not looked at."""
        if path == str(self._root):
            return self._tree, ""
        if not Path(path).is_relative_to(self._root):
            return None, ""
        *parents, name = Path(path).relative_to(self._root).parts
        folder = self._tree
        for parent in parents:
            inner = folder.now.get(parent)
            if not isinstance(inner, _Folder):
                return None, ""
            folder = inner
        return folder, name

    @staticmethod
    def _change(names: _Names) -> None:
        change = _Change(names)
        for folder, name, what in names:
            folder.pending.append(change)
            if what is None:
                folder.now.pop(name, None)
            else:
                folder.now[name] = what

    def _look(self, folder: _Folder, path: Path) -> None:
        """What the files hold, whether or not it has reached the disk."""
        for name, what in folder.now.items():
            if isinstance(what, _Folder):
                self._look(what, path / name)
            elif (path / name).is_file():
                what.now = (path / name).read_bytes()

    def _write(self, folder: _Folder, path: Path, chance: random.Random) -> None:
        path.mkdir(parents=True)
        waiting = [change for change in folder.pending if not change.done]
        for change in waiting[: chance.randint(0, len(waiting))]:
            change.reach_the_disk()
        for name, what in folder.durable.items():
            if isinstance(what, _Folder):
                self._write(what, path / name, chance)
            else:
                now = what.durable if what.now is None else what.now
                (path / name).write_bytes(survived(what.durable, now, chance))


def survived(durable: bytes, now: bytes, chance: random.Random) -> bytes:
    """What is left of a file: of each page what was synced, or what was written since."""
    if durable == now:
        return now
    size = chance.choice((len(durable), len(now)))
    share = chance.choice((0.0, 0.5, 1.0))
    pages = range(0, size, PAGE)
    torn = chance.choice(pages) if pages else -1
    found = bytearray()
    for page in pages:
        step = SECTOR if page == torn else PAGE
        for start in range(page, min(page + PAGE, size), step):
            end = min(start + step, size)
            source = now if chance.random() < share else durable
            found += source[start:end].ljust(end - start, b"\0")
    return bytes(found)
