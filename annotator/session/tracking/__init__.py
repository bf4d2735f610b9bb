"""Objects through the frames of a video: who is who, and what all frames say of each of them.

What is slow knows no store, and what the store is read for is read at once.
"""
