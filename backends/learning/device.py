"""Where a network runs, and how: the processor, or a graphics card where there is one.

The processor is the default everywhere, so that figures are the same on every machine.
"""

import os
import re

import cv2
import torch
from torch import nn

from landmark_annotator.projects.vocabulary.errors import ActionableError, closest
from landmark_annotator.projects.vocabulary.wording import counted

DEVICES = ("cpu", "cuda")
_NUMBER = re.compile(r"[0-9]{1,3}")
REDUCED = torch.bfloat16 if torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32
"""The precision of convolutions and matrix products where single precision is not needed. Half as
many bits take half the time, but only on processors that can multiply them: on one of AVX2 alone a
step of a training takes a minute that takes two seconds in single precision."""


def device_named(name: str) -> torch.device:
    """One of DEVICES, or with the number of the card: cuda:1. Raises ActionableError for another,
    or where this machine has none."""
    kind, _, number = name.partition(":")
    if kind not in DEVICES or (":" in name and (kind != "cuda" or not _NUMBER.fullmatch(number))):
        raise ActionableError(
            f'There is no device "{name}".{closest(name, DEVICES)}',
            remedy=f"Known devices: {', '.join(DEVICES)}, and cuda:1 for the second card.",
        )
    if kind == "cuda" and not torch.cuda.is_available():
        raise ActionableError(
            "There is no graphics card here that PyTorch can use.",
            remedy='Leave the device at "cpu", or install PyTorch for CUDA.',
        )
    if number and int(number) >= torch.cuda.device_count():
        raise ActionableError(
            f"There is no graphics card {number} here: there are {torch.cuda.device_count()}, "
            "counted from 0.",
            remedy="Name another, or leave the number out.",
        )
    return torch.device(name)


def device_title(name: str) -> str:
    """Of a device that is there, for people: which card, or how many threads."""
    device = device_named(name)
    if device.type == "cuda":
        return f"{name}: {torch.cuda.get_device_name(device)}"
    return f"{name}, {counted(torch.get_num_threads(), 'thread')}"


def device_of(network: nn.Module) -> torch.device:
    return next(network.parameters()).device


def reduced_precision(device: torch.device) -> torch.autocast:
    """The context in which a forward pass of a training takes half the time, where it can."""
    on_card = device.type != "cpu"
    precision = torch.bfloat16 if on_card else REDUCED
    return torch.autocast(device.type, precision, enabled=on_card or torch.float32 != REDUCED)


def share_cores() -> None:
    """Half of the cores learn, the others cut crops. On two cores a second thread of small
    convolutions costs more than it brings."""
    torch.set_num_threads(min(torch.get_num_threads(), max((os.cpu_count() or 2) // 2, 1)))


def one_core() -> None:
    """For measuring: nothing of what follows in this process runs on more than one."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
