"""What was found of photographs that are no longer meant is not shown."""

import threading

from landmark_annotator.annotator.gui.start import photographs_page


def test_how_many_there_are_is_not_told_of_a_folder_that_was_taken_out_again(
    wizard, qtbot, photographs, tmp_path, monkeypatch
):
    goes_on, count = threading.Event(), photographs_page.photographs_in
    begun, told = threading.Event(), []

    def late(folder):
        begun.set()
        goes_on.wait(20)
        told.append(folder)
        return count(folder)

    qtbot.waitUntil(lambda: "3 found" in wizard.photographs.found.text(), timeout=20_000)
    monkeypatch.setattr(photographs_page, "photographs_in", late)
    wizard.photographs.images.show_path(tmp_path / "nowhere")
    wizard.photographs.images.show_path(photographs)
    assert begun.wait(20)
    wizard.photographs.images.show_path(tmp_path / "nowhere")
    goes_on.set()
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(200)
    assert wizard.photographs.found.text() == ""
