"""The recipes of CONTRIBUTING.md do what they say, and what it names is there."""

import ast
import re
import shutil
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.framework import runner
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.backends import registry as backend_registry
from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.exchange import registry as format_registry
from landmark_annotator.projects.exchange.capabilities import Carries
from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.samples import create_sample_project
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.schema import revisions
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")


def recipes(title: str) -> list[tuple[str, str]]:
    """(what the first comment says, the code) of the blocks under a heading."""
    section = TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```python\n# (.*?)\n(.*?)```", section, re.DOTALL)
    assert blocks
    return blocks


def module_of(path: str, code: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """As if the file of the recipe were there."""
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    name = f"landmark_annotator.{name}"
    module = ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(code, path, "exec"), module.__dict__)
    return module


def value_of(code: str, **names: Any) -> Any:
    """Of the last expression."""
    return eval(compile(ast.Expression(ast.parse(code).body[-1].value), "recipe", "eval"), names)  # type: ignore[attr-defined]


@pytest.fixture
def project(tmp_path: Path) -> Any:
    with create_sample_project(tmp_path / "heads") as made:
        yield made


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/.]+/[\w.]*)`", TEXT))))
def test_what_it_names_is_there(name: str) -> None:
    rooms = ("", "projects/store", "projects/exchange", "projects/budgets", "backends")
    rooms += ("backends/shapes", "backends/learning", "annotator/gui", "tests")
    assert any((REPOSITORY / room / name).exists() for room in rooms), name


def test_every_room_is_on_the_map() -> None:
    for root in ("projects", "backends", "annotator"):
        for folder in (REPOSITORY / root).iterdir():
            if (folder / "__init__.py").is_file():
                assert f"`{root}/{folder.name}/`" in TEXT


def test_a_backend(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path, code), (_, card) = recipes("A backend")
    module_of(path, code, monkeypatch)
    backend = value_of(card, Backend=Backend)
    monkeypatch.setattr(backend_registry, "BACKENDS", (*backend_registry.BACKENDS, backend))
    labelled = [
        LabelledInstance(project.image(record.image_id).path, record.box, shape, str(record.id))
        for record, shape in project.shapes()
        if record.box is not None
    ]

    found = backend_registry.backend_named("mean")
    found.train(labelled, project.scheme, tmp_path / "mean", {}, SILENT)
    model = found.load(tmp_path / "mean", project.scheme)
    proposal = model.propose(np.zeros((8, 8, 3), np.uint8), labelled[0].box)

    off = proposal.given([]).points - labelled[0].shape.points
    assert np.linalg.norm(off, axis=1).mean() < 0.1 * labelled[0].box.diagonal


def test_a_label_format(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path, code), (_, card) = recipes("A label format")
    module_of(path, code, monkeypatch)
    made = value_of(card, Format=Format, Carries=Carries, import_module=import_module)
    monkeypatch.setattr(format_registry, "_FORMATS", (made, *format_registry.formats()))

    export_labels(project, tmp_path / "heads.txt", format="points")
    with Project.create(tmp_path / "again", project.scheme) as again:
        import_labels(again, tmp_path / "heads.txt", who="ada")
        shapes = [shape.points.tolist() for _, shape in again.shapes()]

    assert shapes == [shape.points.tolist() for _, shape in project.shapes()]


def test_a_page(project: Project, monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> None:
    from landmark_annotator.annotator.gui.window import action_table, key_bindings, main_window
    from landmark_annotator.annotator.gui.window.page_table import PAGES, PageCard

    (path, code), (_, card) = recipes("A page")
    page = module_of(path, code, monkeypatch)
    made = value_of(card, PageCard=PageCard, CountPage=page.CountPage)
    monkeypatch.setattr(main_window, "PAGES", (*PAGES, made))
    cards = (*action_table.ACTIONS, made.action)
    for module in (action_table, key_bindings, main_window):
        monkeypatch.setattr(module, "ACTIONS", cards)

    window = main_window.MainWindow(project, who="ada")
    qtbot.addWidget(window)
    window.pages.turn_to("count")

    assert window.pages.page("count").label.text() == f"{len(project.images())} images"
    window.close()


def test_a_protocol(monkeypatch: pytest.MonkeyPatch, landmark_data: Path) -> None:
    (path, code), (_, line) = recipes("A protocol")
    module_of(path, code, monkeypatch)
    monkeypatch.setattr(runner, "PROTOCOLS", dict(runner.PROTOCOLS) | value_of(line))

    result = runner.evaluate("spread", Options(images=3), "annotator evaluate spread", SILENT)

    assert result.figures["spread/mean"] > 0


def test_a_column_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ((_, code),) = recipes("A column of the store")
    newest = max(path.stem for path in (revisions.MIGRATIONS / "versions").glob("schema_*.py"))
    newest = newest.removeprefix("schema_")
    following = f"{int(newest) + 1:04}"
    Project.create(tmp_path / "heads", Scheme("dot", ("only",))).close()
    copy = tmp_path / "migrations"
    shutil.copytree(revisions.MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    code = code.replace("NEXT", following).replace("NEWEST", newest)
    (copy / "versions" / f"schema_{following}.py").write_text(code)
    monkeypatch.setattr(revisions, "MIGRATIONS", copy)

    with Project.open(tmp_path / "heads") as project, project.transaction() as connection:
        found = connection.exec_driver_sql("SELECT brightness FROM images").all()

    assert found == []
