"""A window on a project whose database is on a server, and what it says while that is away."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import ActionKind
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary.errors import ServerAway

_CUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE application_name = 'landmark-annotator'"
)


@pytest.fixture
def shared(new_database, tmp_path: Path, make_project, open_window, monkeypatch):
    """Opens a window on a project of a server that is not asked again once it does not answer."""
    monkeypatch.setattr("landmark_annotator.projects.store.engine.postgres._AGAIN_SECONDS", 0)

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
