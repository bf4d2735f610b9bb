"""annotator train: train a model on what a project holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.heading_note import tell_free_heading
from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    ChosenSettings,
    Device,
    OptionalProject,
    Seed,
    Strict,
    settings_of,
)
from landmark_annotator.annotator.cli.support.output import answer, counted, note
from landmark_annotator.annotator.cli.support.person import who

if TYPE_CHECKING:
    from landmark_annotator.backends.registry import Backend


def train(
    project: OptionalProject = None,
    backend: Annotated[
        str | None,
        typer.Option(
            help="What to train, or finder for where objects are, parsing for masks of regions, "
            "hair for one of them in two stages. Default: the heat-map network."
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Passes over the images. Default: the backend's.")
    ] = None,
    seed: Seed = 0,
    device: Device = "cpu",
    processes: Annotated[
        int,
        typer.Option(
            min=1,
            max=64,
            help="Processes of this machine that share each batch of the heat-map network: the "
            "same course, up to rounding. With --device cuda one for each graphics card.",
        ),
    ] = 1,
    chosen: ChosenSettings = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh/--resume",
            help="Begin anew, or go on: where a training stopped, and from the network that the "
            "last one left.",
        ),
    ] = False,
    list_settings: Annotated[
        bool,
        typer.Option("--list-settings", help="Tell what can be set with --set, and train nothing."),
    ] = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Train a model on the accepted shapes. Ctrl+C stops it; the same command goes on.

    Example: annotator train faces
    """
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.models.library import ModelLibrary
    from landmark_annotator.annotator.session.models.training import torchrun_rank, train_project
    from landmark_annotator.annotator.session.models.training_record import sure_text
    from landmark_annotator.annotator.session.review.millimetres import millimetres
    from landmark_annotator.backends.finders import FINDER
    from landmark_annotator.backends.parsers import PARSERS
    from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named, check_device
    from landmark_annotator.projects.vocabulary.wording import fine

    if list_settings:
        _list_settings(backend, as_json=as_json)
        return
    if project is None:
        raise typer.BadParameter("Name the project's folder.", param_hint="PROJECT")
    backend = backend_named(
        DEFAULT_BACKEND if backend is None else backend, (FINDER, *PARSERS)
    ).name
    settings: dict[str, Any] = {"seed": seed, **settings_of(chosen)}
    # What is not asked for need not be a setting of a plug-in.
    if fresh:
        settings["fresh"] = True
    if device != "cpu":
        check_device(device)
        settings["device"] = device
    if epochs is not None:
        settings["epochs"] = epochs
    rank = torchrun_rank()
    if rank is not None and processes > 1:
        raise typer.BadParameter("torchrun says how many there are.", param_hint="--processes")
    parsers = {each.name: each for each in PARSERS}
    if backend in (FINDER.name, *parsers) and (processes > 1 or rank is not None):
        alone = f"The {backend} network is trained by one process."
        raise typer.BadParameter(alone, param_hint="--processes")
    if rank:
        from landmark_annotator.backends.learning.torchrun import follow

        follow()
        return
    if backend in parsers:
        _parser(project, parsers[backend], settings, strict=strict, as_json=as_json)
        return
    if backend == FINDER.name:
        _finder(project, settings, strict=strict, as_json=as_json)
        return
    with open_to_read(project) as opened, ProgressBar() as progress:
        tell_free_heading(opened)
        # Before it trains: the project's server may be away at the end.
        folder = ModelLibrary.of(opened).own(backend_named(backend)).folder
        measure = millimetres(opened)
        card = train_project(opened, backend, settings, progress, who(), processes)
    instances = card["instances"]
    figures = card["figures"]
    name = "held_out_error_regressed"
    name = name if name in figures else "held_out_error"
    error = sure_text(figures, name)
    # Marks of what it has learned from say nothing to anybody.
    told = {key: value for key, value in card.items() if key != "learned"}
    facts = {"model": folder, "backend": backend, **told}
    if measure is not None and name in figures:
        error += f" of {measure.said}: {fine(measure.of(figures[name]))} mm"
        facts["millimetres"] = measure.facts({"held_out_error": figures[name]})
    answer(
        facts,
        f"Trained on {counted(instances['training'], 'instance')} in {card['minutes']:.1f} min; "
        f"error on {instances['held_out']:,} held out: {error}.\n"
        f"The model is in {folder}.",
        as_json=as_json,
    )
    groups = card.get("groups", {"apart": True, "all": 0})
    if not groups["apart"]:
        note("Related images are on both sides of the split: the error is too small.")
    elif 0 < groups["all"] < instances["training"] + instances["held_out"]:
        one = " One group says little of the next." if groups["held_out"] == 1 else ""
        note(f"Held out: {groups['held_out']:,} of {groups['all']:,} groups of images.{one}")
    note(card["related"])
    if before := card.get("earlier_instances"):
        note(f"It went on from the network of {counted(before, 'instance')}; --fresh begins anew.")
    if "sentence" in card.get("unlabelled", {}):
        note(card["unlabelled"]["sentence"])
    _tell_left_out(instances["unreadable"], strict=strict)


def _tell_left_out(images: Sequence[str], *, strict: bool) -> None:
    """images: that could not be read, each with why. Raises typer.Exit where that is a failure."""
    if images:
        first = f"{counted(len(images), 'image')} could not be read: left out. The first: "
        note(first + images[0])
        if strict:
            raise typer.Exit(ExitCode.INCOMPLETE)


def _list_settings(backend: str | None, *, as_json: bool) -> None:
    """backend: whose; None for all."""
    from landmark_annotator.annotator.cli.reports.setting_lists import lines_of, lists_of

    lists = lists_of(backend)
    facts = {one.backend.name: [vars(card) for card in one.settings] for one in lists}
    answer({"settings": facts}, "\n\n".join(map(lines_of, lists)), as_json=as_json)


def _finder(project: Path, settings: Mapping[str, Any], *, strict: bool, as_json: bool) -> None:
    """As `train`, of what says where objects are."""
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.models.finder_training import train_project_finder
    from landmark_annotator.annotator.session.models.library import ModelLibrary
    from landmark_annotator.backends.finders import FINDER

    with open_to_read(project) as opened, ProgressBar() as progress:
        card = train_project_finder(opened, settings, progress, who())
        folder = ModelLibrary.of(opened).own(FINDER).folder
    images, figures = card["instances"], card["figures"]
    answer(
        {"model": folder, "backend": FINDER.name, **card},
        f"Trained on {counted(images['training'], 'image')} in {card['minutes']:.1f} min; in "
        f"{images['held_out']:,} held out it finds {figures['held_out_recall']:.0f} % of the "
        f"labelled objects, and {figures['held_out_unmatched_per_image']:.2f} others an image.\n"
        f"The finder is in {folder}.",
        as_json=as_json,
    )
    _tell_left_out(images["unreadable"], strict=strict)


def _parser(
    project: Path,
    backend: "Backend",
    settings: Mapping[str, Any],
    *,
    strict: bool,
    as_json: bool,
) -> None:
    """As `train`, of what says which region each pixel belongs to."""
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.models.library import ModelLibrary
    from landmark_annotator.annotator.session.models.parser_training import train_project_parser

    with open_to_read(project) as opened, ProgressBar() as progress:
        card = train_project_parser(opened, backend, settings, progress, who())
        folder = ModelLibrary.of(opened).own(backend).folder
    instances, figures = card["instances"], card["figures"]
    answer(
        {"model": folder, "backend": backend.name, **card},
        f"Trained on {counted(instances['training'], 'instance')} in {card['minutes']:.1f} min; "
        f"its masks of {counted(len(card['regions']), 'region')} overlap those of "
        f"{instances['held_out']:,} held out by {figures['held_out_overlap']:.0f} %.\n"
        f"The model is in {folder}.",
        as_json=as_json,
    )
    _tell_left_out(instances["unreadable"], strict=strict)
