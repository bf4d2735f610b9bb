"""How large the cache of images from elsewhere may grow, in the preferences."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.window.preferences_dialog import PreferencesDialog
from landmark_annotator.projects.remote import settings


def test_it_is_kept_once_the_number_is_typed_to_its_end(qtbot, sources, monkeypatch):
    monkeypatch.delenv("LANDMARK_CACHE_LIMIT", raising=False)
    dialog = PreferencesDialog(Preferences())
    qtbot.addWidget(dialog)
    assert dialog.cache.value() == settings.USUAL_LIMIT / 10**9
    dialog.cache.selectAll()
    QTest.keyClicks(dialog.cache, "150")
    assert settings.cache_limit() == settings.USUAL_LIMIT
    QTest.keyClick(dialog.cache, Qt.Key.Key_Return)
    assert settings.cache_limit() == 150 * 10**9


def test_a_variable_of_the_machine_goes_before_it(qtbot, sources, monkeypatch):
    monkeypatch.setenv("LANDMARK_CACHE_LIMIT", "500MB")
    dialog = PreferencesDialog(Preferences())
    qtbot.addWidget(dialog)
    assert (dialog.cache.value(), dialog.cache.isEnabled()) == (0.5, False)
    assert "500MB" in dialog.cache.toolTip()


def test_a_limit_that_cannot_be_kept_is_told(qtbot, sources, monkeypatch, tmp_path):
    monkeypatch.delenv("LANDMARK_CACHE_LIMIT", raising=False)
    (tmp_path / "file").write_text("")
    dialog = PreferencesDialog(Preferences())
    qtbot.addWidget(dialog)
    monkeypatch.setattr(settings, "_file", lambda: tmp_path / "file" / "remote.json")
    dialog.cache.setValue(3)
    assert "cannot be written" in dialog.problem.text.text()
