"""Files of other people that native code reads, in a process of its own which may die.

HDF5 has crashed on damaged files, and read numbers that are in none of their bytes. So it reads
them in a process with bounded memory and time, and only plain values come out, as JSON. What runs
there imports nothing else of this program.
"""
