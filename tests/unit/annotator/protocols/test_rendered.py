"""What rendered heads teach about photographs, in small."""

import json
import shutil
from pathlib import Path

import pytest

from landmark_annotator.annotator.protocols import rendered
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.projects.samples import rendered_heads
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError


@pytest.mark.usefixtures("short_epochs", "narrow_networks")
def test_a_network_learns_from_heads_alone_and_from_a_few_photographs_after_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, landmark_data: Path
) -> None:
    monkeypatch.setattr(rendered, "FEW", (12,))
    monkeypatch.setattr(rendered, "_OFFSET_FACES", 2)
    heads = tmp_path / "heads"
    heads.mkdir()
    for head in rendered_heads()[:14]:
        (heads / f"{head.name}.json").write_text(json.dumps(head.truth))
        shutil.copyfile(head.picture, heads / f"{head.name}.jpg")
    settings = {"epochs": 1, "size": 32}
    monkeypatch.setattr(rendered, "_few_settings", lambda trunk: {**settings, "trunk": trunk})

    figures = rendered.run(Options(work=str(tmp_path), images=2, training=settings), SILENT)

    assert figures["rendered/heads"] == 14
    for name in ("alone", "alone_with_offset", "12/nothing", "12/heads"):
        assert figures[f"rendered/{name}/nme"] > 0
        assert 0 <= figures[f"rendered/{name}/clicks_to_accept"] <= 68
    learned = json.loads((tmp_path / "12-from-heads" / "card.json").read_text())
    assert learned["settings"]["trunk"] == str(tmp_path / "alone")


def test_without_heads_it_says_how_to_render_some(tmp_path: Path) -> None:
    with pytest.raises(ActionableError) as raised:
        rendered.run(Options(work=str(tmp_path)), SILENT)
    assert "landmark_annotator.projects.rendering heads" in raised.value.remedy
    with pytest.raises(ActionableError, match="no work folder"):
        rendered.run(Options(), SILENT)
