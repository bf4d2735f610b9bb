"""Torch's largest libraries, loaded without stopping the other threads of the program.

Python holds its lock while it loads a library, here for half a second and more, so that a window
stands still in which Torch is loaded by a thread. Called as a function of C, the loader runs
without that lock; `import torch` then finds the library there.
"""

import ctypes
import os
import sys
from importlib import util
from pathlib import Path


def load_torch_library() -> None:
    """Once, before the first `import torch`. Where it does nothing, the import does it all."""
    if "torch" in sys.modules or not sys.platform.startswith("linux"):
        return
    found = util.find_spec("torch")
    if found is None or found.origin is None:
        return
    libraries = Path(found.origin).parent / "lib"
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype, dlopen.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    for name in ("libtorch_cpu.so", "libtorch_python.so"):
        dlopen(os.fsencode(libraries / name), os.RTLD_NOW | os.RTLD_LOCAL)
