"""The first photographs of a real set, for tests that would only be slower with all of them."""

import shutil
from pathlib import Path


def few_faces(landmark_data: Path, part: str, count: int, folder: Path) -> Path:
    """So many of `faces68/part` with their points, copied into a new folder, which is returned."""
    folder.mkdir()
    for points in sorted((landmark_data / "faces68" / part).glob("*.pts"))[:count]:
        shutil.copy(points, folder)
        shutil.copy(points.with_suffix(".jpg"), folder)
    return folder
