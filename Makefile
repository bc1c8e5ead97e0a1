# Every command sets up what it needs on a machine with python3, node, npm, git and make.
# What is installed is remembered in .make/, so that a second run starts in seconds.

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
PYTHON ?= python3
CHROMIUM ?= /usr/bin/chromium
export PATH := $(BIN):$(PATH)
export CHROMIUM
export JUPYTER_PLATFORM_DIRS := 1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
export YARN_ENABLE_TELEMETRY := 0

TYPESCRIPT := $(shell find src style schema -type f 2>/dev/null)
BUILD_TOOLS := "hatchling>=1.27" "hatch-nodejs-version>=0.3.2" "hatch-jupyter-builder>=0.9" "jupyter-builder>=1.3,<2" "editables>=0.5"

.PHONY: demo test test-deep bench lint docs pictures test-python test-typescript test-ui clean

demo: .make/demo
	@$(BIN)/jupyter posthog demo

test: lint test-typescript test-python test-ui

lint: .make/test .make/tools docs
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	jlpm lint:check

# A warning is a failure: a link that leads nowhere, a page that no table of contents has.
docs: .make/test
	sphinx-build -q -W --keep-going -b html docs .make/docs

# The pictures of the docs are what the browser tests see.
pictures: .make/ui
	cd tests/ui && npx playwright test --config pictures.config.ts --project cloud journey.spec.ts conflicts.spec.ts kernel.spec.ts
	cp tests/ui/test-results/journey-cloud.png docs/images/notebook.png
	cp tests/ui/test-results/conflict.png docs/images/conflict.png
	cp tests/ui/test-results/kernel.png docs/images/kernel.png

test-typescript: .make/test
	jlpm test

test-python: .make/test .make/contents-suite
	pytest --numprocesses 3 --dist loadfile

test-ui: .make/ui
	cd tests/ui && npx tsc -p . && npx playwright test

test-deep: .make/test
	HYPOTHESIS_PROFILE=deep pytest tests/document tests/handlers/test_random_saving.py

bench: .make/bench
	python -m benchmarks

.make/bench: .make/test
	pip install --quiet --no-build-isolation --editable ".[box,test,docs,bench]"
	@touch $@

.make/venv:
	@mkdir -p .make
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip $(BUILD_TOOLS)
	@touch $@

.make/javascript: .make/venv package.json yarn.lock
	jlpm install --immutable
	@touch $@

.make/labextension: .make/javascript $(TYPESCRIPT) tsconfig.json
	jlpm build:prod
	@touch $@

.make/demo: .make/labextension pyproject.toml
	pip install --quiet --no-build-isolation --editable ".[box]"
	jupyter-builder develop --overwrite .
	@touch $@

.make/test: .make/demo
	pip install --quiet --no-build-isolation --editable ".[box,test,docs]"
	@touch $@

# jupyter_server's own tests, of the version that is installed: its wheel has none.
.make/contents-suite: .make/test
	rm -rf $@ $@.download
	version=$$(python -c 'import jupyter_server; print(jupyter_server.__version__)') && \
	  pip download --quiet --no-deps --no-binary jupyter_server --dest $@.download "jupyter_server==$$version"
	mkdir -p $@
	tar -xzf $@.download/*.tar.gz -C $@ --strip-components=1
	rm -rf $@.download
	@touch $@

.make/tools: tools/package-lock.json
	@mkdir -p .make
	cd tools && npm ci
	@touch $@

.make/ui: .make/test .make/chromium tests/ui/package-lock.json
	cd tests/ui && npm ci
	@touch $@

.make/chromium:
	@sh tests/ui/chromium.sh
	@touch $@

clean:
	rm -rf .make $(VENV) node_modules lib labextension/static labextension/package.json tests/ui/node_modules tools/node_modules
