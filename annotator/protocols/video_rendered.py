"""Rendered heads that turn, speak and are hidden by a hand, proposed for by the shipped network."""

from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets.clips import (
    ReferenceClip,
    embedded_clip,
    rendered_clips,
)
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.protocols.video_ensemble_kalman import ensemble_kalman
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.annotator.session.simulation.simulated_clip import (
    InTime,
    Stills,
    Wanted,
    clicks_needed,
)
from landmark_annotator.backends.metrics.calibration import inside, squared_mahalanobis
from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking import Clip, FlowField, flow_between, low_pass
from landmark_annotator.projects.vocabulary import Box, Progress
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError

_GOOD = 0.035
"""Of the inter-ocular distance, on average over a face."""
_MOST_A_FRAME = 3
_CLICKS = "clicks_per_1000"
_COMPARED, _RATIO = ("hidden", "flicker"), "_ratio"


def embedded(options: Options, progress: Progress) -> Figures:
    """The film of 60 frames that comes with the program."""
    return _figures("video/rendered", embedded_clip(options.images), options, progress)


def films(options: Options, progress: Progress) -> Figures:
    """--set films=FOLDER: each film in it, and all together; nothing where none is named."""
    folder = options.training.get("films")
    if not folder:
        return {}
    figures: Figures = {}
    for name, clip in rendered_clips(Path(str(folder))).items():
        figures |= _figures(f"video/films/{name}", clip, options, progress)
    return figures | together(figures)


def together(figures: Figures) -> Figures:
    """Of all films as of one: averages over their frames, and what time makes of these errors."""
    numbers = {n: float(f) for n, f in figures.items() if isinstance(f, int | float)}
    frames = {n.removesuffix("/frames"): f for n, f in numbers.items() if n.endswith("/frames")}
    total = sum(frames.values())
    first = next(iter(frames))
    names = [n.removeprefix(first) for n in numbers if n.startswith(f"{first}/")]
    means = {
        each: sum(numbers[film + each] * count for film, count in frames.items()) / total
        for each in names
        if each != "/frames" and not each.endswith(_RATIO)
    }
    found: Figures = {"video/films/frames": int(total)}
    found |= {f"video/films{each}": rounded(mean) for each, mean in means.items()}
    for figure in _COMPARED:
        with_time, without = (means[f"/{n}/{figure}"] for n in ("time", "without_time"))
        found[f"video/films/{figure}{_RATIO}"] = rounded(with_time / without)
    return found


def _figures(called: str, clip: ReferenceClip, options: Options, progress: Progress) -> Figures:
    proposals, flows = _proposed(clip, options, progress)
    time = InTime(Clip(68, proposals, flows))
    posterior, alone = time.smoothed.given({}), [each.given([]) for each in proposals]
    still = np.stack([each.points for each in alone])
    figures: Figures = {f"{called}/frames": len(clip.points)}
    if "eks" not in options.variants:
        figures |= _clicks(called, clip, proposals, flows, options, progress)
    named = {"time": posterior.points, "without_time": still, "lowpass": low_pass(still)}
    covariances = np.stack([each.covariances for each in alone])
    doubts = {"time": posterior.covariances, "without_time": covariances}
    if "eks" in options.variants:
        named["eks"], doubts["eks"] = ensemble_kalman(still, covariances)
    for name, points in named.items():
        figures |= _errors(f"{called}/{name}", points, clip)
    for name, spread in doubts.items():
        degrees = np.inf if name == "eks" else proposals[0].degrees
        figures |= _ellipses(f"{called}/{name}", named[name], spread, clip, degrees)
    for figure in _COMPARED:
        with_time, without = (
            float(figures[f"{called}/{name}/{figure}"])  # type: ignore[arg-type]
            for name in ("time", "without_time")
        )
        figures[f"{called}/{figure}{_RATIO}"] = rounded(with_time / without)
    return figures


def _clicks(
    called: str,
    clip: ReferenceClip,
    proposals: list[Proposal],
    flows: list[FlowField],
    options: Options,
    progress: Progress,
) -> Figures:
    """For 1,000 frames, with all of them together and by simpler means."""
    count = len(clip.points)
    first: list[Proposal | None] = [proposals[0], *[None] * (count - 1)]
    wanted = Wanted(lambda errors: np.nanmean(errors, axis=1) <= _GOOD)
    whole = Clip(68, proposals, flows)
    ways = {
        "": InTime(whole),
        "/query": InTime(whole),
        "/without_time": Stills(proposals),
        "/lowpass": Stills(proposals, filtered=True),
        "/flow": InTime(Clip(68, first, flows)),
    }
    figures: Figures = {}
    progress.start("clicks", len(ways))
    for name, belief in ways.items():
        clicks, _ = clicks_needed(
            belief,
            clip.points,
            clip.lengths,
            wanted,
            most=_MOST_A_FRAME * count,
            seed=options.seed,
            by_query=name == "/query",
        )
        figures[f"{called}/{_CLICKS}{name}"] = rounded(1000 * clicks / count)
        step(progress)
    return figures


def _proposed(
    clip: ReferenceClip, options: Options, progress: Progress
) -> tuple[list[Proposal], list[FlowField]]:
    """By the network that comes with the program, in boxes as hands draw them."""
    backend = backend_named(options.backend or DEFAULT_BACKEND)
    folder = backend.shipped(clip.scheme)
    if folder is None:
        raise ActionableError(f"No weights of the {backend.title} come with the program.")
    model = backend.load(folder, clip.scheme)
    proposals: list[Proposal] = []
    flows: list[FlowField] = []
    before: Pixels | None = None
    progress.start("proposing", len(clip.read))
    for index, read in enumerate(clip.read):
        pixels = read()
        box = jittered(Box.square_around(clip.points[index]), options.jitter, options.seed, index)
        proposals.append(model.propose(pixels, box))
        if before is not None:
            flows.append(flow_between(before, pixels, (proposals[-2].box, proposals[-1].box)))
        before = pixels
        step(progress)
    return proposals, flows


def _errors(name: str, points: Floats, clip: ReferenceClip) -> Figures:
    """Percent of the lengths; flicker is how far errors jump from frame to frame."""
    apart = points - clip.points
    errors = 100 * np.linalg.norm(apart, axis=2) / clip.lengths[:, None]
    jumps = 100 * np.linalg.norm(np.diff(apart, axis=0), axis=2) / clip.lengths[1:, None]
    return {
        f"{name}/nme": rounded(float(errors.mean())),
        f"{name}/good_frames": rounded(100 * float((errors.mean(axis=1) <= 100 * _GOOD).mean())),
        f"{name}/hidden": rounded(float(errors[clip.hidden].mean())),
        f"{name}/flicker": rounded(float(jumps.mean())),
    }


def _ellipses(
    name: str, points: Floats, covariances: Floats, clip: ReferenceClip, degrees: float
) -> Figures:
    flat = points.reshape(-1, 2), covariances.reshape(-1, 2, 2), clip.points.reshape(-1, 2)
    squared = squared_mahalanobis(*flat)
    return {
        f"{name}/{which}inside{percent}": rounded(inside(among, percent / 100, degrees))
        for which, among in (("", squared), ("hidden_", squared[clip.hidden.ravel()]))
        for percent in (68, 95)
    }
