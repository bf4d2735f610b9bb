"""A batch is drawn, checked, certified; what happens to it afterwards is said."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.certification import Certification
from landmark_annotator.projects.certificates import Standing
from landmark_annotator.projects.exchange.transfer.export_set import export_set
from landmark_annotator.projects.store import GroupRule, GroupsBy, Project, Role, Verdict
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, ProjectError

LABELLED = 12
LAX = {"visible": 7.0, "share": 0.25, "confidence": 0.5}
"""Of twelve shapes three may be wrong."""


@pytest.fixture
def session(project: Project) -> Certification:
    return Certification(project, who="rita")


def stand(session: Certification) -> Standing:
    found = session.standing
    assert found is not None
    return found


def move(project: Project, instance_id: int, by: float) -> None:
    """By so many percent of the normaliser, of the tip of the nose."""
    points = project.shape(instance_id).points
    length = np.linalg.norm(points[36] - points[45])
    project.place(instance_id, 30, points[30] + [by / 100 * length, 0], who="rita")


def check_all(session: Certification) -> None:
    while session.drawn() is not None:
        session.judge()


def test_a_good_batch_ends_early_and_says_so_with_its_numbers(session: Certification) -> None:
    found = session.start(**LAX)
    needed = found.left
    assert 0 < needed < LABELLED
    assert found.sentence.startswith("Not certified")
    check_all(session)
    found = stand(session)
    assert (found.checked, found.wrong, found.left, found.holds) == (needed, 0, 0, True)
    assert "With 50 % confidence at most 3 of 12 shapes (25 %)" in found.sentence
    assert f"{needed} shapes drawn at random and checked by rita" in found.sentence


def test_the_percent_beside_a_number_is_that_number_s(session: Certification) -> None:
    """Of 12 shapes 30 % are three, which is 25 %: the share that was asked for is another one."""
    session.start(**{**LAX, "share": 0.3})
    check_all(session)
    assert "at most 3 of 12 shapes (25 %) have" in stand(session).sentence


def test_the_draw_follows_the_seed_and_stays_until_it_is_judged(session: Certification) -> None:
    session.start(**LAX, seed=3)
    first = session.drawn()
    assert session.drawn() == first
    assert Certification(session.project, who="ben").drawn() == first
    session.start(**LAX, seed=3)
    assert session.drawn() == first


def test_who_draws_again_and_again_is_told_of(session: Certification) -> None:
    for seed in range(3):
        session.start(**LAX, seed=seed)
    check_all(session)
    assert "It is batch 3 that was drawn in this project." in stand(session).sentence


def test_another_batch_is_not_the_one_that_was_just_mended(session: Certification) -> None:
    """Drawn in the same order, it would find none wrong and say so of those that it never saw."""
    before = [i for i, _ in session.start(**LAX).certificate.batch]
    move(session.project, before[0], by=9.0)
    session.judge()
    again = [i for i, _ in session.start(**LAX).certificate.batch]
    assert sorted(again) == sorted(before)
    assert again != before


def test_a_shape_mended_beyond_the_limit_counts_as_wrong_and_asks_for_more(
    session: Certification,
) -> None:
    needed = session.start(**LAX).left
    drawn = session.drawn()
    assert drawn is not None
    move(session.project, drawn, by=9.0)
    assert session.judge() == pytest.approx(9.0, rel=0.02)
    assert stand(session).wrong == 1
    assert stand(session).left > needed - 1


def test_a_shape_mended_below_the_limit_passes(session: Certification) -> None:
    session.start(**LAX)
    drawn = session.drawn()
    assert drawn is not None
    move(session.project, drawn, by=3.0)
    session.judge()
    assert stand(session).wrong == 0
    assert stand(session).changed == 0


def test_what_is_sent_back_waits_for_its_correction(session: Certification) -> None:
    session.start(**LAX)
    drawn = session.drawn()
    assert drawn is not None
    session.project.review(drawn, Verdict.SENT_BACK, "the nose", who="rita")
    with pytest.raises(ProjectError, match="being corrected"):
        session.judge()


def test_shapes_changed_later_are_not_covered(session: Certification) -> None:
    session.start(**LAX)
    check_all(session)
    checked = {check.instance_id for check in session.project.checks(stand(session).certificate)}
    other = next(r.id for r in session.project.instances()[:LABELLED] if r.id not in checked)
    move(session.project, other, by=0.5)
    found = stand(session)
    assert found.holds
    assert (found.changed, found.covered) == (1, 11)
    assert "1 shape of them changed or left out since" in found.sentence


def test_no_more_are_wrong_than_are_still_covered(session: Certification) -> None:
    session.start(**{**LAX, "share": 0.5})
    check_all(session)
    checked = {check.instance_id for check in session.project.checks(stand(session).certificate)}
    for record in session.project.instances()[:LABELLED]:
        if record.id not in checked:
            move(session.project, record.id, by=0.5)
    assert (stand(session).allowed, stand(session).covered) == (6, 2)
    assert "at most 2 of the other 2 are wrong" in stand(session).sentence


def test_a_checked_shape_that_is_changed_once_more_was_not_right(session: Certification) -> None:
    session.start(**LAX)
    first = session.drawn()
    check_all(session)
    assert first is not None
    move(session.project, first, by=0.5)
    assert stand(session).wrong == 1
    assert not stand(session).holds


def test_after_a_checked_shape_was_changed_checking_goes_on(session: Certification) -> None:
    """The sentence asks for more checks, so more are drawn."""
    session.start(**LAX)
    first = session.drawn()
    check_all(session)
    assert first is not None
    move(session.project, first, by=0.5)
    assert stand(session).left > 0
    assert session.drawn() is not None
    check_all(session)
    assert stand(session).holds


def test_who_checks_beside_somebody_says_of_which_shape(session: Certification) -> None:
    """What she looked at has been checked meanwhile, and another one is drawn."""
    session.start(**LAX)
    ben = Certification(session.project, who="ben")
    assert session.drawn() == ben.drawn()
    session.refuse_unseen(None)
    session.judge()
    drawn = session.drawn()
    assert drawn is not None
    with pytest.raises(ActionableError, match=f"Shape {drawn} is drawn by now, by rita"):
        ben.refuse_unseen(None)
    ben.refuse_unseen(drawn)
    with pytest.raises(ActionableError, match="another one"):
        ben.refuse_unseen(drawn + 1)


def test_who_was_a_moment_later_does_not_pass_what_is_drawn_next(session: Certification) -> None:
    """Two look at the drawn shape at once, and both say that it is right."""
    session.start(**LAX)
    seen = session.drawn()
    Certification(session.project, who="ben").judge(seen)
    with pytest.raises(ActionableError, match="you may have looked at another one"):
        session.judge(seen)
    assert stand(session).checked == 1


def test_of_shapes_that_were_changed_before_their_draw_it_is_said_why_they_are_wrong(
    session: Certification,
) -> None:
    session.start(**LAX)
    order = [instance_id for instance_id, _ in stand(session).certificate.batch]
    for instance_id in order[1:3]:
        move(session.project, instance_id, 1.0)
    for _ in range(3):
        session.judge()
    found = stand(session)
    assert (found.checked, found.wrong) == (3, 2)
    why = "2 wrong, 2 of them as they had been changed before they came up)"
    assert found.sentence.endswith(f"(3 checked, {why}.")


def test_a_shape_left_out_before_its_draw_counts_as_wrong(session: Certification) -> None:
    session.start(**LAX)
    first = session.drawn()
    assert first is not None
    session.project.exclude(instances=[first], why="blurred", who="rita")
    assert session.drawn() != first
    assert stand(session).wrong == 1


def test_data_sheet_and_export_say_what_is_certified_and_of_which_shapes(
    session: Certification, tmp_path: Path
) -> None:
    session.start(**LAX)
    check_all(session)
    project = session.project
    waiting = project.instances()[LABELLED]
    project.accept(waiting.id, project.shape(project.instances()[0].id), who="ben")
    export_set(project, tmp_path / "labels.json", format="coco")
    content = json.loads((tmp_path / "labels.datasheet.json").read_text())["certificate"]
    assert content["holds"]
    assert content["others"] == 1
    assert content["sentence"] in (tmp_path / "labels.datasheet.md").read_text()


def test_without_accepted_shapes_there_is_nothing_to_certify(tmp_path: Path) -> None:
    with (
        Project.create(tmp_path / "empty", Scheme.named("face68")) as project,
        pytest.raises(ProjectError, match="nothing to certify"),
    ):
        Certification(project, who="rita").start(**LAX)


def test_the_certificate_says_of_how_many_groups_the_checked_shapes_are(
    session: Certification,
) -> None:
    session.project.set_group_rule(GroupRule(GroupsBy.FOLDERS), who="rita")
    session.start(**LAX)
    check_all(session)
    assert "those checked are of 1 group unrelated" in stand(session).sentence
    assert stand(session).content()["groups_checked"] == 1


def test_one_shape_is_told_as_one(session: Certification) -> None:
    project = session.project
    project.exclude(instances=[r.id for r in project.instances()][1:], why="too many", who="rita")
    found = session.start(**LAX)
    assert "of 1 shape have" in found.sentence
    assert "1 has to be checked" in found.sentence


def test_what_is_drawn_is_found_without_reading_every_instance(session: Certification) -> None:
    session.start(**LAX)
    said: list[str] = []
    driver = session.project._database.connection.connection.dbapi_connection
    assert driver is not None
    driver.set_trace_callback(said.append)
    assert session.drawn() is not None
    driver.set_trace_callback(None)
    assert not [each for each in said if "ORDER BY images.position" in each]


def test_a_check_is_taken_back_by_whoever_may_check_alone(session: Certification) -> None:
    """An annotator's window hears of an undo too, and its login may write no checks on a server."""
    project = session.project
    project.set_person("rita", Role.LEAD, who="rita")
    project.set_person("ann", Role.ANNOTATOR, who="rita")
    certificate, drawn = session.start(**LAX).certificate, session.drawn()
    assert drawn is not None
    session.judge()
    project.flag(drawn, "the nose", who="rita")
    Certification(project, who="ann").look_again([drawn])
    assert [check.change for check in project.checks(certificate)] == [0.0]
    session.look_again([drawn])
    assert [check.change for check in project.checks(certificate)] == [None]


def test_who_draws_what_somebody_has_judged_meanwhile_leaves_the_judgement(
    session: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both had looked for the next one at once: the judgement was lost."""
    project = session.project
    certificate = session.start(**LAX).certificate

    def judged_first(other: Certification, instance_id: int) -> Shape:
        if other.who == "ben":
            assert session.drawn() == instance_id
            session.judge()
        return project.shape(instance_id)

    monkeypatch.setattr(Certification, "_to_draw", judged_first)
    Certification(project, who="ben").drawn()
    assert [(c.who, c.change) for c in project.checks(certificate)] == [("rita", 0.0)]
