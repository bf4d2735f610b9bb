"""How large the copies of images that lie elsewhere may grow together, in the preferences."""

import os
from contextlib import suppress

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.widgets.decimal_field import DecimalField
from landmark_annotator.projects.remote import settings
from landmark_annotator.projects.vocabulary import ActionableError

_GIGABYTE = 10**9
_LEAST, _MOST = 0.1, 100_000.0


class CacheLimitField(DecimalField):
    """Kept once the number is typed to its end, for on the way to 100 it is 1. Nothing is taken
    away at once, but with the next image that is fetched. failed: an ActionableError."""

    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(_LEAST, _MOST)
        self.setDecimals(1)
        self.setSuffix(" GB")
        self.setKeyboardTracking(False)
        told = os.environ.get("LANDMARK_CACHE_LIMIT")
        if told:
            self.setEnabled(False)
            self.setToolTip(f"The variable LANDMARK_CACHE_LIMIT of this machine says {told}.")
        # Where the variable says what is no size, whatever is fetched tells of it.
        with suppress(ActionableError):
            self.setValue(settings.cache_limit() / _GIGABYTE)
        self.valueChanged.connect(self._keep)

    def _keep(self, gigabytes: float) -> None:
        try:
            settings.limit_cache(round(gigabytes * _GIGABYTE))
        except ActionableError as error:
            self.failed.emit(error)
