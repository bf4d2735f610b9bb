"""A trained two-branch network on disk, and what it proposes."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from sparse_heads import FORMAT
from torch import Tensor, nn
from typing_extensions import override

from landmark_annotator.backends.learning.crops import MARGIN
from landmark_annotator.backends.registry import BACKENDS, Remembering, Staged
from landmark_annotator.backends.weak import load
from landmark_annotator.backends.weak.localiser import Localiser
from landmark_annotator.backends.weak.losses import squared_error
from landmark_annotator.backends.weak.network import TwoBranchNetwork
from landmark_annotator.backends.weak.proposer import WeakProposer
from landmark_annotator.projects.vocabulary import Box, Evidence, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.errors import WeightsMismatch
from tests.drawn_heads import drawn_head


def test_a_click_moves_the_other_landmarks_and_lowers_their_uncertainty(
    trained: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    pixels, truth = drawn_head(15)
    proposal = load(trained, face68).propose(pixels, labelled[15].box)
    before = proposal.given([])
    chin = truth.points[8] + 10
    after = proposal.given([Evidence.click(8, chin, proposal.click_deviation)])
    assert np.linalg.norm(after.points[9] - before.points[9]) > 0.5
    assert np.trace(after.covariances[9]) < np.trace(before.covariances[9])


def test_it_remembers_what_it_said_unseen(trained: Path, face68: Scheme) -> None:
    model = load(trained, face68)
    assert isinstance(model, Remembering)
    card = json.loads((trained / "card.json").read_text())
    unseen = model.unseen()
    assert sorted(unseen) == sorted(card["held_out_keys"])
    residuals = [proposal.mixture.residual for proposal in unseen.values()]
    assert not np.array_equal(residuals[0], model.model.residual)


def test_its_stages_end_in_the_proposal(
    trained: Path, labelled: list[LabelledInstance], face68: Scheme
) -> None:
    model = load(trained, face68)
    assert isinstance(model, Staged)
    pixels, _ = drawn_head(16)
    stages = model.stages(pixels, labelled[16].box)
    assert next(iter(stages)) == "look 1"
    last = model.propose(pixels, labelled[16].box).given([]).points
    assert np.allclose(list(stages.values())[-1], last, atol=1e-6)


@pytest.mark.parametrize(("usual", "unfamiliar"), [(1e-3, True), (10.0, False)])
def test_it_has_never_seen_the_like_where_its_answer_moves_more_than_usual(
    usual: float,
    unfamiliar: bool,
    trained: Path,
    labelled: list[LabelledInstance],
    face68: Scheme,
) -> None:
    model = load(trained, face68).model
    unseen = replace(model.unseen, moves=np.full_like(model.unseen.moves, usual))
    proposer = WeakProposer(replace(model, unseen=unseen))
    proposal = proposer.propose(drawn_head(3)[0], labelled[3].box)
    assert proposal.unfamiliar == unfamiliar
    wider = np.trace(proposal.mixture.residual) / np.trace(model.residual)
    assert wider == pytest.approx(max(proposal.novelty or 0.0, 1.0))
    assert wider == pytest.approx(proposal.widened)


def test_one_that_did_not_measure_what_is_usual_says_nothing_of_it(
    trained: Path, labelled: list[LabelledInstance], face68: Scheme, tmp_path: Path
) -> None:
    before = shutil.copytree(trained, tmp_path / "before")
    tensors = load_file(before / "weights.safetensors")
    del tensors["unseen.moves"]
    save_file(tensors, before / "weights.safetensors")
    assert load(before, face68).propose(drawn_head(3)[0], labelled[3].box).novelty is None


class Brightest(nn.Module):
    """Landmarks around where the crop is brightest; `blind` says its middle whatever is shown."""

    def __init__(self, blind: bool) -> None:
        super().__init__()
        corners = torch.tensor([[-0.03, -0.03], [0.03, -0.03], [0.0, 0.03]])
        self.mean = nn.Parameter(corners, requires_grad=False)
        self.blind = blind

    @override
    def forward(self, crops: Tensor) -> Tensor:
        weights = crops.mean(dim=1) * (not self.blind) + 1e-6
        cells = torch.linspace(-0.5, 0.5, crops.shape[-1])
        total = weights.sum(dim=(1, 2))
        x, y = (weights * cells).sum(dim=(1, 2)), (weights * cells[:, None]).sum(dim=(1, 2))
        return self.mean + MARGIN * torch.stack([x / total, y / total], dim=1)[:, None]


def test_an_answer_stays_on_what_is_known_and_else_goes_with_the_box() -> None:
    spot = np.zeros((128, 128, 3), np.uint8)
    spot[60:64, 66:70] = 255
    box = Box(64.0, 64.0, 60.0, 60.0)
    seeing, blind = (
        Localiser(cast(TwoBranchNetwork, Brightest(each)), None, 64).locate(spot, box)
        for each in (False, True)
    )
    assert seeing.moved < 0.01
    assert blind.moved > 0.05


def test_weights_of_another_scheme_are_refused(trained: Path, face68: Scheme) -> None:
    other = Scheme("other", face68.landmarks[:10])
    with pytest.raises(WeightsMismatch, match="with 68 landmarks; this project's scheme"):
        load(trained, other)


def test_damaged_weights_are_refused(trained: Path, face68: Scheme, tmp_path: Path) -> None:
    folder = shutil.copytree(trained, tmp_path / "weak")
    content = (folder / "weights.safetensors").read_bytes()
    (folder / "weights.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(WeightsMismatch, match="cannot be read"):
        load(folder, face68)


def test_a_card_that_does_not_fit_the_weights_is_refused(
    trained: Path, face68: Scheme, tmp_path: Path
) -> None:
    folder = shutil.copytree(trained, tmp_path / "weak")
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "sparse": [1, 2]}))
    with pytest.raises(WeightsMismatch, match="of another network"):
        load(folder, face68)


def test_it_is_the_last_choice_as_a_proposer() -> None:
    assert BACKENDS[-1].name == "weak"
    assert BACKENDS[-1].sparse


@pytest.mark.parametrize("trunk", ["small", "resnet18"])
def test_landmarks_come_in_the_order_of_the_scheme(trunk: str) -> None:
    """A new network says the mean shape, whichever branch a landmark is of."""
    mean = torch.rand(68, 2)
    network = TwoBranchNetwork(68, FORMAT, 32, trunk, mean).eval()
    with torch.no_grad():
        assert torch.allclose(network(torch.rand(2, 3, 32, 32))[1], mean)
        network.sparse.bias += 1.0
        moved = (network(torch.rand(2, 3, 32, 32))[0] - mean).norm(dim=1) > 0
    assert torch.nonzero(moved).ravel().tolist() == list(FORMAT)


def test_the_loss_leaves_out_what_is_unknown() -> None:
    wanted = torch.tensor([[[1.0, 1.0], [float("nan")] * 2]])
    found = torch.tensor([[[1.0, 3.0], [9.0, 9.0]]], requires_grad=True)
    loss = squared_error(found, wanted, 2.0)
    loss.backward()  # type: ignore[no-untyped-call]
    assert float(loss) == 1.0
    assert found.grad is not None
    assert torch.isfinite(found.grad).all()
    assert found.grad[0, 1].abs().sum() == 0
