"""A page that is opened for the first time finds its questions written."""

from landmark_annotator.annotator.gui.window.first_questions import ask_first_questions
from landmark_annotator.projects.store.engine.database import _engine
from tests.statements import statements_asked


def test_the_review_needs_no_text_that_was_not_written_before(make_project, open_window):
    project = make_project(labelled=3, untouched=1)
    hands = open_window(project)
    hands.wait_for()
    _engine().clear_compiled_cache()
    ask_first_questions(project.folder, "ada")
    written = [*_engine()._compiled_cache]
    hands.window.pages.turn_to("review")
    page = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: page.settled)
    assert page.seen is not None
    now = [*_engine()._compiled_cache]  # at once: other threads of the window go on asking
    assert len(set(now).difference(written)) <= 3


def test_a_project_without_an_object_is_asked_nothing(make_project):
    project = make_project(labelled=0, untouched=0)
    with statements_asked() as said:
        ask_first_questions(project.folder, "ada")
    assert not any("reviews" in text for text in said)


def test_of_a_project_that_was_moved_meanwhile_nothing_is_asked(make_project, tmp_path):
    with make_project() as project:
        folder = project.folder
    folder.rename(tmp_path / "moved")
    ask_first_questions(folder, "ada")
    assert not folder.exists()
