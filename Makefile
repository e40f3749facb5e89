# Everything here needs Python 3.11+ with venv, make and a package index; nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test prove lint format bench soak screenshots lock clean

demo: .venv/core  ## crawl the bundled sample sites into demo.db and show what to do with it
	$(BIN)/iomscrape demo

# Where Python is told to keep nothing that it compiled, as in many containers, each of the programs that
# tests start would compile all of this project anew.
test prove: export PYTHONDONTWRITEBYTECODE :=

# Four at a time, also on two cores: many tests wait for servers, delays and disks. Tests of one file stay
# together as long as all four have work, so that what they share is made once.
test: .venv/dev .venv/pywb/ready  ## the whole test suite
	$(BIN)/python -m pytest -n 4 --dist worksteal

prove: .venv/dev .venv/pywb/ready  ## the tests that take long and prove what shorter ones show
	$(BIN)/python -m pytest -n 2 -m proof

lint: .venv/dev  ## format, lint, types, who may import whom, and what the project rests on
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv pip check --quiet --python $(BIN)/python
	$(BIN)/python -m tests.dependencies

format: .venv/dev  ## let ruff mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev  ## how fast pages are read, crawled, stored, found and shown, beside their yardsticks
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python -m benchmarks.crawling
	$(BIN)/python -m benchmarks.browsing
	$(BIN)/python -m benchmarks.archive
	$(BIN)/python -m benchmarks.bulk

# MINUTES=10: for so long; PAGES=20000: of all sites together; SEED=1: the same faults again.
soak: .venv/dev  ## crawl generated sites that answer badly, with kills in between, and watch memory and files
	$(BIN)/python -m tests.survival.soak --pages $(or $(PAGES),50000) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

screenshots: .venv/dev  ## the pictures of `iomscrape serve` in docs/images, of the demo's articles
	$(BIN)/python docs/images/screenshots.py

lock: .venv/dev  ## renew the locked versions from setup.cfg
	$(BIN)/uv pip compile setup.cfg --generate-hashes --universal --python-version 3.11 -q -o requirements.lock
	$(BIN)/uv pip compile setup.cfg --extra test --extra lint --generate-hashes --universal --python-version 3.11 -q -o requirements-dev.lock
	echo 'pywb>=2.10' | $(BIN)/uv pip compile - --no-emit-package brotlipy --generate-hashes --universal --python-version 3.11 -q -o requirements-pywb.lock

clean:  ## remove what was built; archives stay
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# The locked packages with their hashes, then the project itself on top of them.
.venv/core: requirements.lock setup.cfg pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("iomscrape needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

.venv/dev: .venv/core requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# The Wayback server that tests start as a program. A place of its own: its brotlipy takes the place of the
# brotli that Scrapy needs (and is not needed: the lock leaves it out, hence --no-deps), and it wants an old
# cryptography.
.venv/pywb/ready: requirements-pywb.lock .venv/core
	$(PYTHON) -m venv .venv/pywb
	.venv/pywb/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-pywb.lock
	touch $@
