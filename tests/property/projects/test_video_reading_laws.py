"""What is read of a video near a frame, and by a name, is what all of its records say."""

import random
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.row_names import named, row_name
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Scheme, Shape

ADA = "ada"
PARTS = ["1", "12", "2", "#", "#2", "10", "frame", "e 1", "CLIP0", "a", ".png", "4  #2"]


def label(instance_id: int) -> Shape:
    """Told from all others by its place."""
    return Shape(np.array([[float(instance_id), 1.0]]), visibility=np.array([2]))


def filled(project: Project, chance: random.Random) -> None:
    """Two videos and stills: objects of tracks and of none, labels, second opinions, some of each
    left out."""
    folder = project.folder
    for number in range(3):
        project.add_image(folder / f"a{number}{number}.png", ImageFacts(20, 10, f"still {number}"))
    for number in range(2):
        video = project.add_video(folder / f"clip{number}.mp4", f"clip {number}", 10.0).id
        for name in "xy":
            project.add_track(video, name, who=ADA)
        frames = chance.sample(range(25), 7)
        project.add_frames(video, {n: ImageFacts(20, 10, f"{video} {n}") for n in frames})
    for image in project.images():
        tracks = project.tracks(image.video_id) if image.video_id is not None else []
        free: list[int | None] = [None, None, *(each.id for each in tracks)]
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            track = chance.choice(free)
            free = [each for each in free if each is None or each != track]
            one = project.add_instance(image.id, None, track=track, who=ADA).id
            labelled, gone = chance.random() < 0.5, 0.15
            if labelled:
                project.accept(one, label(one), who=ADA)
            if labelled and chance.random() < 0.6:
                gone = 0.6
                other = project.add_instance(image.id, None, second_opinion_on=one, who="bob").id
                if chance.random() < 0.7:
                    project.accept(other, label(other), who="bob")
            if chance.random() < gone:
                project.exclude(instances=[one], why="it gave way", who=ADA)
        if chance.random() < 0.15:
            project.exclude(images=[image.id], why="blurred", who=ADA)


def beside(project: Project, record: InstanceRecord) -> list[tuple[int, int]]:
    """How many frames the label before it and the one after it are away, and their instances."""
    images = {image.id: image for image in project.images(excluded=True)}
    records = {each.id: each for each in project.instances(excluded=True)}
    image = images[record.image_id]
    waits = record.state is not InstanceState.ACCEPTED and record.second_opinion_on is None
    if not waits or image.video_id is None:
        return []

    def others(each: InstanceRecord) -> list[int]:
        """First opinions of its image that were not left out."""
        here = [r for r in records.values() if r.image_id == each.image_id and not r.excluded]
        return [r.id for r in here if r.second_opinion_on is None and r.id != each.id]

    def is_of_it(each: InstanceRecord) -> bool:
        first = each if each.second_opinion_on is None else records[each.second_opinion_on]
        if first is not each and not first.excluded:
            return False  # the first one counts
        if record.track_id is not None:
            return first.track_id == record.track_id
        return first.track_id is None and not others(each) and not others(record)

    labels = [
        ((images[each.image_id].frame or 0) - (image.frame or 0), each.id)
        for each in counting(project)
        if images[each.image_id].video_id == image.video_id
        and each.image_id != image.id
        and each.state is InstanceState.ACCEPTED
        and is_of_it(each)
    ]
    before, after = [one for one in labels if one[0] < 0], [one for one in labels if one[0] > 0]
    return [*([max(before)] if before else []), *([min(after)] if after else [])]


def counting(project: Project) -> list[InstanceRecord]:
    out = {image.id for image in project.images(excluded=True) if image.excluded}
    return [r for r in project.instances(excluded=True) if not r.excluded and r.image_id not in out]


def track_of(project: Project, record: InstanceRecord) -> int | None:
    """A second opinion is of the track of the first one, where that was left out."""
    if record.second_opinion_on is None:
        return record.track_id
    first = project.instance(record.second_opinion_on)
    return first.track_id if first.excluded else None


def hold(project: Project) -> None:
    for record in counting(project):
        found = project.to_label(record.id, who=ADA).beside
        told = [(each.frames, float(each.shape.points[0, 0])) for each in found]
        assert told == [(abs(apart), float(label)) for apart, label in beside(project, record)]
    images = {image.id: image for image in project.images()}
    for video in project.videos():
        seen = [r for r in counting(project) if images[r.image_id].video_id == video.id]
        seen.sort(key=lambda r: (images[r.image_id].frame or 0, r.id))
        plain = [
            (images[r.image_id].frame or 0, r.image_id, r.id, track_of(project, r), r.state)
            for r in seen
        ]
        assert [each[:5] for each in project.objects_of_video(video.id)] == plain
        columns = project.video_objects(video.id)
        assert columns.instances.tolist() == [each[2] for each in plain]
        assert [o for n in range(25) for o in columns.at(n)] == project.objects_of_video(video.id)
        for frame in range(25):
            for track in (None, *(each.id for each in project.tracks(video.id))):
                away = sorted((abs(each[0] - frame), each[0]) for each in plain if each[0] != frame)
                there = [each for each in plain if away and each[0] == away[0][1]]
                same = [each for each in there if each[3] == track]
                near = project.nearest_object(video.id, frame, track)
                assert (near and near[:5]) == ([*same, *there][0] if there else None)
    ids = [record.id for record in project.instances(excluded=True)]
    names = {each.row.instance_id: row_name(each) for each in project.rows(ids)}
    for part in PARTS:
        fitting = {i for i, name in names.items() if part.casefold() in name.casefold()}
        assert set(named(project, part).tolist()) == fitting, part


@pytest.mark.parametrize("seed", range(6))
def test_what_is_read_of_a_video_is_what_all_records_say(seed: int, tmp_path: Path) -> None:
    with Project.create(tmp_path / "project", Scheme("dot", ("dot",))) as project:
        with project.transaction():
            filled(project, random.Random(seed))
        hold(project)
