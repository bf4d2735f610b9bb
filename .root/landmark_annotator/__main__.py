"""python -m landmark_annotator: the program `annotator`."""

import sys


def main() -> None:
    try:
        from landmark_annotator.annotator.cli.main import main as run
    except KeyboardInterrupt:
        # What the program is made of was still being loaded.
        sys.stderr.write("Stopped. Nothing was begun.\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
