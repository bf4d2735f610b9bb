"""Videos that the tests encode themselves."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.projects.video.encoded import encode


@pytest.fixture
def video(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str = "clip.mp4", **how: object) -> Path:
        return encode(tmp_path / name, **how)  # type: ignore[arg-type]

    return make
