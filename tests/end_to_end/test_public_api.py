"""The library as `landmark_annotator` alone gives it, on real photographs."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import landmark_annotator as la
from landmark_annotator.projects.exchange import scheme_from, sniff
from landmark_annotator.projects.images import examine

DOCS = Path(__file__).resolve().parents[2] / "docs"
LABELLED, WITHOUT = 12, 2


@pytest.fixture(scope="module")
def faces(landmark_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of photographs with 68 landmarks each, and two without any label."""
    folder = tmp_path_factory.mktemp("faces")
    with la.Project.create(folder / "faces", la.Scheme.named("face68")) as project:
        photos = sorted((landmark_data / "faces68" / "lfpw-train").glob("*.jpg"))
        for number, photo in enumerate(photos[: LABELLED + WITHOUT]):
            part = folder / ("with" if number < LABELLED else "without")
            part.mkdir(exist_ok=True)
            shutil.copy(photo, part)
            if number < LABELLED:
                shutil.copy(photo.with_suffix(".pts"), part)
        la.import_labels(project, folder / "with", who="ada", whole_images=True)
        la.import_labels(project, folder / "without", who="ada", whole_images=True)
    return folder / "faces"


@pytest.fixture
def project(faces: Path, tmp_path: Path) -> Iterator[la.Project]:
    """A copy, for each test its own."""
    shutil.copytree(faces, tmp_path / "faces")
    with la.Project.open(tmp_path / "faces") as opened:
        yield opened


def test_instances_without_labels_are_read_like_those_with_them(project: la.Project) -> None:
    found = list(la.instances(project))
    assert [one.labelled for one in found] == [True] * LABELLED + [False] * WITHOUT
    for one in found:
        height, width, colours = one.read_pixels().shape
        assert colours == 3
        assert one.box is not None
        assert one.box.width <= 2 * max(height, width)
        assert np.isfinite(one.shape.points).all() == one.labelled


def test_arrays_hold_what_instances_say(project: la.Project) -> None:
    found = list(la.instances(project))
    numbers = la.arrays(found)
    assert numbers.points.shape == (LABELLED + WITHOUT, 68, 2)
    for row, one in enumerate(found):
        np.testing.assert_array_equal(numbers.points[row], one.shape.points)
        assert numbers.names[row] == one.name
    assert numbers.placed[:LABELLED].all()
    assert not numbers.placed[LABELLED:].any()
    assert numbers.boxes.shape == (LABELLED + WITHOUT, 5)
    assert la.arrays([], landmarks=68).points.shape == (0, 68, 2)


def test_points_of_a_crop_lead_back_to_the_image(project: la.Project) -> None:
    chosen = list(la.instances(project))
    samples = la.dataset(project, chosen, size=96)
    assert len(samples) == LABELLED + WITHOUT
    for index in (0, LABELLED - 1):
        for mirrored in (False, True):
            sample = samples.sample(index, mirrored=mirrored)
            back = samples.in_image(sample["points"].numpy(), index, mirrored=mirrored)
            np.testing.assert_allclose(back, chosen[index].shape.points, atol=1e-3)
    assert not samples.sample(LABELLED, mirrored=False)["known"].any()


def test_clicks_on_what_is_asked_for_lower_the_error_of_all_others(project: la.Project) -> None:
    """By what eleven faces say, on the twelfth."""
    *_, last = la.instances(project, la.InstanceState.ACCEPTED)
    truth = last.shape.points
    # Taken out of what is learned from, it is proposed for like any other.
    project.exclude(instances=[last.id], why="a test", who="ada")
    [(_, proposal)] = la.propose(project, [last])
    clicks: dict[int, np.ndarray] = {}
    errors = []
    for _ in range(7):
        belief = la.condition(proposal, clicks)
        rest = [j for j in range(68) if j not in clicks]
        errors.append(np.linalg.norm(belief.points - truth, axis=1)[rest].mean())
        assert belief.query is not None
        clicks[belief.query] = truth[belief.query]
    assert errors[-1] < errors[0]


class Told:
    """What is slow says here how far it is. most: steps after which it is stopped."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.stages: list[tuple[str, int | None]] = []
        self.steps: list[int] = []

    def start(self, stage: str, total: int | None) -> None:
        self.stages.append((stage, total))
        self.steps.append(0)

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.steps[-1] += steps

    def cancelled(self) -> bool:
        return self.most is not None and sum(self.steps) >= self.most


def test_proposing_says_how_far_it_is(project: la.Project) -> None:
    told = Told()
    assert len(list(la.propose(project, progress=told))) == WITHOUT
    assert told.stages == [("learning from labelled images", None), ("proposing", WITHOUT)]
    assert told.steps[0] > 0
    assert told.steps[1] == WITHOUT
    chosen = list(la.instances(project))[:3]
    assert len(list(la.propose(project, chosen, progress=told))) == 3
    assert told.stages[-1] == ("proposing", 3)
    assert told.steps[-1] == 3


@pytest.mark.parametrize("most", [0, 1])
def test_proposing_can_be_stopped(project: la.Project, most: int) -> None:
    with pytest.raises(la.ActionableError, match="Stopped") as error:
        list(la.propose(project, progress=Told(most)))
    assert error.value.kept


@pytest.mark.usefixtures("few_fillings_judged")
def test_a_sparse_format_and_the_rest_filled_in(project: la.Project) -> None:
    chosen = la.sparse_format(project, 5)
    assert len(chosen.landmarks) == 5
    proposed = list(la.propose(project))
    assert [one.labelled for one, _ in proposed] == [False] * WITHOUT
    for one, proposal in proposed:
        where = la.condition(proposal, {}).points
        for landmark in chosen.landmarks:
            project.place(one.id, landmark, tuple(where[landmark]), who="ada")
    done = la.fill(project, who="ada")
    assert done.count == WITHOUT
    numbers = la.arrays(la.instances(project))
    assert np.isfinite(numbers.points).all()
    assert numbers.placed[LABELLED:].sum(axis=1).tolist() == [5] * WITHOUT


def test_labels_leave_and_come_back(project: la.Project, tmp_path: Path) -> None:
    la.export_set(project, tmp_path / "faces.csv", format="csv")
    with la.Project.create(tmp_path / "again", project.scheme) as again:
        la.import_labels(again, tmp_path / "faces.csv", who="ben")
        here, there = (la.arrays(la.instances(each)) for each in (project, again))
    np.testing.assert_array_equal(here.points[:LABELLED], there.points)


def test_paths_may_be_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (40, 30)).save("a.png")
    Path("pair.toml").write_text('name = "pair"\nlandmarks = ["one", "two"]\n', encoding="utf-8")
    Path("in.csv").write_text("image,x0,y0,x1,y1\na.png,1,2,3,4\n", encoding="utf-8")
    with la.Project.create("pairs", la.Scheme.load("pair.toml")) as made:
        assert la.import_labels(made, "in.csv", who="ada").added == 1
    assert la.Project.is_project("pairs")
    with la.Project.open("pairs") as project:
        project.add_image("a.png", examine("a.png"))  # type: ignore[arg-type]
        assert (
            la.export_set(project, "out.json", format="coco", include_unaccepted=True).images == 1
        )
        la.export_labels(project, "out.csv", format="csv", include_unaccepted=True)
        assert la.import_proposals(project, "out.json", who="ada", images=".").unreadable == []
    assert scheme_from("out.csv").landmarks == ("one", "two")
    assert sniff("out.json").name == "coco"


def test_a_batch_is_certified_shape_by_shape(project: la.Project) -> None:
    batch = la.certify(project, who="rex", share=20, confidence=80)
    looked_at = 0
    while batch.drawn() is not None:
        batch.judge()
        looked_at += 1
    assert 0 < looked_at < LABELLED
    assert batch.standing is not None
    assert "80 %" in batch.standing.sentence


def test_a_training_says_what_it_needs(project: la.Project) -> None:
    with pytest.raises(la.ActionableError, match="at least 20 labelled instances"):
        la.train(project, "exemplar", who="ada", size=32)


def test_the_page_lists_exactly_what_is_public() -> None:
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    table = page.split("## `landmark_annotator`")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^\| `(\w+)", table, re.MULTILINE)) == sorted(la.__all__)


@pytest.mark.parametrize("name", la.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(la, name).__doc__


def test_importing_it_loads_nothing_else() -> None:
    code = "import sys, landmark_annotator; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "PySide6", "numpy", "sqlalchemy", "cv2"} & set(done.stdout.split())


def test_what_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        la.nothing  # noqa: B018
