# Everything a checkout can do. Each target first makes .venv from the lock file and sees that Qt's system libraries
# are there; .ci/setup.sh explains how. PYTHON=/path/to/python chooses the interpreter for a new .venv.

.PHONY: help run demo test coverage lint bench lock texts clean
.DEFAULT_GOAL := help

BIN := .venv/bin
GUARDED := money.py rules ledger ops

help:
	@echo 'make demo      a whole sample day through the real window; results in demo-out/'
	@echo 'make run       the cashier window on your own ledger'
	@echo 'make test      all tests, and 95 % branch coverage of money, rules, ledger and ops'
	@echo 'make lint      ruff, mypy, import-linter'
	@echo 'make bench     the benchmark'
	@echo 'make coverage  what the last make test left uncovered'
	@echo 'make texts     collect new texts into resources/locale and compile the catalogues'
	@echo 'make lock      write the lock files anew from pyproject.toml (UPGRADE=1 takes newer versions)'
	@echo 'make clean     remove what these commands made, .venv included'

run:
	@.ci/setup.sh run
	$(BIN)/feedesk

demo:
	@.ci/setup.sh run
	$(BIN)/feedesk demo --out demo-out

bench:
	@.ci/setup.sh run
	$(BIN)/feedesk bench

# PYTEST_ARGS="tests/receipts -k layout" runs a part of the tests, and then says nothing about coverage.
test:
	@.ci/setup.sh test
ifdef PYTEST_ARGS
	$(BIN)/pytest $(PYTEST_ARGS)
else
	$(BIN)/pytest -n auto --cov --cov-report= --cov-fail-under=0
	@$(MAKE) --no-print-directory coverage
endif

# Each part has to reach the mark (fail_under in pyproject.toml) by itself: a good one must not hide a poor one.
coverage:
	@for part in $(GUARDED); do \
	    test -e src/feedesk/$$part || continue; \
	    echo "branch coverage of $$part"; \
	    $(BIN)/coverage report --include="src/feedesk/$$part,src/feedesk/$$part/*" || exit 1; \
	done

lint:
	@.ci/setup.sh dev
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Hashes of the files for every system, and the name of no host: pip takes them from whatever index it is set up with.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

lock:
	@.ci/setup.sh dev
	$(LOCK) pyproject.toml --extra postgres --group build --output-file requirements.lock
	$(LOCK) pyproject.toml --extra postgres --group dev --constraints requirements.lock --output-file requirements-dev.lock

texts:
	@.ci/setup.sh dev
	$(BIN)/python .ci/catalogues.py

clean:
	rm -rf .venv .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache \
	    build demo-out dist htmlcov
	find src tests migrations -name __pycache__ -prune -exec rm -rf {} +
