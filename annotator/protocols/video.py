"""What time is worth: clicks, errors and ellipses with the frames of a video together, without, and
by simpler means; and who is who in it. The `video` protocol.

`rendered` is the embedded film, `films` are longer ones in the folder that `--set films=` names. On
`flies13` a job begins without any label: a person labels a few frames, what is learned from these
proposes for all others, and then clicks go on until enough landmarks are near those of another
program. On `flies24` that program's shapes are told apart anew. `hmm` is the model over exemplar
classes. `carried` are boxes of a frame from the labels of one near it, before anything is learned.
With the variant `eks` Lightning Pose's smoother has the same densities of the films, where
its package is installed, and nobody clicks.
"""

from collections.abc import Callable, Mapping

from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.annotator.protocols.video_carried import carried
from landmark_annotator.annotator.protocols.video_flies import flies
from landmark_annotator.annotator.protocols.video_hmm import hidden_markov
from landmark_annotator.annotator.protocols.video_identities import identities
from landmark_annotator.annotator.protocols.video_rendered import embedded, films
from landmark_annotator.backends.learning.device import one_core
from landmark_annotator.backends.learning.settings import one_of
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError

VARIANTS = ("eks", "query", "without_time", "lowpass", "flow", "surer_half", "first_network")
SETTINGS = ("films", "frames", "labelled", "network", "trainings", "quick")


def run(options: Options, progress: Progress) -> Figures:
    one_core()
    options.variants_among(VARIANTS)
    for name in options.training:
        one_of("setting", name, SETTINGS)
    if "films" in options.sets and not options.training.get("films"):
        raise ActionableError(
            "No folder of films was named.",
            kept="Nothing was started.",
            remedy="Give --set films=FOLDER, or leave films out of --sets.",
        )
    parts: Mapping[str, Callable[[Options, Progress], Figures]] = {
        "rendered": embedded,
        "films": films,
        "flies13": flies,
        "flies24": identities,
        "hmm": hidden_markov,
        "carried": carried,
    }
    figures: Figures = {}
    asked = options.sets_among(list(parts))
    for name, part in parts.items():
        if name in asked:
            figures |= part(options, progress)
    return figures
