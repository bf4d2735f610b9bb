"""The three modules, against their equations written out."""

import numpy as np
import torch
from torch import nn

from landmark_annotator.backends.occlusion.losses import regression, scale_likelihood, sparsity
from landmark_annotator.backends.occlusion.modules import (
    DistillationModule,
    GeometryModule,
    LowRankModule,
)
from landmark_annotator.backends.occlusion.network import read_at
from landmark_annotator.projects.vocabulary.arrays import Floats


def array(tensor: torch.Tensor) -> Floats:
    return np.asarray(tensor.detach().double().numpy())


def convolved(x: Floats, layer: nn.Conv2d) -> Floats:
    """(C, H, W) by loops over the kernel."""
    weight = array(layer.weight)
    reach = weight.shape[2] // 2
    padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach)))
    out = np.zeros((len(weight), *x.shape[1:]))
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            shifted = padded[:, i : i + x.shape[1], j : j + x.shape[2]]
            out += np.tensordot(weight[:, :, i, j], shifted, axes=1)
    return out if layer.bias is None else out + array(layer.bias)[:, None, None]


def normed(x: Floats, norm: nn.BatchNorm2d) -> Floats:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    mean, variance = array(norm.running_mean), array(norm.running_var)
    scaled = array(norm.weight) / np.sqrt(variance + norm.eps)
    return x * scaled[:, None, None] + (array(norm.bias) - mean * scaled)[:, None, None]


def by_hand(x: Floats, layers: nn.Sequential) -> Floats:
    for layer in layers:
        if isinstance(layer, nn.Conv2d):
            x = convolved(x, layer)
        elif isinstance(layer, nn.BatchNorm2d):
            x = normed(x, layer)
        else:
            x = np.maximum(x, 0.0)
    return x


def with_some_norms(module: nn.Module) -> nn.Module:
    """In evaluation, with means and variances as a training might have left them."""
    for each in module.modules():
        if isinstance(each, nn.BatchNorm2d):
            nn.init.normal_(each.running_mean, std=0.3)  # type: ignore[arg-type]
            nn.init.uniform_(each.running_var, 0.5, 2.0)  # type: ignore[arg-type]
            nn.init.normal_(each.bias, std=0.3)
    return module.eval()


def test_a_place_of_the_geometry_is_its_row_of_one_pathway_times_its_column_of_the_other() -> None:
    torch.manual_seed(0)
    module = GeometryModule(8)
    with_some_norms(module)
    features = torch.randn(2, 8, 5, 5)
    found = array(module(features))
    assert found.shape == (2, module.outputs, 5, 5)
    for x, one in zip(array(features), found, strict=True):
        a, b = by_hand(x, module.a), by_hand(x, module.b)
        product = np.zeros_like(a)
        for channel, i, j, k in np.ndindex(len(a), 5, 5, 5):
            product[channel, i, j] += a[channel, i, k] * b[channel, k, j]
        np.testing.assert_allclose(one, by_hand(product, module.last), atol=1e-5)


def test_the_geometry_of_a_place_knows_distant_places_of_its_row_and_column_alone() -> None:
    torch.manual_seed(1)
    module = GeometryModule(8)
    with_some_norms(module)
    features = torch.randn(1, 8, 16, 16, requires_grad=True)
    module(features)[0, :, 3, 4].sum().backward()
    assert features.grad is not None
    reached = array(features.grad[0].abs().sum(dim=0)) > 0
    assert reached[3, 15]
    assert reached[15, 4]
    assert not reached[10:, 10:].any()


def test_the_map_is_a_probability_of_each_place() -> None:
    torch.manual_seed(2)
    module = DistillationModule(16)
    logits = module(100 * torch.randn(3, 16, 6, 6))
    assert logits.shape == (3, 1, 6, 6)
    shown = logits.sigmoid()
    assert ((shown >= 0) & (shown <= 1)).all()
    assert torch.allclose(sparsity(logits[:, 0]), shown.sum(dim=(1, 2, 3)))


def test_what_the_low_rank_module_gives_lies_in_the_span_of_its_few_directions() -> None:
    torch.manual_seed(3)
    module = LowRankModule(24, 10)
    left, right = torch.randn(24, 3), torch.randn(3, 10)
    module.matrix.data = left @ right
    given = module(torch.randn(50, 24))
    assert given.shape == (50, 10)
    assert np.linalg.matrix_rank(array(given), tol=1e-3) == 3
    along, *_ = np.linalg.lstsq(array(right).T, array(given).T, rcond=None)
    np.testing.assert_allclose(array(right).T @ along, array(given).T, atol=1e-4)
    assert 1.0 < module.effective_rank() <= 3.0 + 1e-6


def test_the_nuclear_norm_is_the_sum_of_singular_values_and_its_gradient_is_u_v() -> None:
    torch.manual_seed(4)
    module = LowRankModule(12, 5)
    module.matrix.data = torch.randn(12, 5)
    u, s, v = np.linalg.svd(array(module.matrix), full_matrices=False)
    norm = module.nuclear_norm()
    norm.backward()  # type: ignore[no-untyped-call]
    assert module.matrix.grad is not None
    np.testing.assert_allclose(float(norm.detach()), s.sum(), rtol=1e-5)
    np.testing.assert_allclose(array(module.matrix.grad), u @ v, atol=1e-4)


def test_the_gradient_of_the_nuclear_norm_is_finite_where_directions_are_lost() -> None:
    torch.manual_seed(5)
    module = LowRankModule(12, 5)
    module.matrix.data = torch.randn(12, 2) @ torch.randn(2, 5)
    module.nuclear_norm().backward()  # type: ignore[no-untyped-call]
    assert module.matrix.grad is not None
    u, _, v = np.linalg.svd(array(module.matrix), full_matrices=False)
    np.testing.assert_allclose(array(module.matrix.grad), u[:, :2] @ v[:2], atol=1e-3)


def test_errors_are_squared_in_units_of_the_distance_between_the_eyes() -> None:
    points = torch.tensor([[[0.0, 0.0], [0.3, 0.4]]])
    targets, weights = torch.zeros(1, 2, 2), torch.tensor([[1.0, 2.0]])
    found = regression(points, targets, weights, torch.tensor([0.5]))
    np.testing.assert_allclose(array(found), [2.0 * 0.25 / 0.25], rtol=1e-6)


def test_scales_learn_the_distance_and_coordinates_do_not_learn_from_them() -> None:
    points = torch.zeros(1, 2, 2, requires_grad=True)
    scales = torch.zeros(1, 2, requires_grad=True)
    targets = torch.tensor([[[0.03, 0.04], [0.0, 0.2]]])
    optimiser = torch.optim.Adam([scales], 0.1)
    for _ in range(200):
        optimiser.zero_grad()
        scale_likelihood(points, scales, targets, torch.ones(1, 2)).sum().backward()
        optimiser.step()
    assert points.grad is None
    # The likeliest scale of a Laplace density in the plane is half the distance.
    np.testing.assert_allclose(array(scales.exp())[0], [0.025, 0.1], atol=0.003)


def test_a_map_is_read_where_the_landmark_is() -> None:
    """Centres of cells of a map of 4 x 4 over a crop that is 1.4 sides wide."""
    maps = torch.arange(16.0).reshape(1, 4, 4)
    centres = torch.tensor([[[-0.525, -0.525], [0.175, -0.175], [9.0, 9.0]]])
    np.testing.assert_allclose(array(read_at(maps, centres, 1.4))[0], [0.0, 6.0, 15.0], atol=1e-5)
