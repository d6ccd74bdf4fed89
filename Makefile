# Every target works from a fresh clone with Python 3.11 or newer and nothing else.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
COUNT ?=
N ?= 1000
# tests/conftest.py says which tests a process gets.
SHARED_OUT := -n auto --no-loadscope-reorder
PYTEST := $(BIN)/python -m pytest $(SHARED_OUT)

.PHONY: help run setup test test-what-differs test-fast test-nightly test-shuffled test-postgres test-clocks faults check migrations format bench lock clean

help:  ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

run: .venv/run.stamp  ## Start the portal, its workers and the sandbox partner
	@$(BIN)/python -m portal.processes.run

setup: .venv/run.stamp .venv/dev.stamp  ## Install everything and make this machine's keys, start nothing
	@$(BIN)/python -m portal.secret_key

test: setup  ## Check and test everything, in a real browser too
	@$(MAKE) --no-print-directory -j2 check test-what-differs
	@$(BIN)/python -m tests.chromium
	@$(PYTEST) -p no:randomly -m "not nightly"

# On PostgreSQL, in one process, so that it goes on beside the checks, which are one process too.
test-what-differs: setup
	@$(BIN)/python -m tests.postgresql -p no:randomly -m "differs_by_database and not nightly"

test-fast: setup  ## Test what needs no database, process or browser
	@$(PYTEST) -p no:randomly -m fast

test-nightly: setup  ## Test what `make test` does in further forms: other files, presses and databases
	@$(BIN)/python -m tests.chromium
	@PORTAL_TEST_SCREENSHOTS=yes $(PYTEST) -p no:randomly

test-shuffled: setup  ## Run the whole suite in random order; it prints its seed
	@$(BIN)/python -m tests.chromium
	@$(PYTEST)

test-postgres: setup  ## Run the whole suite on PostgreSQL
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.postgresql -p no:randomly $(SHARED_OUT)

test-clocks: setup  ## Run what needs no process of its own at other hours, days and zones
	@$(BIN)/python -m tests.clocks -p no:randomly $(SHARED_OUT)

faults: setup  ## Break everything at every point, and count (N=10000 random sequences)
	@PORTAL_TEST_FAULTS=$(N) $(BIN)/python -m pytest -p no:randomly tests/faults tests/portal/processes/test_workers.py

check: export PORTAL_SECRET_KEY = only-for-the-checks
check: .venv/dev.stamp  ## Lint, types, import contract, templates, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run

migrations: setup  ## Write the migrations that the models ask for
	@$(BIN)/python manage.py makemigrations

format: .venv/dev.stamp  ## Let ruff and djlint write the layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djlint --reformat --quiet templates

bench: .venv/dev.stamp  ## Print seconds, ratios and peak memory (COUNT=1000000 rows)
	@$(BIN)/python -m benchmarks $(COUNT)

lock: .venv/dev.stamp  ## Write requirements/*.txt anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links \
		--custom-compile-command "make lock" -o requirements/run.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links \
		--custom-compile-command "make lock" -c requirements/run.txt --extra dev -o requirements/dev.txt pyproject.toml

clean:  ## Remove the environment; the data under var/ stays
	rm -rf .venv

.venv/run.stamp: requirements/run.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found. Set PYTHON=/path/to/python3."; exit 1; }
	@echo "Installing what the portal needs into .venv (a minute or so, once)"
	@$(PYTHON) -m venv .venv || { echo "The venv module is missing: on Debian, apt install python3-venv."; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "Installing what the tests need into .venv"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
