"""A project of DeepLabCut: a folder that its own program opens.

    config.yaml                                body parts, individuals, scorer, skeleton, videos
    labeled-data/VIDEO/img0000120.png
    labeled-data/VIDEO/CollectedData_SCORER.csv, .h5

Each folder of images is a video of its own name, which DeepLabCut finds it by; of photographs it
names one that is not there, which training does not need. Labels are as of `deeplabcut`. The scorer
is whoever made all labels, or the name of this program where several people did. Where an image
holds several objects it is a project of several animals. DeepLabCut itself puts the folder's place
into `config.yaml` when it opens it, and people set there how it trains: what is written again keeps
all that says nothing of the labels.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from landmark_annotator.projects.exchange.codecs import deeplabcut, deeplabcut_h5
from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    copy_image,
    make_folder,
    replace_file,
)
from landmark_annotator.projects.exchange.codecs.common.staging import inside
from landmark_annotator.projects.exchange.codecs.common.text import beginning
from landmark_annotator.projects.exchange.codecs.common.yaml_file import read_yaml
from landmark_annotator.projects.exchange.codecs.deeplabcut_table import Table
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError, MissingPackage
from landmark_annotator.projects.vocabulary.wording import counted

_CONFIG, _LABELLED = "config.yaml", "labeled-data"
_OF_LABELS = (
    "Task", "scorer", "multianimalproject", "project_path", "video_sets", "individuals",
    "uniquebodyparts", "multianimalbodyparts", "bodyparts", "skeleton",
)  # fmt: skip
_SEVERAL = "MULTI!"


def sniff(source: Path) -> bool:
    """The folder, or its config.yaml."""
    config = source / _CONFIG if source.is_dir() else source
    text = beginning(config)
    return config.suffix == ".yaml" and "bodyparts:" in text and "video_sets:" in text


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """All tables of labels that hand made, by their CSV file or else their HDF5. annotator: the
    scorer; by default the one that config.yaml names, where a table has several."""
    folder = source if source.is_dir() else source.parent
    contents = Contents()
    found = 0
    for part in sorted((folder / _LABELLED).glob("*/")):
        tables = sorted(part.glob("CollectedData*.csv"))
        other = sorted(part.glob("CollectedData*.h5"))
        reader = deeplabcut.read if tables else deeplabcut_h5.read
        for table in tables or other:
            found += 1
            try:
                one = reader(table, scheme, images=images, annotator=annotator)
            except FormatError as error:
                contents.unreadable.append(Unreadable(table, str(error)))
                continue
            contents.instances.extend(one.instances)
            contents.unreadable.extend(one.unreadable)
            contents.notes.extend(note for note in one.notes if note not in contents.notes)
    if contents.unreadable and not contents.instances:
        raise FormatError(contents.unreadable[0].reason)
    if not found:
        raise FormatError(
            f"{folder} has no labels: there is no {_LABELLED}/*/CollectedData*.csv.",
            remedy="Label frames of it in DeepLabCut, or import the images alone.",
        )
    return contents


def landmarks(source: Path) -> Scheme:
    config = source / _CONFIG if source.is_dir() else source
    content = read_yaml(config)
    if not isinstance(content, dict):
        raise FormatError(f"{config} is not the config.yaml of a DeepLabCut project.")
    parts = content.get("bodyparts")
    parts = content.get("multianimalbodyparts") if parts == _SEVERAL else parts
    names = [str(part) for part in parts] if isinstance(parts, list) else []
    bones = content.get("skeleton")
    edges = [
        [names.index(str(end)) for end in bone]
        for bone in (bones if isinstance(bones, list) else [])
        if isinstance(bone, list) and all(str(end) in names for end in bone)
    ]
    return declared(config, content.get("Task"), names, edges)


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Raises FormatError or DiskFull."""
    make_folder(target)
    placed, missing = place_images(target, instances)
    people = {each.annotator for each in instances if each.annotator}
    scorer = deeplabcut.scorer_of(instances)
    file_name = f"CollectedData_{scorer}"
    if PurePath(file_name).name != file_name:  # a slash in it
        scorer, file_name = deeplabcut.SCORER, f"CollectedData_{deeplabcut.SCORER}"
    folders: dict[str, list[ExportedInstance]] = {}
    for each in instances:
        place = placed[each.image]
        moved = ExportedInstance(
            target / place,
            each.width,
            each.height,
            each.shape,
            each.box,
            each.source,
            track=each.track,
        )
        folders.setdefault(place.parts[1], []).append(moved)
    individuals = deeplabcut.individuals_of([each for some in folders.values() for each in some])
    notes: list[str] = []
    for folder, some in folders.items():
        file = inside(target, PurePath(_LABELLED, folder, f"{file_name}.csv"))
        table = deeplabcut.table_of(file, some, scheme, individuals, scorer)
        deeplabcut.write_table(file, table)
        try:
            deeplabcut_h5.write_table(file.with_suffix(".h5"), table)
        except MissingPackage:
            notes = [
                "The tables are written as CSV alone, without h5py: run "
                "deeplabcut.convertcsv2h5 on config.yaml, or install h5py."
            ]
    config = _config(target, instances, placed, scheme, scorer, individuals[1])
    replace_file(target / _CONFIG, _yaml(_with_settings(target / _CONFIG, config)))
    if missing:
        notes.append(
            f"{counted(missing, 'image')} could not be copied: gone, unreadable, or changed since."
        )
    if len(people) > 1:
        notes.append(f"A project has one scorer: {scorer} stands for {', '.join(sorted(people))}.")
    notes += deeplabcut.written(Table([], []), instances).notes
    return Written(len(instances), len(placed), notes)


def place_images(
    target: Path, instances: Sequence[ExportedInstance]
) -> tuple[dict[Path, PurePath], int]:
    """Each image as labeled-data/FOLDER/NAME, and how many could not be copied."""
    home = (target / _LABELLED).resolve()
    placed: dict[Path, PurePath] = {}
    images = {each.image: each for each in instances}
    folders = {image: image.parent.resolve() for image in images}
    # Those that are there keep their names, whoever comes first.
    named = {folder.name: folder for folder in folders.values() if folder.parent == home}
    missing = 0
    for each in images.values():
        folder = folders[each.image]
        own = folder.parent == home
        name, number = folder.name or "images", 2
        while named.setdefault(name, folder) != folder:
            name, number = f"{folder.name}-{number}", number + 1
        place = PurePath(_LABELLED, name, each.image.name)
        placed[each.image] = place
        if not own:
            missing += copy_image(each.image, inside(target, place), each.sha256) is None
    return placed, missing


def _config(
    target: Path,
    instances: Sequence[ExportedInstance],
    placed: Mapping[Path, PurePath],
    scheme: Scheme,
    scorer: str,
    individuals: Sequence[str],
) -> dict[str, Any]:
    """All that DeepLabCut asks for when it trains, at its own defaults."""
    several = list(individuals) != [""]
    sets = {}
    for each in instances:
        name = placed[each.image].parts[1]
        video = f"videos/{name}.avi" if each.video is None else each.video.as_posix()
        sets[video] = {"crop": f"0, {each.width}, 0, {each.height}"}
    parts = list(scheme.landmarks)
    named: dict[str, Any] = {"bodyparts": parts}
    if several:
        named = {
            "individuals": list(individuals),
            "uniquebodyparts": [],
            "multianimalbodyparts": parts,
            "bodyparts": _SEVERAL,
        }
    return {
        "Task": scheme.name,
        "scorer": scorer,
        "date": datetime.now(UTC).strftime("%b%d"),
        "multianimalproject": several,
        "identity": False if several else None,
        "project_path": str(target.absolute()),
        "engine": "pytorch",
        "video_sets": sets,
        **named,
        "start": 0,
        "stop": 1,
        "numframes2pick": 20,
        "skeleton": [[parts[a], parts[b]] for a, b in scheme.lines],
        "skeleton_color": "black",
        "pcutoff": 0.6,
        "dotsize": 12,
        "alphavalue": 0.7,
        "colormap": "rainbow",
        "TrainingFraction": [0.95],
        "iteration": 0,
        "default_net_type": "resnet_50",
        "default_augmenter": "default",
        "snapshotindex": -1,
        "detector_snapshotindex": -1,
        "batch_size": 8,
        "detector_batch_size": 1,
        "cropping": False,
        "x1": 0,
        "x2": 640,
        "y1": 277,
        "y2": 624,
        "corner2move2": [50, 50],
        "move2corner": True,
        "SuperAnimalConversionTables": None,
    }


def _with_settings(file: Path, config: Mapping[str, Any]) -> dict[str, Any]:
    """With what is set in the file, if there is one, and its other videos. Raises FormatError."""
    there = read_yaml(file) if file.is_file() else None
    if not isinstance(there, dict):
        return dict(config)
    videos = there.get("video_sets")
    sets = {**(videos if isinstance(videos, dict) else {}), **config["video_sets"]}
    kept = {key: value for key, value in there.items() if key not in _OF_LABELS}
    return {**config, "video_sets": sets, **kept}


def _yaml(content: Mapping[str, Any]) -> str:
    import yaml

    # In parts: a list that is in two of them would be an alias in the second.
    return "".join(
        yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False)
        for key, value in content.items()
    )
