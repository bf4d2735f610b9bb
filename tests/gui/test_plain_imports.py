import importlib
import inspect


def test_what_is_imported_beside_a_window_is_not_read_as_text_too(tmp_path, monkeypatch):
    (tmp_path / "never_imported_before.py").write_text("from json import dumps\n")
    monkeypatch.syspath_prepend(tmp_path)
    read = []
    monkeypatch.setattr(inspect, "getsource", lambda module: read.append(module) or "")

    importlib.invalidate_caches()
    import never_imported_before

    assert never_imported_before.dumps
    assert read == []
