"""What points buy, which ones to buy, and under which name."""
