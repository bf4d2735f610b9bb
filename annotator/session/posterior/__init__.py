"""What is read off a belief beside its points. Pure: proposal and evidence in, values out."""
