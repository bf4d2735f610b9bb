"""What the README says is so."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from landmark_annotator.annotator.cli.main import app
from landmark_annotator.annotator.gui.window.action_table import ACTIONS
from landmark_annotator.projects.exchange import formats
from landmark_annotator.projects.exchange.capabilities import markdown
from landmark_annotator.projects.vocabulary import Scheme

REPOSITORY = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def readme() -> str:
    return (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_its_table_has_exactly_the_commands_that_there_are(readme: str) -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert re.findall(r"^\| `annotator (\w+)", readme, re.MULTILINE) == list(commands)


def test_its_table_says_of_every_format_what_it_holds(readme: str) -> None:
    assert markdown((card.name, card.carries) for card in formats() if card.carries) in readme


def test_its_scheme_can_be_loaded(readme: str) -> None:
    [text] = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert len(Scheme.from_dict(tomllib.loads(text))) == 4


def test_it_has_a_key_of_every_action(readme: str) -> None:
    shown = set(re.findall(r"`([^`]+)`", readme.split("## Keys")[1].split("\n## ")[0]))
    named = {"Return": "Enter"}
    for card in ACTIONS:
        assert shown & {named.get(key, key) for key in card.keys}, card.title


def test_its_picture_is_there(readme: str) -> None:
    for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme):
        assert (REPOSITORY / target).is_file()


def test_its_figures_are_those_of_the_committed_results(readme: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "clicks.json").read_text())["figures"]
    for start, rule in (
        ("NME when the others follow", "mixture"),
        ("NME when only that point moves", "manual"),
        ("NME with the paper's rule, which only drops classes", "hard"),
    ):
        errors = [figures[f"clicks/{rule}/worst/nme"][clicks] for clicks in (0, 1, 2, 3, 5, 10)]
        assert f"| {start} | " + " | ".join(f"{e:.2f}" for e in errors) + " |" in readme
    needed = [
        figures[f"clicks/{run}/noc_nme3.5"]
        for run in ("mixture/worst", "mixture/query", "manual/worst")
    ]
    for clicks in needed:
        assert f"{clicks:.2f}" in readme


def test_its_clicks_on_contours_are_those_of_the_committed_results(readme: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "contours.json").read_text())["figures"]
    for limit in (10, 7, 5):
        exact, contour = (f"contours/{way}/{limit}" for way in ("exact", "contour"))
        numbers = [figures[f"{way}/per_face"] for way in (exact, contour)]
        row = f"| {limit} % | {figures[f'{exact}/no_click']:.1f} % | {numbers[0]:.2f} | "
        assert row + f"{numbers[1]:.2f} |" in readme


def test_its_gestures_are_those_of_the_committed_results(readme: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "gestures.json").read_text())["figures"]
    for limit in (10, 7, 5):
        ways = ("today/{}/per_face", "sheet/{}/drawn", "sheet/{}/per_face", "sheet/{}/boxes_given")
        numbers = [f"{figures[f'gestures/{way.format(limit)}']:.2f}" for way in ways]
        assert f"| {limit} % | " + " | ".join(numbers) + " |" in readme


def test_what_it_says_of_the_finder_is_its_committed_result(readme: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "finder.json").read_text())["figures"]
    text = " ".join(readme.split())
    for name, form in (
        ("photos/recall", "finds {:.1f} % of the labelled faces"),
        ("photos/false_per_photograph", "{:.2f} boxes a photograph that are no face"),
        ("photos/ms", "in {:.0f} ms on one core"),
        ("photos/nme_found", "have an NME of {:.2f}"),
        ("flies24/recall", "it finds {:.1f} % of the flies"),
        ("flies24/false_per_frame", "{:.2f} others a frame"),
    ):
        assert form.format(figures[f"finder/{name}"]) in text


def test_its_ellipses_of_another_source_are_those_of_the_committed_results(readme: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "newsource.json").read_text())["figures"]
    rows = {
        "inside the 68 % ellipse": ("inside68", 1),
        "inside the 95 % ellipse": ("inside95", 1),
        "predicted NME": ("predicted_nme", 2),
    }
    for title, (name, digits) in rows.items():
        values = [figures[f"newsource/accepted{n}/{name}"] for n in (0, 10, 20, 50, 100)]
        cells = " | ".join(f"{value:.{digits}f}" for value in values)
        assert f"| {title} | {cells} |" in readme


def test_its_second_look_is_that_of_the_committed_results(readme: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "precision.json").read_text())["figures"]
    rows = {
        "Cephalograms, mean error in mm": ("ceph19", "mm", 2),
        "Cephalograms, within 2 mm, %": ("ceph19", "within2mm", 1),
        "Faces (London), NME": ("london189", "nme", 2),
        "Faces (London), visible error": ("london189", "visible", 2),
    }
    for title, (name, kind, digits) in rows.items():
        places = [f"precision/{name}/{stage}{kind}" for stage in ("densities/", "fused/", "")]
        cells = " | ".join(f"{figures[place]:.{digits}f}" for place in places)
        assert f"| {title} | {cells} |" in readme


def test_its_first_ten_images_are_those_of_the_committed_results(readme: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    text = " ".join(readme.split())
    for name, said in (
        ("ceph19", "{} clicks each on cephalograms"),
        ("fly32", "{} on flies (before 15.3)"),
        ("london189", "{} on the faces of London"),
    ):
        content = json.loads((results / f"campaign-first-{name}.json").read_text())
        clicks = content["figures"][f"campaign/{name}/clicks_first10"]
        assert said.format(f"{clicks:.1f}") in text


def test_what_it_says_of_videos_is_the_committed_result(readme: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "video.json").read_text())["figures"]
    text = " ".join(readme.split())
    said = {
        "rendered/clicks_per_1000": "takes {:.0f} clicks per 1,000 frames",
        "rendered/clicks_per_1000/without_time": "{:.0f} where each frame stands alone",
        "rendered/clicks_per_1000/lowpass": "{:.0f} with three frames averaged",
        "rendered/hidden_ratio": "errors under a hand are {:.2f} of what they are without time",
        "rendered/time/inside68": "{:.0f} and",
        "rendered/time/inside95": "{:.0f} % of its landmarks lie inside",
        "flies13/clicks_per_1000": "It takes {:.0f} on two flies",
        "flies13/clicks_per_1000/without_time": "{:.0f} without time",
        "flies24/identity_switches": "with {} switches in 1,100 frames",
    }
    for name, form in said.items():
        assert form.format(figures[f"video/{name}"]) in text
