from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.files import files_below


def test_images_and_their_folders_come_by_the_numbers_in_their_names(tmp_path: Path) -> None:
    names = ["day 2/mouse 1.png", "day 2/mouse 2.png", "day 2/mouse 10.png", "day 10/mouse 1.png"]
    for name in reversed(names):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    files, unreadable = files_below(tmp_path)
    assert [file.relative_to(tmp_path).as_posix() for file in files] == names
    assert not unreadable
