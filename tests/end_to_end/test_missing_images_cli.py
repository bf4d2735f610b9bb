"""Labels of images that are not there, at a terminal."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.main import run


def test_what_to_do_about_missing_images_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "names.txt").write_text("one\ntwo\n")
    rows = "".join(f"{number}.png,1,2,3,4\n" for number in range(3))
    (tmp_path / "labels.csv").write_text("image,one.x,one.y,two.x,two.y\n" + rows)
    project = str(tmp_path / "pairs")
    run(["new", project, "--scheme", str(tmp_path / "names.txt")])
    run(["import", project, str(tmp_path / "labels.csv")])
    said = capsys.readouterr().err
    assert said.count("There is no image") == 3
    assert said.count("Put the file") == 1
    assert "3 of them are missing" in said
    assert "--images FOLDER" in said
