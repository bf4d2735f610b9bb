"""How conditioning is fast at a million classes: the same answers, no new mathematics."""
