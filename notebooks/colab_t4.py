# ---
# jupyter:
#   accelerator: GPU
#   colab:
#     gpuType: T4
#     provenance: []
#   jupytext:
#     notebook_metadata_filter: accelerator,colab
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Teach a small language model to reason, on a free Colab T4
#
# QLoRA on 1,800 worked solutions of GSM8K, then the model before and after on the same test problems, by
# the same grader, with intervals; a chat; and the adapter on the Hub. *Runtime → Change runtime type → T4
# GPU* first, then *Run all*.
#
# Nothing is lost when Colab disconnects: checkpoints are on your Drive (or the Hub), and running the
# notebook again goes on from the last of them.
#
# The file is made from `notebooks/colab_t4.py` by `make notebook`.

# %% tags=["parameters"]
REPOSITORY = "https://github.com/USER/tinyreason"  # write here where this notebook is from
RECIPE = "configs/qwen2.5-1.5b-instruct/sft_t4.yaml"
MODEL = "Qwen/Qwen2.5-1.5B-Instruct"
DATASET = "gsm8k"
TEST_ROWS = 200  # of 1,319 test problems; more make the interval narrower
OUTPUT = "/content/drive/MyDrive/tinyreason/sft"  # checkpoints and results, on your Google Drive
HUB_REPO = ""  # USER/NAME: checkpoints and adapter in a private repository on the Hub
MORE_TRAINING = []  # more flags of recipes/sft.py, such as ["--max_steps", "100"]
MORE_EVALUATION = ["--dtype", "float16", "--batch_size", "32"]

# %% [markdown]
# ## Install
#
# The tested versions of the libraries that train, beside the torch and NumPy that Colab comes with, which
# stay as they are.

# %%
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def run(*command, text=""):
    """Runs a command and shows what it prints; its failure stops the notebook."""
    process = subprocess.Popen(
        [str(word) for word in command],
        env={**os.environ, "TQDM_MININTERVAL": "20", "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    process.stdin.write(text)
    process.stdin.close()
    for line in process.stdout:
        print(line, end="")
    if process.wait():
        raise RuntimeError(f"{command[1]} failed, see above")


if not Path("recipes/sft.py").is_file():
    if not Path("tinyreason").is_dir():
        assert "/USER/" not in REPOSITORY, "write into REPOSITORY, above, where this notebook is from"
        run("git", "clone", "--depth", "1", REPOSITORY, "tinyreason")
    os.chdir("tinyreason")
try:
    print("tinyreason", version("tinyreason"), "is installed")
except PackageNotFoundError:
    here = {name: version(name) for name in ("torch", "numpy")}
    tested = ("transformers", "trl", "datasets", "accelerate", "peft", "bitsandbytes", "math-verify")
    pins = [
        line for line in Path("constraints.txt").read_text().splitlines() if line.split("==")[0] in tested
    ]
    pins += [f"{name}=={number}" for name, number in here.items()]
    Path("constraints.colab.txt").write_text("\n".join(pins) + "\n")
    run(sys.executable, "-m", "pip", "install", "-q", "-c", "constraints.colab.txt", "-e", ".[qlora]")
    assert here == {name: version(name) for name in here}, "an installed package was replaced"

# %% [markdown]
# ## Where it is kept

# %%
OUTPUT, HUB = Path(OUTPUT), []
if OUTPUT.is_relative_to("/content/drive"):
    from google.colab import drive

    drive.mount("/content/drive")
if HUB_REPO:
    if "HF_TOKEN" not in os.environ:
        from huggingface_hub import get_token, login

        login()
        assert get_token(), "not logged in"
        os.environ["HF_TOKEN"] = get_token()  # what trains is another process and cannot ask Colab for it
    HUB = ["--push_to_hub", "true", "--hub_model_id", HUB_REPO, "--hub_private_repo", "true"]
    # the last checkpoint is what a new machine finds; the best of an earlier one would not be there
    HUB += ["--hub_strategy", "checkpoint", "--load_best_model_at_end", "false"]
print("kept in", OUTPUT, "and", HUB_REPO or "not on the Hub")

# %% [markdown]
# ## What it will take
#
# Memory phase by phase, steps and tokens, before anything is loaded; and every mistake of the recipe, if
# there were any.

# %%
run(sys.executable, "scripts/plan.py", "--config", RECIPE)
run(sys.executable, "scripts/check.py", RECIPE)

# %% [markdown]
# ## Train
#
# Before the first step it shows what is supervised: the worked solution and the answer, not the question. A
# second run goes on from the last checkpoint.

# %%
run(
    *(sys.executable, "recipes/sft.py", "--config", RECIPE, "--model_name_or_path", MODEL),
    *("--dataset", DATASET, "--output_dir", OUTPUT, "--disable_tqdm", "true", *HUB, *MORE_TRAINING),
)

# %% [markdown]
# ## Before and after
#
# The tuned model, the base under the same prompt, and the base under its own: what is gained on the first
# base alone may be the template, not mathematics. All on the same problems, greedy, graded by the same code.
# The interval is Wilson's at 95 %; the p-value is McNemar's exact test on the problems that one of two models
# solves, and it decides the word. Imitating short solutions can also make a good model worse. The base is the
# published one in 16 bits, the tuned one stands on four, as it was trained: what that costs is part of the
# difference.

# %%
run(
    *(sys.executable, "recipes/evaluate.py", "--model", OUTPUT, "--dataset", DATASET, "--split", "test"),
    *("--max_rows", TEST_ROWS, *MORE_EVALUATION),
)

# %% [markdown]
# ## Ask it something

# %%
run(
    *(sys.executable, "scripts/chat.py", "--model", OUTPUT),
    text="A baker fills 12 trays with 8 rolls each and sells 70 rolls. How many are left?\n",
)

# %% [markdown]
# ## The adapter on the Hub
#
# With `HUB_REPO` set it is there already, pushed with each checkpoint; it is used by its id: `python
# scripts/chat.py --model USER/NAME`.

# %%
if HUB_REPO:
    from huggingface_hub import HfApi

    print(*HfApi().list_repo_files(HUB_REPO), sep="\n")
else:
    print("HUB_REPO is empty, so nothing is on the Hub")
