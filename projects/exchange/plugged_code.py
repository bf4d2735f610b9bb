"""The code of a label format that another package brought: what it raises is said to be its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from landmark_annotator.projects.exchange.format_card import Format
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.plugins import Plugin, failed, leave_out


class Guarded:
    """A reader, a writer or both, loaded when it is first used."""

    def __init__(self, plugin: Plugin, code: Callable[[], Any]) -> None:
        self._plugin, self._code = plugin, code

    def sniff(self, source: Path) -> bool:
        """Where it cannot tell, the file is not of this format, and the plug-in is left out."""
        try:
            return bool(self._code().sniff(source))
        except Exception as error:  # noqa: BLE001 - other people's code may raise anything
            plugin = self._plugin
            leave_out(plugin.group, plugin.name, plugin.package, f"it cannot sniff: {error}.")
            return False

    def read(self, *arguments: Any, **named: Any) -> Any:
        return self._done("read", *arguments, **named)

    def write(self, *arguments: Any, **named: Any) -> Any:
        return self._done("write", *arguments, **named)

    def _done(self, what: str, *arguments: Any, **named: Any) -> Any:
        try:
            return getattr(self._code(), what)(*arguments, **named)
        except (ActionableError, OSError):
            raise
        except Exception as error:
            title = f"label format {self._plugin.name}"
            raise failed(title, self._plugin.package, error) from error


def guarded(plugin: Plugin) -> Format:
    """The card of another package, whose code is named where it fails."""
    card: Format = plugin.card

    def of(code: Callable[[], Any] | None) -> Callable[[], Any] | None:
        return None if code is None else lambda: Guarded(plugin, code)

    return replace(
        card,
        reader=lambda: Guarded(plugin, card.reader),
        writer=of(card.writer),
        stream_writer=of(card.stream_writer),
        predictions=of(card.predictions),
        stream_predictions=None,
        stream_reader=None,  # its entries would come after its code has returned
    )
