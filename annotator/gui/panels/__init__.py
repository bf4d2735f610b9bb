"""What stands around the canvas: the list of images, the landmarks, the status line, the keys."""
