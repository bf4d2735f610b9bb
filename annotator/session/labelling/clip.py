"""A frame of a video between those that are labelled: what is known of it, and its beginning."""

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.images.source import frame_sha256
from landmark_annotator.projects.store import (
    FrameObject,
    ImageRecord,
    InstanceState,
    Project,
    VideoRecord,
)
from landmark_annotator.projects.vocabulary import Box, Shape

_CARRIED = 1.0
"""Seconds over which the boxes of a labelled frame are worth something in another."""


def begin_frame(
    project: Project, video: VideoRecord, number: int, like: ImageRecord, who: str
) -> int:
    """The frame comes into the project, as one step for undo; the instance to be labelled first.

    like: another frame of the video, which has its size. The frame gets the objects of the nearest
    one within a second, with their boxes and tracks, else one object without a box.
    """
    facts = ImageFacts(like.width, like.height, frame_sha256(video.sha256, number))
    objects = _carried(project, video, number) or [(None, None)]
    with project.transaction():
        image_id = project.begin_frame(video.id, number, facts, objects=objects, who=who)
        there = project.instances_of(image_id)
        return there[0].id if there else project.add_instance(image_id, None, who=who).id


def _carried(
    project: Project, video: VideoRecord, number: int
) -> list[tuple[Box | None, int | None]]:
    objects = project.objects_of_video(video.id)
    away = min((abs(each.frame - number) for each in objects), default=0)
    if not objects or away > _CARRIED * (video.frame_rate or 0.0):
        return []
    near = [each for each in objects if abs(each.frame - number) == away]
    frame = near[0].frame  # of two that are as near, the earlier one
    records = [project.instance(each.instance_id) for each in near if each.frame == frame]
    return [(r.box, r.track_id) for r in records if r.second_opinion_on is None and r.box]


def seen_shape(project: Project, seen: FrameObject) -> Shape:
    """What is stored of the object, or else what is proposed."""
    stored = project.shape(seen.instance_id)
    proposal = project.proposal(seen.instance_id)
    if seen.state is InstanceState.UNTOUCHED and proposal is not None:
        return Shape(proposal.points)
    return stored
