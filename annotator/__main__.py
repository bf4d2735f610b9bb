"""`python -m annotator` is the program."""

from annotator.cli.main import main

if __name__ == "__main__":
    main()
