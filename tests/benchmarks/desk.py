"""The window's speed, and the gestures that it saves: python -m tests.benchmarks.desk --json FILE.

Everything goes through real mouse and key events on the real window, offscreen unless
QT_QPA_PLATFORM says otherwise. The photographs are those in the folder that LANDMARK_DATA names.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from annotator.gui.app import application
from annotator.gui.main_window import MainWindow
from annotator.gui.waiting import Phase
from annotator.protocols.result import Result, this_commit, this_machine
from annotator.session.proposers import Proposer
from annotator.session.simulation import CLICK_ERROR, RULES
from backends.shapes import Proposal, ShapeMixture
from backends.shapes.exemplars import Exemplars
from backends.shapes.perturbed import perturbed
from projects.exchange import import_labels
from projects.images import examine
from projects.store import Project
from projects.vocabulary import Box, Scheme, Shape
from projects.vocabulary.arrays import Floats

CLASSES = 140_428
_DATA = Path(os.environ.get("LANDMARK_DATA", Path(__file__).parents[3] / "shared" / "data"))
_STARTS = 5
_NME, _WORST = 2.5, 10.0
"""Percent of the inter-ocular distance at which the annotator is content with a face."""
_BOX_ERROR = 0.05
_START = """
import sys, time
from pathlib import Path
from annotator.gui.app import application
from annotator.gui.main_window import MainWindow
from projects.store import Project
app = application()
with Project.open(Path(sys.argv[1])) as project:
    window = MainWindow(project, who="benchmark")
    window.show()
    window.start()
    while window.canvas.image_size is None:
        app.processEvents()
        time.sleep(0.001)
    window.canvas.repaint()
    print("usable", "torch" in sys.modules, flush=True)
    sys.stdin.read()
    window.close()
"""


class Hand:
    """The mouse and the keys of a window."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.canvas = window.canvas

    def wait(self, ready: Callable[[], bool]) -> None:
        app, end = application(), time.monotonic() + 120
        while not ready():
            if time.monotonic() > end:
                sys.exit(f"The window waits for: {self.window.status.waiting.text()}")
            app.processEvents()
            time.sleep(0.001)

    def ready(self) -> bool:
        view = self.window.labelling.view
        ready = self.window.labelling.phase is Phase.READY
        return ready and view is not None and view.backend is not None

    def at(self, place: Floats) -> QPoint:
        return QPoint(*(round(float(v)) for v in self.canvas.viewport.to_screen(place)))

    def place(self, landmark: int, target: Floats) -> tuple[float, float]:
        """Puts a landmark there: asks for it, presses, releases. Seconds from the release until
        the canvas is painted, by the clock and of this process."""
        self.window.labelling.choose(landmark)
        place, left = self.at(target), Qt.MouseButton.LeftButton
        shift = Qt.KeyboardModifier.ShiftModifier
        QTest.mouseMove(self.canvas, place)
        QTest.mousePress(self.canvas, left, shift, place)
        self.canvas.repaint()
        started, worked = time.perf_counter(), time.process_time()
        QTest.mouseRelease(self.canvas, left, shift, place)
        self.canvas.repaint()
        return time.perf_counter() - started, time.process_time() - worked


def start_seconds(folder: Path) -> list[float]:
    """From the start of the process until the window shows its first photograph."""
    seconds = []
    for _ in range(_STARTS):
        started = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", _START, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            said = child.stdout.readline().split()
            seconds.append(time.perf_counter() - started)
            if said != ["usable", "False"]:
                sys.exit(f"The window did not start without torch: {said}")
            child.communicate("")
    return seconds


class _Exemplars:
    """Proposes among so many perturbed faces, as a classifier that hesitates between many."""

    def __init__(self, shapes: Floats, classes: int, seed: int) -> None:
        many = perturbed(shapes.astype(np.float32), classes, seed)
        self._exemplars = Exemplars(many).prepare()
        self._weights = np.random.default_rng(seed).normal(0, 2.0, classes)
        spread = (shapes - shapes.mean(axis=0)).reshape(len(shapes), -1)
        self._residual = 0.1 * np.cov(spread.T) + 1e-5 * np.eye(spread.shape[1])

    def propose(self, pixels: object, box: Box) -> Proposal:
        mixture = ShapeMixture(self._weights, self._exemplars, self._residual)
        return Proposal(box, mixture, "exemplar")


def click_milliseconds(
    folder: Path, shapes: Floats, truth: dict[int, Floats], clicks: int, seed: int
) -> Floats:
    """(N, 2) from releasing the button over a landmark to the painted posterior, ten clicks a
    face: by the clock and of this process."""
    found: list[tuple[float, float]] = []
    model = _Exemplars(shapes, CLASSES, seed)
    with Project.open(folder) as project:
        window = MainWindow(project, who="benchmark")
        window.preparation.proposer = Proposer("exemplar", "For the benchmark.", model)
        window.resize(1440, 900)
        window.show()
        window.start()
        hand = Hand(window)
        for _ in range(min(clicks // 10, len(truth))):
            hand.wait(hand.ready)
            record = window.labelling.record
            assert record is not None
            for _ in range(10):
                asked = window.labelling.asked
                assert asked is not None
                found.append(hand.place(asked, truth[record.id][asked]))
                application().processEvents()
            QTest.keyClick(window.canvas, Qt.Key.Key_Return)
        window.close()
    # The first click compiles what is compiled.
    return 1000 * np.array(found[1:])


def gestures(folder: Path, truth: dict[int, Floats], rule: str, seed: int) -> tuple[int, int]:
    """(gestures, faces): the worst landmark is put right until the face is good, then Enter."""
    total = faces = 0
    with Project.open(folder) as project:
        window = MainWindow(project, who="benchmark")
        window.labelling.session.rule = RULES[rule]
        window.resize(1440, 900)
        window.show()
        window.start()
        hand = Hand(window)
        for _ in truth:
            hand.wait(hand.ready)
            record = window.labelling.record
            assert record is not None
            points = truth[record.id]
            unit = float(np.linalg.norm(points[36] - points[45]))
            noise = np.random.default_rng((seed, record.id)).normal(0, CLICK_ERROR, points.shape)
            placed: set[int] = set()
            while len(placed) < len(points):
                view = window.labelling.view
                assert view is not None
                errors = 100 * np.linalg.norm(view.shape.points - points, axis=1) / unit
                if errors.mean() <= _NME and errors.max() <= _WORST:
                    break
                errors[list(placed)] = -1.0
                worst = int(np.argmax(errors))
                hand.place(worst, points[worst] + noise[worst] * unit)
                placed.add(worst)
                total += 1
            QTest.keyClick(window.canvas, Qt.Key.Key_Return)
            total, faces = total + 1, faces + 1
        window.close()
    return total, faces


def project_of_faces(
    folder: Path, labelled: int, faces: int, seed: int
) -> tuple[Floats, dict[int, Floats]]:
    """A project of labelled training faces and of test faces in jittered boxes.

    Returns the labelled shapes (N, 68, 2) in their boxes' frames, and the truth by instance.
    """
    scheme, random = Scheme.named("face68"), np.random.default_rng(seed)
    training = sorted((_DATA / "faces68" / "helen-train").glob("*.pts"))
    testing = sorted((_DATA / "faces68" / "helen-test").glob("*.pts"))
    links = folder.with_name(folder.name + "_photographs")
    links.mkdir()
    for path in random.permutation(np.array(training, dtype=object))[:labelled]:
        for source in (path, path.with_suffix(".jpg")):
            (links / source.name).symlink_to(source)
    truth: dict[int, Floats] = {}
    with Project.create(folder, scheme) as project, project.transaction():
        import_labels(project, links, who="import")
        framed = [r.box.to_frame(s.points) for r, s in project.shapes() if r.box is not None]
        for path in random.permutation(np.array(testing, dtype=object))[:faces]:
            points = _points(path)
            x, y, size = (float(v) for v in random.normal(0, _BOX_ERROR, 3))
            box = Box.square_around(points).moved((x, y), scale=float(np.exp(size)))
            photograph = path.with_suffix(".jpg")
            image = project.add_image(photograph, examine(photograph))
            truth[project.add_instance(image.id, box, who="import").id] = points
    return np.stack(framed), truth


def _points(path: Path) -> Floats:
    """(68, 2) of a .pts file, 0-based."""
    lines = path.read_text().split("{")[1].split("}")[0].split("\n")
    points = [[float(v) for v in line.split()] for line in lines if line.strip()]
    return Shape(np.array(points) - 1).points


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--faces", type=int, default=50)
    parser.add_argument("--labelled", type=int, default=400)
    parser.add_argument("--clicks", type=int, default=300, help="at most ten a face")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    started = time.monotonic()
    application()
    with tempfile.TemporaryDirectory() as passing:
        figures: dict[str, float | int | list[float]] = {}
        fresh = Path(passing) / "faces"
        shapes, truth = project_of_faces(fresh, options.labelled, options.faces, options.seed)
        figures["desk/start_s"] = round(float(np.median(start_seconds(fresh))), 3)
        for rule in ("mixture", "manual"):
            folder = Path(shutil.copytree(fresh, Path(passing) / rule))
            total, faces = gestures(folder, truth, rule, options.seed)
            figures[f"desk/{rule}/gestures_per_face"] = round(total / faces, 3)
        figures["desk/gestures_ratio"] = round(
            float(figures["desk/mixture/gestures_per_face"])  # type: ignore[arg-type]
            / float(figures["desk/manual/gestures_per_face"]),  # type: ignore[arg-type]
            4,
        )
        spent = click_milliseconds(fresh, shapes, truth, options.clicks, options.seed)
    # On a machine that is busy with other things the clock says little of the program.
    for name, some in (("click_repaint", spent[:, 0]), ("click_repaint_processor", spent[:, 1])):
        figures[f"desk/{name}_ms"] = round(float(np.median(some)), 2)
        figures[f"desk/{name}_p99_ms"] = round(float(np.quantile(some, 0.99)), 2)
    figures["desk/load"] = round(os.getloadavg()[0], 2)
    settings = {
        "faces": options.faces,
        "labelled": options.labelled,
        "clicks": options.clicks,
        "classes": CLASSES,
        "accepted_nme": _NME,
        "accepted_worst": _WORST,
        "platform": os.environ["QT_QPA_PLATFORM"],
    }
    result = Result(
        protocol="desk",
        command=f"python -m tests.benchmarks.desk {' '.join(sys.argv[1:])}",
        commit=this_commit(),
        seed=options.seed,
        settings=settings,
        machine=this_machine(),
        seconds=round(time.monotonic() - started, 1),
        figures=figures,
    )
    result.write(options.json)
    for name, value in sorted(figures.items()):
        print(f"{name:40} {value}")  # noqa: T201


if __name__ == "__main__":
    main()
