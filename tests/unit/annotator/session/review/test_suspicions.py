"""What a search for wrong labels leaves, and what the review makes of it."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.evaluation import label_audit
from landmark_annotator.annotator.session.evaluation.label_audit import audit_labels, changed_since
from landmark_annotator.annotator.session.execution.progress import WatchedProgress
from landmark_annotator.annotator.session.review.review_queue import review_queue
from landmark_annotator.annotator.session.review.review_session import ReviewSession
from landmark_annotator.annotator.session.review.suspicions import suspicions
from landmark_annotator.projects.store import (
    Assignment,
    GroupRule,
    GroupsBy,
    Project,
    Role,
    Verdict,
    accept_by_rule,
)
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SCHEME = Scheme("square", ("a", "b", "c", "d"), edges=((0, 1), (1, 2), (2, 3)))
SQUARE = np.array([[10, 10], [50, 10], [50, 50], [10, 50.0]])
BOX = Box(30, 30, 40, 40)
COUNT, WRONG = 20, 6


class Facts:
    width, height = 100, 80

    def __init__(self, sha256):
        self.sha256 = sha256


def searched(project):
    return audit_labels(project, WatchedProgress(lambda *_: None))


@pytest.fixture
def project(tmp_path):
    """Twenty squares, whose images are gone; of one the third corner is off."""
    random = np.random.default_rng(0)
    with Project.create(tmp_path / "squares", SCHEME) as opened:
        for i in range(COUNT):
            image = opened.add_image(opened.folder / f"{i}.png", Facts(f"{i:064}"))
            points = SQUARE + 0.3 * random.normal(size=SQUARE.shape)
            if i == WRONG:
                points[2] += [8, 0]
            shape = Shape(points, provenance=[Provenance.FILLED] * 4)
            record = opened.add_instance(image.id, BOX, who="ada")
            opened.accept(record.id, shape, who="ada")
        yield opened


def test_the_wrong_one_is_first_in_the_review_and_its_landmark_is_named(project):
    searched(project)
    candidate = review_queue(project).first[0]
    assert candidate.record.id == WRONG + 1
    assert candidate.look
    assert candidate.suspicion.sentence(SCHEME).startswith("c looks 1")


def test_a_shape_that_a_rule_accepted_is_not_judged(project):
    waiting = project.add_instance(project.images()[0].id, BOX, who="ada")
    accept_by_rule(project, {waiting.id: Shape(SQUARE)}, who="ada")
    assert waiting.id not in searched(project)


def test_what_two_people_label_blindly_is_not_judged_before_both_are_done(project):
    project.set_person("ada", Role.LEAD, who="ada")
    project.set_assignment(Assignment(twice=0.3), who="ada")
    first_ones = set(project.blind().values())
    assert first_ones
    assert searched(project).keys() == set(range(1, COUNT + 1)) - first_ones


def test_an_ordinary_shape_is_not_spoken_of(project):
    searched(project)
    last = review_queue(project).first[-1]
    assert not last.look
    assert last.suspicion.sentence(SCHEME) == ""


def test_what_was_found_is_there_when_the_project_is_opened_again(project):
    found = searched(project)
    with Project.open(project.folder, read_only=True) as again:
        assert suspicions(again) == found
        assert changed_since(again) == 0


def test_a_shape_that_has_changed_since_is_not_suspected(project):
    searched(project)
    project.review(WRONG + 1, Verdict.SENT_BACK, "c", who="rex")
    project.accept(WRONG + 1, Shape(SQUARE), who="ada")
    assert WRONG + 1 not in suspicions(project)
    assert changed_since(project) > 0


def test_a_few_changes_do_not_make_a_whole_search_due(project):
    searched(project)
    project.review(WRONG + 1, Verdict.SENT_BACK, "c", who="rex")
    project.accept(WRONG + 1, Shape(SQUARE), who="ada")
    assert 0 < changed_since(project) <= 0.1


def test_the_reviewer_sees_what_looks_wrong(project):
    searched(project)
    seen = ReviewSession(project, who="rex").open(WRONG + 1)
    assert seen.suspicion.kind == "moved"
    assert seen.suspicion.landmarks == (2,)


def test_a_damaged_file_is_no_finding(project):
    searched(project)
    (project.folder / "audit.json").write_text('{"format": 1, "found": {"1": 3}}')
    assert suspicions(project) == {}


def test_related_images_do_not_judge_each_other(project, monkeypatch):
    given = []

    def audited(instances, predicted, groups, *rest):
        given.extend(groups)
        return judged(instances, predicted, groups, *rest)

    judged = label_audit.audited
    monkeypatch.setattr(label_audit, "audited", audited)
    scene = [image.id for image in project.images()[:3]]
    project.set_group_rule(GroupRule(GroupsBy.NAMES, names=dict.fromkeys(scene, "a")), who="ada")
    searched(project)
    assert len(set(given[:3])) == 1
    assert len(set(given)) == COUNT - 2
