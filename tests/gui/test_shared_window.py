"""A window on a project whose database is on a server, and what it says while that is away."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import ActionKind, InstanceState, Role
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary.errors import ServerAway
from tests.statements import ways_to_the_server

_CUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE application_name = 'landmark-annotator'"
)


@pytest.fixture
def shared(new_database, tmp_path: Path, make_project, open_window, monkeypatch):
    """Opens a window on a project of a server that is not asked again once it does not answer."""
    for pause in ("_AGAIN_SECONDS", "_AGAIN_TIMES"):
        monkeypatch.setattr(f"landmark_annotator.projects.store.engine.postgres.{pause}", 0)

    def open_one(untouched: int):
        write_address(tmp_path / "kites", new_database())
        hands = open_window(make_project(labelled=3, untouched=untouched))
        hands.wait_for()
        return hands

    return open_one


def test_a_click_that_cannot_be_stored_says_so_and_the_window_goes_on(
    shared, postgres, tmp_path: Path, monkeypatch
):
    hands = shared(untouched=1)
    project = hands.window.project
    banner = hands.window.messages.banner
    with monkeypatch.context() as away:
        away.setattr(project._database, "address", f"postgresql://ada@/kites?host={tmp_path}")
        postgres.run(_CUT)
        hands.click(*hands.free_place())
        assert banner.isVisible()
        assert "does not answer" in banner.text.text()
        assert "This was not stored" in banner.text.text()
        hands.window.others.look()  # the timer's, which tells of nothing
    assert hands.entries == []
    hands.click(*hands.free_place())
    (entry,) = hands.entries
    assert entry.instance_id == hands.open_id


@pytest.fixture
def lost(monkeypatch):
    """Loses the connection when the project is read after the next change, for as long as it is
    entered."""

    @contextmanager
    def losing(project, postgres, method):
        with monkeypatch.context() as away:
            real = getattr(project, method)

            def cut(*given, **named):
                done = real(*given, **named)
                away.setattr(project._database, "address", "postgresql:///kites?host=/nowhere")
                postgres.run(_CUT)
                return done

            away.setattr(project, method, cut)
            yield

    return losing


def test_what_was_stored_before_the_server_went_is_said_to_be_stored(shared, postgres, lost):
    hands = shared(untouched=1)
    project = hands.window.project
    text = hands.window.messages.banner.text
    with lost(project, postgres, "place"):
        hands.click(*hands.free_place())
        assert "This was stored" in text.text()
    [click] = hands.entries
    with lost(project, postgres, "undo"):
        hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert "This was stored" in text.text()
    # One undo was wanted, and one was done.
    assert [entry.kind for entry in hands.entries] == [click.kind, ActionKind.UNDO]


def test_a_server_that_is_back_is_no_longer_said_to_be_away(shared, postgres, monkeypatch):
    hands = shared(untouched=2)
    project = hands.window.project
    banner, messages = hands.window.messages.banner, hands.window.messages
    with monkeypatch.context() as away:
        away.setattr(project._database, "address", "postgresql:///kites?host=/nowhere")
        postgres.run(_CUT)
        # What is next is asked before anything is stored, as Enter does; `run` installs this.
        try:
            hands.window.controller.session.following()
        except ServerAway as error:
            messages._hook(type(error), error, error.__traceback__)
    assert "does not answer" in banner.text.text()
    hands.click(*hands.free_place())
    assert not banner.isVisible()


@pytest.fixture
def team(shared):
    """A window of one of two people on a server's project, whose first image is seen."""
    hands = shared(untouched=4)
    project, who = hands.window.project, hands.window.context.who
    project.set_person(who, Role.LEAD, who=who)
    project.set_person("bob", Role.ANNOTATOR, who=who)
    hands.qtbot.waitUntil(lambda: hands.window.preparation.settled, timeout=20_000)
    hands.window.controller.open(hands.open_id)  # whose image is in hands from now on
    opened, acceptance = hands.open_id, hands.window.label_page.acceptance
    hands.qtbot.waitUntil(lambda: acceptance.sees(opened), timeout=20_000)
    return hands


def test_going_on_waits_for_few_ways_to_the_server(team, monkeypatch):
    opened = team.open_id
    ways = ways_to_the_server(monkeypatch)
    team.window.label_page.acceptance.accept()
    assert team.open_id != opened
    # Six to take the next one and three to read it, ten to store, two to make ready what was found
    # to follow it, two to show it, one to give back the last.
    assert len(ways) <= 24, "\n".join(ways)
    # What is shown elsewhere is asked once the next one is seen.
    undo = team.window.actions_by_name["undo"]
    assert "acceptance" not in undo.text()
    team.qtbot.waitUntil(lambda: "acceptance" in undo.text())
    assert team.state(opened) is InstanceState.ACCEPTED


def test_taking_an_acceptance_back_waits_for_few_ways_to_the_server(team, monkeypatch):
    opened = team.open_id
    team.window.label_page.acceptance.accept()
    team.qtbot.waitUntil(lambda: team.window.preparation.settled, timeout=20_000)
    ways = ways_to_the_server(monkeypatch)
    team.window.actions_by_name["undo"].trigger()
    asked = list(ways)
    assert (team.open_id, team.state(opened)) == (opened, InstanceState.UNTOUCHED)
    # One to find it and eleven to store it, three to read it, three to make ready what follows, one
    # to show it, five to take its image, two to count what there is to learn from. What was open
    # meanwhile is not read once more.
    assert len(asked) <= 26, "\n".join(asked)


def test_a_sheet_reads_no_object_once_more_for_its_proposal(team, monkeypatch):
    team.window.pages.turn_to("sheet")
    page = team.window.pages.page("sheet")
    read = []
    monkeypatch.setattr(
        type(team.window.project), "to_label", lambda self, number, **_: read.append(number)
    )
    team.qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    assert len(page.cells) > 1
    assert all(page.preparation.proposal(cell.instance_id) for cell in page.cells)
    assert read == []


def test_opening_the_next_image_waits_for_few_ways_to_the_server(team, monkeypatch):
    ways = ways_to_the_server(monkeypatch)
    team.window.label_page.steps.step(1)
    assert len(ways) <= 13, "\n".join(ways)


def test_what_is_to_be_shown_elsewhere_is_shown_once_the_server_is_back(
    team, postgres, monkeypatch
):
    undo, opened = team.window.actions_by_name["undo"], team.open_id
    context = "landmark_annotator.annotator.gui.pages.context"
    monkeypatch.setattr(f"{context}._AGAIN_MS", 100)
    team.click(*team.free_place())
    team.qtbot.waitUntil(lambda: "placement" in undo.text())
    # Not before the server is away, however long a busy machine takes for the click.
    monkeypatch.setattr(f"{context}._SEEN_MS", 400)
    team.click(*team.free_place())
    with monkeypatch.context() as away:
        project = team.window.project
        away.setattr(project._database, "address", "postgresql:///kites?host=/nowhere")
        postgres.run(_CUT)
        undo.setText("")
        team.qtbot.wait(700)
        assert undo.text() == ""
    team.qtbot.waitUntil(lambda: "placement" in undo.text())
    assert opened == team.open_id


def test_a_shape_that_was_accepted_before_the_server_went_is_said_to_be_stored(
    team, postgres, lost
):
    """Whoever does it again accepts the next one, which is open."""
    opened = team.open_id
    with (
        lost(team.window.project, postgres, "accept"),
        team.qtbot.capture_exceptions(),  # of what asks when it hears of the change
        pytest.raises(ServerAway, match=r"This was stored.*do not do it again"),
    ):
        team.window.label_page.acceptance.accept()
    assert team.open_id != opened
    assert [entry.kind for entry in team.entries] == [ActionKind.ACCEPT]
