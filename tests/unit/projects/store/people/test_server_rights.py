"""What a server refuses of somebody's login, however it is asked: by the program or in SQL."""

from collections.abc import Callable

import kites
import pytest

from landmark_annotator.projects.budgets.ledger import ledger
from landmark_annotator.projects.store import (
    ActionKind,
    InstanceRecord,
    InstanceState,
    Project,
    Role,
    Verdict,
)
from landmark_annotator.projects.store.people.rights import OF_LEADS
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError
from tests.postgres_server import Server

HERE, THERE = (1.0, 2.0), (3.0, 4.0)
DATABASE = "rights"


@pytest.fixture
def of_ann(new_kite: InstanceRecord, opened: Callable[[str], Project]) -> int:
    """Accepted by ann, with a click of hers."""
    ann = opened("ann")
    ann.place(new_kite.id, kites.TAIL, (50.0, 79.0), who="ann")
    ann.accept(new_kite.id, kites.ACCEPTED, who="ann")
    ann.give_back([new_kite.image_id], who="ann")
    return new_kite.id


@pytest.fixture
def sql(postgres: Server) -> Callable[[str, str], list[str]]:
    def run(name: str, statement: str) -> list[str]:
        return postgres.run(statement, DATABASE, name)

    return run


def everything(team: Project, instance_id: int) -> object:
    return team.instance(instance_id), team.shape(instance_id), len(list(team.journal(instance_id)))


def test_everybody_works_with_a_login_of_ones_own(
    team: Project, of_ann: int, opened: Callable[[str], Project]
) -> None:
    ann, rev, lead = opened("ann"), opened("rev"), opened("ada")
    rev.review(of_ann, Verdict.SENT_BACK, "tail", who="rev")
    ann.place(of_ann, kites.TAIL, THERE, who="ann")
    ann.undo("ann")
    ann.redo("ann")
    ann.accept(of_ann, kites.ACCEPTED, who="ann")
    rev.review(of_ann, Verdict.ACCEPTED, who="rev")
    ann.place(of_ann, kites.TAIL, HERE, who="ann")  # with which the verdict lapses
    ann.give_back([team.instance(of_ann).image_id], who="ann")
    lead.place(of_ann, kites.TOP, HERE, who="ada")
    ann.store_proposal(
        of_ann, kites.POINTS, kites.ACCEPTED.covariances, predicted_error=1.0, model="m"
    )
    assert team.instance(of_ann).state is InstanceState.ACCEPTED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE landmarks SET x = 1 WHERE instance_id = {}",
        "DELETE FROM landmarks WHERE instance_id = {}",
        "DELETE FROM landmarks WHERE instance_id = {} AND provenance = 'inferred'",
        "UPDATE instances SET state = 'started' WHERE id = {}",
        "UPDATE instances SET width = 1 WHERE id = {}",
        "UPDATE instances SET excluded_why = 'no', excluded_by = 'bob', excluded_at = now() "
        "WHERE id = {}",
        "UPDATE images SET excluded_why = 'no', excluded_by = 'bob', excluded_at = now() "
        "WHERE id = (SELECT image_id FROM instances WHERE id = {})",
        "DELETE FROM instances WHERE id = {}",
        "INSERT INTO landmarks (instance_id, landmark, visibility, who) VALUES ({}, 9, 2, 'bob')",
        "INSERT INTO journal (at, who, kind, title, instance_id) "
        "VALUES (now(), 'bob', 'accept', 'mine now', {})",
        "INSERT INTO journal (at, who, kind, title, instance_id) "
        "VALUES (now(), 'ann', 'click', 'as if by ann', {})",
        "INSERT INTO journal (at, who, kind, title, instance_id) "
        "VALUES (now(), 'bob', 'review', 'passed', {})",
        "INSERT INTO reviews VALUES ({}, 'bob', now(), 'accepted', '')",
        "UPDATE acceptances SET who = 'bob' WHERE instance_id = {}",
        "UPDATE people SET role = 'lead' WHERE name = 'bob' AND {} > 0",
        "UPDATE journal SET who = 'bob' WHERE instance_id = {}",
        "TRUNCATE landmarks -- {}",
        "ALTER TABLE landmarks DISABLE TRIGGER ALL -- {}",
        "SET session_replication_role = replica; DELETE FROM landmarks WHERE instance_id = {}",
        "SET SESSION AUTHORIZATION ann; DELETE FROM landmarks WHERE instance_id = {}",
        "SET ROLE rights_lead; DELETE FROM landmarks WHERE instance_id = {}",
        "DROP FUNCTION guard_landmarks CASCADE -- {}",
        "CREATE FUNCTION pg_temp.my_role() RETURNS varchar LANGUAGE sql AS $$ SELECT 'lead' $$; "
        "SET search_path = pg_temp, public; DELETE FROM landmarks WHERE instance_id = {}",
    ],
)
def test_an_annotator_cannot_change_what_is_anothers(
    team: Project, of_ann: int, sql: Callable[[str, str], list[str]], statement: str
) -> None:
    before = everything(team, of_ann)
    with pytest.raises(RuntimeError, match="ERROR"):
        sql("bob", statement.format(of_ann))
    assert everything(team, of_ann) == before


def test_a_click_of_another_stays_in_a_shape_that_nobody_has_accepted(
    team: Project,
    new_kite: InstanceRecord,
    opened: Callable[[str], Project],
    sql: Callable[[str, str], list[str]],
) -> None:
    ann = opened("ann")
    ann.place(new_kite.id, kites.TAIL, HERE, who="ann")
    ann.give_back([new_kite.image_id], who="ann")
    with pytest.raises(RuntimeError, match="these labels are ann's"):
        sql("bob", f"DELETE FROM landmarks WHERE instance_id = {new_kite.id}")  # noqa: S608
    opened("bob").place(new_kite.id, kites.TOP, THERE, who="bob")
    assert team.placed_by(new_kite.id) == {kites.TAIL: "ann", kites.TOP: "bob"}


def test_another_name_than_that_of_the_login_is_refused_with_what_to_do(
    new_kite: InstanceRecord, opened: Callable[[str], Project]
) -> None:
    with pytest.raises(NotAllowed, match="set ANNOTATOR_NAME=ann") as told:
        opened("ann").place(new_kite.id, kites.TAIL, HERE, who="bob")
    assert "Ask the lead" not in str(told.value)


@pytest.fixture
def twice(team: Project, of_ann: int) -> tuple[int, int]:
    """What ann has labelled, and the same object for bob to label."""
    first = team.instance(of_ann)
    second = team.add_instance(first.image_id, kites.BOX, second_opinion_on=of_ann, who="ada")
    return of_ann, second.id


def test_of_an_object_that_two_label_nobody_sees_the_others_labels_before_both_are_done(
    twice: tuple[int, int],
    opened: Callable[[str], Project],
    sql: Callable[[str, str], list[str]],
) -> None:
    first, second = twice
    labels = f"SELECT 1 FROM landmarks WHERE instance_id = {first} LIMIT 1"  # noqa: S608
    told = f"SELECT 1 FROM journal WHERE instance_id = {first} LIMIT 1"  # noqa: S608
    assert [sql("bob", query) for query in (labels, told)] == [[], []]
    assert sql("ann", labels) == ["1"] == sql("rev", labels)
    bob = opened("bob")
    assert not bob.shape(first).known.any()
    with pytest.raises(RuntimeError, match="somebody else labels this"):
        sql(
            "bob",
            f"INSERT INTO landmarks VALUES ({first}, 9, 1, 1, 2, 'clicked', NULL, NULL, "  # noqa: S608
            "NULL, 'bob')",
        )
    assert list(content_findings(bob)) == []
    bob.accept(second, kites.ACCEPTED, who="bob")
    assert sql("bob", labels) == ["1"] == sql("bob", told)


def test_what_the_project_has_cost_is_the_same_for_who_labels_blindly(
    twice: tuple[int, int], team: Project, opened: Callable[[str], Project]
) -> None:
    """A budget with a stop is of all clicks."""
    bob = opened("bob")
    bob.place(twice[1], kites.TAIL, HERE, who="bob", duration=1.5)

    def told(project: Project) -> dict[tuple[str, str], tuple[int, list[float]]]:
        return {
            (each.who, each.kind.value): (each.actions, each.durations.tolist())
            for each in project.timed_actions()
        }

    assert told(bob)["ann", "click"][0] > 0
    assert told(bob) == told(opened("ann")) == told(opened("ada")) == told(team)
    assert told(bob)["bob", "click"][1][-1] == 1.5
    last = max(each.last for each in bob.timed_actions())
    assert bob.timed_actions(after=last) == []
    found, whole = ledger(bob), ledger(opened("ada"))
    hidden = sum(one.clicks for one in whole.efforts) - sum(one.clicks for one in found.efforts)
    assert found.unseen.clicks == hidden > 0
    assert f"Of these {hidden} click" in found.unseen_said()
    assert (found.spent, whole.unseen_said()) == (whole.spent, "")


def test_who_has_seen_the_other_labels_changes_the_own_ones_no_more(
    twice: tuple[int, int],
    opened: Callable[[str], Project],
    sql: Callable[[str, str], list[str]],
) -> None:
    _, second = twice
    opened("bob").accept(second, kites.ACCEPTED, who="bob")
    for statement in (
        f"DELETE FROM landmarks WHERE instance_id = {second}",  # noqa: S608
        f"UPDATE instances SET state = 'started' WHERE id = {second}",  # noqa: S608
        f"UPDATE instances SET width = 9 WHERE id = {second}",  # noqa: S608
    ):
        with pytest.raises(RuntimeError, match="both have labelled this"):
            sql("bob", statement)


def test_a_pair_cannot_be_parted_to_look_at_the_other_side(
    twice: tuple[int, int], sql: Callable[[str, str], list[str]]
) -> None:
    first, second = twice
    for statement in (
        f"UPDATE instances SET second_opinion_on = NULL WHERE id = {second}",  # noqa: S608
        f"DELETE FROM instances WHERE id = {second}",  # noqa: S608
        f"UPDATE instances SET state = 'accepted' WHERE id = {first}",  # noqa: S608
    ):
        try:
            sql("bob", statement)
        except RuntimeError:
            continue
    assert sql("bob", f"SELECT 1 FROM landmarks WHERE instance_id = {first}") == []  # noqa: S608


def test_nobody_without_a_role_reads_anything(
    team: Project, postgres: Server, sql: Callable[[str, str], list[str]]
) -> None:
    postgres.run("CREATE ROLE eve LOGIN")
    with pytest.raises(RuntimeError, match="permission denied"):
        sql("eve", "SELECT * FROM images")


def test_who_was_removed_can_do_nothing_more(
    team: Project, sql: Callable[[str, str], list[str]]
) -> None:
    team.set_person("max", Role.ANNOTATOR, who="ada")
    assert sql("max", "SELECT 1 FROM people WHERE name = 'max'") == ["1"]
    team.remove_person("max", who="ada")
    with pytest.raises(RuntimeError, match="permission denied"):
        sql("max", "SELECT 1 FROM people")


def test_a_lead_who_may_make_no_logins_is_told_what_to_ask_for(
    team: Project, opened: Callable[[str], Project]
) -> None:
    with pytest.raises(ProjectError, match="may give no rights") as error:
        opened("ada").set_person("new", Role.ANNOTATOR, who="ada")
    assert "createuser new" in error.value.remedy
    assert "new" not in [person.name for person in team.people()]


def test_a_login_that_is_there_gets_its_role_from_a_lead(
    postgres: Server, opened: Callable[[str], Project], sql: Callable[[str, str], list[str]]
) -> None:
    postgres.run("CREATE ROLE tom LOGIN")
    opened("ada").set_person("tom", Role.ANNOTATOR, who="ada")
    assert sql("tom", "SELECT count(*) > 0 FROM people") == ["t"]


def test_who_made_the_project_says_who_takes_part_without_being_listed(
    team: Project, opened: Callable[[str], Project]
) -> None:
    """Who names another as the first lead could add nobody more, and neither could that lead."""
    who = "whoever keeps the server"
    team.set_person("zoe", Role.REVIEWER, who=who)
    assert ("zoe", Role.REVIEWER, who) in [(p.name, p.role, p.added_by) for p in team.people()]
    with pytest.raises(NotAllowed, match="zoe is here as a reviewer"):
        opened("zoe").remove_person("ann", who="zoe")
    with pytest.raises(NotAllowed, match="not among the people"):
        team.refuse_below(who, Role.ANNOTATOR, "label")
    team.remove_person("zoe", who=who)
    assert "zoe" not in [person.name for person in team.people()]


def test_the_journal_of_a_lead_says_whose_labels_came_in(
    team: Project, new_kite: InstanceRecord, opened: Callable[[str], Project]
) -> None:
    image = new_kite.image_id
    lead = opened("ada")
    record = lead.add_instance(image, kites.BOX, shape=kites.ACCEPTED, source="x#0", who="ann")
    opened("ann").place(record.id, kites.TOP, HERE, who="ann")
    assert [e.kind for e in team.journal(record.id)] == [ActionKind.IMPORT, ActionKind.CLICK]


def test_masks_are_as_safe_as_landmarks(
    new_kite: InstanceRecord, opened: Callable[[str], Project], sql: Callable[[str, str], list[str]]
) -> None:
    """The server's tables hold a region's number, whether the scheme names it or not."""
    about = f"instance_id = {new_kite.id}"
    insert = f"INSERT INTO masks VALUES ({new_kite.id}, 0, 'x', 'drawn', 'ann')"  # noqa: S608
    gone = f"DELETE FROM masks WHERE {about}"  # noqa: S608
    sql("ann", insert)
    with pytest.raises(RuntimeError, match="your login is bob"):
        sql("bob", insert.replace(", 0,", ", 1,"))
    with pytest.raises(RuntimeError, match="these labels are ann's"):
        sql("bob", gone)
    sql("ann", gone)


def test_what_the_program_finds_by_itself_is_stored_and_nothing_else_under_its_name(
    team: Project, opened: Callable[[str], Project], sql: Callable[[str, str], list[str]]
) -> None:
    image = team.add_image(team.folder / "a.png", kites.Facts("found by itself"))
    waiting = team.add_instance(image.id, None, who="ada")
    found = opened("ann").add_found({image.id: [kites.BOX, kites.BOX]}, who=BY_ITSELF)
    assert found[0] == waiting.id
    assert [team.instance(each).box for each in found] == [kites.BOX] * 2
    with pytest.raises(NotAllowed):
        opened("ann").place(waiting.id, kites.TOP, HERE, who=BY_ITSELF)
    into = "INSERT INTO journal (at, who, kind, title, instance_id)"
    click = f"{into} VALUES (now(), '{BY_ITSELF}', 'click', '', {waiting.id})"
    with pytest.raises(RuntimeError, match="your login is ann"):
        sql("ann", click)


@pytest.mark.parametrize("kind", OF_LEADS)
def test_what_only_leads_do_is_refused_in_sql_too(
    team: Project, sql: Callable[[str, str], list[str]], kind: ActionKind
) -> None:
    into = "INSERT INTO journal (at, who, kind, title)"
    deed = f"{into} VALUES (now(), 'ann', '{kind}', '')"
    with pytest.raises(RuntimeError, match="a lead does this"):
        sql("ann", deed)


def test_what_a_pixel_of_one_image_measures_is_said_by_who_labels_it(
    team: Project,
    new_kite: InstanceRecord,
    opened: Callable[[str], Project],
    sql: Callable[[str, str], list[str]],
) -> None:
    image, ann, bob = new_kite.image_id, opened("ann"), opened("bob")
    ann.set_pixel_size(0.1, images=[image], who="ann")
    ann.undo("ann")
    assert team.pixel_size(image) is None
    ann.redo("ann")
    with pytest.raises(NotAllowed, match="ann has said"):
        bob.set_pixel_size(0.2, images=[image], who="bob")
    into = "INSERT INTO pixel_sizes (at, who, image_id, mm_per_pixel) VALUES (now(), "
    for name, rest, why in (
        ("bob", f"'bob', {image}, 0.2)", "said by ann"),
        ("rev", f"'rev', {image}, NULL)", "said by ann"),
        ("ann", f"'bob', {image}, 0.2)", "your login is ann"),
        ("ann", "'ann', NULL, 0.2)", "a lead does this"),
    ):
        with pytest.raises(RuntimeError, match=why):
            sql(name, into + rest)
    with pytest.raises(RuntimeError, match="denied"):
        sql("ann", "UPDATE pixel_sizes SET mm_per_pixel = 9")
    assert team.pixel_size(image) == 0.1
    opened("ada").set_pixel_size(0.3, images=[None, image], who="ada")
    assert team.pixel_size(image) == 0.3
    opened("ada").undo("ada")
    ann.set_pixel_size(None, images=[image], who="ann")
    bob.set_pixel_size(0.2, images=[image], who="bob")
    assert team.pixel_size(image) == 0.2


def test_a_lead_who_has_not_made_the_project_is_told_who_makes_leads(
    team: Project, postgres: Server, opened: Callable[[str], Project]
) -> None:
    ada = opened("ada")
    before = team.people()
    for change in (
        lambda: ada.set_person("bob", Role.LEAD, who="ada"),
        lambda: ada.set_person("zoe", Role.ANNOTATOR, who="ada"),
        lambda: ada.remove_person("zoe", who="ada"),
    ):
        team.set_person("zoe", Role.LEAD, who="ada")
        with pytest.raises(NotAllowed, match="the login that made the project") as error:
            change()
        assert "Ask whoever made the project" in str(error.value)
        assert [one for one in team.people() if one.name != "zoe"] == before
        team.remove_person("zoe", who="ada")
    with pytest.raises(ProjectError, match="was not added") as error:
        ada.set_person("newcomer", Role.ANNOTATOR, who="ada")
    assert "createuser newcomer" in str(error.value)
    assert "CREATEROLE" not in str(error.value)
    ada.set_person("zoe", Role.ANNOTATOR, who="ada")
    ada.remove_person("zoe", who="ada")
