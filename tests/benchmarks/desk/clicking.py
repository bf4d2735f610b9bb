"""From the hand to the painted posterior, among as many classes as the paper has."""

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.fitting.perturbed_shapes import perturbed
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.benchmarks.desk.hand import Hand, Spent

CLASSES = 140_428


class _Exemplars:
    """Proposes among so many perturbed faces, as a classifier that hesitates between many."""

    name = "exemplar"
    learns_at_once = False
    learned_from = 0

    def __init__(self, shapes: Floats, classes: int, seed: int) -> None:
        many = perturbed(shapes.astype(np.float32), classes, seed)
        self._exemplars = Exemplars(many).prepare()
        self._weights = np.random.default_rng(seed).normal(0, 2.0, classes)
        spread = (shapes - shapes.mean(axis=0)).reshape(len(shapes), -1)
        self._residual = 0.1 * np.cov(spread.T) + 1e-5 * np.eye(spread.shape[1])

    def propose(self, pixels: object, box: Box) -> Proposal:
        mixture = ShapeMixture(self._weights, self._exemplars, self._residual)
        return Proposal(box, mixture, "exemplar")

    def maker(self, backend: str) -> str:
        return f"{backend} of the benchmark"


def click_figures(
    folder: Path, shapes: Floats, truth: dict[int, Floats], clicks: int, seed: int
) -> Figures:
    """Ten clicks a face, each on the landmark that is asked for; then the next image."""
    presses: list[Spent] = []
    releases: list[Spent] = []
    nexts: list[Spent] = []
    model = _Exemplars(shapes, CLASSES, seed)
    with Project.open(folder) as project:
        window = MainWindow(project, who="benchmark")
        window.preparation.proposer = Proposer("For the benchmark.", model, model)
        window.resize(1440, 900)
        window.show()
        window.start()
        hand = Hand(window)
        for _ in range(min(clicks // 10, len(truth))):
            hand.wait(hand.ready)
            record = window.controller.record
            assert record is not None
            for _ in range(10):
                asked = window.controller.asked
                assert asked is not None
                press, release = hand.place(asked, truth[record.id][asked])
                presses.append(press)
                releases.append(release)
                hand.turn()
            (following,) = project.waiting(record.id)
            hand.wait(partial(_prefetched, window, following.id, following.image_id))
            nexts.append(hand.key(Qt.Key.Key_Return))
        window.close()
    # The first click compiles what is compiled.
    figures: Figures = {}
    for name, seconds in (
        ("click_repaint", [spent.painted for spent in releases[1:]]),
        ("click_repaint_processor", [spent.processor for spent in releases[1:]]),
        ("click_stored", [spent.ended for spent in releases[1:]]),
        ("press_repaint", [spent.painted for spent in presses[1:]]),
        ("next_image", [spent.painted for spent in nexts]),
        ("next_image_processor", [spent.processor for spent in nexts]),
    ):
        figures[f"desk/{name}_ms"] = round(1000 * float(np.median(seconds)), 2)
        figures[f"desk/{name}_p99_ms"] = round(1000 * float(np.quantile(seconds, 0.99)), 2)
    return figures


def _prefetched(window: MainWindow, instance_id: int, image_id: int) -> bool:
    preparation = window.preparation
    return (
        preparation.picture(image_id) is not None and preparation.proposal(instance_id) is not None
    )
