"""What the README and the pages beside it say is so."""

import importlib
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
DOCS = REPOSITORY / "docs"


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def readme() -> str:
    return (REPOSITORY / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def figures_page() -> str:
    return page("figures")


def test_the_table_has_exactly_the_commands_that_there_are() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    found = re.findall(r"^\| `annotator (\w+)", page("reference/commands"), re.MULTILINE)
    assert found == list(commands)


def test_it_names_only_commands_and_pages_that_there_are(readme: str) -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert set(re.findall(r"^ {4}annotator (\w+)", readme, re.MULTILINE)) <= set(commands)
    named = re.findall(r"`((?:docs/|[A-Z]+\.md)[\w/.]*)`", readme)
    assert len(named) > 10
    assert [name for name in named if not (REPOSITORY / name).exists()] == []


def test_every_page_is_reached_from_the_first_one() -> None:
    listed = set(re.findall(r"^([\w/]+)$", page("index"), re.MULTILINE))
    there = {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")}
    there |= {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.ipynb")}
    assert {path.as_posix() for path in there} - {"index"} <= listed


def test_the_table_says_of_every_format_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(DOCS)
    text = importlib.import_module("extension").filled(page("reference/formats"))
    assert markdown((card.name, card.carries) for card in formats() if card.carries) in text


def test_the_page_of_public_names_says_what_an_enumeration_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(DOCS)
    insert = importlib.import_module("extension").INSERTS["api"]
    text = insert("landmark_annotator.projects.vocabulary")
    assert "`OCCLUDED` (1)" in text
    assert "`RULED` ('accepted by rule')" in text
    assert "translation table" not in text  # of `str`, which most of them are


def test_the_scheme_of_the_page_on_schemes_can_be_loaded() -> None:
    [text] = re.findall(r"```toml\n(.*?)```", page("schemes"), re.DOTALL)
    assert len(Scheme.from_dict(tomllib.loads(text))) == 4


def test_the_page_of_keys_has_one_of_every_action() -> None:
    shown = set(re.findall(r"`([^`]+)`", page("reference/keys")))
    named = {"Return": "Enter"}
    for card in ACTIONS:
        assert shown & {named.get(key, key) for key in card.keys}, card.title


def test_entries_of_menus_are_called_what_the_window_calls_them() -> None:
    there = {(card.menu, card.title.rstrip("\N{HORIZONTAL ELLIPSIS}")) for card in ACTIONS}
    menus = {menu for menu, _ in there}
    named = {
        (menu, title)
        for path in DOCS.rglob("*.md")
        for menu, title in re.findall(
            r"\*(\w+)(?:\*, \*|, )([A-Z][^*]+)\*", " ".join(path.read_text("utf-8").split())
        )
        if menu in menus
    }
    assert len(named) > 3
    assert named <= there


@pytest.mark.parametrize("path", ["README.md", "docs/leading.md"])
def test_its_picture_is_there(path: str) -> None:
    text = (REPOSITORY / path).read_text(encoding="utf-8")
    [target] = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert ((REPOSITORY / path).parent / target).is_file()


def test_its_figures_are_those_of_the_committed_results(figures_page: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "clicks.json").read_text())["figures"]
    for start, rule in (
        ("NME when the others follow", "mixture"),
        ("NME when only that point moves", "manual"),
        ("NME with the paper's rule, which only drops classes", "hard"),
    ):
        errors = [figures[f"clicks/{rule}/worst/nme"][clicks] for clicks in (0, 1, 2, 3, 5, 10)]
        assert f"| {start} | " + " | ".join(f"{e:.2f}" for e in errors) + " |" in figures_page
    needed = [
        figures[f"clicks/{run}/noc_nme3.5"]
        for run in ("mixture/worst", "mixture/query", "manual/worst")
    ]
    for clicks in needed:
        assert f"{clicks:.2f}" in figures_page


def test_its_clicks_on_contours_are_those_of_the_committed_results() -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "contours.json").read_text())["figures"]
    for limit in (10, 7, 5):
        exact, contour = (f"contours/{way}/{limit}" for way in ("exact", "contour"))
        numbers = [figures[f"{way}/per_face"] for way in (exact, contour)]
        row = f"| {limit} % | {figures[f'{exact}/no_click']:.1f} % | {numbers[0]:.2f} | "
        assert row + f"{numbers[1]:.2f} |" in page("schemes")


def test_its_gestures_are_those_of_the_committed_results() -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "gestures.json").read_text())["figures"]
    for limit in (10, 7, 5):
        ways = ("today/{}/per_face", "sheet/{}/drawn", "sheet/{}/per_face", "sheet/{}/boxes_given")
        numbers = [f"{figures[f'gestures/{way.format(limit)}']:.2f}" for way in ways]
        assert f"| {limit} % | " + " | ".join(numbers) + " |" in page("many_at_once")


def test_what_it_says_of_the_finder_is_its_committed_result(figures_page: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "finder.json").read_text())["figures"]
    text = " ".join(figures_page.split())
    for name, form in (
        ("photos/recall", "finds {:.1f} % of the labelled faces"),
        ("photos/false_per_photograph", "{:.2f} boxes a photograph that are no face"),
        ("photos/ms", "in {:.0f} ms on one core"),
        ("photos/nme_found", "have an NME of {:.2f}"),
        ("turned/180/recall", "and 270 degrees it finds 100.0, {:.1f} and 100.0 %"),
        ("turned/false_per_photograph", "{:.3f} boxes a photograph that are no face"),
        ("flies24/recall", "it finds {:.1f} % of the flies"),
        ("flies24/false_per_frame", "{:.2f} others a frame"),
    ):
        assert form.format(figures[f"finder/{name}"]) in text


def test_its_ellipses_of_another_source_are_the_committed_results(
    figures_page: str,
) -> None:
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
        assert f"| {title} | {cells} |" in figures_page


def test_its_second_look_is_that_of_the_committed_results(figures_page: str) -> None:
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
        assert f"| {title} | {cells} |" in figures_page


def test_its_parsing_networks_are_those_of_the_committed_results(figures_page: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "parsing-sizes.json").read_text())["figures"]
    parts = ("hair", "skin", "brows", "eyes", "lips", "mouth", "nose", "ears", "glasses", "hat")
    for title, name in {
        "16, 3": "f16-t3",
        "16, 6": "f16-t6",
        "32, 3": "f32-t3",
        "32, 6": "f32-t6",
        "32, 6, four dense layers": "dense-f32-t6",
    }.items():
        own = {key: figures[f"parsing_sizes/{name}/{key}"] for key in _COSTS}
        cells = (
            f"{own['parameters'] / 1e6:.2f} M | {own['onnx_ms']:.1f} | {own['ms']:.0f} | "
            f"{own['mean_f1']:.1f} | {own['miou']:.1f}"
        )
        assert f"| {title} | {cells} |" in figures_page
        f1 = " | ".join(f"{figures[f'parsing_sizes/{name}/f1/{part}']:.1f}" for part in parts)
        assert f"| {title} | {f1} |" in figures_page


_COSTS = ("parameters", "onnx_ms", "ms", "mean_f1", "miou")


def test_its_stages_of_hair_are_those_of_the_committed_results(figures_page: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / "hair.json").read_text())["figures"]
    for title, name in {
        "segmentation alone": "segmentation",
        "with the coarse shape": "prior",
        "with both": "prior-refine",
        "the parsing network, 32, 6, dense": "dense-f32-t6",
    }.items():
        kinds = ("iou/hair", "f1/hair", "hair/precision", "hair/boundary_f1")
        shares = " | ".join(f"{figures[f'hair/{name}/{kind}']:.1f}" for kind in kinds)
        millions, ms = figures[f"hair/{name}/parameters"] / 1e6, figures[f"hair/{name}/ms"]
        assert f"| {title} | {millions:.2f} M | {ms:.0f} | {shares} |" in figures_page
    assert f"an mIoU of {figures['hair/dense-f32-t6/miou']:.1f} (`hair.json`)" in figures_page


def test_its_first_ten_images_are_those_of_the_committed_results(figures_page: str) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    text = " ".join(figures_page.split())
    for name, said in (
        ("ceph19", "{} clicks each on cephalograms"),
        ("fly32", "{} on flies (before 15.3)"),
        ("london189", "{} on the faces of London"),
    ):
        content = json.loads((results / f"campaign-first-{name}.json").read_text())
        clicks = content["figures"][f"campaign/{name}/clicks_first10"]
        assert said.format(f"{clicks:.1f}") in text


def test_a_first_outline_by_hand_takes_what_the_committed_results_say() -> None:
    root = Path(__file__).parents[4]
    result = root / "tests" / "benchmarks" / "results" / "campaign-first-london189.json"
    clicks = json.loads(result.read_text())["figures"]["campaign/london189/clicks_one_by_one"]
    text = " ".join((root / "docs" / "schemes.md").read_text().split())
    assert f"An outline of 189 landmarks takes {clicks[0]:.0f} clicks" in text


def test_what_it_says_of_the_rendered_film_is_the_committed_result(figures_page: str) -> None:
    _says_the_videos_figures(
        figures_page,
        "video-rendered.json",
        {
            "rendered/clicks_per_1000": "takes {:.0f} clicks per 1,000 frames",
            "rendered/clicks_per_1000/without_time": "{:.0f} where each frame stands alone",
            "rendered/clicks_per_1000/lowpass": "{:.0f} with three frames averaged",
            "rendered/clicks_per_1000/query": "unsure of, it is {:.0f}",
            "rendered/hidden_ratio": "errors under a hand are {:.2f} of what they are without time",
            "rendered/time/inside68": "{:.0f} and",
            "rendered/time/inside95": "{:.0f} % of its landmarks lie inside",
        },
    )


def test_what_it_says_of_films_of_four_persons_is_the_committed_result(figures_page: str) -> None:
    _says_the_videos_figures(
        figures_page,
        "video-persons.json",
        {
            "films/clicks_per_1000": "take {:.0f} together",
            "films/person32/clicks_per_1000": "between {:.0f} and",
            "films/person33/clicks_per_1000": "and {:.0f} each",
            "films/clicks_per_1000/query": "{:.0f} led by what all frames are",
            "films/clicks_per_1000/flow": "{:.0f} by flow alone",
            "films/clicks_per_1000/without_time": "{:.0f} without time. Before any click",
            "films/flicker_ratio": "they flicker {:.2f} times as much",
            "films/hidden_ratio": "errors under a hand are {:.2f} of those",
            "films/time/inside68": "{:.0f} and",
            "films/time/inside95": "{:.0f} % of the landmarks lie inside their",
        },
    )


def test_what_it_says_of_flies_is_the_committed_result(figures_page: str) -> None:
    _says_the_videos_figures(
        figures_page,
        "video.json",
        {
            "flies13/clicks_per_1000": "it took {:.0f} on two flies",
            "flies13/clicks_per_1000/without_time": "{:.0f} without time",
            "flies24/identity_switches": "with {} switches in 1,100 frames",
        },
    )


def test_what_it_says_of_carried_boxes_is_the_committed_result(figures_page: str) -> None:
    _says_the_videos_figures(
        figures_page,
        "video-carried.json",
        {
            "carried/dance17/1/centre_90": "at most {:.1f} % of their side at the next frame",
            "carried/flies13/1/centre_90": "{:.1f} and 1.0 % for two flies",
            "carried/flies24/1/centre_90": "and {:.1f} % for two flies",
            "carried/dance17/5/centre_90": "after five frames by {:.1f},",
            "carried/flies13/5/centre_90": "{:.1f} and 4.3 %; none is refused",
            "carried/flies24/5/centre_90": "and {:.1f} %; none is refused",
            "carried/openfield4/1/asked_for": "{:.0f} % are asked for at the next one",
            "carried/openfield4/3/asked_for": "{:.0f} % after three",
            "carried/openfield4/5/asked_for": "and {:.0f} % after five",
            "carried/openfield4/1/centre_90": "off by at most {:.0f}, 10 and",
            "carried/openfield4/3/centre_90": "{:.0f} and 18 % (`annotator",
            "carried/openfield4/5/centre_90": "and {:.0f} % (`annotator evaluate video",
        },
    )


def _says_the_videos_figures(page: str, file: str, said: dict[str, str]) -> None:
    results = Path(__file__).parents[3] / "benchmarks" / "results"
    figures = json.loads((results / file).read_text())["figures"]
    text = " ".join(page.split())
    for name, form in said.items():
        assert form.format(figures[f"video/{name}"]) in text
