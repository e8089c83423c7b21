# Everything a person or a CI server runs. `make help` lists it.
# Needs: GNU make, and Python 3.11 or newer with venv. The first run downloads the dependencies;
# later runs need no network unless pyproject.toml has changed.

VENV := .venv
BENCH := .venv-bench
# Training writes the models that ship, so it is run on purpose only.
BENCHMARKS := $(filter-out benchmarks/train_prior.py,$(sort $(wildcard benchmarks/[a-z]*.py)))
PY := $(VENV)/bin/python
CREATED := $(VENV)/.autoscreen-created
INSTALLED := $(VENV)/.autoscreen-installed
DEVELOP := $(VENV)/.autoscreen-develop

.DEFAULT_GOAL := help
.PHONY: help demo test test-delivery test-thorough check chromium bench docs docs-reference clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | \
	  while IFS='|' read -r name what; do printf '%-20s %s\n' "$$name" "$$what"; done

demo: $(INSTALLED) ## install, then rank and replay the demo review (offline after the first run)
	@$(VENV)/bin/autoscreen demo

test: check chromium ## check, then run the tests and report coverage
	$(PY) -m pytest -n 3 --dist worksteal --cov --cov-report=term:skip-covered

test-delivery: $(DEVELOP) ## build and try the wheel, the folder without Python and the site
	$(PY) -m pytest -n 2 --dist worksteal tests/delivery

test-thorough: $(DEVELOP) ## run the property tests with new and twenty times as many examples
	$(PY) -m pytest -n 3 --dist worksteal --hypothesis-profile=thorough tests/property

check: $(DEVELOP) ## format, lint, types and layers, without the tests
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

chromium: $(DEVELOP) ## install Chromium for the browser tests where it is missing (as root)
	@$(PY) tests/browser/chromium.py

bench: $(BENCH)/.autoscreen-bench ## run the benchmarks one after another, peers beside
	@failed=; for script in $(BENCHMARKS); do \
	  echo "== $$script"; $(BENCH)/bin/python "$$script" || failed="$$failed $$script"; \
	done; test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

docs: $(DEVELOP) ## build the site of the documentation in build/site
	$(PY) -m sphinx -q -W --keep-going -c docs . build/site
	@echo "open build/site/index.html"

docs-reference: $(INSTALLED) ## write docs/reference/{cli,python}.md again from --help and docstrings
	$(PY) docs/cli_reference.py
	$(PY) docs/python_reference.py

clean: ## remove caches and build products (the environment stays: rm -r .venv)
	rm -rf build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache \
	  .hypothesis .import_linter_cache
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment that works is kept; a broken or half-made one is made again. A name such as
# python3.12 may be on the path without a Python behind it, so each candidate has to answer.
$(CREATED):
	@if $(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  touch $@; exit 0; fi; \
	for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
	      2>/dev/null; then \
	    echo "making $(VENV) with $$("$$python" --version)"; \
	    "$$python" -m venv --clear $(VENV) && touch $@; exit; \
	  fi; \
	done; \
	echo "make: no Python 3.11 or newer with venv found; install one," \
	  "or name it: make demo PYTHON=/path/to/python3" >&2; exit 1

$(INSTALLED): pyproject.toml | $(CREATED)
	@echo "installing autoscreen into $(VENV) (the first time takes a few minutes)"
	@$(PY) -m pip install --quiet --upgrade 'pip>=25.1'
	@$(PY) -m pip install --quiet --editable '.[all]'
	@touch $@

$(DEVELOP): pyproject.toml | $(CREATED)
	@echo "installing autoscreen and what its tests need into $(VENV)"
	@$(PY) -m pip install --quiet --upgrade 'pip>=25.1'
	@$(PY) -m pip install --quiet --editable '.[all]' --group test --group lint --group docs
	@touch $@ $(INSTALLED)

# The peers have an environment of their own: what they pin must not change what is tested.
$(BENCH)/.autoscreen-bench: pyproject.toml | $(CREATED)
	@echo "installing autoscreen and its peers into $(BENCH)"
	@$(PY) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BENCH)/bin/python -m pip install --quiet --editable '.[excel]' --group bench
	@touch $@
