"""What the user set is kept in a file, and a file that cannot be used harms nothing."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.projects.vocabulary import ActionableError


def _move_the_view(hands):
    hands.wheel(120, 100, 3)
    QTest.mouseMove(hands.canvas, QPoint(50, 50))


def test_what_was_set_is_there_at_the_next_start(tmp_path):
    path = tmp_path / "new" / "preferences.json"
    Preferences.load(path).change(keep_view=True)
    assert Preferences.load(path).keep_view


@pytest.mark.parametrize(
    "content", ["", "[1]", '{"keep_view": "perhaps"}', '{"theme": "pink"}', '{"later": 1}']
)
def test_a_file_that_makes_no_sense_is_as_a_first_start(tmp_path, content):
    path = tmp_path / "preferences.json"
    path.write_text(content)
    assert Preferences.load(path) == Preferences(path=path)


def test_a_file_that_cannot_be_written_is_told_of_and_the_setting_holds(tmp_path):
    (tmp_path / "file").write_text("")
    preferences = Preferences(path=tmp_path / "file" / "preferences.json")
    with pytest.raises(ActionableError, match="hold until"):
        preferences.change(keep_view=True)
    assert preferences.keep_view


def test_what_another_window_changed_meanwhile_stays(tmp_path):
    path = tmp_path / "preferences.json"
    one, other = Preferences.load(path), Preferences.load(path)
    one.change(theme="light", window=[1])
    other.change(font_scale=130, window=[2])
    kept = Preferences.load(path)
    assert (kept.theme, kept.font_scale, kept.window) == ("light", 130, [2])


def test_two_windows_may_give_keys_to_two_actions(tmp_path):
    path = tmp_path / "preferences.json"
    Preferences.load(path).change(keys={"undo": ["U"], "redo": ["R"]})
    one, other = Preferences.load(path), Preferences.load(path)
    one.change(keys={"undo": ["U"], "redo": ["R"], "accept": ["A"]})
    other.change(keys={"redo": ["Y"]})
    assert Preferences.load(path).keys == {"accept": ["A"], "redo": ["Y"]}


def test_projects_opened_in_two_windows_are_all_recent(tmp_path):
    path = tmp_path / "preferences.json"
    one, other = Preferences.load(path), Preferences.load(path)
    one.opened(tmp_path / "a")
    other.opened(tmp_path / "b")
    one.opened(tmp_path / "c")
    other.forget(tmp_path / "a")
    assert Preferences.load(path).recent == [str(tmp_path / "c"), str(tmp_path / "b")]


def test_what_a_newer_version_keeps_in_the_file_stays(tmp_path):
    path = tmp_path / "preferences.json"
    path.write_text('{"later": 1}')
    Preferences.load(path).change(keep_view=True)
    assert json.loads(path.read_text())["later"] == 1


def test_none_is_lost_where_several_write_at_once(tmp_path):
    path = tmp_path / "preferences.json"

    def write(who):
        mine = Preferences.load(path)
        for number in range(8):
            mine.change(keys={**mine.keys, f"{who} {number}": ["A"]})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert len(Preferences.load(path).keys) == 32


def test_the_view_is_fitted_to_every_new_image(hands):
    _move_the_view(hands)
    moved = hands.canvas.scene.viewport
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    assert hands.canvas.scene.viewport != moved


def test_k_keeps_the_view_between_images_and_is_remembered(make_project, open_window, tmp_path):
    path = tmp_path / "preferences.json"
    hands = open_window(make_project(), preferences=Preferences.load(path))
    hands.wait_for()
    hands.key(Qt.Key.Key_K)
    _move_the_view(hands)
    moved = hands.canvas.scene.viewport
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    assert hands.canvas.scene.viewport == moved
    hands.window.close()
    again = open_window(hands.window.project, preferences=Preferences.load(path))
    assert again.window.actions_by_name["keep_view"].isChecked()


def test_the_window_has_the_size_and_parts_that_it_had(make_project, open_window, tmp_path):
    path = tmp_path / "preferences.json"
    hands = open_window(make_project(), preferences=Preferences.load(path))
    hands.window.resize(780, 560)
    hands.window.label_page.parts.setSizes([200, 400, 180])
    sizes = hands.window.label_page.parts.sizes()
    hands.window.close()
    again = open_window(hands.window.project, preferences=Preferences.load(path))
    assert (again.window.width(), again.window.height()) == (780, 560)
    assert again.window.label_page.parts.sizes() == sizes


def test_a_window_that_nobody_moved_leaves_the_place_that_another_one_has_kept(
    make_project, open_window, tmp_path
):
    path = tmp_path / "preferences.json"
    hands = open_window(make_project(), preferences=Preferences.load(path))
    Preferences.load(path).change(window=[10, 20, 900, 700, 0], parts="elsewhere")
    hands.window.close()
    kept = Preferences.load(path)
    assert (kept.window, kept.parts) == ([10, 20, 900, 700, 0], "elsewhere")


def test_a_first_window_is_as_large_as_its_screen_has_room_for(make_project, qtbot):
    window = MainWindow(make_project(), who="somebody")
    qtbot.addWidget(window)
    window.show()
    room = window.screen().availableSize()
    assert window.width() <= max(room.width(), window.minimumSizeHint().width())
    assert window.height() <= room.height()
    window.close()
