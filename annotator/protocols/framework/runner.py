"""Running a protocol and giving its figures the form of a result."""

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import (
    Figures,
    Result,
    this_commit,
    this_machine,
)
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest

PROTOCOLS: Mapping[str, str] = {
    "accuracy": "Errors without a click on the 554 faces of the 300-W common set.",
    "clicks": "Errors after 0..10 clicks on the same faces, by rule and policy.",
    "contours": "Clicks until no landmark is visibly off, exact or on contours, on the same faces.",
    "evenly": "What even spacing along contours does to labels made twice, and to errors.",
    "gestures": "Every gesture of a person on the same faces, one at a time and on sheets.",
    "fewshot": "Errors without a click after the first 1 to 24 labels, on all sets.",
    "hidden_head": "Teaches the shipped network, by rendered heads, to tell what is hidden.",
    "newsource": "Ellipses on photographs of a new source, and what these teach without labels.",
    "campaign": "Clicks of whole labelling jobs from zero labels, on four sets.",
    "hard": "Errors and clicks on occluded faces, in loose boxes and at large poses.",
    "hidden": "Which landmarks are hidden, on rendered heads: precision, and gestures to mark.",
    "crossset": "Errors and failures on another source than was learned from, by loss.",
    "occlusion": "Errors and failures under black ellipses, by loss.",
    "ablation": "Errors and clicks without the prior, without calibration, and with both.",
    "precision": "Errors without a click where photographs are fine: in millimetres, by stage.",
    "refinement": "Errors in boxes off by 5 to 20 %, before and after refinement.",
    "finder": "Faces found in whole photographs, and flies in the frames of a video.",
    "parsing": "Masks of a head's parts: overlap, clicks on hair, speed, and steadiness in a film.",
    "parsing_sizes": "The parsing network by channels, expansion and dense layers, trained anew.",
    "hair": "The hair network without its first stage or its refinement of borders, trained anew.",
    "video": "What time is worth: clicks, errors and ellipses on clips, and who is who in them.",
    "retrieval": "Nearest neighbours in the network's features against classification.",
    "latency": "Milliseconds a click and memory at 10 to 1,000,000 classes.",
    "budget": "The best sparse formats: exact curves, their time, and formats that exist.",
    "fill": "Errors of the rest of a shape from a few clicked points, without any network.",
    "weak": "Few faces labelled densely, the rest sparsely: the two-branch network, and its fill.",
    "people": "How far the two annotators of the cephalograms are apart, and a model next to it.",
    "audit": "How many of the labels that a seeded program spoils a reviewer is shown first.",
    "interpret": "How landmarks move together in predictions, against the truth, by stage.",
    "rendered": "What rendered heads teach about photographs, alone and before few labels.",
    "laplace": "Laplace networks by loss, by labels and by channels, each trained anew.",
    "occlusion_network": "The occlusion-adaptive network without some of its modules, or with all.",
    "cropnet": "Errors of the coarse-to-fine network by stage and loss.",
    "losses": "Error by loss and number of classes, each trained anew.",
}


SHARED_OUT = frozenset({"accuracy", "clicks", "contours", "campaign"})
"""Those that others may compute, case by case or job by job."""


_WITH_SETS = "audit campaign crossset fewshot newsource occlusion precision video"
_WITH_VARIANTS = (
    "audit campaign cropnet crossset hair hard newsource occlusion occlusion_network "
    "parsing_sizes video weak"
)
_WITH_A_MODEL = (
    "ablation accuracy clicks contours crossset gestures hard hidden interpret latency occlusion "
    "refinement retrieval"
)
_WITHOUT_A_TRAINING = {"budget", "fill", "hidden_head", "latency", "losses", "people"}
"""Or with one that is the same every time."""
TAKING: Mapping[str, Sequence[str]] = {
    "--sets": _WITH_SETS.split(),
    "--variants": _WITH_VARIANTS.split(),
    "--project": _WITH_A_MODEL.split(),
    "--shipped": [*_WITH_A_MODEL.split(), "evenly", "finder", "parsing"],
    "--set": [name for name in PROTOCOLS if name not in _WITHOUT_A_TRAINING],
}
"""Which protocols have what can be chosen, by the option that does it."""


def check_known(name: str) -> None:
    """Raises ActionableError with the closest known name."""
    if name not in PROTOCOLS:
        raise ActionableError(
            f'There is no protocol "{name}".{closest(name, PROTOCOLS)}',
            remedy=f"Known protocols: {', '.join(PROTOCOLS)}.",
        )


def check_chosen(name: str, options: Options) -> None:
    """Raises ActionableError where something is chosen that the protocol does not have, or two
    models that cannot both be measured."""
    given = {
        "--sets": options.sets,
        "--variants": options.variants,
        "--project": options.project is not None,
        "--shipped": options.shipped,
        "--set": options.training,
    }
    for option, chosen in given.items():
        if chosen and name not in TAKING[option]:
            raise ActionableError(
                f"The protocol {name} takes no {option}.",
                kept="Nothing was started.",
                remedy=f"Leave {option} out. It is of: {', '.join(TAKING[option])}.",
            )
    options.refuse_two_models()


def check_shared_out(name: str, option: str) -> None:
    """Raises ActionableError where the protocol has nothing to share out. option: that asks it."""
    if name not in SHARED_OUT:
        raise ActionableError(
            f"The protocol {name} has no parts that know nothing of each other.",
            kept="Nothing was started.",
            remedy=f"Leave {option} out. Several compute: "
            + ", ".join(one for one in PROTOCOLS if one in SHARED_OUT)
            + ".",
        )


def evaluate(name: str, options: Options, command: str, progress: Progress) -> Result:
    """Raises ActionableError with the closest known name, or where the options choose something or
    name who computes and the protocol has nothing of that kind."""
    check_known(name)
    check_chosen(name, options)
    if options.executor is not THIS_PROCESS:
        check_shared_out(name, "--scheduler")
    module = importlib.import_module(f"landmark_annotator.annotator.protocols.{name}")
    run = cast(Callable[[Options, Progress], Figures], module.run)
    started = time.monotonic()
    figures = run(options, progress)
    # As JSON has them: a result that is read again is the one that was written.
    settings = options.settings
    return Result(
        protocol=name,
        command=command,
        commit=this_commit(),
        seed=settings.pop("seed"),
        settings=settings,
        machine=this_machine(),
        seconds=round(time.monotonic() - started, 1),
        figures=figures,
    )
