"""A training of the face network on photographs and rendered heads together.

    python -m tests.benchmarks.joint_training OUT --heads FOLDER --trunk MODEL

FOLDER is what `python -m landmark_annotator.projects.rendering heads FOLDER` has made. The
photographs are the training faces but those that the shipped model holds out: they are left for
what judges and calibrates it, `annotator evaluate accuracy --set trunk=OUT --set size=160 --set
epochs=1 --set learning_rate=1e-9`. Landmarks of rendered heads are exact, and would do neither.
"""

import argparse
from pathlib import Path

from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.backends.learning.device import one_core
from landmark_annotator.backends.learning.model_cards import read_card
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.samples.rendered_heads.produced import rendered_instances
from landmark_annotator.projects.vocabulary import Scheme

_SETTINGS = {
    "size": 160,
    "epochs": 24,
    "learning_rate": 1e-3,
    "held_out": 0.02,
    "unlabelled": "off",
    "second_look": False,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.joint_training")
    parser.add_argument("out", type=Path)
    parser.add_argument("--heads", type=Path, required=True)
    parser.add_argument("--trunk", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    one_core()
    scheme, backend = Scheme.named("face68"), backend_named("heatmap")
    shipped = backend.shipped(scheme)
    assert shipped is not None
    held_out = set(read_card(shipped)["held_out_keys"])
    photographs = [f for f in faces300w.faces(faces300w.TRAINING) if f.key not in held_out]
    learned = [*photographs, *rendered_instances(options.heads)]
    settings = {**_SETTINGS, "trunk": str(options.trunk), "seed": options.seed}
    with ProgressBar() as progress:
        backend.train(learned, scheme, options.out, settings, progress)


if __name__ == "__main__":
    main()
