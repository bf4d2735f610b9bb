"""The examples for scripts do what their page says."""

import importlib
import inspect
import json
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "from_python.md"
SECTION = PAGE.read_text(encoding="utf-8")
MODULES = re.findall(r"`(landmark_annotator\.(?:projects|backends)\.\w+)`", SECTION)


def test_the_examples_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    examples = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
    assert len(examples) == 7

    for number, example in enumerate(examples):
        exec(compile(example, f"example {number}", "exec"), names)

    parts = [json.loads((tmp_path / f"heads-{n}.json").read_text()) for n in ("train", "test")]
    assert [len(part["annotations"]) > 0 for part in parts] == [True, True]
    assert (tmp_path / "heads.datasheet.md").is_file()
    assert (tmp_path / "five.csv").read_text().count(".provenance") == 5
    said = capsys.readouterr().out
    assert "['accepted', 'accepted', 'accepted', 'started']" in said
    assert "['accepted', 'accepted', 'accepted', 'accepted']" in said
    assert "proposing " in said
    assert "torch.Size([8, 3, 96, 96]) torch.Size([8, 68, 2])" in said


@pytest.mark.parametrize("name", MODULES)
def test_public_names_are_there_and_documented(name: str) -> None:
    module = importlib.import_module(name)

    assert module.__all__
    for public in module.__all__:
        value = getattr(module, public)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__doc__, f"{name}.{public}"


def test_there_are_public_modules() -> None:
    assert len(MODULES) == 7
