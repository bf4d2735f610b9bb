"""Wrong values of options: told before anything is done, with what to do."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that one is in, with the project `pairs` of an accepted pair, the table `rows.csv`,
    labels in `labels.json`, and `empty.toml`."""
    Image.new("RGB", (50, 60)).save(tmp_path / "a.png")
    with Project.create(tmp_path / "pairs", Scheme("pair", ("one", "two"))) as made:
        image = made.add_image(tmp_path / "a.png", examine(tmp_path / "a.png"))
        record = made.add_instance(image.id, Box(20, 20, 9, 9), who="anna")
        made.accept(record.id, Shape(np.array([[1.5, 2.5], [3.5, 4.5]])), who="anna")
    (tmp_path / "rows.csv").write_text("image,one.x,one.y\na.png,1,2\n")
    (tmp_path / "labels.json").write_text(json.dumps({"images": [], "annotations": []}))
    (tmp_path / "empty.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*")}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import", "pairs", ""), "it is empty"),
        (("import", "", "a.png"), "it is empty"),
        (("import", "pairs", "rows.csv", "--images", ""), "it is empty"),
        (("import", "pairs", "rows.csv", "--images", "none"), "There is no folder none"),
        (("import", "pairs", "rows.csv", "--as-proposals", "--images", "none"), "no folder none"),
        (("import", "pairs", "labels.json", "--columns", "image=a"), "is no table"),
        (("import", "pairs", "rows.csv", "--as", "empty.toml"), "empty.toml is no mapping"),
        (("export", "pairs", "", "--format", "csv"), "it is empty"),
        (("export", "pairs", "rows.csv", "--format", "pts"), "is a file, and pts is written as"),
        (("export", "pairs", "o.csv", "--format", "csv", "--shard-size", "5"), "not written in"),
        (("export", "pairs", "o.csv", "--format", "csv", "--annotator", ""), '"" has labelled'),
        (("export", "pairs", "o.csv", "--format", "csv", "--images-root", ""), "it is empty"),
        (("export", "pairs", "o.csv", "--format", "csv", "--images-root", "no"), "no folder no"),
        (("export", "pairs", "o.csv", "--format", "csv", "--images-root", "pairs"), "not below"),
        (
            ("export", "pairs", "o.csv", "--format", "csv", "--split", "80/20", "--group", ""),
            "pattern is empty",
        ),
        (
            ("export", "pairs", "o.csv", "--format", "csv", "--split", "80/20", "--group", "x_"),
            "fits none of 1 image",
        ),
        (("train", "pairs", "--backend", ""), 'no backend ""'),
        (("train", "pairs", "--seed", "99999999999999999999999"), "--seed"),
        (("propose", "pairs", "--results", "parts"), "--shard"),
        (("find", "pairs", "--results", "parts"), "--shard"),
        (("fill", "pairs", "--results", "parts"), "--shard"),
        (("simulate", "pairs", "--results", "parts"), "--shard"),
        (("agreement", "pairs", "--ask", "1", "--between", "ada", "bob"), "--between"),
        (("agreement", "pairs", "--ask", "1", "--flag"), "--flag"),
        (("propose", "pairs", "--aside", "theirs"), 'the name "theirs"'),
        (("assign", "pairs", "--seed", "3000000000"), "--seed"),
        (("certify", "pairs", "--seed", "3000000000"), "--seed"),
        (("plan", "pairs", "--clicks", "99999999999999999999999"), "e+23 clicks is none"),
        (("budget", "pairs", "--json", "."), "Is a directory"),
        (("budget", "pairs", "--plot", "/"), "Is a directory"),
        (("sources", "--cache-limit", "20", "GB"), "unit is missing"),
        (("rule", "pairs", "--give-up", "--apply"), "goes not with --apply"),
        (("rule", "pairs", "--give-up", "--right"), "goes not with --right"),
        (("rule", "pairs", "--give-up", "--anew"), "goes not with --anew"),
        (("scheme", "pairs", "--add-region", "x", "--sliders", "s.csv", "--yes"), "--sliders"),
        (("scheme", "pairs", "--add-region", "x", "--rename", "one=two"), "--rename"),
        (("evaluate", "accuracy", "--seed", "-1"), "--seed"),
        (("evaluate", "accuracy", "--jitter", "inf"), "--jitter"),
        (("evaluate", "accuracy", "--backend", ""), 'no backend ""'),
        (("evaluate", "accuracy", "--project", "none"), "There is no project none"),
        (("evaluate", "accuracy", "--work", "rows.csv"), "--work"),
        (("evaluate", "accuracy", "--json", "pairs"), "is a folder"),
        (("evaluate", "accuracy", "--json", "rows.csv/x.json"), "--json"),
        (("evaluate", "accuracy", "--plot", "x.png"), "only latency"),
        (("evaluate", "latency", "--plot", "none/x.png"), "no folder none"),
        (("evaluate", "latency", "--plot", "x.svg"), "x.svg names no picture"),
        (("evaluate", "accuracy", "--results", "none"), "holds no parts"),
        (("evaluate", "accuracy", "--compare", "labels.json"), "is not the result of a protocol."),
        (("demo", "--screenshot", "x.png", "--page", "lable", "--folder", "new"), 'mean "label"'),
        (("interpret", "heatmap", "--out", "rows.csv"), "--out"),
        (("interpret", "heatmap", "--work", "rows.csv/kept"), "--work"),
    ],
)
def test_a_wrong_value_is_told_and_changes_nothing(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    before = files(place)

    assert run(list(arguments)) in (2, 3)

    told = capsys.readouterr()
    assert said in " ".join(told.err.replace("│", " ").split())
    assert told.out == ""
    assert files(place) == before
