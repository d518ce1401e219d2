# What is done again and again. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help quick check pages deep bench
PYTHON ?= python
EXAMPLES ?= 5000

help: ## this list
	@sed -nE 's/^([a-z]+): ## (.*)/make \1\t\2/p' $(MAKEFILE_LIST)

quick: ## style, and the tests that need no torch, browser or TeX: within a minute
	ruff check . && ruff format --check .
	$(PYTHON) -m pytest --quick

check: ## all that has to hold, in fresh environments, as continuous integration does it
	.ci/run

pages: ## write the pages and figures under docs that are made
	$(PYTHON) -m tools.pages

deep: ## the laws over generated specs, EXAMPLES of them (5000): for a quiet hour
	UNETGEN_EXAMPLES=$(EXAMPLES) $(PYTHON) -m pytest -m deep

bench: ## how long commands, drawings and the worst cases take
	for each in benchmarks/*.py; do PYTHONPATH=. $(PYTHON) $$each || exit 1; done
