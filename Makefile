# One build configuration serves tests and the tool, so that nothing is built twice.
SHELL := /bin/bash
CACHE := .cache
VENV := $(CACHE)/venv
PYTHON := $(VENV)/bin/python
RECORDS := $(CACHE)/records

LOCALCLOUD := $(CACHE)/localcloud

.PHONY: help build test test-swift test-python test-localcloud bench prerequisites clean

help: ## Say what there is.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build: prerequisites ## Build the tool: .build/debug/slipway.
	swift build

test: test-swift test-python test-localcloud ## Install what is missing and run every test.

test-swift: prerequisites
	rm -rf $(RECORDS) && mkdir -p $(RECORDS)
	SLIPWAY_RECORDS=$(abspath $(RECORDS)) swift test --skip CrashTests
	# Killing a program hundreds of times takes all cores; tests that watch the clock would notice.
	swift test --filter CrashTests

# The emulator, AWS's models and CloudFormation's schemas come as Python packages.
test-python: test-swift $(VENV)/installed
	SLIPWAY_RECORDS=$(abspath $(RECORDS)) SLIPWAY_BINARY=$(abspath .build/debug/slipway) \
	    $(PYTHON) -m pytest -q Tests/Models Tests/Emulator

# The local AWS. Its engines and Spark are installed once, into the cache.
test-localcloud: prerequisites
	python3 assets/localcloud/install.py --cache $(LOCALCLOUD) --dev
	cd assets/localcloud && $(abspath $(LOCALCLOUD))/venv/bin/ruff check .
	cd assets/localcloud && $(abspath $(LOCALCLOUD))/venv/bin/mypy
	cd assets/localcloud && $(abspath $(LOCALCLOUD))/venv/bin/python -m pytest -q

bench: prerequisites $(VENV)/installed ## Measure start, size, planning and calls with an optimised build.
	swift build -c release --static-swift-stdlib --product slipway
	swift build -c release --static-swift-stdlib --product slipway-bench
	$(PYTHON) Benchmarks/run.py

prerequisites:
	@bash .ci/prerequisites

$(VENV)/installed: Tests/requirements.txt
	@bash .ci/prerequisites
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r Tests/requirements.txt
	touch $@

clean: ## Remove what was built, but not what was installed.
	rm -rf .build $(RECORDS)
