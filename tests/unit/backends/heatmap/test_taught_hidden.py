import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from landmark_annotator.backends.heatmap import hidden
from landmark_annotator.backends.heatmap.model_files import load
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.samples.rendered_heads.heads import rendered_heads
from landmark_annotator.projects.samples.rendered_heads.produced import rendered_instances
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError, WeightsMismatch

SHIPPED = backend_named("heatmap").shipped(Scheme.named("face68"))


@pytest.fixture
def told(tmp_path: Path) -> list[LabelledInstance]:
    """As the renderer leaves them; of each much is hidden."""
    much = [head for head in rendered_heads() if (head.shape.visibility == 1).sum() > 20]
    for head in much[:6]:
        shutil.copy(head.picture, tmp_path)
        (tmp_path / f"{head.name}.json").write_text(json.dumps(head.truth))
    return rendered_instances(tmp_path)


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The shipped model as it was when networks told nothing of what is hidden."""
    assert SHIPPED is not None
    shutil.copytree(SHIPPED, tmp_path / "before")
    kept = {
        k: v for k, v in load_file(SHIPPED / "weights.safetensors").items() if "hidden" not in k
    }
    save_file(kept, tmp_path / "before" / "weights.safetensors")
    return tmp_path / "before"


def test_a_network_that_is_taught_what_is_hidden_proposes_the_same_points(
    before: Path,
    told: list[LabelledInstance],
    heads: list[LabelledInstance],
    face68: Scheme,
    tmp_path: Path,
) -> None:
    hidden.tell_hidden(before, heads[:12], told, face68, tmp_path / "after", SILENT)
    pixels, box = told[0].read_pixels(), told[0].box
    then, now = (load(each, face68).propose(pixels, box) for each in (before, tmp_path / "after"))
    np.testing.assert_array_equal(then.given([]).points, now.given([]).points)
    assert then.hidden is not None
    assert now.hidden is not None
    assert ((then.hidden > 0) & (then.hidden < 1) & (now.hidden > 0) & (now.hidden < 1)).all()
    assert np.abs(then.hidden - now.hidden).max() > 0.01


def test_what_cannot_be_learned_is_not_written(
    before: Path,
    heads: list[LabelledInstance],
    face68: Scheme,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hidden, "learn_hidden", lambda *_: None)
    with pytest.raises(ActionableError, match="Too few"):
        hidden.tell_hidden(before, heads[:12], heads[:1], face68, tmp_path / "after", SILENT)
    assert not (tmp_path / "after").exists()


@pytest.mark.parametrize("broken", [np.full((68, 64), np.nan), np.zeros((5, 64))])
def test_damaged_weights_of_what_is_hidden_are_refused(
    before: Path, face68: Scheme, broken: np.ndarray
) -> None:
    assert SHIPPED is not None
    tensors = load_file(SHIPPED / "weights.safetensors")
    tensors["hidden_head.weights"] = broken.astype(np.float16)
    save_file(tensors, before / "weights.safetensors")
    with pytest.raises(WeightsMismatch):
        load(before, face68)
