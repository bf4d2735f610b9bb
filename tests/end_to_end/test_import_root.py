"""All that is installed stands under one name, so that folders of a user's may have any other."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PARTS = ("annotator", "backends", "projects")


@pytest.mark.parametrize("part", PARTS)
def test_the_import_root_leads_to_the_folders_of_the_repository(part: str) -> None:
    assert (REPOSITORY / ".root" / "landmark_annotator" / part).resolve() == REPOSITORY / part


def test_a_folder_with_packages_of_the_same_names_is_no_obstacle(tmp_path: Path) -> None:
    for part in PARTS:
        (tmp_path / part).mkdir()
        (tmp_path / part / "__init__.py").write_text("raise RuntimeError('of the user')\n")
    command = [sys.executable, "-m", "landmark_annotator", "formats"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "coco" in done.stdout
