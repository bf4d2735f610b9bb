"""The import root of all that is installed; its parts are the folders of the repository.

Links lead there: the checkout is importable as it is installed, by tools as well as by Python.
"""
