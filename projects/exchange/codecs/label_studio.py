"""Label Studio's JSON: a list of tasks, each an image with `keypointlabels` in percent.

A position is a share of the image's extent: 0 is the edge of the first pixel and 100 that of the
last, so x pixels are (x + 0.5) / original_width * 100 percent. Each instance is a rectangle, which
its points name as `parentID` and in a `relation`; a point of no rectangle belongs to the one
instance without. Points are matched by their label. An occluded one has `occluded` chosen of the
per-region choice `visibility`. Masks of regions are `brushlabels` with the rectangle as parent.
What a model made is a task's `predictions`, with a score of each point. The labelling configuration
that the tasks need is written beside them, as NAME.config.xml, with the `model_index` by which
Label Studio orders keypoints when it writes other formats. Images are named as Label Studio serves
files of its own disk, from the folder of the tasks: LOCAL_FILES_SERVING_ENABLED=true,
LOCAL_FILES_DOCUMENT_ROOT=that folder.

| Not carried | Instead |
|---|---|
| landmarks that are not labelled | they are left out; absent ones are named in the `meta.absent` \
of the rectangle |
| provenance, uncertainty | nothing |
| the box of an instance without one | the square around its points |
| edges, partners, the scheme's version | scheme and version are in the task's `meta` |
| the key of an instance | the `meta.text` of its rectangle |
| whose they are, since when, what is accepted | its `meta.annotator`, `labelled_at`, `state` |
| a rectangle that leaves the image, which Label Studio refuses | the upright part within it; the \
box in its `meta.box`, which is read as long as nobody changes the rectangle |

Turned rectangles are carried: Label Studio turns them about their first corner. Its JSON-MIN is
read too, see `label_studio_min`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from landmark_annotator.projects.exchange.codecs import label_studio_min
from landmark_annotator.projects.exchange.codecs.common import pixel_corners
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    absent_landmarks,
    imported,
    is_started,
    of_annotator,
    score_of,
    time_read,
)
from landmark_annotator.projects.exchange.codecs.common.losses import losses_of_points
from landmark_annotator.projects.exchange.codecs.common.passed_over import PassedOver
from landmark_annotator.projects.exchange.codecs.common.prediction_reader import PredictionReader
from landmark_annotator.projects.exchange.codecs.common.text import (
    ODD,
    beginning,
)
from landmark_annotator.projects.exchange.codecs.label_studio_brush import (
    masks_by_parent,
)
from landmark_annotator.projects.exchange.codecs.label_studio_images import image_of
from landmark_annotator.projects.exchange.codecs.label_studio_rectangles import (
    Region,
    box_of,
    own_box,
    said_of,
    size_of,
    size_of_any,
)
from landmark_annotator.projects.exchange.codecs.label_studio_tasks import configuration, task_of
from landmark_annotator.projects.vocabulary import Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_KINDS = ("keypointlabels", "rectanglelabels", "brushlabels")
_SCORE = "score of the model"
_SERVED = "/data/local-files/?d="
_NOT_STUDIO = "A Label Studio file is a JSON list of tasks, each with data and annotations."


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    text = beginning(source).lstrip()
    # Label Studio itself writes a task's data after its annotations, which may be long.
    parts = ('"data"', '"result"')
    made = '"annotations"' in text or '"predictions"' in text
    whole = text.startswith("[") and made and any(p in text for p in parts)
    return whole or label_studio_min.looks_so(text)


def _predicted(
    source: Path, scheme: Scheme, images: Path | None, annotator: str | None
) -> Contents:
    """annotator: is not asked for."""
    return read(source, scheme, images=images, predictions=True)


PREDICTIONS = PredictionReader(sniff, _predicted)


def read(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    predictions: bool = False,
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own.

    Of an image's addresses on a server the last part is looked for there. annotator: whose
    annotations to take (`completed_by`: number or address); by default those of all people where
    every annotation of a task says by its address or name whose it is, else the first one.
    predictions: what models made instead, the first of each task; as well of a file that has
    nothing else.
    """
    tasks = pixel_corners.read_json(source)
    if not isinstance(tasks, list):
        raise FormatError(f"{source} is not a Label Studio file.", remedy=_NOT_STUDIO)
    contents = Contents()
    if label_studio_min.is_min(tasks):
        tasks, wrong, hides = label_studio_min.tasks_of(tasks)
        contents.unreadable.extend(Unreadable(source, why) for why in wrong)
        contents.notes.extend([label_studio_min.NOT_SAID] if hides else [])
    predicted = sum(bool(_first_prediction(task)) for task in tasks)
    if predictions or (predicted and not any(_annotations(task) for task in tasks)):
        tasks = [_as_predicted(task) for task in tasks]
    elif predicted:
        were = counted(predicted, "prediction was", "predictions were")
        contents.notes.append(f"{were} passed over; what people made was read.")
    asked = annotator
    if not any(annotator in _names_of(a) for task in tasks for a in _annotations(task)):
        annotator = None  # then it is one of those that rectangles name
    several = 0
    passed = PassedOver()
    for place, task in enumerate(tasks):
        try:
            name = _image_name(task["data"])
            annotations = [a for a in task["annotations"] if not a.get("was_cancelled")]
            path = image_of(name, images or source.parent)
        except ODD:
            reason = f"Task {place} has no image or no annotations."
            contents.unreadable.append(Unreadable(source, reason))
            continue
        if annotator:
            annotations = [a for a in annotations if annotator in _names_of(a)]
        people = [_person_of(a) for a in annotations]
        if "" in people or len(set(people)) < len(people):
            several += len(annotations) > 1
            annotations = annotations[:1]
        for annotation in annotations or [{}]:
            before = len(contents.instances)
            try:
                result = annotation.get("result")
                passed.update(_other_kinds(result))
                key = f"{source.name}:{name}"
                _read_result(result, path, key, scheme, source, contents, annotation.get(_SCORE))
            except ODD as error:  # ids of regions that are none
                contents.unreadable.append(Unreadable(source, f"Task {place}: {error}"))
            contents.instances[before:] = [
                _signed(each, annotation, further=len(annotations) > 1)
                for each in contents.instances[before:]
            ]
    if several:
        contents.notes.append(
            f"{counted(several, 'image has', 'images have')} several annotations; the first one "
            "was read. "
            "Choose one with the annotator's name."
        )
    contents.notes.extend(passed.notes(source, scheme))
    if asked is not None and annotator is None:
        contents.instances[:] = of_annotator(contents.instances, asked, source)
    return contents


def _annotations(task: Any) -> list[Any]:
    """Those that say by whom they are; none of a task that is none."""
    found = task.get("annotations") if isinstance(task, dict) else None
    return [a for a in found if isinstance(a, dict)] if isinstance(found, list) else []


def _first_prediction(task: Any) -> list[Any]:
    """Alone in a list, which is empty where there is none. What Label Studio has not exported is a
    number there."""
    found = task.get("predictions") if isinstance(task, dict) else None
    made = found if isinstance(found, list) else []
    return [one for one in made if isinstance(one, dict) and one.get("result")][:1]


def _as_predicted(task: Any) -> Any:
    """With what a model made in place of annotations."""
    if not isinstance(task, dict):
        return task
    made = [
        # Label Studio itself writes null where a model has given none.
        {"result": p["result"], _SCORE: 1 if p.get("score") is None else p["score"]}
        for p in _first_prediction(task)
    ]
    return {**task, "annotations": made}


def _image_name(data: Mapping[str, Any]) -> str:
    names = [str(data[key]) for key in ("image", "img", *data) if isinstance(data.get(key), str)]
    if not names:
        raise FormatError("it names no image.")
    return names[0]


def _names_of(annotation: Region) -> set[str]:
    person = annotation.get("completed_by")
    names = person.values() if isinstance(person, dict) else [person]
    return {str(name) for name in names}


def _person_of(annotation: Region) -> str:
    """By address or name; empty where the file has no more than a number, or nothing."""
    person = annotation.get("completed_by")
    found = [person.get("email"), person.get("username")] if isinstance(person, dict) else []
    return next((name for name in found if isinstance(name, str) and name), "")


def _signed(instance: ImportedInstance, annotation: Region, *, further: bool) -> ImportedInstance:
    """With whose it is and since when, where the rectangle does not say. further: the task has
    other people's annotations, which have the same keys."""
    person = _person_of(annotation)
    if not person or instance.annotator or not instance.shape.known.any():
        return instance
    try:
        at = instance.at or time_read(annotation.get("created_at"))
    except FormatError:
        at = None
    key = f"{instance.source} by {person}" if further else instance.source
    return replace(instance, annotator=person, at=at, source=key)


def _read_result(
    result: Any,
    path: Path,
    key: str,
    scheme: Scheme,
    source: Path,
    contents: Contents,
    score: Any,
) -> None:
    """score: of a prediction, which its points may say otherwise; None of an annotation."""
    regions = [r for r in result or () if isinstance(r, dict)] if isinstance(result, list) else []
    points = [r for r in regions if r.get("type") == "keypointlabels"]
    boxes = {r.get("id"): r for r in regions if r.get("type") == "rectanglelabels"}
    related = {r.get("from_id"): r.get("to_id") for r in regions if r.get("type") == "relation"}
    related |= {r.get("to_id"): r.get("from_id") for r in regions if r.get("type") == "relation"}
    hidden = {r.get("id") for r in regions if _says_occluded(r)}
    brushed = [r for r in regions if r.get("type") == "brushlabels"]
    masks, wrong = masks_by_parent(brushed, related, scheme)
    contents.unreadable.extend(Unreadable(source, f"{path.name}, {why}") for why in wrong)
    members: dict[Any, list[Region]] = {box: [] for box in boxes}
    for point in points:
        parent = point.get("parentID") or related.get(point.get("id"))
        members.setdefault(parent if parent in boxes else None, []).append(point)
    # Strokes of no rectangle are on the only object, or the first.
    loose = [parent for parent in masks if parent not in members]
    for parent in loose:
        own = masks.setdefault(next(iter(members), None), {})
        own |= {name: mask for name, mask in masks[parent].items() if name not in own}
    if masks and not members:
        members[None] = []
    for number, (parent, several) in enumerate(members.items()):
        box = boxes.get(parent)
        try:
            said = said_of(box)
            shape = _shape(several, hidden, said.get("absent"), scheme)
            instance = ImportedInstance(
                path,
                shape,
                own_box(box) or box_of(box),
                _key(box) or f"{key}#{number}",
                annotator=str(said.get("annotator") or ""),
                at=time_read(said.get("labelled_at")),
                masks=masks.get(parent, {}),
                size=size_of_any([*([] if box is None else [box]), *several]),
                started=is_started(said.get("state")),
                confidence=None if score is None else _confidence(several, score, scheme),
            )
        except ODD as error:
            contents.unreadable.append(Unreadable(source, f"{path.name}, {number}: {error}"))
        else:
            contents.instances.append(instance)
    if not members:
        empty = Shape.unknown(len(scheme))
        contents.instances.append(ImportedInstance(path, empty, None, key))


def _other_kinds(result: Any) -> list[str]:
    """Of the regions with labels that are none of those that are read."""
    regions = [r for r in result if isinstance(r, dict)] if isinstance(result, list) else []
    kinds = [str(r.get("type")) for r in regions]
    return [kind for kind in kinds if kind.endswith("labels") and kind not in _KINDS]


def _says_occluded(region: Region) -> bool:
    value = region.get("value")
    chosen = value.get("choices") if isinstance(value, dict) else None
    return region.get("type") == "choices" and isinstance(chosen, list) and "occluded" in chosen


def _shape(points: Sequence[Region], hidden: set[Any], absent: Any, scheme: Scheme) -> Shape:
    places = np.full((len(scheme), 2), np.nan)
    visibility = np.zeros(len(scheme), dtype=np.int8)
    for point in points:
        value = point["value"]
        names = value["keypointlabels"]
        if not isinstance(names, list) or len(names) != 1:
            raise FormatError(f"a point has not one label but {names}.")
        landmark = scheme.index(str(names[0]))
        if visibility[landmark]:
            raise FormatError(f'"{names[0]}" is there twice; draw a rectangle round each object.')
        width, height = size_of(point)
        places[landmark] = (
            pixel_corners.from_percent(value["x"], width),
            pixel_corners.from_percent(value["y"], height),
        )
        occluded = point.get("id") in hidden
        visibility[landmark] = Visibility.OCCLUDED if occluded else Visibility.VISIBLE
    return imported(places, visibility, absent_landmarks(absent, scheme))


def _confidence(points: Sequence[Region], score: Any, scheme: Scheme) -> tuple[float, ...]:
    sure = np.zeros(len(scheme))
    for point in points:
        own = point.get("score")
        said = score_of(score if own is None else own)
        sure[scheme.index(str(point["value"]["keypointlabels"][0]))] = 1.0 if said is None else said
    return tuple(sure.tolist())


def _key(region: Region | None) -> str:
    """Of a rectangle that this tool wrote."""
    lines = said_of(region).get("text")
    return str(lines[0]) if isinstance(lines, list) and lines else ""


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    images: dict[Path, list[ExportedInstance]] = {}
    for instance in instances:
        images.setdefault(instance.image, []).append(instance)
    text = configuration(scheme)
    tasks = [
        task_of(number, _SERVED + quote(written_path(image, target.parent)), several, scheme)
        for number, (image, several) in enumerate(images.items(), 1)
    ]
    replace_file(target, pixel_corners.dump_json(tasks))
    beside = target.with_name(f"{target.stem}.config.xml")
    replace_file(beside, text)
    notes = [
        f"{beside.name} is the labelling configuration that Label Studio needs first; it "
        f"serves the images where LOCAL_FILES_DOCUMENT_ROOT is the folder of {target.name}.",
        *losses_of_points(chain.from_iterable(images.values())),
    ]
    return Written(sum(map(len, images.values())), len(images), notes)
