"""What `pip install` of a built package brings: all that a checkout has."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("annotator", "backends", "projects")


def test_a_wheel_holds_every_file_of_the_rooms(tmp_path: Path) -> None:
    source = tmp_path / "source"
    tracked = _git("ls-files").splitlines()
    for name in tracked:
        if name.split("/")[0] not in ("tests", "docs"):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name, follow_symlinks=False)
    quietly = ("--no-build-isolation", "--quiet", "--wheel-dir", str(tmp_path))
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", *quietly],
        cwd=source,
        check=True,
        capture_output=True,
        text=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        held = set(packed.namelist())
    wanted = {f"landmark_annotator/{name}" for name in tracked if name.split("/")[0] in ROOMS}
    assert sorted(wanted - held) == []


def _git(*words: str) -> str:
    ran = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return ran.stdout
