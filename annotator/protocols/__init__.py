"""How progress is measured, the same way every time. Each protocol is one file with a `run`."""

from annotator.protocols.evaluating import PROTOCOLS, evaluate

__all__ = ["PROTOCOLS", "evaluate"]
