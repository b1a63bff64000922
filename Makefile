# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types readme wheel docs results benchmark race clean

demo: $(VENV)/.installed
	$(BIN)/python experiments/01_veterans_against_donations.py --replicates 200 --draws 20 --folder results/demo

# Machine code and bytecode are made once here; else both workers, and the children of tests, would each make them.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.installed-dev
	$(BIN)/grassroots run baseline --weeks 1 > /dev/null
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

# Runs the commands that the README quotes and compares what they print.
readme: $(VENV)/.installed-dev
	$(BIN)/python tests/check_readme.py

# Builds the wheel, installs it into a fresh environment and runs the commands there, in an empty folder.
wheel: $(VENV)/.installed-dev
	$(BIN)/python tests/check_wheel.py

# Writes the reference tables of docs/reference/ and the JSON schema of scenarios from the code and the register.
docs: $(VENV)/.installed
	$(BIN)/python -m sim.reference
	$(BIN)/python -m sim.scenario.json_schema

# Makes again what is committed under results/reference/; 08 comes early because the others use its posterior.
results: $(VENV)/.installed
	$(BIN)/python experiments/00_default_parameters.py
	$(BIN)/python experiments/08_what_the_documents_identify.py
	$(BIN)/python experiments/01_veterans_against_donations.py
	$(BIN)/python experiments/02_sensitivity.py
	$(BIN)/python experiments/03_how_little_leadership.py
	$(BIN)/python experiments/04_when_to_stop.py
	$(BIN)/python experiments/05_newcomers_and_the_association.py
	$(BIN)/python experiments/06_which_pilots_first.py
	$(BIN)/python experiments/07_poor_dungen_and_rich_shangxi.py
	$(BIN)/python experiments/09_best_mix_for_a_budget.py
	$(BIN)/python experiments/10_patterns_and_places.py
	$(BIN)/python experiments/11_discretisation.py
	$(BIN)/python experiments/12_when_donation_wins.py
	$(BIN)/python experiments/13_intervals.py

benchmark: $(VENV)/.installed
	$(BIN)/python experiments/benchmark.py

# The race against every peer, in environments of their own, and the roofline; writes under results/reference/.
race: $(VENV)/.installed
	$(BIN)/python experiments/benchmark.py --install-peers --json --reference
	$(BIN)/python experiments/roofline.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --disable-pip-version-check -q -r requirements.txt
	$(BIN)/pip install --disable-pip-version-check -q --no-deps -e .
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/pip install --disable-pip-version-check -q -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) .venv-peers results/baseline results/comparison results/demo results/figures .pytest_cache .mypy_cache .ruff_cache .hypothesis
