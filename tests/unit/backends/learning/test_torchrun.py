"""Processes that torchrun has started learn from one half of every batch each."""

import socket
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import torch

from landmark_annotator.backends.learning.shared_training import Lesson, over_all, own_part
from landmark_annotator.backends.learning.torchrun import follow, led
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Progress, Scheme


def halves(
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: Mapping[str, Any],
    progress: Progress,
) -> Mapping[str, Any]:
    """Each adds up its part of the batch that the settings say."""
    [own] = own_part((torch.arange(float(settings["batch"])),))
    return {"own": float(own.sum()), "sum": float(over_all(own.sum()))}


def environment(rank: int, port: int) -> dict[str, str]:
    """As torchrun makes it."""
    return {
        "TORCHELASTIC_RUN_ID": "1",
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "GLOO_SOCKET_IFNAME": "lo",
    }


def test_the_first_says_what_all_learn(monkeypatch: pytest.MonkeyPatch, face68: Scheme) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    other = get_context("spawn").Process(target=follow, daemon=True)
    for rank in (1, 0):
        for name, value in environment(rank, port).items():
            monkeypatch.setenv(name, value)
        if rank:
            other.start()
    settings = {"batch": 4}
    with led(Lesson(halves, [], face68, settings)) as own:
        assert halves([], face68, Path(), own, SILENT) == {"own": 1.0, "sum": 6.0}
    other.join()
    assert other.exitcode == 0
