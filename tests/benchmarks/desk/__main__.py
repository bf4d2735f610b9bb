"""The window's speed, and the gestures that it saves: python -m tests.benchmarks.desk --json FILE.

Everything goes through real mouse and key events on the real window, offscreen unless
QT_QPA_PLATFORM says otherwise. The photographs are those in the folder that LANDMARK_DATA names.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.protocols.framework.result import (
    Figures,
    Result,
    this_commit,
    this_machine,
)
from landmark_annotator.projects.vocabulary.arrays import Floats
from tests.benchmarks.desk.blocks import block_figures
from tests.benchmarks.desk.clicking import CLASSES, click_figures
from tests.benchmarks.desk.faces import project_of_faces
from tests.benchmarks.desk.labelling import ACCEPTED_NME, ACCEPTED_WORST, OFF, gestures
from tests.benchmarks.desk.large_image import large_figures
from tests.benchmarks.desk.long_list import list_figures
from tests.benchmarks.desk.many_images import memory_figures
from tests.benchmarks.desk.starting import demo_seconds, start_seconds


class _Bench:
    """One project of faces for several figures; each part has copies of its own."""

    def __init__(self, passing: Path, options: argparse.Namespace) -> None:
        self._passing, self._options = passing, options
        self.longest_blocks: list[str] = []
        """What held the window's thread longest, in words."""
        self._faces: tuple[Path, Floats, dict[int, Floats]] | None = None

    def faces(self, name: str) -> tuple[Path, Floats, dict[int, Floats]]:
        options = self._options
        if self._faces is None:
            fresh = self._passing / "faces"
            found = project_of_faces(fresh, options.labelled, options.faces, options.seed)
            self._faces = (fresh, *found)
        fresh, shapes, truth = self._faces
        return Path(shutil.copytree(fresh, self._passing / name)), shapes, truth

    def start(self) -> Figures:
        folder, _, _ = self.faces("start")
        return {"desk/start_s": round(float(np.median(start_seconds(folder))), 3)}

    def demo(self) -> Figures:
        drawn, seconds = demo_seconds(self._passing / "samples")
        return {
            "desk/demo/drawing_s": round(drawn, 2),
            "desk/demo/first_proposal_s": round(float(np.median(seconds)), 3),
        }

    def clicks(self) -> Figures:
        folder, shapes, truth = self.faces("clicks")
        return click_figures(folder, shapes, truth, self._options.clicks, self._options.seed)

    def gestures(self) -> Figures:
        figures: Figures = {}
        spent = {}
        for rule in ("mixture", "manual", OFF):
            folder, _, truth = self.faces(rule)
            total, faces = gestures(folder, truth, rule, self._options.seed)
            figures[f"desk/{rule}/gestures_per_face"] = round(total / faces, 3)
            spent[rule] = total
        # Against the same window with model and conditioning switched off; and, from the same
        # proposals, with conditioning alone switched off.
        figures["desk/gestures_ratio"] = round(spent["mixture"] / spent[OFF], 4)
        figures["desk/gestures_ratio_same_proposals"] = round(spent["mixture"] / spent["manual"], 4)
        return figures

    def list(self) -> Figures:
        return list_figures(self._passing / "long", self._options.seed)

    def memory(self) -> Figures:
        options = self._options
        return memory_figures(self._passing / "many", options.images, options.seed)

    def large(self) -> Figures:
        return large_figures(self._passing, self._options.seed)

    def blocks(self) -> Figures:
        """On fewer labels than the other parts, for a training beside it to come to its end."""
        options, folder = self._options, self._passing / "hour"
        _, truth = project_of_faces(folder, options.learned, options.hour + 8, options.seed)
        figures, self.longest_blocks = block_figures(folder, truth, options.hour)
        return figures


_PARTS = ("start", "demo", "clicks", "list", "large", "memory", "gestures", "blocks")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--parts", nargs="+", choices=_PARTS, default=_PARTS)
    parser.add_argument("--faces", type=int, default=50)
    parser.add_argument("--labelled", type=int, default=400)
    parser.add_argument("--clicks", type=int, default=300, help="at most ten a face")
    parser.add_argument("--images", type=int, default=2000, help="for the memory")
    parser.add_argument("--hour", type=int, default=12, help="images of the scripted hour")
    parser.add_argument("--learned", type=int, default=24, help="labels of its training")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    started = time.monotonic()
    app = application()
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as passing:
        bench = _Bench(Path(passing), options)
        for part in options.parts:
            measure: Callable[[], Figures] = getattr(bench, part)
            figures |= measure()
            app.processEvents()
    # On a machine that is busy with other things the clock says little of the program.
    figures["desk/load"] = round(os.getloadavg()[0], 2)
    settings = {
        "faces": options.faces,
        "labelled": options.labelled,
        "clicks": options.clicks,
        "classes": CLASSES,
        "accepted_nme": ACCEPTED_NME,
        "accepted_worst": ACCEPTED_WORST,
        "hour": options.hour,
        "learned": options.learned,
        "longest_blocks": bench.longest_blocks,
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
