"""A window on a project whose database is on a server, and what it says while that is away."""

from pathlib import Path

from landmark_annotator.projects.store.engine.address import write_address


def test_a_click_that_cannot_be_stored_says_so_and_the_window_goes_on(
    new_database, postgres, tmp_path: Path, make_project, open_window, monkeypatch
):
    monkeypatch.setattr("landmark_annotator.projects.store.engine.postgres._AGAIN_SECONDS", 0)
    write_address(tmp_path / "kites", new_database())
    project = make_project(labelled=3, untouched=1)
    hands = open_window(project)
    hands.wait_for()
    banner = hands.window.messages.banner
    with monkeypatch.context() as away:
        away.setattr(project._database, "address", f"postgresql://ada@/kites?host={tmp_path}")
        postgres.run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'landmark-annotator'"
        )
        hands.click(*hands.free_place())
        assert banner.isVisible()
        assert "does not answer" in banner.text.text()
        assert "This was not stored" in banner.text.text()
        hands.window.others.look()  # the timer's, which tells of nothing
    assert hands.entries == []
    hands.click(*hands.free_place())
    (entry,) = hands.entries
    assert entry.instance_id == hands.open_id
