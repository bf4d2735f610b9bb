"""What is hidden, learned for a network that is trained already."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from landmark_annotator.backends.densities.augmentation import read_patches
from landmark_annotator.backends.densities.hidden_training import learn_hidden
from landmark_annotator.backends.densities.hidden_widening import widen_hidden
from landmark_annotator.backends.densities.training_set import TrainingSet
from landmark_annotator.backends.heatmap.model_files import load_model, save_model
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_HELD_OUT = 10
"""Of so many groups of related instances one is kept out."""


def tell_hidden(
    trained: Path,
    instances: Sequence[LabelledInstance],
    told: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    progress: Progress,
) -> None:
    """Writes the model in `trained` into `folder` with a head that tells what is hidden; all else
    of it stays as it is.

    instances: those that it was trained on, of which it keeps the same ones out. told: others,
    whose labels say what is hidden, such as rendered ones; a tenth of their groups brings the odds
    to true frequencies. Raises WeightsMismatch, Cancelled, and ActionableError where too little is
    hidden.
    """
    model = load_model(trained, scheme)
    kept = model.card["settings"]
    size, seed = int(kept["size"]), int(kept["seed"])
    settings = Settings.of({"size": size, "seed": seed, "held_out": float(kept["held_out"])})
    data = TrainingSet.read(instances, settings, progress)
    learned, held_out = data.patches_of(data.training), data.patches_of(data.left_out)
    boxes = [similarity_box(data.shapes.reference, each.shape.points) for each in told]
    groups = {key: n for n, key in enumerate(dict.fromkeys(each.split_key for each in told))}
    for index, patch in read_patches(told, boxes, size, progress)[0].items():
        aside = groups[told[index].split_key] % _HELD_OUT == 0
        (held_out if aside else learned).append(patch)
    head = learn_hidden(model.inference.network, learned, held_out, scheme, size, seed, progress)
    if head is None:
        raise ActionableError(
            "Too few landmarks are hidden to learn from.",
            kept="Nothing was written.",
            remedy="Give more instances whose labels say it.",
        )
    model = replace(model, inference=model.inference.telling_hidden(head))
    widen_hidden(model, data.patches_of(data.left_out), seed, progress)
    save_model(folder, model)
