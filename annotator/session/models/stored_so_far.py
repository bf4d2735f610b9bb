"""What was stored by a `propose` that has not come to its end, so that the next one goes on there.

A file beside the project's; where it is gone or spoiled everything is proposed for once more.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

import orjson

from landmark_annotator.annotator.session.models.proposal_work import ToPropose, Withdrawn
from landmark_annotator.annotator.session.models.waiting_instances import Task, WaitingInstances
from landmark_annotator.projects.store import Project

_FILE = "proposing.jsonl"


class StoredSoFar:
    """model: the identity of what proposes, and where it runs: another one begins anew."""

    def __init__(self, project: Project, model: str) -> None:
        self._project = project
        self._model = model
        self._file = project.folder / _FILE

    def left(self, tasks: WaitingInstances) -> WaitingInstances:
        """Those whose proposal is not there yet, or not any more: a backup may have been restored,
        another model may have proposed since, the box or the image may be another one."""
        done = self._read()
        if not done:
            self.end()
            return tasks
        places: list[int] = []
        begin = 0
        for page in tasks.pages:
            made = self._project.own_proposals_made([task.instance_id for task in page])
            places += [
                begin + place
                for place, task in enumerate(page)
                if not _is_there(task, done.get(task.instance_id), made.get(task.instance_id))
            ]
            begin += len(page)
        return tasks.only(places)

    def add(self, tasks: Iterable[ToPropose]) -> None:
        """Once they are committed. A disk that takes no more costs what is computed twice."""
        line = {
            "model": self._model,
            "until": self._project.now,
            "stored": [(task.instance_id, _content(task)) for task in tasks],
        }
        with suppress(OSError), self._file.open("ab") as stream:
            stream.write(orjson.dumps(line) + b"\n")

    def end(self) -> None:
        """All of it is there: who asks again wants it anew."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _read(self) -> dict[int, tuple[str, datetime]]:
        """By instance what it was proposed for, and when that was there."""
        found: dict[int, tuple[str, datetime]] = {}
        with suppress(OSError), self._file.open("rb") as stream:
            for text in stream:
                # One may have been cut off with the process that wrote it.
                with suppress(ValueError, TypeError, KeyError):
                    line = orjson.loads(text)
                    if line["model"] == self._model:
                        until = datetime.fromisoformat(line["until"])
                        found |= {i: (content, until) for i, content in line["stored"]}
        return found


def _is_there(task: Task, stored: tuple[str, datetime] | None, made: datetime | None) -> bool:
    """stored: what it was proposed for, and when that was there. made: when what is there was."""
    if stored is None or made is None or isinstance(task, Withdrawn):
        return False
    content, until = stored
    return content == _content(task) and made <= until


def _content(task: ToPropose) -> str:
    """A hash of all that the proposal depends on besides the model."""
    said = f"{task.image.sha256} {task.box} {task.avoided}"
    for name, mask in sorted(task.masks.items()):
        said += f" {name} {mask.to_bytes().hex()}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]
