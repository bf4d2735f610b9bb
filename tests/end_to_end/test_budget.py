"""`annotator budget` and `annotator plan` from the outside."""

import json
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Plan, Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from tests.end_to_end.conftest import Annotator
from tests.few_faces import few_faces


def imported_from(source: Path, folder: Path) -> Path:
    assert run(["new", str(folder), "--scheme", "face68"]) == 0
    assert run(["import", str(folder), str(source)]) == 0
    return folder


@pytest.fixture(scope="module")
def imported(landmark_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of some labelled faces of a real set."""
    place = tmp_path_factory.mktemp("imported")
    source = few_faces(landmark_data, "lfpw-test", 30, place / "photographs")
    return imported_from(source, place / "faces")


@pytest.fixture
def faces(imported: Path, tmp_path: Path) -> Path:
    """The test's own."""
    return Path(shutil.copytree(imported, tmp_path / "faces"))


@pytest.fixture
def worms(tmp_path: Path) -> Path:
    """A project of thirty labelled chains of eight landmarks whose ends swing, and ten to label:
    what formats of them buy is worked out in no time."""
    random = np.random.default_rng(0)
    names = tuple(f"segment {n}" for n in range(8))
    with Project.create(tmp_path / "worms", Scheme("worm", names, normaliser=(0, 7))) as project:
        for number in range(40):
            facts = ImageFacts(400, 400, f"{number:064x}")
            image = project.add_image(tmp_path / f"{number}.png", facts)
            bends = np.cumsum(random.normal(0, 0.25, 8))
            steps = 30 * np.stack([np.cos(bends), np.sin(bends)], axis=1)
            points = np.cumsum(steps, axis=0) + 60
            shape = Shape(points).with_provenance(Provenance.IMPORTED) if number < 30 else None
            project.add_instance(image.id, Box.square_around(points), shape=shape, who="ada")
    return tmp_path / "worms"


def test_a_target_that_is_met_without_a_click_is_told_so_in_the_table_and_the_figures(
    annotator: Annotator, worms: Path
) -> None:
    """No plan was recommended, which costs clicks."""
    told = annotator("budget", worms, "--target", 90).out
    assert "Recommended: no click: look at what is proposed and accept it" in told
    [none] = [row for row in told.splitlines() if re.match(r"0 +-", row)]
    assert none.endswith("recommended")
    [free] = [row for row in told.splitlines() if row.startswith("no plan ")]
    assert "recommended" not in free
    facts = annotator("budget", worms, "--target", 90, "--json", "-").facts["recommended"]
    assert (facts["m"], facts["way"], facts["meets_target"]) == (0, "as proposed", True)


@pytest.mark.usefixtures("blind_priors")
def test_the_table_the_figures_and_the_plot(
    annotator: Annotator, landmark_data: Path, tmp_path: Path
) -> None:
    """Of so many faces that their times are told in hours."""
    many = few_faces(landmark_data, "lfpw-test", 100, tmp_path / "photographs")
    faces = imported_from(many, tmp_path / "faces")
    figures, plot = faces.parent / "budget.json", faces.parent / "budget.png"
    code, out, _ = annotator("budget", faces, "--json", figures, "--plot", plot, "--target", 4)
    assert code == 0
    assert "at most 4 %" in out
    assert "AFLW, 19 points" in out
    hours = [row.split()[5] for row in out.splitlines() if re.match(r"\d+ +[-\d]", row)]
    assert {len(figure.partition(".")[2]) for figure in hours} == {2}  # 8.64 for all points
    facts = json.loads(figures.read_text(encoding="utf-8"))
    assert facts["curve"]["m"] == list(range(1, 69))
    assert facts["curve"]["proven"] is True
    recommended = next(p for p in facts["purchases"] if p["m"] == facts["recommended"]["m"])
    assert recommended["error"] <= 4
    assert len(recommended["landmarks"]) == recommended["m"]
    with Image.open(plot) as image:
        assert image.size == (1300, 560)
        assert len(image.getcolors(maxcolors=100_000) or []) > 10


def test_the_times_of_a_small_project_are_in_minutes(annotator: Annotator, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    with Project.create(tmp_path / "small", Scheme("three", ("a", "b", "c"))) as project:
        for number in range(13):
            facts = ImageFacts(80, 60, f"{number:064x}")
            image = project.add_image(tmp_path / f"{number}.png", facts)
            points = np.array([[20.0, 20], [60, 20], [40, 50]]) + random.normal(size=(3, 2))
            shape = Shape(points).with_provenance(Provenance.IMPORTED) if number else None
            project.add_instance(image.id, Box(40, 35, 50, 50), shape=shape, who="ada")
    code, out, _ = annotator("budget", tmp_path / "small")
    assert code == 0
    assert "12 labelled shapes; the minutes are for 1 image." in out


def test_a_plan_is_made_shown_extended_and_cleared(annotator: Annotator, worms: Path) -> None:
    code, out, _ = annotator("plan", worms, "--format", "m4", "--clicks", 900, "--stop")
    assert code == 0
    assert "labelling stops there" in out
    with Project.open(worms) as project:
        first = project.plan()
    assert (len(first.landmarks), first.clicks, first.hard_stop) == (4, 900, True)
    assert first.ask_above is not None
    assert annotator("plan", worms, "--format", "m6", "--extend")[0] == 0
    with Project.open(worms) as project:
        second = project.plan()
    assert set(first.landmarks) < set(second.landmarks)
    assert (len(second.landmarks), second.clicks) == (6, 900)
    shown = json.loads(annotator("plan", worms, "--json")[1])
    assert shown["format"] == "m6"
    status = json.loads(annotator("status", worms, "--json")[1])
    assert status["plan"] == shown
    assert annotator("plan", worms, "--clear")[0] == 0
    with Project.open(worms) as project:
        assert project.plan().landmarks == Plan().landmarks


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "m69"), "1 to 68 points, not 69"),
        (("--format", "aflw18"), 'Did you mean "aflw19"'),
        (("--format", "m3", "--include", "nose tp"), 'Did you mean "nose tip"'),
        (
            ("--format", "m3", "--include", "chin", "--exclude", "chin"),
            '"chin" is demanded and ruled out at once',
        ),
        (("--format", "m9", "--most-seconds", "4"), "No point fits into 4 s"),
        (("--format", "mafl5", "--include", "chin"), "or ask for the best points: m5"),
        (("--format", "m9", "--frame", "bos"), 'no frame "bos". Did you mean "box"'),
        (("--stop",), "no budget at which labelling could stop"),
        (("--hours", "0"), "A budget of 0 hours is none"),
    ],
)
def test_what_cannot_be_planned_is_refused_and_changes_nothing(
    annotator: Annotator, faces: Path, arguments: tuple[str, ...], message: str
) -> None:
    code, _, err = annotator("plan", faces, *arguments)
    assert code == 3
    assert message in err
    with Project.open(faces) as project:
        assert project.plan() == Plan()


@pytest.mark.parametrize("asked", [("--include", "chin"), ("--extend",), ("--most-seconds", "20")])
def test_what_is_asked_of_points_without_their_number_is_wrong_usage(
    annotator: Annotator, faces: Path, asked: tuple[str, ...]
) -> None:
    code, _, err = annotator("plan", faces, *asked)
    assert code == 2
    assert "--format m9" in err


def test_a_stop_is_taken_back_and_the_rest_of_the_plan_stays(
    annotator: Annotator, worms: Path
) -> None:
    assert annotator("plan", worms, "--format", "m4", "--clicks", 900, "--stop")[0] == 0
    assert "people are warned" in annotator("plan", worms, "--warn")[1]
    with Project.open(worms) as project:
        plan = project.plan()
    assert (len(plan.landmarks), plan.clicks, plan.hard_stop) == (4, 900, False)


def test_a_budget_that_is_spent_already_is_warned_of_at_once(
    annotator: Annotator, faces: Path
) -> None:
    with Project.open(faces) as project:
        first = project.instances()[0].id
        project.place(first, 0, (3.0, 4.0), who="ada")
    assert (
        "Warning: The budget is spent: 1 of 1 click." in annotator("plan", faces, "--clicks", 1)[1]
    )


def test_the_command_that_is_recommended_asks_for_the_same_points(
    annotator: Annotator, worms: Path
) -> None:
    figures = worms.parent / "budget.json"
    asked = ("--include", "segment 3", "--frame", "procrustes", "--hours", "0.1")
    code, out, _ = annotator("budget", worms, *asked, "--json", figures)
    assert code == 0
    [command] = [line for line in out.splitlines() if "Make it the plan" in line]
    typed = shlex.split(command.partition("annotator ")[2])
    assert annotator(*typed)[0] == 0
    facts = json.loads(figures.read_text(encoding="utf-8"))
    bought = next(p for p in facts["purchases"] if p["m"] == facts["recommended"]["m"])
    shown = json.loads(annotator("plan", worms, "--json")[1])
    assert shown["landmarks"] == bought["landmarks"]


def test_the_figures_are_printed_alone_where_a_dash_stands_for_their_file(
    annotator: Annotator, worms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = annotator("budget", worms, "--time-limit", 0, "--json", "-")
    assert code == 0
    assert json.loads(out)["scheme"] == "worm"
    assert not (tmp_path / "-").exists()

    code, out, _ = annotator("budget", tmp_path / "none", "--json", "-")
    assert code == 3
    assert "error" in json.loads(out)


def test_an_option_is_not_taken_for_the_file_of_the_figures(
    annotator: Annotator, faces: Path
) -> None:
    code, _, err = annotator("budget", faces, "--json", "--target", 3)
    assert code == 2
    assert "name a file, or - for standard output" in " ".join(err.replace("│", " ").split())


def test_errors_are_told_in_millimetres_too_where_a_pixel_has_a_size(
    annotator: Annotator, worms: Path
) -> None:
    assert annotator("scale", worms, 0.5)[0] == 0
    figures = worms.parent / "budget.json"
    code, out, _ = annotator("budget", worms, "--time-limit", 0, "--json", figures)
    assert code == 0
    normaliser = annotator("status", worms, "--json").facts["millimetres"]["normaliser"]
    facts = json.loads(figures.read_text(encoding="utf-8"))
    for told in (facts["unplanned"], *facts["purchases"]):
        expected = told["error"] * normaliser / 100
        assert told["millimetres"] == pytest.approx(expected, abs=1e-3)
    last = facts["purchases"][-1]
    row = next(line.split() for line in out.splitlines() if line.startswith("8 "))
    assert f"{last['error']:.2f} {last['millimetres']:.2f}" in " ".join(row)
    assert f"{normaliser:.1f} mm, the mean of 30 accepted shapes" in out


def test_without_time_the_best_found_is_said_to_be_no_more(
    annotator: Annotator, faces: Path
) -> None:
    code, out, _ = annotator("budget", faces, "--time-limit", 0)
    assert code == 0
    assert "not proven, at most" in out


@pytest.mark.parametrize(
    ("name", "kind"), [("b.jpg", "JPEG"), ("b.PNG", "PNG"), ("b", "PNG"), ("b.tif", "TIFF")]
)
def test_a_plot_is_what_its_name_says(
    annotator: Annotator, worms: Path, tmp_path: Path, name: str, kind: str
) -> None:
    assert annotator("budget", worms, "--plot", tmp_path / name, "--time-limit", 1)[0] == 0
    with Image.open(tmp_path / name) as image:
        assert image.format == kind


def test_a_plot_that_its_name_says_is_no_picture_is_refused_at_once(
    annotator: Annotator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert annotator("new", tmp_path / "faces", "--scheme", "face68")[0] == 0
    monkeypatch.setattr("landmark_annotator.annotator.session.planning.offer.offer", None)
    code, _, err = annotator("budget", tmp_path / "faces", "--plot", tmp_path / "b.svg")
    assert code == 2
    assert "b.svg names no picture" in " ".join(err.replace("│", " ").split())
    assert not (tmp_path / "b.svg").exists()


def test_a_project_without_labels_is_told_what_to_do(annotator: Annotator, tmp_path: Path) -> None:
    assert annotator("new", tmp_path / "empty", "--scheme", "face68")[0] == 0
    code, _, err = annotator("budget", tmp_path / "empty")
    assert code == 3
    assert "at least 5 labelled shapes, not 0" in err
    assert "Label a few more" in err


@pytest.mark.parametrize("option", ["--json", "--plot"])
@pytest.mark.parametrize("place", ["missing/budget", "models"])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_worked_out(
    annotator: Annotator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, place: str
) -> None:
    """A folder that is not there, and one that is no file."""
    assert annotator("new", tmp_path / "faces", "--scheme", "face68")[0] == 0
    monkeypatch.setattr("landmark_annotator.annotator.session.planning.offer.offer", None)
    (tmp_path / "models").mkdir()
    code, _, err = annotator("budget", tmp_path / "faces", option, tmp_path / place)
    assert code == 3
    assert f"Give another path to {option}" in err
    assert not list(tmp_path.rglob("*.part"))
