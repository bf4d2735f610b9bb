"""How progress is measured, the same way every time. Each protocol is one file with a `run`."""

from landmark_annotator.annotator.protocols.framework.runner import PROTOCOLS, evaluate

__all__ = ["PROTOCOLS", "evaluate"]
