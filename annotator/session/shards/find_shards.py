"""Finding the objects of images in parts."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from landmark_annotator.annotator.session.execution.executor import Executor
from landmark_annotator.annotator.session.execution.paged import PAGE, Mapped
from landmark_annotator.annotator.session.finding.find_work import FindWork, FoundBoxes, Gone, Task
from landmark_annotator.annotator.session.finding.found_objects import images_to_search, write_found
from landmark_annotator.annotator.session.finding.search import search_recipe
from landmark_annotator.annotator.session.shards import checked_values as checked
from landmark_annotator.annotator.session.shards.checked_lines import Line
from landmark_annotator.annotator.session.shards.manifest import (
    Asked,
    Manifest,
    Shard,
    outdated,
    project_identity,
)
from landmark_annotator.annotator.session.shards.result_file import Put
from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

NAME = "find"
_MOST_OBJECTS = 10_000
"""In one image."""


class FindShards:
    def __init__(self, project: Project, who: str) -> None:
        self._project = project
        self._who = who
        self._recipe = search_recipe(project)
        self._search = self._recipe.make()
        self.reason = self._search.reason

    def asked(self, shards: int) -> Asked:
        return Asked(NAME, project_identity(self._project), shards)

    def manifest(self, shards: int) -> Manifest:
        if not self._search.can_look:
            raise ActionableError(self.reason)
        tasks = Mapped(images_to_search(self._project), _entry)
        return Manifest(self.asked(shards), self._search.identity, {}, tasks)

    def check_model(self, manifest: Manifest) -> None:
        if self._search.identity != manifest.model:
            raise outdated(
                "The parts are of another finder than the project's present one. " + self.reason
            )

    def lines(self, manifest: Manifest, shard: Shard, executor: Executor) -> Iterator[Line]:
        self.check_model(manifest)
        entries = shard.part_of(manifest.tasks)
        there = self._images([checked.whole(entry, "id") for entry in entries])
        tasks = [there.get(entry["id"]) for entry in entries]
        same = [
            None if image is None or image.sha256 != entry.get("image") else image
            for image, entry in zip(tasks, entries, strict=True)
        ]
        work = FindWork(self._recipe, manifest.model, self._search)
        answers = executor.results(work, [image for image in same if image is not None])
        for entry, image in zip(entries, same, strict=True):
            yield {"id": entry["id"], "changed": True} if image is None else _line(next(answers))

    def put_in(self, results: Iterable[tuple[Line, Line]]) -> Put:
        """As one step for undo, which the journal has under the name of who gathers."""
        done = Put()
        found: dict[int, list[Box]] = {}
        # Each is read when it is taken, so that what is damaged is said of that one.
        read = ((entry, _read(entry, line)) for entry, line in results)
        while some := list(islice(read, PAGE)):
            images = self._images([entry["id"] for entry, _ in some])
            for entry, boxes in some:
                image = images.get(entry["id"])
                if isinstance(boxes, str):
                    done.unreadable.append(boxes)
                elif boxes is None or image is None or image.sha256 != entry.get("image"):
                    done.changed.append(f"Image {entry['id']} is gone, or another one.")
                else:
                    found[entry["id"]] = boxes
        title = self._search.title or (
            f"finding of {counted(sum(map(len, found.values())), 'object')}"
        )
        written = set(write_found(self._project, found, title, self._who))
        for image_id, boxes in found.items():
            if boxes and image_id not in written:
                there = [record.box for record in self._project.instances_of(image_id)]
                if all(box in there for box in boxes):
                    done.already += 1
                else:
                    done.changed.append(f"Image {image_id} has objects already.")
            else:
                done.done += 1
                done.objects += len(boxes)
        return done

    def _images(self, ids: Sequence[int]) -> dict[int, ImageRecord]:
        """Those that count, by their ids."""
        found = self._project.some_images(ids)
        return {i: image for i, image in found.items() if image.excluded is None}


def _entry(task: Task) -> dict[str, Any]:
    return {"id": task.id, "image": None if isinstance(task, Gone) else task.sha256}


def _line(found: FoundBoxes) -> Line:
    if isinstance(found.boxes, str):
        return {"id": found.image_id, "unreadable": found.boxes}
    return {"id": found.image_id, "boxes": [list(each.numbers) for each in found.boxes]}


def _read(entry: Line, line: Line) -> list[Box] | str | None:
    """Or why the image could not be read; None where it was not what it had been. Raises Unfit."""
    checked.whole(entry, "id")
    if "unreadable" in line:
        return checked.text(line, "unreadable")
    if "changed" in line:
        return None
    boxes = line.get("boxes")
    if not isinstance(boxes, list) or len(boxes) > _MOST_OBJECTS:
        raise checked.Unfit("boxes is no list of that length")
    return [checked.box(each) for each in boxes]
