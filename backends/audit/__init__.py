"""How surprising labels are to what has not learned from them: which ones may be wrong."""
