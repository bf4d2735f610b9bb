"""A model as one file, and its ONNX form without this program."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.deployment.boxes_to_look_at import (
    found_places,
    whole_images,
)
from landmark_annotator.annotator.session.deployment.package_reading import model_at
from landmark_annotator.annotator.session.deployment.package_writing import FORM
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.backends.finders import FINDER
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.exchange.codecs import pts
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, SchemeChange
from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError

pytestmark = pytest.mark.usefixtures("shipped_weights")

FACE = Scheme.named("face68")
HEATMAP = backend_named("heatmap")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("package") / "face68.zip"
    assert run(["package", "face68", str(out)]) == 0
    return out


def test_the_ten_lines_in_it_give_the_programs_landmarks_without_the_program(
    package: Path, landmark_data: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path)
    code = (tmp_path / "use.py").read_text()
    assert len(code.splitlines()) <= 12
    allowed = {"numpy", "onnxruntime", "PIL", "cv2", "json", "sys"}
    # The same interpreter without this program on its path, and without torch.
    guard = (
        "import sys\n"
        "class Refused:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('torch', 'landmark_annotator'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refused())\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "sys.argv = sys.argv[1:]\n"
        "exec(compile(open(sys.path[0] + '/use.py').read(), 'use.py', 'exec'))\n"
    )
    imported = [
        line.split()[1] for line in code.splitlines() if line.startswith(("import", "from"))
    ]
    assert {name.rstrip(",") for name in imported} <= allowed
    faces = sorted(
        pts.read(landmark_data / "faces68" / "helen-test", FACE).instances,
        key=lambda face: face.image.name,
    )
    model = HEATMAP.load(HEATMAP.weights("face68"), FACE).exactly()  # type: ignore
    for face, enlarged in ((faces[0], 1), (faces[1], 4)):
        image = tmp_path / f"{enlarged}.png"
        with Image.open(face.image) as photograph:
            photograph.resize([enlarged * side for side in photograph.size]).save(image)
        points = face.shape.points * enlarged
        box = Box.square_around(points).moved((0.04, -0.03), 1.1)
        numbers = [box.centre_x, box.centre_y, box.width, box.height]
        done = subprocess.run(
            [sys.executable, "-c", guard, tmp_path, image, *map(repr, numbers)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        assert [row[0] for row in rows] == list(FACE.landmarks)
        found = np.array([[float(cell) for cell in row[1:]] for row in rows])
        believed = model.propose(read_pixels(image), box).given([])
        apart = np.linalg.norm(found[:, :2] - believed.points, axis=1)
        assert apart.max() < 0.01
        deviations = np.sqrt(believed.covariances[:, [0, 1], [0, 1]])
        assert found[:, 2:] == pytest.approx(deviations, rel=0.01)


def test_its_onnx_form_says_what_is_hidden_and_what_is_unfamiliar_as_the_program_does(
    package: Path, landmark_data: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(package) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".onnx")]
        session = onnxruntime.InferenceSession(archive.read(name))
    face = min(
        pts.read(landmark_data / "faces68" / "helen-test", FACE).instances,
        key=lambda face: face.image.name,
    )
    pixels, box = read_pixels(face.image).copy(), Box.square_around(face.shape.points)
    x, y = face.shape.points[48:].mean(axis=0).astype(int)
    pixels[y - 25 : y + 25, x - 25 : x + 25] = (20, 60, 90)
    numbers = np.array([box.centre_x, box.centre_y, box.width, box.height, 0.0])
    seen = {"image": pixels, "box": numbers}
    found, novelty = session.run(["hidden", "novelty"], seen)
    model = HEATMAP.load(HEATMAP.weights("face68"), FACE).exactly()  # type: ignore
    proposal = model.propose(pixels, box)
    hidden = proposal.hidden
    assert novelty == pytest.approx(proposal.novelty, rel=0.02)
    assert found == pytest.approx(hidden, abs=0.01)
    assert hidden[48:].mean() > 0.5 > 0.2 > hidden[36:48].mean()
    # Below the nose the photograph ends: what lies beyond its border says nothing of the rest.
    upper = np.ascontiguousarray(read_pixels(face.image)[: int(face.shape.points[33, 1])])
    [novelty] = session.run(["novelty"], {"image": upper, "box": numbers})
    assert novelty == pytest.approx(model.propose(upper, box).novelty, rel=0.02)


def test_a_package_predicts_like_the_model_that_it_was_made_of(
    package: Path, landmark_data: Path, tmp_path: Path
) -> None:
    image = min((landmark_data / "faces68" / "helen-test").glob("*.jpg"))
    answers = []
    for model in (package, "face68"):
        out = tmp_path / f"{Path(model).name}.json"
        assert run(["predict", str(model), str(image), "--out", str(out)]) == 0
        answers.append(json.loads(out.read_text()))
    [first], [second] = (answer["images"] for answer in answers)
    assert first == second
    assert len(first["objects"]) >= 1


def test_what_predicted_is_named_by_the_package_and_not_by_where_it_was_unpacked(
    package: Path, landmark_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That folder is gone once it is told."""
    image = min((landmark_data / "faces68" / "helen-test").glob("*.jpg"))
    out = str(tmp_path / "out.json")
    capsys.readouterr()
    assert run(["predict", str(package), str(image), "--whole", "--out", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model"]["folder"] == str(package)


def test_a_package_looks_in_whole_images_where_its_model_does(tmp_path: Path) -> None:
    weights = HEATMAP.weights("face68")
    assert weights is not None
    folder = shutil.copytree(weights, tmp_path / "own")
    kept = '{"centre": [0.1, -0.05], "sides": [0.5, 0.4]}'
    (folder / "own_boxes.json").write_text(kept, encoding="utf-8")
    out = tmp_path / "own.zip"
    assert run(["package", str(folder), str(out), "--no-onnx"]) == 0
    pixels, boxes = np.zeros((80, 100, 3), np.uint8), []
    for name in (folder, out):
        with model_at(str(name)) as model:
            boxes.append(whole_images(model).boxes(Path("one.png"), pixels))
    assert boxes[0] == boxes[1]
    assert boxes[0][0][0] != Box.whole_image(100, 80)


def test_a_package_names_no_image_that_its_model_was_trained_on(package: Path) -> None:
    own = HEATMAP.weights("heads68") / "card.json"  # type: ignore
    assert json.loads(own.read_text())["held_out_keys"]
    with zipfile.ZipFile(package) as archive:
        for part in ("model", "finder"):
            card = json.loads(archive.read(f"{part}/card.json"))
            assert not {"held_out_keys", "held_out_errors"} & set(card)


def test_a_model_without_an_onnx_form_is_packaged_without_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model.zip"
    assert run(["package", "exemplar/face68", str(out), "--json"]) == 0
    said, told = capfd.readouterr()
    assert json.loads(said)["onnx"] is False
    assert "no ONNX form" in told
    assert run(["package", "face68", str(out)]) == 3
    with model_at(str(out)) as model:
        assert model.backend.name == "exemplar"
        assert model.finder is not None


def hostile(package: Path, target: Path, changed: dict[str, bytes | None]) -> Path:
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if changed.get(name, b"") is not None:
                new.writestr(name, changed.get(name) or old.read(name))
        for name in changed.keys() - set(old.namelist()):
            new.writestr(name, changed[name] or b"")
    return target


@pytest.mark.parametrize(
    "changed",
    [
        {"package.json": None},
        {"package.json": b"[" * 100_000},
        {"package.json": b'{"format": 3}'},
        {"model/card.json": b"{}"},
        {"model/card.json": b'{"scheme": {"name": "x", "landmarks": 5}}'},
        {"model/weights.safetensors": b"\x80\x04cos\nsystem\n"},
        {"model/weights.safetensors": None},
        {"finder/weights.safetensors": None},
    ],
)
def test_a_damaged_package_is_said_to_be_one(
    package: Path, tmp_path: Path, changed: dict[str, bytes | None]
) -> None:
    file = hostile(package, tmp_path / "model.zip", changed)
    with pytest.raises(FormatError) as refused, model_at(str(file)) as model:
        model.load()
    said = str(refused.value)
    assert f"{file} is no package of a model, or damaged" in said
    assert "Copy the file again" in said
    assert "landmark-package" not in said, "the folder that it is put into is gone by then"


def test_a_package_names_a_backend_and_nothing_else(package: Path, tmp_path: Path) -> None:
    about = f'{{"format": "{FORM}", "backend": "os", "name": "x"}}'.encode()
    file = hostile(package, tmp_path / "model.zip", {"package.json": about})
    with pytest.raises(ActionableError, match='no backend "os"'), model_at(str(file)) as model:
        model.load()


def test_nothing_leaves_the_folder_that_a_package_is_put_into(
    package: Path, tmp_path: Path
) -> None:
    file = hostile(package, tmp_path / "model.zip", {"../../evil.txt": b"x", "/evil.txt": b"x"})
    with model_at(str(file)) as model:
        inside = sorted(path.name for path in model.folder.parent.rglob("*") if path.is_file())
        assert inside == ["card.json", "card.json", *["weights.safetensors"] * 2]
        place = model.folder.parent
    assert not place.exists()


def test_what_grows_beyond_all_bounds_is_not_unpacked(package: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.zip"
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            grown = name == "model/card.json"
            new.writestr(name, bytes(30_000_000) if grown else old.read(name))
    with pytest.raises(FormatError, match="larger than 20 MB"), model_at(str(file)):
        pass


def test_crops_of_any_size_are_not_believed(package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        card = json.loads(archive.read("model/card.json"))
    card["settings"]["size"] = 32 * 10**6
    file = hostile(package, tmp_path / "model.zip", {"model/card.json": json.dumps(card).encode()})
    with (
        model_at(str(file)) as model,
        pytest.raises(ActionableError, match="crops have 32000000 pixels"),
    ):
        model.load()


def test_without_the_package_onnx_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    out = tmp_path / "model.zip"
    assert run(["package", "face68", str(out)]) == 3
    assert "pip install onnx" in capfd.readouterr().err
    assert not out.exists()
    assert run(["package", "face68", str(out), "--no-onnx"]) == 0


def test_a_projects_model_takes_the_finder_beside_it(package: Path, tmp_path: Path) -> None:
    models = tmp_path / "project" / "models"
    for backend in ("heatmap", "finder"):
        source = backend_named("heatmap").weights("face68")
        assert source is not None
        place = source.parents[2] / backend / "weights" / "face68"
        shutil.copytree(place, models / backend)
    with model_at(str(tmp_path / "project")) as model:
        assert (model.backend.name, model.finder) == ("heatmap", models / "finder")


def test_a_project_whose_landmarks_were_renamed_packages_them_by_their_names_and_its_finder(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The model was trained before, the finder after."""
    folder, out = tmp_path / "project", tmp_path / "model.zip"
    with Project.create(folder, FACE) as project:
        models = ModelLibrary.of(project)
        heatmap, finder = models.own(HEATMAP).folder, models.own(FINDER).folder
        shutil.copytree(HEATMAP.weights("face68"), heatmap)  # type: ignore
        shutil.copytree(FINDER.weights("face68"), finder)  # type: ignore
        change = SchemeChange.none(project.scheme).rename(30, "x")
        change = change.rename(8, FACE.landmarks[30]).rename(30, FACE.landmarks[8])
        project.change_scheme(change, who="lead")
        names = project.scheme.landmarks
        card = json.loads((finder / "card.json").read_text())
        card["scheme"] = project.scheme.to_dict()
        (finder / "card.json").write_text(json.dumps(card))
    assert (names[8], names[30]) == (FACE.landmarks[30], FACE.landmarks[8])
    assert run(["package", str(folder), str(out), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["finder"] is True
    for model_name in (folder, out):
        with model_at(str(model_name)) as model:
            assert model.scheme.landmarks == names
            model.load()
            assert "finder looks" in found_places(model, lambda *_: True, "cpu").reason
    with zipfile.ZipFile(out) as archive:
        [onnx] = [name for name in archive.namelist() if name.endswith(".onnx")]
        said = onnxruntime.InferenceSession(archive.read(onnx)).get_modelmeta()
    assert tuple(json.loads(said.custom_metadata_map["scheme"])["landmarks"]) == names
