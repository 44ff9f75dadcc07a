# One build configuration serves tests and the tool, so that nothing is built twice.
SHELL := /bin/bash
CACHE := .cache
VENV := $(CACHE)/venv
PYTHON := $(VENV)/bin/python
RECORDS := $(CACHE)/records
LOCALCLOUD := $(abspath $(CACHE))/localcloud
# What the local AWS needs is pinned for this version.
PYTHON311 := $(shell command -v python3.11 || echo python3)

.PHONY: help demo build test test-swift test-tickit test-conformance test-localcloud test-python localcloud bench prerequisites clean

help: ## Say what there is.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# Which stack the demo brings up.
STACK := tickit-warehouse

demo: ## Bring a stack up on a local AWS and answer its questions: make demo STACK=lakehouse
	@bash .ci/demo $(STACK)

build: prerequisites ## Build the tool: .build/debug/slipway.
	swift build

test: test-swift test-conformance test-python test-localcloud test-tickit ## Install what is missing and run every test.

test-swift: prerequisites
	rm -rf $(RECORDS) && mkdir -p $(RECORDS)
	SLIPWAY_RECORDS=$(abspath $(RECORDS)) swift test --skip CrashTests --skip HTTPTests
	# What watches the clock is tested apart from what takes all cores.
	swift test --skip-build --filter HTTPTests
	swift test --skip-build --filter CrashTests

test-conformance: test-swift localcloud ## Check every kind on a local AWS.
	@bash .ci/conformance $(LOCALCLOUD)/venv/bin/python

# Quick when everything is installed already.
localcloud: prerequisites
	$(PYTHON311) assets/localcloud/install.py --cache $(LOCALCLOUD) --dev >/dev/null

test-localcloud: localcloud ## Check the local AWS by itself.
	cd assets/localcloud && $(LOCALCLOUD)/venv/bin/ruff check . && $(LOCALCLOUD)/venv/bin/mypy \
	    && $(LOCALCLOUD)/venv/bin/python -m pytest -q

# The emulator, AWS's models and CloudFormation's schemas come as Python packages.
test-python: test-swift localcloud $(VENV)/installed
	SLIPWAY_RECORDS=$(abspath $(RECORDS)) SLIPWAY_BINARY=$(abspath .build/debug/slipway) \
	    $(PYTHON) -m pytest -q Tests/Models Tests/Emulator

test-tickit: test-swift localcloud ## Test TICKIT's jobs, and its stack from up to down, on a local AWS.
	$(LOCALCLOUD)/venv/bin/ruff check assets/tickit-warehouse Tests/Tickit
	SLIPWAY_BINARY=$(abspath .build/debug/slipway) $(LOCALCLOUD)/venv/bin/python -m pytest -q Tests/Tickit

bench: localcloud $(VENV)/installed ## Measure start, size, planning and calls with an optimised build.
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
