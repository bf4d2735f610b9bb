"""Where the objects of images are: looked for, and written into the project."""
