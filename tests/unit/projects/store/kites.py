"""What the tests of the store label: kites, with five landmarks."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SCHEME = Scheme("kite", ("top", "right", "bottom", "left", "tail"), partners=((1, 3),))
BOX = Box(50.0, 40.0, 60.0, 60.0, 0.25)
POINTS = np.array([[50.0, 10.5], [80.0, 40.0], [50.0, 70.0], [20.0, 40.0], [50.0, 79.0]])
ACCEPTED = Shape(
    POINTS,
    visibility=np.array([2, 2, 1, 2, 2]),
    provenance=(Provenance.CLICKED, *[Provenance.INFERRED] * 4),
    covariances=np.arange(20.0).reshape(5, 2, 2) + np.arange(20.0).reshape(5, 2, 2).mT,
)
TOP, RIGHT, BOTTOM, LEFT, TAIL = range(5)


@dataclass(frozen=True)
class Facts:
    """Of an image that need not exist: the store takes the word of whoever examined it."""

    sha256: str
    width: int = 100
    height: int = 80


def rows(folder: Path, query: str) -> list[Any]:
    """Straight from the database file, past the code under test."""
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        return connection.execute(query).fetchall()
