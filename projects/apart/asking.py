"""This side: asks a process of its own to read a file."""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from landmark_annotator.projects.vocabulary.errors import FormatError

MEMORY = 2 << 30
"""Bytes that reading a file may take, besides `_PER_BYTE` for each of its own."""
SECONDS = 60.0
_PER_BYTE = 20
_PER_MEGABYTE = 2.0
"""Seconds: files may be large."""
_HERE = Path(__file__).absolute().parents[3]


class Reader:
    """module: of this package; it is run as a program and calls `serve`. what: the files that it
    reads, in words."""

    def __init__(self, module: str, what: str) -> None:
        self._module, self._what = module, what
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def read(self, source: Path, question: str | None = None) -> Any:
        """Plain values. question: what is asked, by default the file's path. Raises FormatError: it
        cannot be read, or not within the bounds."""
        try:
            size = source.stat().st_size
            source.open("rb").close()
        except OSError as error:
            raise FormatError(
                f"{source} cannot be read: {error.strerror}.",
                remedy="Check that it is a file that you may read.",
            ) from error
        memory = MEMORY + _PER_BYTE * size
        seconds = SECONDS + _PER_MEGABYTE * size / 1e6
        asked = os.path.abspath(source) if question is None else question  # noqa: PTH100
        answer = self.answer(asked, memory, seconds)
        if "found" in answer:
            return answer["found"]
        if "refused" in answer:
            raise FormatError(f"{source} {answer['refused']}", remedy=str(answer.get("remedy", "")))
        if "damaged" in answer:
            why = f"is damaged, or not {self._what}: {str(answer['damaged']).strip('. ')}"
        elif "large" in answer or "late" in answer:
            bound = f"{seconds:.0f} s" if "late" in answer else f"{memory / 1e9:.1f} GB of memory"
            why = f"is damaged, or too large: reading it takes more than {bound}"
        else:
            why = f"is damaged, or not {self._what}: the process that read it died"
        raise FormatError(f"{source} {why}.", remedy="Copy the file again.")

    def answer(self, question: str, memory: int, seconds: float) -> dict[str, Any]:
        """What it says: found, or refused, damaged, large, late or nothing."""
        with self._turn:
            return self._ask({"question": question, "bytes": memory, "seconds": seconds})

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """A process that has ended, because it was idle for long, is started anew."""
        for _ in range(2):
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            # The process ends a fork that takes too long; this is for where there are no forks.
            guard = threading.Timer(request["seconds"] + 30, process.kill)
            guard.start()
            try:
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
                length = process.stdout.read(8)
                content = process.stdout.read(int.from_bytes(length, "big"))
                answer = json.loads(content) if len(length) == 8 else None
            except (OSError, ValueError):
                answer = None
            finally:
                guard.cancel()
            if isinstance(answer, dict):
                return answer
            self.close()
        return {}

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            path = os.pathsep.join([str(_HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"landmark_annotator.projects.apart.{self._module}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
            )
            atexit.register(self.close)
        return self._process

    def close(self) -> None:
        process, self._process = self._process, None
        atexit.unregister(self.close)
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was not sent, to a process that is gone
                        pipe.close()
            process.kill()
            process.wait()
