"""Gestures on sheets, by real events, and turning: python -m tests.benchmarks.sheet --json FILE.

Mouse and key events on the real window, offscreen unless QT_QPA_PLATFORM says otherwise. The
photographs are those in the folder that LANDMARK_DATA names.
"""

import argparse
import os
import sys
import tempfile
import time
from itertools import product
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
from tests.benchmarks.desk.faces import project_of_faces
from tests.benchmarks.sheet.labelling import SIZES, label_on_sheets, turning_ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--faces", type=int, default=60)
    parser.add_argument("--turns", type=int, default=4, help="of sheets of each size")
    parser.add_argument("--tolerances", type=int, nargs="+", default=(10, 7, 5))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    started = time.monotonic()
    app = application()
    figures: Figures = {"sheet/faces": options.faces}
    with tempfile.TemporaryDirectory() as passing:
        for tolerance, way in product(options.tolerances, ("exact", "contours")):
            folder = Path(passing) / f"faces{tolerance}{way}"
            _, truth = project_of_faces(
                folder, 1, options.faces, options.seed, ("helen-test", "lfpw-test")
            )
            spent = label_on_sheets(folder, truth, tolerance, options.seed, exact=way == "exact")
            name = f"sheet/{tolerance}/{way}"
            figures |= {
                f"{name}/per_face": round(spent.total / options.faces, 3),
                f"{name}/drags": round(spent.drags / options.faces, 3),
                f"{name}/zooms": round(spent.zooms / options.faces, 3),
                f"{name}/accepting": round(spent.accepted / options.faces, 3),
                f"{name}/unmended": spent.unmended,
            }
            app.processEvents()
        for size in SIZES:
            folder = Path(passing) / f"turning{size}"
            count = size * (options.turns + 1)
            project_of_faces(folder, 1, count, options.seed, ("helen-test", "lfpw-test"))
            turned = turning_ms(folder, size, options.turns)
            figures |= {
                f"sheet/turn/{size}/painted_ms": round(float(np.median(turned.painted)), 1),
                f"sheet/turn/{size}/painted_processor_ms": round(
                    float(np.median(turned.processor)), 1
                ),
                f"sheet/turn/{size}/ended_ms": round(float(np.median(turned.ended)), 1),
            }
    # On a machine that is busy with other things the clock says little of the program.
    figures["sheet/load"] = round(os.getloadavg()[0], 2)
    result = Result(
        protocol="sheet",
        command=f"python -m tests.benchmarks.sheet {' '.join(sys.argv[1:])}",
        commit=this_commit(),
        seed=options.seed,
        settings={"window": [1440, 900], "platform": os.environ["QT_QPA_PLATFORM"]},
        machine=this_machine(),
        seconds=round(time.monotonic() - started, 1),
        figures=figures,
    )
    result.write(options.json)
    for name, value in sorted(figures.items()):
        print(f"{name:40} {value}")  # noqa: T201


if __name__ == "__main__":
    main()
