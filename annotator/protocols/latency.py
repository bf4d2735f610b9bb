"""Milliseconds a click at any number of classes, and memory: the `latency` protocol.

A click is timed as the product computes it, from the proposal with all evidence so far: 1 to 10
clicks a face, on the landmarks that the posterior asks for, placed with a person's error. What
counts is the weights, the means and each landmark's covariance, over the classes that stand for
all (`ShapeMixture.representative`); `leading` is how many hold 99.9 % of the weight, and
`all_weights_ms` what the normalised weights of all K would take besides. `first_click_ms` is from
the network's scores on: normalising, ranking, the click and the next query.
"""

import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from landmark_annotator.annotator.protocols.beliefs import Belief, Beliefs, ModelBeliefs, beliefs
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.backends.shapes import Exemplars, Proposal, ShapeMixture, condition
from landmark_annotator.backends.shapes.engine import kernels
from landmark_annotator.projects.vocabulary import Evidence, Progress
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import Cancelled

SIZES = (10, 1_000, 10_000, 140_428, 1_000_000)
NUMPY_SIZE = 140_428
"""Where the same is measured without the compiled kernels."""
SCALING = ("click_ms", "click_query_ms", "first_click_ms")
"""What is listed by the number of classes, and drawn by `--plot`."""
FORWARD_RANK = 32
_ALONG = 0.08
"""Sides of the box between two landmarks of a face's contour, about."""

_MEGABYTE = 2**20


@dataclass
class _Times:
    """Milliseconds, in order of the clicks; by_count holds them by the number of clicks given.

    processor: what the click's own thread was at work, without waiting for a core that others use.
    """

    click: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    query: list[float] = field(default_factory=list)
    all_weights: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    leading: list[int] = field(default_factory=list)
    representative: list[int] = field(default_factory=list)
    by_count: dict[int, list[float]] = field(default_factory=dict)


def run(options: Options, progress: Progress) -> Figures:
    source = beliefs(options, progress)
    figures: Figures = {
        "latency/posteriors_of_a_model": int(isinstance(source, ModelBeliefs)),
        "latency/compiled": int(kernels.compile_now()),
    }
    progress.start("latency", len(SIZES))
    for size in SIZES:
        if hasattr(os, "getloadavg"):
            figures[f"latency/{size}/load"] = rounded(os.getloadavg()[0])
        figures |= _measured(f"latency/{size}", source.over(size), options)
        if size == NUMPY_SIZE:
            figures |= _on_contours(f"latency/{size}", source.over(size), options)
            with kernels.numpy_only():
                figures |= _measured(f"latency/numpy/{size}", source.over(size), options)
        progress.advance()
        if progress.cancelled():
            raise Cancelled("The measurement was stopped.", kept="Nothing was written.")
    figures["latency/classes"] = list(SIZES)
    for name in SCALING:
        each = [cast(float, figures[f"latency/{size}/{name}"]) for size in SIZES]
        figures[f"latency/{name}"] = each
    return figures | _forward()


def _on_contours(name: str, given: Beliefs, options: Options) -> Figures:
    """What a click costs that says only where a contour passes, as a multiple of one on a place:
    each face clicked in both ways, one after the other."""
    exemplars = Exemplars(given.shapes)
    exact, contours = _Times(), _Times()
    for index, belief in enumerate(given.each):
        _face(exemplars, given, belief, options, index, exact)
        _face(exemplars, given, belief, options, index, contours, along=_ALONG)
    return {
        f"{name}/contour_over_exact/{what}": rounded(float(np.median(b) / np.median(a)))
        for what, a, b in (
            ("click", exact.processor, contours.processor),
            ("click_query", exact.query, contours.query),
        )
    }


def _forward() -> Figures:
    """What the network takes for one image at K = 140,000, through a class layer of rank 32, as a
    multiple of what it takes at K = 10; the paper calls that increase negligible."""
    from landmark_annotator.backends.exemplar.forward_time import forward_milliseconds

    few, many = forward_milliseconds((10, NUMPY_SIZE), FORWARD_RANK)
    return {
        "latency/forward/10_ms": rounded(few),
        f"latency/forward/{NUMPY_SIZE}_ms": rounded(many),
        "latency/forward/ratio": rounded(many / few),
    }


def _measured(name: str, given: Beliefs, options: Options) -> Figures:
    exemplars = Exemplars(given.shapes)
    # The first face is the warm-up, and what it takes up is counted, with the second layout.
    memory = _memory(lambda: _face(exemplars, given, given.each[0], options, 0, _Times()))
    times = _Times()
    for index, belief in enumerate(given.each):
        _face(exemplars, given, belief, options, index, times)
    figures: Figures = {
        f"{name}/clicks": len(times.click),
        f"{name}/click_ms": rounded(float(np.median(times.click))),
        f"{name}/click_processor_ms": rounded(float(np.median(times.processor))),
        f"{name}/click_p10_ms": rounded(float(np.percentile(times.click, 10))),
        f"{name}/click_p99_ms": rounded(float(np.percentile(times.click, 99))),
        f"{name}/click_query_ms": rounded(float(np.median(times.query))),
        f"{name}/all_weights_ms": rounded(float(np.median(times.all_weights))),
        f"{name}/first_click_ms": rounded(float(np.median(times.first))),
        f"{name}/click_ms_by_clicks": rounded(
            [float(np.median(spent)) for _, spent in sorted(times.by_count.items())]
        ),
        f"{name}/leading": int(np.median(times.leading)),
        f"{name}/representative": int(np.median(times.representative)),
        f"{name}/memory_mb": rounded(memory / _MEGABYTE),
        f"{name}/weights_mb": rounded(given.shapes.nbytes / _MEGABYTE),
    }
    if peak := _process_peak():
        figures[f"{name}/process_mb"] = rounded(peak / _MEGABYTE)
    return figures


def _face(
    exemplars: Exemplars,
    given: Beliefs,
    belief: Belief,
    options: Options,
    index: int,
    times: _Times,
    along: float | None = None,
) -> None:
    """One image from its scores on: the first click, and then up to `clicks` of them. along: sides
    of the box within which a click leaves its landmark free, in a direction by chance; None pins
    it."""
    random = np.random.default_rng((options.seed, index))

    def proposed() -> Proposal:
        mixture = ShapeMixture(belief.scores, exemplars, given.residual, belief.shift)
        return Proposal(belief.box, mixture, "latency")

    def click_on(landmark: int) -> Evidence:
        error = random.normal(0, proposal.click_deviation, 2)
        place, deviation = belief.truth[landmark] + error, proposal.click_deviation
        if along is None:
            return Evidence.click(landmark, place, deviation)
        angle = float(random.uniform(0, np.pi))
        direction = np.array([np.cos(angle), np.sin(angle)])
        return Evidence.on_contour(landmark, place, direction, deviation, along * proposal.box.side)

    proposal = proposed()
    asked = proposal.given([]).query
    first = click_on(asked or 0)
    started = time.perf_counter()
    proposed().given([first])
    times.first.append(_since(started))
    evidence: list[Evidence] = []
    while asked is not None and len(evidence) < options.clicks:
        evidence.append(click_on(asked))
        framed = [_framed(piece, proposal) for piece in evidence]
        started, busy = time.perf_counter(), time.thread_time()
        posterior = condition(proposal.mixture, framed)
        _ = posterior.representative, posterior.mean, posterior.landmark_covariances
        spent = _since(started)
        times.processor.append(1000 * (time.thread_time() - busy))
        times.click.append(spent)
        times.by_count.setdefault(len(evidence), []).append(spent)
        times.leading.append(len(posterior.leading))
        times.representative.append(len(posterior.representative[0]))
        started = time.perf_counter()
        _ = posterior.log_weights
        times.all_weights.append(_since(started))
        del posterior
        started = time.perf_counter()
        asked = proposal.given(evidence).query
        times.query.append(_since(started))


def _framed(piece: Evidence, proposal: Proposal) -> Evidence:
    box = proposal.box
    position: Floats = box.to_frame(piece.position)
    return Evidence(piece.landmark, position, box.covariance_to_frame(piece.covariance))


def _since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)


def _memory(work: Callable[[], None]) -> float:
    """Bytes that arrays took at most while this ran: what comes on top of the exemplars given."""
    tracemalloc.start()
    try:
        work()
        return float(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def _process_peak() -> float:
    """Bytes that the process has had in memory at most; nought where the system cannot tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak if sys.platform == "darwin" else peak * 1024)
