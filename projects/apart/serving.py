"""The other side: answers one request after the other, each in a fork of its own."""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO

_IDLE_SECONDS = 30.0
_BLOCK = 1 << 20


class Refusal(Exception):
    """What a file holds cannot be used. remedy: what to do about it."""

    def __init__(self, happened: str, remedy: str = "") -> None:
        super().__init__(happened)
        self.happened, self.remedy = happened, remedy


def serve(read: Callable[[str], Any]) -> None:
    """Until standard input ends, or nobody has asked for a while.

    read: a question, such as the path of a file, to plain values. A request is a line of JSON; an
    answer is its length in 8 bytes and then JSON.
    """
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    while select.select([sys.stdin], [], [], _IDLE_SECONDS)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        answer = _answer(read, json.loads(line))
        out.write(len(answer).to_bytes(8, "big") + answer)
        out.flush()


def serve_once(read: Callable[[str], Any]) -> None:
    """Where processes cannot fork: one request, and whoever asked bounds the time."""
    answer = _result(read, json.loads(sys.stdin.buffer.readline())["question"])
    out: BinaryIO = sys.stdout.buffer
    out.write(len(answer).to_bytes(8, "big") + answer)
    out.flush()


def _answer(read: Callable[[str], Any], request: dict[str, Any]) -> bytes:
    inward, outward = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(inward)
        try:
            _bound(request["bytes"], request["seconds"])
            answer = _result(read, request["question"])
            with os.fdopen(outward, "wb") as stream:
                stream.write(answer)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(outward)
    with os.fdopen(inward, "rb", buffering=0) as stream:
        content = _within(stream, request["seconds"])
    if content is None:
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if content is None or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return b'{"late": true}'
    return content if status == 0 and content else b'{"died": true}'


def _bound(size: int, seconds: float) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _within(stream: Any, seconds: float) -> bytes | None:
    """All that comes; None where it has not ended by then."""
    end = time.monotonic() + seconds
    parts: list[bytes] = []
    while True:
        if not select.select([stream], [], [], max(end - time.monotonic(), 0))[0]:
            return None
        part = stream.read(_BLOCK)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _result(read: Callable[[str], Any], question: str) -> bytes:
    """Native code and what stands on it raise nearly everything on damaged files."""
    try:
        found = {"found": read(question)}
        return json.dumps(found).encode()
    except MemoryError:
        return b'{"large": true}'
    except Refusal as error:
        told = {"refused": error.happened, "remedy": error.remedy}
    except Exception as error:  # noqa: BLE001
        told = {"damaged": str(error)}
    return json.dumps(told).encode()
