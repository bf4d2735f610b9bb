"""Error by loss and number of classes: the `losses` protocol (the paper's figure 3).

Every cell is a network trained from nothing on the same training faces; the error is that of the
held-out tenth of them, so no test face is looked at.
"""

import tempfile
from pathlib import Path
from typing import Any

from annotator.protocols import faces300w
from annotator.protocols.options import Options
from annotator.protocols.result import Figures, rounded
from backends.registry import backend_named
from projects.vocabulary import Progress, Scheme

_LOSSES = ("softmax", "soft_target", "multi_label")
_CLASSES = (10, 100, 1000, 0)
"""0 is one class for each training shape and its mirror image."""
_WIDE = 140_428
"""The paper's K, reached with perturbed shapes."""
_RANK = 32
_EPOCHS = 12


def run(options: Options, progress: Progress) -> Figures:
    faces = faces300w.faces(faces300w.TRAINING)[: options.images]
    train = backend_named("exemplar").train
    scheme = Scheme.named("face68")
    figures: Figures = {"epochs": _EPOCHS}

    def cell(name: str, **settings: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            chosen = {"seed": options.seed, "epochs": _EPOCHS, "members": (0.01,), **settings}
            card = train(faces, scheme, Path(folder), chosen, progress)
        figures[f"losses/{name}/nme"] = rounded(card["figures"]["held_out_error"])
        figures[f"losses/{name}/minutes"] = rounded(card["minutes"])

    for classes in _CLASSES:
        for loss in _LOSSES:
            cell(f"{loss}/{classes or 'exemplars'}", loss=loss, classes=classes)
    cell(f"multi_label_rank{_RANK}/exemplars", rank=_RANK)
    cell(f"multi_label_rank{_RANK}/{_WIDE}", rank=_RANK, classes=_WIDE, fill=True)
    return figures
