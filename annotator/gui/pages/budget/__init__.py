"""The budget page: what points buy, what was spent, and the plan."""
