"""The image with its landmarks: geometry and hit testing are pure, the rest paints and listens."""
