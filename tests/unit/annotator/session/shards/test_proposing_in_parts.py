"""Proposals computed in parts and gathered."""

import errno
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.session.execution import paged
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions
from landmark_annotator.annotator.session.shards import proposal_shards
from landmark_annotator.annotator.session.shards.checked_lines import read_lines, write_lines
from landmark_annotator.annotator.session.shards.gather import Gathered, gather
from landmark_annotator.annotator.session.shards.manifest import Shard
from landmark_annotator.annotator.session.shards.proposal_shards import ProposalShards
from landmark_annotator.annotator.session.shards.result_file import computed
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, DiskFull
from tests.known_priors import blindly

HIDDEN = np.linspace(0, 1, 68)


@pytest.fixture(autouse=True)
def _blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The prior that looks at no image: it is made at once. It knows what is hidden, though."""
    monkeypatch.setattr(PriorModel, "load", blindly)
    propose = Proposer.propose

    def told(self: Proposer, pixels: Pixels, box: Box) -> Proposal | None:
        proposal = propose(self, pixels, box)
        return proposal and replace(proposal, hidden=HIDDEN)

    monkeypatch.setattr(Proposer, "propose", told)


def compute(project: Project, folder: Path, *numbers: int, of: int = 2) -> list[int | None]:
    work = ProposalShards(project)
    manifest = work.manifest(of).kept_in(folder)
    return [
        computed(work, manifest, Shard(number, of), folder, THIS_PROCESS, SILENT)
        for number in numbers
    ]


def put_in(project: Project, folder: Path) -> Gathered:
    return gather(project, folder, who="lead", progress=SILENT)


def stored(project: Project) -> list[Any]:
    return [project.proposal(record.id) for record in project.instances()][-2:]


def test_gathered_parts_are_what_the_plain_command_proposes(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "parts"
    assert compute(project, folder, 1, 2) == [1, 1]
    assert stored(project) == [None, None]
    assert put_in(project, folder).put.done == 2
    gathered = stored(project)
    propose_all(project, SILENT)
    for one, other in zip(gathered, stored(project), strict=True):
        assert (one.model, one.predicted_error) == (other.model, other.predicted_error)
        np.testing.assert_array_equal(one.points, other.points)
        np.testing.assert_array_equal(one.covariances, other.covariances)
        np.testing.assert_array_equal(one.hidden, other.hidden)
        np.testing.assert_allclose(one.hidden, HIDDEN, atol=1e-6)


def test_a_second_opinion_is_proposed_for_as_by_the_plain_command(
    project: Project, tmp_path: Path
) -> None:
    [asked] = ask_for_second_opinions(project, 1, seed=0, who="ada")
    compute(project, tmp_path / "parts", 1, 2)
    assert put_in(project, tmp_path / "parts").put.done == 3
    gathered = project.proposal(asked)
    propose_all(project, SILENT)
    plain = project.proposal(asked)
    assert gathered is not None
    assert plain is not None
    np.testing.assert_array_equal(gathered.points, plain.points)


def test_a_second_opinion_that_nothing_is_known_for_is_counted(
    project: Project, tmp_path: Path
) -> None:
    [asked] = ask_for_second_opinions(project, 1, seed=0, who="ada")
    kept = (asked, project.instance(asked).second_opinion_on)
    others = [record.id for record in project.instances() if record.id not in kept]
    project.exclude(instances=others, why="alone", who="ada")
    compute(project, tmp_path / "parts", 1, 2)
    put = put_in(project, tmp_path / "parts").put
    assert (put.done, put.unknown) == (0, 1)


def test_a_landmark_that_no_label_shows_yet_keeps_back_no_other(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose = Proposer.propose
    unlearned = frozenset([3])
    monkeypatch.setattr(
        Proposer,
        "propose",
        lambda self, *asked: replace(propose(self, *asked), unlearned=unlearned),
    )
    compute(project, tmp_path / "parts", 1, 2)
    assert put_in(project, tmp_path / "parts").put.done == 2
    for one in stored(project):
        assert np.flatnonzero(np.isnan(one.points[:, 0])).tolist() == [3]


def test_page_by_page_it_is_the_same(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute(project, tmp_path, 1, of=1)
    first, last = (r.id for r in project.instances() if r.state is not InstanceState.ACCEPTED)
    project.set_box(first, Box(60, 60, 50, 50), who="ada")
    for module in (paged, proposal_shards):
        monkeypatch.setattr(module, "PAGE", 1)
    put = put_in(project, tmp_path).put
    assert (put.done, put.changed) == (1, [f"The box of instance {first} has been changed."])
    assert [bool(project.proposals(i)) for i in (first, last)] == [False, True]


def test_parts_of_the_version_before_say_nothing_of_what_is_hidden(
    project: Project, tmp_path: Path
) -> None:
    compute(project, tmp_path, 1, of=1)
    file = Shard(1, 1).file(tmp_path)
    head, *lines = read_lines(file)
    for line in lines:
        del line["hidden"]
    write_lines(file, [head, *lines])
    assert put_in(project, tmp_path).put.done == 2
    assert [one.hidden for one in stored(project)] == [None, None]


def test_objects_that_the_model_has_never_seen_the_like_of_are_counted_and_kept_as_such(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose = Proposer.propose
    monkeypatch.setattr(
        Proposer,
        "propose",
        lambda self, *asked: replace(propose(self, *asked), turns=(0.0,), novelty=3.0),
    )
    folder = tmp_path / "parts"
    compute(project, folder, 1, 2)
    put_in(project, folder)
    waiting = [r.id for r in project.instances() if r.state is not InstanceState.ACCEPTED]
    novelties = _novelties(project, waiting)
    assert novelties == [3.0, 3.0]
    assert propose_all(project, SILENT).unfamiliar == waiting
    assert _novelties(project, waiting) == novelties


def _novelties(project: Project, ids: list[int]) -> list[float | None]:
    with sqlite3.connect(project.folder / "project.db") as database:
        rows = database.execute("SELECT instance_id, made FROM proposals").fetchall()
    made = {instance_id: json.loads(text) for instance_id, text in rows if text}
    return [made[i]["novelty"] for i in ids]


def test_parts_done_twice_gathered_twice_and_changed_boxes(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "parts"
    assert compute(project, folder, 2) == [1]
    assert compute(project, folder, 2) == [None], "it was finished before"
    first = put_in(project, folder)
    assert (first.put.done, first.missing) == (1, (1,)), "what is missing is said"
    assert compute(project, folder, 1) == [1]
    moved = project.instances()[-1].id
    project.set_box(moved, Box(60, 60, 50, 50), who="ada")
    again = put_in(project, folder)
    assert (again.put.done, again.missing) == (1, ())
    assert again.put.changed == [f"The box of instance {moved} has been changed."]
    assert all(len(project.proposals(record.id)) <= 1 for record in project.instances())


def test_parts_of_another_model_are_refused(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    compute(project, folder, 1)
    labelled = project.instances()[0].id
    project.exclude(instances=[labelled], why="blurred", who="ada")  # another prior from now on
    with pytest.raises(ActionableError, match="of another model"):
        compute(project, folder, 2)
    with pytest.raises(ActionableError, match="of another model"):
        put_in(project, folder)
    assert stored(project) == [None, None]


def test_a_stopped_part_leaves_nothing(project: Project, tmp_path: Path) -> None:
    class Stopped:
        def start(self, stage: str, total: int | None) -> None: ...
        def advance(self, steps: int = 1, note: str = "") -> None: ...
        def cancelled(self) -> bool:
            return True

    work = ProposalShards(project)
    manifest = work.manifest(1).kept_in(tmp_path)
    with pytest.raises(Cancelled):
        computed(work, manifest, Shard(1, 1), tmp_path, THIS_PROCESS, Stopped())
    assert [file.name for file in tmp_path.glob("*.jsonl*")] == ["manifest.jsonl"]


def test_a_folder_with_parts_of_other_work_is_left_alone(project: Project, tmp_path: Path) -> None:
    compute(project, tmp_path / "parts", 1)
    with pytest.raises(ActionableError, match="number of parts is 2, not 3"):
        compute(project, tmp_path / "parts", 1, of=3)
    with (
        Project.create(tmp_path / "another", Scheme.named("face68")) as another,
        pytest.raises(ActionableError, match="of another project"),
    ):
        put_in(another, tmp_path / "parts")


Spoil = Callable[[dict[str, Any]], object]

SPOILT: dict[str, Spoil] = {
    "id is of another": lambda line: line.update(id=line["id"] + 1),
    "id is text": lambda line: line.update(id="1"),
    "points too few": lambda line: line.update(points=line["points"][:-12]),
    "points no base64": lambda line: line.update(points="?" * len(line["points"])),
    "points not finite": lambda line: line.update(points="AAAAAAAA+H8A" * 90 + "AAAAAAAA"),
    "half a point": lambda line: line.update(points="AAAAAAAA+H8" + line["points"][11:]),
    "points a number": lambda line: line.update(points=1),
    "no covariances": lambda line: line.pop("covariances"),
    "error below zero": lambda line: line.update(error=-1),
    "error true": lambda line: line.update(error=True),
    "model a list": lambda line: line.update(model=[]),
    "making a list": lambda line: line.update(making=[1]),
    "labels too large": lambda line: line["making"].update(labels=10**18 * 18),
    "hidden too few": lambda line: line.update(hidden=line["hidden"][:-12]),
    "hidden no probability": lambda line: line.update(hidden=line["points"][: len(line["hidden"])]),
    "unreadable a number": lambda line: line.update(unreadable=3),
}


def test_damaged_and_hostile_results_are_refused_and_nothing_is_put_in(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "parts"
    compute(project, folder, 1, 2)
    file = Shard(2, 2).file(folder)
    sound = file.read_bytes()
    texts = {
        "cut": sound[:-40],
        "nothing": b"",
        "a byte changed": sound.replace(b'"error":', b'"errof":'),
        "more behind": sound + b"{}\n",
        "no JSON": b"\x80\x04K\x01.",
        "no object": b"[1]\n" + sound,
        "deep": b'{"id":' + b"[" * 100_000 + b"\n",
    }
    for text in texts.values():
        file.write_bytes(text)
        with pytest.raises(ActionableError, match=file.name):
            put_in(project, folder)
    file.write_bytes(sound)
    head, line = read_lines(file)
    for spoil in SPOILT.values():
        changed = {**line, "making": dict(line["making"])}
        spoil(changed)
        write_lines(file, [head, changed])  # with an end that fits
        with pytest.raises(ActionableError, match=file.name):
            put_in(project, folder)
    for lines in ([head], [head, line, line], [{**head, "manifest": "0"}, line]):
        write_lines(file, lines)
        with pytest.raises(ActionableError, match=file.name):
            put_in(project, folder)
    assert stored(project) == [None, None]
    file.write_bytes(sound)
    assert put_in(project, folder).put.done == 2


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "1/0", "-1/2", "a/2", "1/2/3", "²/3"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ActionableError, match="no part"):
        Shard.named(text)


def test_parts_hold_all_tasks_once_in_their_order() -> None:
    tasks = list(range(17))
    parts = [Shard(number, 5).part_of(tasks) for number in range(1, 6)]
    assert [task for part in parts for task in part] == tasks
    assert {len(part) for part in parts} == {3, 4}


def test_a_full_disk_is_said_and_nothing_of_the_part_is_there(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "parts"
    compute(project, folder, 1)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="no room left for results"):
        compute(project, folder, 2)
    assert {path.name for path in folder.iterdir()} == {"manifest.jsonl", "000001-of-000002.jsonl"}
