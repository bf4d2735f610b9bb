"""Projects of kites."""

from collections.abc import Callable, Iterator
from pathlib import Path

import kites
import pytest

from projects.store import ImageRecord, InstanceRecord, Project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kites"


@pytest.fixture
def project(folder: Path) -> Iterator[Project]:
    with Project.create(folder, kites.SCHEME) as opened:
        yield opened


@pytest.fixture
def add_image(project: Project) -> Callable[[str], ImageRecord]:
    def add(name: str) -> ImageRecord:
        return project.add_image(project.folder / name, kites.Facts(f"hash of {name}"))

    return add


@pytest.fixture
def kite(project: Project, add_image: Callable[[str], ImageRecord]) -> InstanceRecord:
    """An instance of which nothing is stored yet."""
    return project.add_instance(add_image("kite.png").id, kites.BOX, who="ada")
