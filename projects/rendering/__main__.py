"""Renders heads: the embedded set, or any number of them.

python -m landmark_annotator.projects.rendering set
python -m landmark_annotator.projects.rendering heads FOLDER --count 10000 --processes 2
python -m landmark_annotator.projects.rendering film FOLDER --count 300 --films 2
python -m landmark_annotator.projects.rendering benchmark --count 10 --processes 2
python -m landmark_annotator.projects.rendering check  # do the labels of the set come out again?
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import platformdirs

from landmark_annotator.projects.rendering.mesh.assets import fetched_assets
from landmark_annotator.projects.rendering.production.batch import (
    Order,
    acted_names,
    head_names,
    produce,
)
from landmark_annotator.projects.rendering.production.embedded_set import (
    FILM,
    REPRODUCED,
    SEED,
    SIZE,
    STILLS,
    embed,
    largest_difference,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError

TRAINING_SEED = 1
"""Of heads to learn from: other persons than those of the embedded set, which tests look at."""


class _Lines:
    """Progress as one line a picture."""

    def __init__(self) -> None:
        self.done, self.total = 0, 0

    def start(self, stage: str, total: int | None) -> None:
        self.done, self.total = 0, total or 0
        sys.stdout.write(f"{stage}: {self.total} to do\n")

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.done += steps
        sys.stdout.write(f"{self.done}/{self.total} {note}\n")
        sys.stdout.flush()

    def cancelled(self) -> bool:
        return False


def main() -> int:
    cache = platformdirs.user_cache_path("landmark-annotator", appauthor=False)
    parser = argparse.ArgumentParser(
        "rendering", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["set", "heads", "film", "benchmark", "check"])
    parser.add_argument("folder", nargs="?", type=Path, default=cache / "rendered")
    parser.add_argument("--assets", type=Path, default=cache / "heads")
    parser.add_argument("--count", type=int, default=STILLS, help="pictures, or frames of a film")
    parser.add_argument("--seed", type=int, default=TRAINING_SEED, help="the set has its own")
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--samples", type=int, default=8, help="paths a pixel")
    parser.add_argument("--views", type=int, default=1, help="pictures of one sitting")
    parser.add_argument("--films", type=int, default=1, help="each of the person of the next seed")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--variant", default="scalar_rgb", help="llvm_ad_rgb is faster; needs LLVM")
    chosen = parser.parse_args()
    embedded = chosen.what == "set"
    order = Order(
        chosen.folder,
        SEED if embedded else chosen.seed,
        chosen.size,
        chosen.samples,
        chosen.assets,
        chosen.variant,
        1 if embedded else chosen.views,
    )
    try:
        if chosen.what == "benchmark":
            with tempfile.TemporaryDirectory() as passing:
                order = replace(order, folder=Path(passing))
                seconds = produce(order, head_names(chosen.count), chosen.processes, _Lines())
            sys.stdout.write(f"{60 * chosen.count / seconds:.1f} heads a minute\n")
        elif chosen.what == "check":
            off = largest_difference(fetched_assets(chosen.assets))
            sys.stdout.write(f"The landmarks differ by at most {off:.4f} pixels.\n")
            return 0 if off < REPRODUCED else 1
        elif chosen.what == "heads":
            produce(order, head_names(chosen.count), chosen.processes, _Lines())
        elif chosen.what == "film":
            for seed in range(chosen.seed, chosen.seed + chosen.films):
                film = replace(order, folder=chosen.folder / f"person{seed}", seed=seed, views=1)
                produce(film, acted_names(chosen.count), chosen.processes, _Lines())
        else:
            produce(order, head_names(STILLS) + FILM, chosen.processes, _Lines())
            embed(order.folder)
    except ActionableError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
