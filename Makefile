# make demo      show what the tool finds in examples/commitments
# make test      everything a change has to pass
# make generate  write what is made from other files: docs/rules, rules/schema
# make format    format the code
# make bench     what users wait for, beside what else they wait for (downloads what it measures, takes ten minutes; bench/README.md)
# make clean     remove .venv, caches and build output
#
# Needs make and Python 3.11 or newer; everything else is installed into .venv on first use.

SETUP ?= scripts/setup.sh
BIN ?= .venv/bin
JOBS ?= 2
TREES ?=

unexport PYTHONPATH
unexport PYTHONHOME
unexport PYTHONDONTWRITEBYTECODE

.NOTPARALLEL:
.PHONY: help demo test generate format bench clean

help:
	@sed -n 's/^# \(make \)/\1/p' Makefile

demo:
	@$(SETUP) runtime
	@$(BIN)/dealix-lint check --exit-zero examples/commitments
	@echo
	@echo "How to read it: each finding stands at the call that leaves the process; the lines below it lead there from where execution starts."
	@echo "What to try next: $(BIN)/dealix-lint explain DLX101, or the corrected application: $(BIN)/dealix-lint check examples/commitments_governed"

test:
	@$(SETUP) dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict src
	$(BIN)/lint-imports
	$(BIN)/python scripts/generate.py --check
	$(BIN)/python -m pytest -q -n $(JOBS)

generate:
	@$(SETUP) dev
	$(BIN)/python scripts/generate.py

format:
	@$(SETUP) dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench:
	@$(SETUP) dev
	$(BIN)/python bench/table.py $(TREES)

clean:
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .dealix-cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
