"""The window. Here: starting the program, and which windows there are; no room imports these."""

import builtins

import PySide6.QtCore  # noqa: F401

# PySide reads the source of every module that is imported after it, to see whether that is one of
# its own, which matters where a module asks for `__feature__`. None here does, and what a window
# loads later, torch above all, would take a fifth longer, in which it cannot be used.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
