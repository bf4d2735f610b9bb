"""A number of thousands of digits in a label file, which Python refuses to read."""

import re
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.vocabulary.errors import FormatError
from tests.unit.projects.exchange.codecs.labels_to_spoil import SCHEME, Labels

LONG = "7" * 5_000
SAID = "a number in it has thousands of digits"
WITH_JSON = {
    "coco": "labels.json",
    "via": "labels.json",
    "label-studio": "labels.json",
    "datumaro": "a.json",
    "labelme": "",
    "imagefolder": "",
}
"""And what the file is called; nothing where it is one of a folder."""


@pytest.mark.parametrize(("format", "name"), WITH_JSON.items())
def test_it_is_told_in_words(tmp_path: Path, format: str, name: str) -> None:
    Image.new("RGB", (50, 60)).save(tmp_path / "a.png")
    card, target = by_name(format), tmp_path / (name or "labels")
    assert card.writer is not None
    card.writer().write(target, [Labels(tmp_path, format).instance("a.png")], SCHEME)
    files = [target] if target.is_file() else [f for f in target.rglob("*.json*") if f.is_file()]
    for file in files:
        file.write_text(re.sub(r"(?<=: )\d+(?=[,\n}])", LONG, file.read_text(), count=1))
        assert LONG in file.read_text()
    try:
        contents = card.reader().read(target, SCHEME)
    except FormatError as error:
        reasons = [str(error)]
    else:
        reasons = [each.reason for each in contents.unreadable]
    assert reasons
    assert all(SAID in reason and "4300" not in reason for reason in reasons)


@pytest.mark.parametrize("ending", ["json", "toml"])
def test_a_scheme_file_is_refused_in_words(
    tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"scheme.{ending}"
    landmarks = '["a", "b"]'
    file.write_text(
        f'{{"name": "a", "landmarks": {landmarks}, "version": {LONG}}}'
        if ending == "json"
        else f'name = "a"\nlandmarks = {landmarks}\nversion = {LONG}\n'
    )
    assert run(["new", str(tmp_path / "project"), "--scheme", str(file)]) == 3
    assert SAID in " ".join(capsys.readouterr().err.split())
