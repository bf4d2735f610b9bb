"""Other people's programs, each in an environment of its own, open exports of this one as they are.

They are too large for the suite's environment, or their pins clash with it. `python -m
tests.readers` installs each into a folder, has it open the hard case (`hard_case.py`), and prints
what it took.
"""
