"""The gestures that the model saves: a scripted annotator with real mouse events."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.simulation.hand import CLICK_ERROR
from landmark_annotator.backends.shapes.rules import RULES
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.benchmarks.desk.hand import Hand

OFF = "off"
"""A rule: nothing is proposed, and a click moves nothing but its own landmark."""

ACCEPTED_NME, ACCEPTED_WORST = 2.5, 10.0
"""Percent of the inter-ocular distance at which the annotator is content with a face."""


@dataclass(frozen=True)
class _Nothing:
    """Proposes nothing, and stays so: accepted shapes do not become a prior."""

    name = OFF
    learns_at_once = False


def gestures(folder: Path, truth: dict[int, Floats], rule: str, seed: int) -> tuple[int, int]:
    """(gestures, faces): the worst landmark is put right until the face is good, then Enter.

    rule: a name of `RULES`, for what a click does to the other landmarks, or OFF.
    """
    total = faces = 0
    with Project.open(folder) as project:
        window = MainWindow(project, who="benchmark")
        if rule == OFF:
            window.preparation.proposer = Proposer("For the benchmark.", _Nothing())
        else:
            window.controller.session.belief.rule = RULES[rule]
        window.resize(1440, 900)
        window.show()
        window.start()
        hand = Hand(window)
        for _ in truth:
            hand.wait(hand.waits_for_points if rule == OFF else hand.ready)
            record = window.controller.record
            assert record is not None
            points = truth[record.id]
            unit = float(np.linalg.norm(points[36] - points[45]))
            noise = np.random.default_rng((seed, record.id)).normal(0, CLICK_ERROR, points.shape)
            placed: set[int] = set()
            while len(placed) < len(points):
                view = window.controller.view
                assert view is not None
                errors = 100 * np.linalg.norm(view.shape.points - points, axis=1) / unit
                if errors.mean() <= ACCEPTED_NME and errors.max() <= ACCEPTED_WORST:
                    break
                errors[list(placed)] = -1.0
                worst = int(np.argmax(errors))
                hand.place(worst, points[worst] + noise[worst] * unit)
                placed.add(worst)
                total += 1
            hand.key(Qt.Key.Key_Return)
            total, faces = total + 1, faces + 1
        window.close()
    return total, faces
