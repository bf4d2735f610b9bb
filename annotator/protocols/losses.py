"""Error by loss and number of classes: the `losses` protocol (the paper's figure 3).

Every cell is a classifier trained from nothing on the same training faces, with the same crops in
the same order, and no regressors behind it. The error is that of the held-out tenth of them, in
boxes as people draw them, so no test face is looked at.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.vocabulary import Progress, Scheme

LOSSES = ("softmax", "soft_target", "multi_label")
CLASSES = (10, 100, 1000, 0)
"""0 is one class for each training shape and its mirror image."""
WIDE = 140_428
"""The paper's K, reached with perturbed shapes."""
RANK = 32

SETTINGS: Mapping[str, Any] = {"epochs": 12, "size": 64, "levels": 0, "members": (0.01, 0.03)}
"""Less of everything than a model for use has, so that the table takes about an hour. A share of
the classes fixes tau; which of the two, held-out faces say."""


def run(options: Options, progress: Progress) -> Figures:
    """`options.work` keeps every cell that is done, so that a stopped run goes on."""
    faces = faces300w.faces(faces300w.TRAINING)[: options.images]
    train = backend_named("exemplar").train
    scheme = Scheme.named("face68")
    figures: Figures = {name: SETTINGS[name] for name in ("epochs", "size")}

    def cell(name: str, **settings: Any) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(options.work or temporary) / "losses" / name.replace("/", "-")
            chosen = {"seed": options.seed, **SETTINGS, **settings}
            if not has_card(folder):
                train(faces, scheme, folder, chosen, progress)
            check_training(folder, chosen, len(faces))
            card = read_card(folder)
        figures[f"losses/{name}/nme"] = rounded(card["figures"]["held_out_error"])
        if "held_out_visible_error" in card["figures"]:  # not of cells that were kept before it
            visible = card["figures"]["held_out_visible_error"]
            figures[f"losses/{name}/visible"] = rounded(visible)
        figures[f"losses/{name}/minutes"] = rounded(card["minutes"])
        figures[f"losses/{name}/tau"] = rounded(card["tau"])

    for classes in CLASSES:
        for loss in LOSSES:
            # The nearest class needs no tau.
            members = (0.01,) if loss == "softmax" else SETTINGS["members"]
            cell(f"{loss}/{classes or 'exemplars'}", loss=loss, classes=classes, members=members)
    for classes in (0, WIDE):
        cell(
            f"multi_label_rank{RANK}/{classes or 'exemplars'}",
            loss="multi_label",
            classes=classes,
            rank=RANK,
            members=(0.01,),
            fill=True,
        )
    return figures
