"""The rest of sparse labels: methods behind one protocol, judged alike, the best one written."""
