"""A protocol in parts, as job arrays want it."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.session.shards.evaluation_shards import AllParts, OnePart
from landmark_annotator.annotator.session.shards.manifest import Shard
from landmark_annotator.projects.vocabulary import Progress

_OWN = ("project", "work")
"""Options that may be another path on each machine: which model it is, the results say."""


def in_parts(
    name: str, options: Options, folder: Path, shard: Shard | None, progress: Progress
) -> Options:
    """The options with which the protocol computes one part of its cases and raises PartDone, or,
    where no part is named, makes its figures of the parts in the folder.

    name: one of SHARED_OUT. Raises ActionableError where parts are missing.
    """
    module = import_module(f"landmark_annotator.annotator.protocols.{name}")
    settings = {key: value for key, value in options.settings.items() if key not in _OWN}
    kinds = module.FOUND
    asked = {"protocol": name, "settings": settings}
    if shard is None:
        every = AllParts(asked, kinds, folder)
        every.shards()  # before a model is trained for nothing
        return replace(options, executor=every)
    part = OnePart(asked, kinds, folder, shard, options.executor, progress)
    return replace(options, executor=part)
