"""`python -m annotator` is the program."""

from landmark_annotator.annotator.cli.main import main

if __name__ == "__main__":
    main()
