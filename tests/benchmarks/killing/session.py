"""Works in a project until it is killed: what the drill runs in processes of its own.

Reads lines "SCENE SEED AT AFTER FOLDER RECORD". For each it forks a child, so that imports are paid
once, which is killed at the AT-th call that changes the disk (0: never, and the calls are counted).
RECORD is a folder for what the disk was made to keep, or `-`. What the child says: see `scenes`; at
its end "calls N". When it is gone, its parent writes "ended STATUS".
"""

import ctypes
import os
import random
import sys
from pathlib import Path

from tests.benchmarks.killing.scenes import SCENES
from tests.end_to_end.killable_session import say


def main() -> None:
    library = ctypes.CDLL(None)
    library.calls_made.restype = ctypes.c_long
    for line in sys.stdin:
        scene, seed, at, after, folder, record = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            try:
                if record != "-":
                    library.record_to(os.fsencode(record), os.fsencode(Path(folder).parent))
                library.kill_at(ctypes.c_long(int(at)), int(after))
                SCENES[scene](Path(folder), random.Random(int(seed)))
                say("calls", library.calls_made())
                os._exit(0)
            finally:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        say("ended", os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
