"""The site of docs/ can be made, needs no network, and every piece of code on it runs."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.main import run
from tests.end_to_end import wings

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [
    path
    for path in sorted(DOCS.rglob("*.md"))
    # `test_api_examples` runs those, and looks at what they leave.
    if path.stem != "from_python" and BLOCK.search(path.read_text(encoding="utf-8"))
]
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made as `make docs` makes it: a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(DOCS), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_no_page_loads_anything_from_a_network(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > len(list(DOCS.rglob("*.md"))) + len(NOTEBOOKS)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loads = re.findall(r"<(?:script|img|link|iframe)\b[^>]*(?:src|href)=\"(\w+:)?//", text)
        assert not loads, page.name


def test_what_a_page_takes_from_elsewhere_is_there(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert "{{" not in page.read_text(encoding="utf-8"), page.name
    for name, words in (
        ("reference/commands", "annotator restore"),
        ("reference/formats", "imglab"),
        ("reference/api", "landmark_annotator.projects.store.Project.accept"),
        ("mathematics", "<math"),
        ("results", "<polyline"),
    ):
        assert words in (site / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    wings.furnish(folder)
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_code_of_a_page_runs(
    page: Path,
    furnished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One piece after the other in one folder. A `text` after commands is what they print."""
    folder = tmp_path / "here"
    shutil.copytree(furnished, folder)
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "page"}
    said = ""
    for language, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "shell":
            capsys.readouterr()
            for line in code.replace("\\\n", " ").splitlines():
                _command(line, monkeypatch)
            said = " ".join(capsys.readouterr().out.split())
        elif language == "python":
            exec(compile(code, page.name, "exec"), names)
        elif language == "text":
            for line in code.splitlines():
                assert " ".join(line.split()) in said
        else:
            name = re.match(r"# (\S+)\n", code)
            assert name, f"a block in {language} names its file"
            Path(name[1]).write_text(code, encoding="utf-8")


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(
    notebook: Path,
    furnished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shipped_weights: None,
) -> None:
    """Cell after cell in one folder, as Jupyter does; nothing that they print is kept in it."""
    folder = tmp_path / "here"
    shutil.copytree(furnished, folder)
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            exec(compile("".join(cell["source"]), notebook.name, "exec"), names)
    for written in filter(Path.exists, [Path("faces.json")]):
        assert json.loads(written.read_text(encoding="utf-8"))["annotations"], "only images"


def test_there_are_four_notebooks() -> None:
    assert len(NOTEBOOKS) == 4


def _command(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = shlex.split(line, comments=True)
    if words and words[0].startswith("ANNOTATOR_NAME="):
        monkeypatch.setenv(*words.pop(0).split("=", 1))
    if words:
        assert words.pop(0) == "annotator"
        assert run(words) == 0, line
