"""How the shipped network came to tell what is hidden: the `hidden_head` protocol.

WORK/heads holds what `python -m landmark_annotator.projects.rendering heads WORK/heads` has made.
The network that ships stays as it is; a head that reads its features is learned on the training
faces, with patches drawn over them, and on nine in ten of the rendered persons, and is written with
it to WORK/heatmap. What it is worth says the `hidden` protocol.
"""

from pathlib import Path

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.backends.heatmap.hidden import tell_hidden
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.samples.rendered_heads.produced import rendered_instances
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError


def run(options: Options, progress: Progress) -> Figures:
    scheme = Scheme.named("face68")
    trained = backend_named("heatmap").shipped(scheme)
    if options.work is None or trained is None:
        raise ActionableError(
            "The protocol needs rendered heads, and no work folder was named.",
            remedy="Give --work FOLDER, with the heads in FOLDER/heads.",
        )
    work = Path(options.work)
    faces = faces300w.faces(faces300w.TRAINING)
    heads = rendered_instances(work / "heads")
    tell_hidden(trained, faces, heads, scheme, work / "heatmap", progress)
    return {
        "hidden_head/faces": len(faces),
        "hidden_head/heads": len(heads),
        "hidden_head/persons": len({head.key for head in heads}),
    }
