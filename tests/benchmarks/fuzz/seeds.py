"""Sound files that attacks start from, made by this program's own writers, and their readers."""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.projects.exchange import by_name, formats, import_labels, sniff
from landmark_annotator.projects.exchange.codecs import indexed_png
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.deeplabcut_project import (
    landmarks as deeplabcut_landmarks,
)
from landmark_annotator.projects.exchange.mapping import mapping_for
from landmark_annotator.projects.exchange.transfer.soundness import unfit
from landmark_annotator.projects.images import examine, read_pixels, upright_size
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Mask, RegionMask, Scheme, Shape
from landmark_annotator.projects.vocabulary.region import region_set
from landmark_annotator.projects.vocabulary.scheme_text import scheme_text

SCHEME = Scheme(
    "face", ("left eye", "right eye", "chin"), ((0, 1), (1, 2)), ((0, 1),), normaliser=(0, 1)
)
_SIZE = (50, 60)
HAND = Scheme("hand", tuple(f"joint {number}" for number in range(21)))
"""For the format that takes no other scheme."""
APART = ("sleap", "sleap-package", "deeplabcut-h5", "nwb", "huggingface")
"""Read in a process of its own, which takes its time."""
_NO_TEXT = ("indexed-png",)
"""A folder of pictures, see `_masks`."""
_TWINS = ("coco-folder", "deeplabcut-project")
"""Folders of the very files of another format."""
_ENDINGS = (".pts", ".tem", ".asf", ".json", ".jsonl", ".txt", ".csv", ".tar", ".parquet")


@dataclass(frozen=True)
class _Settings:
    seed: int = 0


@dataclass(frozen=True)
class Target:
    """A reader and its sound files. share: how many of 1,000 inputs it gets; some start a process
    for each. read: raises nothing but ActionableError. file: where the input is put."""

    name: str
    share: int
    file: str
    contents: Sequence[bytes]
    read: Callable[[Path], object]


def targets(folder: Path) -> list[Target]:
    """Their files are put into the folder, which has the images that they name."""
    _images(folder)
    written = [card.name for card in formats() if card.writer is not None]
    found = [_labels(folder, name) for name in written if name not in (*_TWINS, *_NO_TEXT)]
    found += [*_other_labels(), _masks(folder), _import(folder)]
    found += _pictures()
    found += [_schemes(folder), _mappings(folder)]
    return [*found, *_models(folder)]


def _images(folder: Path) -> None:
    for number in range(3):
        Image.new("RGB", _SIZE, (number, 0, 0)).save(folder / f"{number}.png")


def _entries(folder: Path) -> list[ExportedInstance]:
    found = []
    for number in range(3):
        points = np.array([[10.5, 12.25], [30.0, 12.5], [20.75, 33.0]]) + number
        shape = Shape(points, [2, 1, 2])
        box = Box(20, 22, 30, 32, 0.1 * number)
        image = folder / f"{number}.png"
        found.append(ExportedInstance(image, *_SIZE, shape, box, f"k{number}", "anna"))
    return found


def _labels(folder: Path, format: str) -> Target:
    card = by_name(format)
    assert card.writer is not None
    name = f"labels{card.suffix}"
    out = folder / "sound" / format
    out.mkdir(parents=True)
    for number in range(3):
        Image.new("RGB", _SIZE, (number, 0, 0)).save(out / f"{number}.png")
    target = out if card.writes_folder else out / name
    before = set(out.rglob("*"))
    entries = _entries(out)
    if format == "cvat-video":
        entries = [_of_video(entry, number) for number, entry in enumerate(entries)]
    if format == "coco-wholebody":
        hand = Shape(np.arange(42.0).reshape(21, 2), [1, 2, 0] * 7)
        entries = [replace(entry, shape=hand) for entry in entries]
    card.writer().write(target, entries, _scheme(format))
    made = sorted(path for path in out.rglob("*") if path.is_file() and path not in before)
    made = [path for path in made if path.suffix not in (".png",) and ".config" not in path.name]
    kinds = {path.suffix for path in made}
    suffix = card.suffix or next(s for s in _ENDINGS if s in kinds)
    contents = [path.read_bytes() for path in made if path.name.endswith(suffix)]
    assert contents, f"{format} has written nothing that ends in {suffix}"

    file = "0" + suffix if card.writes_folder else name
    if format == "imagefolder":
        file = "metadata.jsonl"
    share = 20 if format in APART else 60
    return Target(format, share, file, contents, partial(_read_labels, format))


def _of_video(entry: ExportedInstance, number: int) -> ExportedInstance:
    video = entry.image.with_name("labels.mp4")
    return replace(entry, image=video, video=video, frame=number, track="one")


def _scheme(format: str) -> Scheme:
    return HAND if format == "coco-wholebody" else SCHEME


def _read_labels(format: str, file: Path) -> object:
    reader = by_name(format).reader()
    reader.sniff(file)
    contents = reader.read(file, _scheme(format))
    for entry in contents.instances:
        assert len(entry.shape) == len(_scheme(format))
        assert np.isfinite(entry.shape.points[entry.shape.known]).all()
        unfit(entry)
    assert all(entry.reason for entry in contents.unreadable)
    return contents


def _other_labels() -> list[Target]:
    """What is read and not written, and the file beside YOLO's labels."""
    about = (
        "path: .\ntrain: images\nval: images\nkpt_shape: [3, 3]\nflip_idx: [1, 0, 2]\n"
        "names:\n  0: face\nkpt_names:\n  0: [left eye, right eye, chin]\n"
    )
    config = (
        "Task: face\nvideo_sets:\n  a.avi: {crop: '0, 1, 0, 1'}\nbodyparts: [left eye, chin]\n"
        "skeleton: [[left eye, chin]]\n"
    )
    points = [10.5, 12.25, 0.9, 30.0, 12.5, 0.8, 20.75, 33.0, 0.1]
    result = {"image_id": 1, "category_id": 1, "keypoints": points, "score": 0.7}
    results = json.dumps([result, {**result, "image_id": 2, "bbox": [1, 2, 30, 40]}])
    return [
        Target("deeplabcut-yaml", 40, "config.yaml", [config.encode()], deeplabcut_landmarks),
        Target("yolo-yaml", 40, "data.yaml", [about.encode()], partial(_read_labels, "yolo")),
        Target(
            "coco-results",
            30,
            "results.json",
            [results.encode()],
            partial(_read_labels, "coco-results"),
        ),
    ]


def _masks(folder: Path) -> Target:
    """Class files, object files with what they say, and legends: each put into a sound folder."""
    sound, scheme = folder / "sound" / "masks", replace(SCHEME, regions=region_set("face_parts"))
    masks = {"hair": RegionMask(Mask.of(np.ones((9, 9), np.bool_))), "hat": RegionMask(Mask())}
    entries = [replace(entry, masks=masks) for entry in _entries(folder)]
    indexed_png.write(sound, entries, scheme)
    places = [sound / f"Segmentation{kind}" / "0.png" for kind in ("Class", "Object")]
    places.append(sound / "labelmap.txt")
    contents = [place.read_bytes() for place in places]

    def read(file: Path) -> object:
        given = file.read_bytes()
        for place, content in zip(places, contents, strict=True):
            place.write_bytes(given)
            try:
                read = indexed_png.read(sound, scheme)
            finally:
                place.write_bytes(content)
            for entry in read.instances:
                assert set(entry.masks) <= {region.name for region in scheme.regions}
                unfit(entry)
            assert all(entry.reason for entry in read.unreadable)
        return None

    return Target("indexed-png", 40, "mask", contents, read)


def _import(folder: Path) -> Target:
    """Whole imports of files whose kind is found out; nothing is stored of half a file unsaid."""
    project = Project.create(folder / "project", SCHEME)
    contents = []
    for format in ("csv", "coco", "cvat", "tps"):
        file = folder / f"whole{by_name(format).suffix}"
        by_name(format).writer().write(file, _entries(folder), SCHEME)  # type: ignore[misc]
        contents.append(file.read_bytes())

    def read(file: Path) -> object:
        sniff(file)
        before = project.instance_count()
        report = import_labels(project, file, who="fuzz")
        assert project.instance_count() == before + report.added
        return report

    return Target("import", 10, "whole", contents, read)


def _pictures() -> list[Target]:
    random = np.random.default_rng(0)
    pixels = Image.fromarray(random.integers(0, 256, (24, 20, 3), dtype=np.uint8))
    deep = Image.fromarray(random.integers(0, 65536, (24, 20), dtype=np.uint16))
    found = []
    for kind in ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF", "PPM", "JPEG2000"):
        contents = []
        for image in (pixels, pixels.convert("L"), deep) if kind in ("PNG", "TIFF") else (pixels,):
            stream = io.BytesIO()
            image.save(stream, kind)
            contents.append(stream.getvalue())

        def read(file: Path) -> object:
            upright_size(file)
            assert read_pixels(file).dtype == np.uint8
            return examine(file)

        found.append(Target(f"image-{kind.lower()}", 25, f"picture.{kind.lower()}", contents, read))
    return found


def _schemes(folder: Path) -> Target:
    sound = Scheme.named("face68")
    contents = [json.dumps(s.to_dict()).encode() for s in (SCHEME, sound)]
    contents += [scheme_text(s).encode() for s in (SCHEME, sound)]

    def read(file: Path) -> object:
        for suffix in (".toml", ".json"):
            other = file.with_suffix(suffix)
            other.write_bytes(file.read_bytes())
            try:
                found = Scheme.load(other)
            finally:
                other.unlink()
        return found

    return Target("scheme", 80, "scheme", contents, read)


def _mappings(folder: Path) -> Target:
    text = (
        'from = "face"\n[scheme]\nname = "eyes"\nlandmarks = ["left", "right"]\n'
        '[points]\nleft = "left eye"\nright = ["right eye", "chin"]\n'
    )
    return Target(
        "mapping",
        30,
        "mapping.toml",
        [text.encode()],
        lambda file: mapping_for(str(file), SCHEME),
    )


def _models(folder: Path) -> list[Target]:
    import torch

    from landmark_annotator.backends.learning.model_cards import begun_card
    from landmark_annotator.backends.learning.model_files import ModelFiles

    files = ModelFiles("mean", 1)
    model = folder / "model"
    tensors = {"mean": torch.zeros(6), "spread": torch.eye(6)}
    files.write(model, {"layer.weight": torch.ones(3, 2)}, tensors, begun_card(SCHEME, _Settings()))
    found = []
    for name in ("card.json", "weights.safetensors"):
        sound = (model / name).read_bytes()

        def read(file: Path, name: str = name, sound: bytes = sound) -> object:
            (model / name).write_bytes(file.read_bytes())
            try:
                return files.read(model, SCHEME)
            finally:
                (model / name).write_bytes(sound)

        found.append(Target(f"model-{name.split('.')[0]}", 40, name, [sound], read))
    return found
