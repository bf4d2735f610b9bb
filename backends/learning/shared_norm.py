"""Batch normalisation by the statistics of a batch that several processes share.

Torch's own kind of it (SyncBatchNorm) runs on graphics cards only.
"""

from types import MethodType
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn.functional import batch_norm
from typing_extensions import override


def share_norms(network: nn.Module) -> None:
    """In training all batch norms of the network go by the whole batch from now on. Its parameters
    and what is kept of it stay as they are."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.forward = MethodType(_forward, module)  # type: ignore[method-assign]


def _forward(norm: Any, values: Tensor) -> Tensor:
    if not norm.training:
        return batch_norm(
            values, norm.running_mean, norm.running_var, norm.weight, norm.bias, False, 0, norm.eps
        )
    axes = [axis for axis in range(values.dim()) if axis != 1]
    each = [1, -1] + [1] * (values.dim() - 2)
    # In single precision, as the kernels of the plain one.
    single = values.float()
    sums = torch.cat([single.sum(axes), single.new_tensor([single.numel() / single.shape[1]])])
    sums = _over_all(sums)
    count = sums[-1].detach()
    mean = sums[:-1] / count
    centred = single - mean.view(each)
    variance = _over_all(centred.square().sum(axes)) / count
    normal = centred * (variance + norm.eps).rsqrt().view(each)
    if norm.affine:
        normal = normal * norm.weight.view(each) + norm.bias.view(each)
    with torch.no_grad():
        norm.num_batches_tracked += 1
        norm.running_mean.lerp_(mean, norm.momentum)
        norm.running_var.lerp_(variance * count / (count - 1), norm.momentum)
    given: Tensor = normal.to(values.dtype).contiguous(memory_format=_format(values))
    return given


class _Sum(torch.autograd.Function):
    """Over all processes. What is learned through it is added up as well: what each has put in is
    part of what all have got."""

    @staticmethod
    @override
    def forward(_context: Any, value: Tensor) -> Tensor:
        return _summed(value)

    @staticmethod
    @override
    def backward(_context: Any, gradient: Tensor) -> Tensor:
        return _summed(gradient)


def _summed(value: Tensor) -> Tensor:
    total = value.clone()
    distributed.all_reduce(total)
    return total


def _over_all(value: Tensor) -> Tensor:
    total: Tensor = _Sum.apply(value)  # type: ignore[no-untyped-call]
    return total


def _format(values: Tensor) -> torch.memory_format:
    flat = values.dim() == 4 and values.is_contiguous(memory_format=torch.channels_last)
    return torch.channels_last if flat else torch.contiguous_format
