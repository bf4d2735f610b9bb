"""What two people label blindly says nothing of the frames beside before both are done."""

import numpy as np

from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Shape
from tests.unit.annotator.session.tracking.conftest import truth

BLIND, BESIDE, OFF = 4, 5, 12.0


def test_a_label_that_another_person_is_to_give_too_moves_no_frame_beside(filmed: Project) -> None:
    project = filmed
    images = {image.frame: image.id for image in project.images()}
    points = truth(0, BLIND)
    (first,) = project.instances_of(images[BLIND])
    shape = Shape(points + OFF).with_provenance(Provenance.CLICKED)
    project.fill_instance(first.id, Box.square_around(points, 1.2), shape, who="ann")
    for name, role in (("lea", Role.LEAD), ("ann", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="lea")
    second = project.add_instance(images[BLIND], first.box, second_opinion_on=first.id, who="lea")
    assert first.id in project.blind_instances()

    def off() -> float:
        follow_video(project, project.videos()[0], SILENT, who="lea")
        there = [project.proposal(r.id) for r in project.instances_of(images[BESIDE])]
        means = [each.points.mean(axis=0) for each in there if each is not None]
        where = truth(0, BESIDE).mean(axis=0)
        return min(float(np.linalg.norm(mean - where)) for mean in means)

    assert off() < OFF / 4
    project.accept(second.id, shape, who="bob")
    assert off() > OFF / 2
