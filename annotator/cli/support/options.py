"""Arguments and options that several commands have."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def path_named(text: str) -> Path:
    """Raises typer.BadParameter for an empty text, as a variable of a shell that is not set is: it
    would be the folder that one is in."""
    if not text:
        raise typer.BadParameter("it is empty: name a file or a folder, or . for where you are.")
    return Path(text)


def project_folder(text: str) -> Path:
    """Of a shared project, given by its address, this person's folder for it."""
    if text.startswith(("postgresql://", "postgres://")):
        from landmark_annotator.projects.store.engine.address import folder_of

        return folder_of(text)
    return path_named(text)


def images_place(text: str) -> Path:
    """Of images at an address the place of their copies, else the path itself.

    Raises typer.BadParameter for addresses that nothing is fetched from.
    """
    from landmark_annotator.projects.remote import checked, is_address, place_of
    from landmark_annotator.projects.vocabulary.errors import ImageError

    if not is_address(text):
        return path_named(text)
    try:
        return place_of(checked(text))
    except ImageError as error:
        raise typer.BadParameter(str(error)) from error


def images_there(text: str) -> Path:
    """As `images_place`, of what is there already: whether an address is shows when it is asked.

    Raises typer.BadParameter.
    """
    from landmark_annotator.projects.remote import address_of

    place = images_place(text)
    if address_of(place) is None and not place.exists():
        raise typer.BadParameter(f"Path '{text}' does not exist.")
    return place


def video_file(text: str) -> Path:
    """Raises typer.BadParameter for an address."""
    from landmark_annotator.projects.remote import is_address

    if is_address(text):
        raise typer.BadParameter(
            "videos have to be files of this machine: download it, and name the file."
        )
    return path_named(text)


def confirm_typed(place: Path | None) -> None:
    """Who types an address confirms its source."""
    from landmark_annotator.projects.remote import address_of, settings, source_name

    if place is not None and (address := address_of(place)) is not None:
        settings.allow([source_name(address)])


ProjectFolder = Annotated[
    Path,
    typer.Argument(
        metavar="PROJECT",
        help="The project's folder, or the address of a shared one: postgresql://HOST/DATABASE.",
        show_default=False,
        parser=project_folder,
    ),
]
OptionalProject = Annotated[
    Path | None,
    typer.Argument(
        metavar="PROJECT",
        help="The project's folder, or the address of a shared one: postgresql://HOST/DATABASE.",
        show_default=False,
        parser=project_folder,
    ),
]
"""Of a command that can also be asked something for which it needs none."""
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output, nothing else.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with status 4 where something was left out.")
]
MOST_SEED = 2**31 - 1
"""That a server's whole numbers hold."""
Seed = Annotated[
    int,
    typer.Option(
        min=0, max=MOST_SEED, help="Of everything random: the same seed, the same result."
    ),
]
Device = Annotated[
    str,
    typer.Option(
        help="What networks run on: cpu, or cuda (cuda:1 for the second card) where there is one."
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="WHERE",
        help="Who computes: local:N is N processes of this machine, tcp://HOST:PORT a Dask "
        "scheduler, slurm, pbs or lsf the jobs that dask-jobqueue submits. Default: this process.",
    ),
]
SchedulerSettings = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help='Settings of dask-jobqueue as YAML, such as "queue: short", and "jobs: 10".',
    ),
]
ChosenSettings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="Any other setting of the backend, as in its card."
    ),
]


_MARKS = ("project.db", "project.address")


def no_project_file(path: Path | None) -> Path | None:
    """What a command writes: never a project's database, nor a file in its models; nor what is no
    file, such as /dev/null, in whose place a file would be from then on.

    Raises typer.BadParameter.
    """
    if path is None:
        return None
    place = path.resolve()
    homes = [folder for folder in place.parents if any((folder / name).exists() for name in _MARKS)]
    inner = [place.relative_to(home).parts[0] for home in homes]
    if any(name.startswith(_MARKS) or name in ("models", "backups") for name in inner):
        raise typer.BadParameter(f"{path} is a file of a project: choose another name.")
    if place.exists() and not (place.is_file() or place.is_dir()):
        raise typer.BadParameter(f"{path} is a device or a pipe and no file: choose another name.")
    return path


OUTPUT = Path("-")
"""In place of a file's name: standard output."""


def figures_file(path: Path | None) -> Path | None:
    """As `no_project_file`, or `OUTPUT`. Raises typer.BadParameter for an option, too: other
    commands have a --json without a file, after which the next word would be taken for one."""
    if path is not None and path != OUTPUT and str(path).startswith("-"):
        raise typer.BadParameter("name a file, or - for standard output.")
    return no_project_file(path)


PLOTS = {
    "": "PNG",
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".pdf": "PDF",
}
"""By the ending of its name, what a picture that a command draws is written as."""


def plot_file(path: Path | None) -> Path | None:
    """As `no_project_file`, of a picture. Raises typer.BadParameter where its name ends as that of
    something else, too."""
    if path is not None and path.suffix.lower() not in PLOTS:
        known = ", ".join(filter(None, PLOTS))
        raise typer.BadParameter(f"{path.name} names no picture: end it with one of {known}.")
    return no_project_file(path)


def settings_of(chosen: list[str] | None) -> dict[str, Any]:
    """Values as JSON where they are (3, 0.5, true, [1, 2]), else as the text they are."""
    found: dict[str, Any] = {}
    for pair in chosen or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"{pair} is not NAME=VALUE.", param_hint="--set")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found
