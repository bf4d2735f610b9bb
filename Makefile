# make demo   everything from a fresh clone to the window on sample images
# make docs   the pages of docs/ as a site in build/docs
# make test   the same set-up, then lint, types, import contracts and all tests
# PYTHON=/path/to/python3.11 chooses the interpreter.

# What Python compiles it keeps, whatever the caller has set: nothing is compiled when packages are
# installed, and hundreds of tests start programs.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
# One test process a core. Torch and its companions would each start a thread a core besides, for
# networks that gain nothing by it.
TEST_SETTINGS := QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.PHONY: demo docs test types tests environment test-environment clean

demo: environment
	@$(BIN)/annotator demo

test: test-environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory --jobs 2 types tests

# Beside the tests: types take minutes of one core, through which the others would have nothing to do.
types: test-environment
	$(BIN)/mypy

tests: test-environment
	$(TEST_SETTINGS) $(BIN)/python -m pytest -n auto --dist loadfile --max-worker-restart 0

docs: test-environment
	@$(BIN)/python -m sphinx -W --keep-going -q docs build/docs
	@echo "Open build/docs/index.html"

environment:
	@PYTHON="$(PYTHON)" .ci/environment

test-environment:
	@PYTHON="$(PYTHON)" .ci/environment test

clean:
	rm -rf .venv
