"""The data sheet beside an export: what is in it, for whoever trains on it later.

Written twice: as Markdown for people, as JSON for programs.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.certificates import checked_proposals, project_standing
from landmark_annotator.projects.exchange.codecs.common.files import replace_file
from landmark_annotator.projects.exchange.mapping import Mapping as SchemeMapping
from landmark_annotator.projects.exchange.transfer.export_place import sheet_of
from landmark_annotator.projects.exchange.transfer.left_out import Taken
from landmark_annotator.projects.exchange.transfer.whose_labels import EVERYBODYS, WhoseLabels
from landmark_annotator.projects.store import (
    Alike,
    InstanceRecord,
    InstanceState,
    Project,
)
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.same_objects import (
    SAME_OBJECT,
    labels_of_objects,
    of_two_people,
)
from landmark_annotator.projects.store.same_objects import as_proposed, given_way, left_to_models
from landmark_annotator.projects.vocabulary import Box, Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Bools, Ints
from landmark_annotator.projects.vocabulary.wording import counted


@dataclass
class Part:
    """What one exported file or folder holds."""

    file: str
    images: int = 0
    instances: int = 0
    on_sheets: int = 0
    """Instances whose shape was accepted at one look at many of them."""
    found: int = 0
    """Instances whose box a model found, and no person has drawn since."""
    seen: Ints = field(default_factory=lambda: np.zeros(len(Visibility), dtype=np.int64))
    """(3,) landmarks by visibility."""
    marks: Counter[Provenance | None] = field(default_factory=Counter)
    """Known landmarks by where they came from."""

    @property
    def landmarks(self) -> dict[str, int]:
        counts = {seen.name.lower(): int(self.seen[seen]) for seen in Visibility}
        return {name: count for name, count in counts.items() if count}

    @property
    def provenance(self) -> dict[str, int]:
        return {str(mark or "not said"): count for mark, count in self.marks.items()}


def write_data_sheet(
    project: Project,
    target: Path,
    files: Mapping[str, Path],
    *,
    format: str,
    mapping: SchemeMapping | None = None,
    parts: Mapping[int, str] | None = None,
    split: str | None = None,
    include_unaccepted: bool = False,
    whose: WhoseLabels = EVERYBODYS,
    notes: Sequence[str] = (),
    written: Mapping[str, str] | None = None,
    changed: Collection[int] = (),
) -> Path:
    """Writes TARGET.datasheet.md and .json beside the export, and returns the first.

    files: by the name of their part ("all" where there is one). mapping: to the scheme that was
    exported, None for the project's own. parts: for each image's id the name of its part. split:
    how the parts were made, in words. whose: whose labels were taken. written: all files of the
    export by their path from the sheet, with a digest: what the next export to the same place may
    replace and remove. changed: images that were left out, as they are not what was labelled.
    """
    content = _content(
        project, files, format, mapping, parts, split, include_unaccepted, whose, notes, changed
    )
    content["files"] = dict(written or {})
    sheet = sheet_of(target, format)
    replace_file(sheet.with_suffix(".json"), json.dumps(content, ensure_ascii=False, indent=1))
    replace_file(sheet, _markdown(content))
    return sheet


def _content(
    project: Project,
    files: Mapping[str, Path],
    format: str,
    mapping: SchemeMapping | None,
    parts: Mapping[int, str] | None,
    split: str | None,
    include_unaccepted: bool,
    whose: WhoseLabels,
    notes: Sequence[str],
    changed: Collection[int],
) -> dict[str, Any]:
    scheme = project.scheme if mapping is None else mapping.sparse
    found = {name: Part(path.name) for name, path in files.items()}
    taken = Taken(project, whose, include_unaccepted)
    seen: set[int] = set()
    records = project.instances()
    on_sheets, boxes = project.accepted_on_sheets(), project.found_boxes()
    exported: set[int] = set()
    for record, alike in _landmarks(project, mapping, records):
        if taken.left_out(record, any(kind.known for kind in alike)) is not None:
            continue
        if record.image_id in changed:
            continue
        part = found["all" if parts is None else parts[record.image_id]]
        part.instances += 1
        accepted = record.state is InstanceState.ACCEPTED
        part.on_sheets += accepted and record.id in on_sheets
        part.found += record.id in boxes
        part.images += record.image_id not in seen
        seen.add(record.image_id)
        exported.add(record.id)
        for kind in alike:
            part.seen[kind.visibility] += kind.number
            if kind.known:
                part.marks[kind.provenance] += kind.number
        part.seen[Visibility.NOT_LABELLED] += len(scheme) - sum(kind.number for kind in alike)
    certified = project_standing(project, exported, whose.instead)
    return {
        "project": project.name,
        "project_made": project.made,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": f"landmark-annotator {_program_version()}",
        "format": format,
        "scheme": {
            "name": scheme.name,
            "version": scheme.version,
            "landmarks": len(scheme),
            "labelled_as": project.scheme.name,
            "labelled_as_version": project.scheme.version,
        },
        "shapes": "accepted and in progress" if include_unaccepted else "accepted",
        "people": whose.said or None,
        "split": split,
        "parts": {
            name: {
                "file": part.file,
                "images": part.images,
                "instances": part.instances,
                "accepted_on_sheets": part.on_sheets,
                "boxes_found": part.found,
                "landmarks": part.landmarks,
                "provenance": part.provenance,
            }
            for name, part in found.items()
        },
        "certificate": None if certified is None else certified.content(),
        "accepted_by_rule": _by_rule(project, found.values()),
        "excluded": [one._asdict() for one in project.left_out()],
        "agreement": agreement(project, records),
        "notes": list(notes),
    }


def _by_rule(project: Project, parts: Iterable[Part]) -> str | None:
    """On which checks shapes were accepted that no person has looked at; None without any."""
    landmarks = sum(part.marks[Provenance.RULED] for part in parts)
    if not landmarks:
        return None
    found = checked_proposals(project)
    said = "" if found is None else f" {found.sentence}"
    are = counted(landmarks, "landmark is of a proposal", "landmarks are of proposals")
    return f"{are} that no person has looked at.{said}"


def _landmarks(
    project: Project, mapping: SchemeMapping | None, records: Sequence[InstanceRecord]
) -> Iterator[tuple[InstanceRecord, Sequence[Alike]]]:
    """Of millions of landmarks the database does the counting, unless they have to be mapped."""
    if mapping is None:
        counted = project.tally()
        for record in records:
            yield record, counted.get(record.id, ())
        return
    for record, shape in project.shapes(None):
        sparse = mapping.to_sparse(shape)
        kinds = zip(
            sparse.visibility.tolist(), sparse.provenance, sparse.known.tolist(), strict=True
        )
        yield record, [Alike(*kind, count) for kind, count in Counter(kinds).items()]


def _program_version() -> str:
    try:
        return version("landmark-annotator")
    except PackageNotFoundError:  # run from a folder that is not installed
        return "unknown"


def agreement(project: Project, records: Sequence[InstanceRecord]) -> dict[str, Any] | None:
    """How far two people's shapes of one object are apart; None where no object has two. Also of
    objects of which a lead has let one of the two stand: these are often those on which people
    differ most. As each gave it, without what others corrected in it since.

    The mean distance of landmarks that both have, in percent of the scheme's normaliser, without
    those that both left to a model, which say nothing of them; None where they left all to it.
    """
    of_image: dict[int, list[InstanceRecord]] = {}
    images = {record.image_id for record in records}
    beside = [record for record in given_way(project) if record.image_id in images]
    for record in (*records, *beside):
        if record.state is InstanceState.ACCEPTED:
            of_image.setdefault(record.image_id, []).append(record)
    shared = [several for several in of_image.values() if len(several) > 1]
    given = project.given_labels([record.id for several in shared for record in several])
    people = {instance: label.who for instance, label in given.items()}
    pairs: list[tuple[InstanceRecord, InstanceRecord]] = []
    boxes = ErrorBoxes(project)
    for several in shared:
        if len({people.get(record.id) for record in several}) < 2:
            continue
        for one, other in _overlapping(several, boxes.of(several)):
            if people.get(one.id) != people.get(other.id):
                pairs.append((one, other))
    ids = list(dict.fromkeys(record.id for pair in pairs for record in pair))
    read = project.shapes(None, excluded=True, among=ids)
    shapes = project.as_given(given, {record.id: shape for record, shape in read})
    labels = [[(record, shapes[record.id]) for record in pair] for pair in pairs]
    errors = np.array([_distance(boxes, pair) for pair in labels])
    if not np.isfinite(errors).any():
        return None
    # Where objects crowd, boxes of different ones overlap: the nearest labels are of one.
    order = np.argsort(errors, kind="stable").tolist()
    near = of_two_people([(labels[n][0][0].id, labels[n][1][0].id) for n in order], people)
    place = {(a.id, b.id): n for n, ((a, _), (b, _)) in enumerate(labels)}
    chosen = [place[pair] for pair in near]
    labels, errors = [labels[n] for n in chosen], errors[chosen]
    both = [((a.id, one), (b.id, other)) for (a, one), (b, other) in labels]
    left = left_to_models(project, both)
    known, passed = np.isfinite(errors), np.array(as_proposed(both, left))
    each = np.array([_distance(boxes, *one) for one in zip(labels, left, strict=True)])
    own = each[np.isfinite(each) & ~passed]
    compared = [(a.id, b.id) for (a, _), (b, _) in labels]
    # Of three people who have labelled an object every two are compared.
    objects = labels_of_objects(
        (pair for pair, there in zip(compared, known, strict=True) if there), people
    )
    untouched = [pair for pair, so in zip(compared, known & passed, strict=True) if so]
    return {
        "objects": len(set(objects.values())),
        "pairs_of_labels": int(known.sum()),
        "untouched_proposals": len({objects.get(one, one) for one, _ in untouched}),
        "landmarks_left_to_models": int(np.array([bare.sum() for bare in left])[~passed].sum()),
        "percent_of": project.scheme.divisor,
        "mean_percent": float(np.mean(own)) if len(own) else None,
        "median_percent": float(np.median(own)) if len(own) else None,
        "mean_percent_with_untouched": float(np.mean(errors[known])),
    }


def _distance(
    boxes: ErrorBoxes, pair: Sequence[tuple[InstanceRecord, Shape]], without: Bools | bool = False
) -> float:
    """In percent of the mean of what the two shapes' errors are divided by. without: landmarks."""
    first, second = (shape for _, shape in pair)
    both = first.known & second.known & ~np.asarray(without)
    if not both.any():
        return float("nan")
    apart = np.linalg.norm(first.points[both] - second.points[both], axis=1).mean()
    return float(100 * apart / np.mean([boxes.length(*one) for one in pair]))


def _overlapping(
    records: Sequence[InstanceRecord], own: Mapping[int, Box]
) -> Iterator[tuple[InstanceRecord, InstanceRecord]]:
    """Pairs whose boxes, taken as upright, or what stands for them, are of the same object, and of
    second opinions with the first ones, wherever their boxes were drawn. own: see `ErrorBoxes.of`.
    """
    boxed = [record for record in records if record.box is not None]
    stored = [record.box for record in boxed if record.box is not None]
    stands = [own[record.id] for record in boxed]
    place = {record.id: i for i, record in enumerate(boxed)}
    pairs = {*_near(stored), *(_near(stands) if stands != stored else ())}
    firsts = [place.get(record.second_opinion_on or 0) for record in boxed]
    pairs |= {(min(i, j), max(i, j)) for i, j in enumerate(firsts) if j is not None}
    yield from ((boxed[i], boxed[j]) for i, j in sorted(pairs))


def _near(boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    low = np.array([box.corner for box in boxes]).reshape(-1, 2)
    sides = np.array([(box.width, box.height) for box in boxes]).reshape(-1, 2)
    areas = sides.prod(axis=1)
    for i in range(len(boxes)):  # one against all later ones: they may be thousands
        ends = np.minimum(low[i] + sides[i], low[i + 1 :] + sides[i + 1 :])
        shared = (ends - np.maximum(low[i], low[i + 1 :])).clip(0).prod(axis=1)
        same = shared > SAME_OBJECT * (areas[i] + areas[i + 1 :] - shared)
        yield from ((i, i + 1 + j) for j in np.flatnonzero(same).tolist())


def _markdown(content: Mapping[str, Any]) -> str:
    scheme, parts = content["scheme"], content["parts"]
    lines = [f"# Data sheet of {content['project']}", ""]
    lines += [f"Written {content['created']} by {content['program']} as {content['format']}."]
    labels = (
        f"Scheme {scheme['name']}, version {scheme['version']}, {scheme['landmarks']} landmarks"
    )
    if scheme["labelled_as"] != scheme["name"]:
        labels += f"; labelled as {scheme['labelled_as']}, version {scheme['labelled_as_version']}"
    lines += [f"{labels}. Shapes: {content['shapes']}.", ""]
    if content["people"]:
        lines += [content["people"], ""]
    lines += ["| Part | File | Images | Instances |", "|---|---|---|---|"]
    for name, part in parts.items():
        lines.append(f"| {name} | {part['file']} | {part['images']} | {part['instances']} |")
    on_sheets = sum(part["accepted_on_sheets"] for part in parts.values())
    if on_sheets:
        lines += ["", f"Accepted on sheets, many shapes at one look: {on_sheets} of the instances."]
    boxes = sum(part["boxes_found"] for part in parts.values())
    if boxes:
        lines += ["", f"Boxes that a model found, and nobody drew: {boxes} of the instances."]
    lines += ["", f"Split: {content['split'] or 'none'}.", ""]
    lines += _shares("Landmarks", "landmarks", parts)
    lines += _shares("Where known positions came from", "provenance", parts)
    if content["accepted_by_rule"]:
        lines += ["## Accepted by rule", "", content["accepted_by_rule"], ""]
    if content["certificate"]:
        lines += ["## Certificate", "", content["certificate"]["sentence"], ""]
    lines += _excluded(content["excluded"])
    found = content["agreement"]
    lines += ["## Agreement between annotators", ""]
    if found is None:
        lines += ["None can be given: no object in it has labels of two people."]
    else:
        lines += [_apart(found)]
    if content["notes"]:
        lines += ["", "## What the format does not carry", ""]
        lines += [f"- {note}" for note in content["notes"]]
    return "\n".join(lines) + "\n"


def _apart(found: Mapping[str, Any]) -> str:
    several = found["pairs_of_labels"] > found["objects"]
    people = "several people, of whom every two are compared" if several else "two people"
    said = f"{counted(found['objects'], 'object has', 'objects have')} labels of {people}."
    untouched, left = found["untouched_proposals"], found["landmarks_left_to_models"]
    if found["mean_percent"] is not None:
        rest = " that either placed" if left else " of the others" if untouched else ""
        said += (
            f" Their landmarks{rest} are {found['mean_percent']:.2f} % of {found['percent_of']} "
            f"apart on average (median {found['median_percent']:.2f} %)."
        )
    passed = []
    if untouched:
        passed.append(
            f"{counted(untouched, 'object')} both accepted as the same proposal, untouched"
        )
    if left:
        passed.append(f"{counted(left, 'landmark')} both left to a model")
    if passed:
        them = "it" if untouched + left == 1 else "them"
        said += (
            f" {' and '.join(passed)}, which says nothing of how far people are apart (with {them} "
            f"{found['mean_percent_with_untouched']:.2f} %)."
        )
    return said


def _excluded(left_out: Sequence[Mapping[str, Any]]) -> list[str]:
    if not left_out:
        return []
    lines = ["## Left out as excluded", "", "| Why | Images | Instances |", "|---|---|---|"]
    for one in left_out:
        # A reason is free text; a bar or a new line in it would break the table.
        why = " ".join(one["why"].split()).replace("|", "\\|")
        lines.append(f"| {why} | {one['images']} | {one['instances']} |")
    return [*lines, ""]


def _shares(title: str, key: str, parts: Mapping[str, Any]) -> list[str]:
    kinds = list(dict.fromkeys(kind for part in parts.values() for kind in part[key]))
    lines = [f"## {title}", "", f"| Part | {' | '.join(kinds)} |", "|---" * (len(kinds) + 1) + "|"]
    for name, part in parts.items():
        total = max(sum(part[key].values()), 1)
        cells = [
            f"{part[key].get(kind, 0)} ({part[key].get(kind, 0) / total:.1%})" for kind in kinds
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""] if kinds else [f"## {title}", "", "None.", ""]
