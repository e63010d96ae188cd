# Every target sets .venv up first if need be. Runs with GNU make 3.81, the one that macOS ships.
.DEFAULT_GOAL := help
.PHONY: help install demo demo-control test proofs check pretrain sft grpo evaluate compare mathlm plan dry-run
.PHONY: notebook doctor clean

PYTHON ?= python3
CONFIG ?=
ARGS ?=
CODE := src recipes scripts benchmarks notebooks tests
INSTALLED := .venv/installed
PIP := .venv/bin/python -m pip
# `accelerate launch` gives each process one thread unless it is told a number
THREADS := $(or $(OMP_NUM_THREADS),$(shell getconf _NPROCESSORS_ONLN))
LAUNCH := .venv/bin/accelerate launch --num_cpu_threads_per_process $(THREADS)

help:  ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile
	@echo 'CONFIG=file.yaml and ARGS="--key value ..." go to pretrain, sft, grpo, evaluate, compare and plan; ARGS also to demo, test and proofs.'

install: $(INSTALLED)  ## create .venv with the versions in constraints.txt, or bring it up to date

$(INSTALLED): setup.cfg pyproject.toml constraints.txt
	@$(PIP) --version >/dev/null 2>&1 || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "tinyreason needs Python 3.11 or newer, and '$(PYTHON)' is not: make PYTHON=/path/to/python3.11 $(or $(MAKECMDGOALS),install)" >&2; exit 1; }
	$(PIP) --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(INSTALLED)  ## data, tokenizer, SFT, GRPO and report of a tiny model, offline, in minutes: runs/demo
	.venv/bin/python scripts/demo.py $(ARGS)

demo-control: $(INSTALLED)  ## the demo's control: its SFT model trained on for as long as GRPO took
	.venv/bin/python scripts/demo.py --control $(ARGS)

test: $(INSTALLED)  ## the tests, in minutes
	.venv/bin/python -m pytest $(ARGS)

proofs: $(INSTALLED)  ## the slow proofs that `make test` leaves out
	.venv/bin/python -m pytest -n 0 -m proof $(ARGS)

check: $(INSTALLED)  ## formatting, lint and the shipped recipes, changing nothing
	.venv/bin/python scripts/check.py configs
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/ruff check $(CODE)

pretrain: $(INSTALLED)  ## pretraining on a corpus; CONFIG=configs/tiny/pretrain_cpu.yaml unless given
	$(LAUNCH) recipes/pretrain.py --config $(or $(CONFIG),configs/tiny/pretrain_cpu.yaml) $(ARGS)

sft: $(INSTALLED)  ## supervised fine-tuning; CONFIG=configs/tiny/sft_cpu.yaml unless given
	$(LAUNCH) recipes/sft.py --config $(or $(CONFIG),configs/tiny/sft_cpu.yaml) $(ARGS)

grpo: $(INSTALLED)  ## reinforcement learning; CONFIG=configs/tiny/grpo_cpu.yaml unless given
	$(LAUNCH) recipes/grpo.py --config $(or $(CONFIG),configs/tiny/grpo_cpu.yaml) $(ARGS)

evaluate: $(INSTALLED)  ## score a model; ARGS="--model runs/tiny/grpo --dataset synthetic --split test"
	.venv/bin/python recipes/evaluate.py $(if $(CONFIG),--config $(CONFIG)) $(ARGS)

compare: $(INSTALLED)  ## every RL algorithm from one SFT model at equal budget, in an hour: runs/compare
	.venv/bin/python scripts/compare.py --config $(or $(CONFIG),configs/tiny/grpo_cpu.yaml) $(ARGS)

MODEL ?= mathlm-40m
SCRATCH = $(patsubst configs/%/pretrain.yaml,%,$(wildcard configs/*/pretrain.yaml))

mathlm:  ## the commands from an empty folder to a reasoning model of 40M; MODEL=mathlm-5m for an hour of CPU
	@test -f configs/$(MODEL)/pretrain.yaml || \
	  { echo "MODEL: '$(MODEL)' is not trained from scratch; choose from $(SCRATCH)" >&2; exit 1; }
	@for stage in tokenizer corpus pretrain sft grpo; do \
	  set -- configs/$(MODEL)/$$stage.yaml; test -f $$1 || set -- configs/$(MODEL)/$${stage}_*.yaml; \
	  either=; for file; do if test -f $$file; then sed -n "1{s/^# /$$either/;s/   */  # /;p}" $$file; either="# or "; fi; done; \
	done
	@echo "python recipes/evaluate.py --model runs/$(MODEL)/sft --dataset gsm8k --split test --shots 2"
	@set -- configs/$(MODEL)/grpo*.yaml; last=grpo; \
	test -f $$1 || { set -- configs/$(MODEL)/sft*.yaml; last=sft; }; \
	all=$$(sed -n 's/^dataset: //p' $$1); before=pretrain; \
	for stage in sft grpo; do \
	  echo "python recipes/evaluate.py --model runs/$(MODEL)/$$stage --against runs/$(MODEL)/$$before --dataset $$all --split test"; \
	  if test $$stage = $$last; then break; fi; before=$$stage; \
	done

plan: $(INSTALLED)  ## memory, batches and steps of a recipe before it runs; CONFIG=file.yaml ARGS="--hardware l4"
	.venv/bin/python scripts/plan.py --config $(CONFIG) $(ARGS)

dry-run: $(INSTALLED)  ## every shipped recipe with a tiny model on the CPU: runs/dry_run
	@for file in configs/*/pretrain*.yaml configs/*/sft*.yaml configs/*/grpo*.yaml; do \
	  stage=$$(basename $$file .yaml | cut -d_ -f1); echo "== $$file"; \
	  .venv/bin/python recipes/$$stage.py --config $$file --dry_run $(ARGS) || exit 1; done

notebook: $(INSTALLED)  ## notebooks/colab_t4.ipynb from its script
	.venv/bin/jupytext --to ipynb notebooks/colab_t4.py

doctor:  ## what is installed, what loads, and the one command that mends the rest
	@if test -x .venv/bin/python; then .venv/bin/python scripts/doctor.py; else $(PYTHON) scripts/doctor.py; fi

clean:  ## remove caches and build output; runs/ and .venv stay
	rm -rf build dist .pytest_cache .ruff_cache src/*.egg-info
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
