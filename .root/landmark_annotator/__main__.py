"""python -m landmark_annotator: the program `annotator`."""

from landmark_annotator.annotator.cli.main import main

main()
