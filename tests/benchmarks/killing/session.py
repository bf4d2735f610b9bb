"""Works in a project until it is killed: what the drill runs in processes of its own.

Reads lines "SCENE SEED AT AFTER FOLDER RECORD". For each it forks a child, so that imports are paid
once, which is killed at the AT-th call that changes the disk (0: never, and the calls are counted).
RECORD is a folder for what the disk was made to keep, or `-`. What the child says: see `scenes`; at
its end "calls N". When it is gone, its parent writes "ended STATUS".

AFTER 0 dies before that call and 1 behind it; with 2 nothing dies, but the disk is full from there
on until the program has said so: "refused 1", or 2 where it said so in words for another trouble.
Then there is room again, and the work is done once more, as it is where the drill's own files had
none, of which nothing is said.
"""

import ctypes
import os
import random
import sys
from pathlib import Path

from landmark_annotator.projects.vocabulary.errors import ActionableError, DiskFull
from tests.benchmarks.killing.scenes import SCENES, OwnTrouble
from tests.end_to_end.killable_session import say

FULL = 2


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
                chance, scripted = random.Random(int(seed)), SCENES[scene]
                if int(after) == FULL:
                    library.full_at(ctypes.c_long(int(at)))
                    try:
                        scripted(Path(folder), chance)
                    except OwnTrouble:
                        library.full_at(ctypes.c_long(0))
                        scripted(Path(folder), chance)
                    except ActionableError as error:
                        told = isinstance(error, DiskFull) or "room" in str(error)
                        library.full_at(ctypes.c_long(0))
                        say("refused", 1 if told else 2)
                        if not told:
                            sys.stderr.write(f"{scene}: {error}\n")
                        scripted(Path(folder), chance)
                    library.full_at(ctypes.c_long(0))
                else:
                    library.kill_at(ctypes.c_long(int(at)), int(after))
                    scripted(Path(folder), chance)
                say("calls", library.calls_made())
                os._exit(0)
            finally:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        say("ended", os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
