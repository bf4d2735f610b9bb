"""A model that another process trains while the window is open is found at the next image."""

from PySide6.QtCore import Qt


def test_a_model_that_was_trained_meanwhile_is_asked_for(hands):
    folder = hands.window.project.folder / "models" / "exemplar"
    folder.mkdir(parents=True)
    assert "12 labelled shapes" in hands.window.preparation.proposer.reason
    # A damaged one says that it was found, and needs no training here.
    (folder / "card.json").write_text("{")
    hands.key(Qt.Key.Key_PageDown)
    hands.qtbot.waitUntil(
        lambda: "cannot be read" in hands.window.preparation.proposer.reason, timeout=60_000
    )
    assert hands.window.preparation.proposer.name == "prior"


def test_without_a_new_model_nothing_is_loaded_again(hands):
    proposer = hands.window.preparation.proposer
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    assert hands.window.preparation.proposer is proposer
