"""What a script asks for in one line: the library `landmark_annotator`, without a front end.

Every name in `__all__` of `landmark_annotator` that no other room has already lives here. Nothing
is computed here: each function asks the session, the store or the mathematics.
"""
