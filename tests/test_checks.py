"""The linter: each rule with a recipe that breaks it, all mistakes of a file at once, the fix in each."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import CPU, ROOT, run_recipe

from tinyreason.checks import RULES, check_file
from tinyreason.checks.packages import missing_packages

SFT = """# accelerate launch recipes/sft.py --config this.yaml
model_name_or_path: Qwen/Qwen2.5-1.5B-Instruct
dataset: gsm8k
output_dir: runs/none
use_peft: true
dtype: bfloat16
learning_rate: 2.0e-4
"""
RL = SFT.replace("sft.py", "grpo.py").replace("2.0e-4", "1.0e-5")
PRETRAIN = """# accelerate launch recipes/pretrain.py --config this.yaml
architecture: {model_type: qwen3, max_position_embeddings: 512}
tokenizer_name_or_path: runs/none
corpus: runs/none
mixture: {gsm8k: 1}
max_steps: 10
output_dir: runs/none
"""
TEXTS = {"pretrain": PRETRAIN, "sft": SFT, "rl": RL}


def found(tmp_path: Path, stage: str, *lines: str, hardware: str | None = "l4") -> list[str]:
    path = tmp_path / "recipe.yaml"
    given = {line.split(":")[0] for line in lines}
    kept = [line for line in TEXTS[stage].splitlines() if line.split(":")[0] not in given]
    path.write_text("\n".join([*kept, *lines]) + "\n")
    return check_file(path, stage, [], hardware)


@pytest.mark.parametrize("stage", TEXTS)
@pytest.mark.parametrize("hardware", ["l4", "a100", "mi300x", None])
def test_a_good_recipe_has_no_mistakes(stage: str, hardware: str | None, tmp_path: Path) -> None:
    assert found(tmp_path, stage, hardware=hardware) == []


BROKEN = [
    ("number_format", "sft", ["dtype: float16", "bf16: true"], "t4", "bf16: True: NVIDIA T4 only emulates"),
    ("number_format", "sft", ["fp16: true", "bf16: false"], "t4", "dtype: bfloat16: NVIDIA T4 only emulates"),
    ("number_format", "sft", ["dtype: float16", "use_peft: false"], "l4", "write float32, or use_peft"),
    ("number_format", "sft", ["dtype: float16"], "l4", "fp16: False: float16 weights need fp16: true"),
    ("quantization", "rl", ["load_in_4bit: true", "use_vllm: true"], "l4", "use_vllm: True: TRL gives vLLM"),
    ("quantization", "sft", ["load_in_4bit: true", "use_peft: false"], "l4", "write use_peft: true"),
    ("quantization", "sft", ["load_in_4bit: true"], "mi300x", "does not run on AMD MI300X; leave it out"),
    ("quantization", "sft", ["optim: adamw_8bit"], "mi300x", "optim: adamw_8bit: bitsandbytes does not"),
    ("attention", "sft", ["attn_implementation: flash_attention_2"], "t4", "does not have it; write sdpa"),
    ("attention", "rl", ["attn_implementation: flash_attention_2", "dtype: float32"], "l4", "16 bits only"),
    (
        "packing",
        "sft",
        ["packing: true", "dataset_kwargs: {skip_prepare_dataset: true}"],
        "l4",
        "leaves rows as they are; drop one",
    ),
    ("packing", "sft", ["packing: true", "packing_strategy: wrapped"], "l4", "see each other; write bfd"),
    ("packing", "sft", ["padding_free: true"], "l4", "write max_length: null, or packing: true"),
    (
        "lengths",
        "sft",
        ["model_name_or_path: Qwen/Qwen2.5-Math-1.5B-Instruct", "max_length: 8192"],
        "l4",
        "max_length: 8192: the model has 4096 positions; write 4096 or less",
    ),
    (
        "lengths",
        "rl",
        ["model_name_or_path: Qwen/Qwen2.5-Math-1.5B-Instruct", "max_completion_length: 4000"],
        "l4",
        "write 3840",
    ),
    (
        "data",
        "sft",
        ["dataset: gsm9k"],
        "l4",
        "dataset: gsm9k: gsm9k is none of gsm8k, gsm8k_variants, math,",
    ),
    ("data", "sft", ["dataset: gsm8k+gsm9k"], "l4", "gsm9k is none of"),
    ("data", "sft", ["max_length: 256"], "l4", "10 % or more of the rows of gsm8k are longer"),
    ("data", "sft", ["dataset: gsm8k+synthetic", "max_length: 350"], "l4", "write 479, the longest"),
    ("data", "rl", ["max_completion_length: 64"], "l4", "50 % or more of the worked solutions of gsm8k"),
    (
        "packing",
        "sft",
        ["packing: true", "attn_implementation: sdpa"],
        "a100",
        "packing: True: without Flash",
    ),
    (
        "packing",
        "sft",
        ["packing: true", "attn_implementation: auto"],
        "mi300x",
        "by its square; write false",
    ),
    (
        "packing",
        "sft",
        ["padding_free: true", "max_length: null", "attn_implementation: auto"],
        "t4",
        "padding_free: True: without FlashAttention 2",
    ),
    ("pretraining", "pretrain", ["max_steps: -1"], "l4", "max_steps: -1: says how many rows are drawn"),
    ("pretraining", "pretrain", ["train_sampling_strategy: random"], "l4", "write sequential"),
    ("pretraining", "pretrain", ["use_peft: true"], "l4", "use_peft: True: pretraining trains all weights"),
    ("pretraining", "pretrain", ["context_length: 1024"], "l4", "has 512 positions; write 512 or less"),
    ("learning_rate", "sft", ["learning_rate: 2.0e-2"], "l4", "sft of adapters uses 1e-05 to 0.001"),
    ("learning_rate", "rl", ["learning_rate: 2.0e-5", "use_peft: false"], "l4", "rl of all weights uses"),
    ("shaping", "rl", ["reward_funcs: [accuracy, steps]"], "l4", "steps alone decide, at full size"),
    (
        "shaping",
        "rl",
        ["reward_funcs: [accuracy, format]", "format_requires_correct: false"],
        "l4",
        "format alone decide",
    ),
    (
        "shaping",
        "rl",
        ["reward_funcs: [accuracy, steps]", "algorithm: grpo_lead"],
        "l4",
        "at full size; take dr_grpo, since grpo_lead always scales, or pay inside",
    ),
    (
        "shaping",
        "rl",
        ["algorithm: dapo", "max_resample_rounds: 0"],
        "l4",
        "soft_overlong alone decide, at full size; write scale_rewards: none",
    ),
    (
        "weights",
        "rl",
        ["reward_funcs: [accuracy]", "reward_weights: [1, 2]"],
        "l4",
        "reward_weights: [1.0, 2.0]: 2 weights for 1 rewards; give one for each of accuracy",
    ),
    ("sampling", "rl", ["top_k: 50"], "l4", "top_k: 50: TRL's log-probabilities leave it out of account"),
    ("sampling", "rl", ["top_p: 0.9"], "l4", "write 1.0"),
    ("sampling", "rl", ["min_p: 0.1"], "l4", "write None"),
    ("sampling", "rl", ["generation_kwargs: {temperature: 0.9}"], "l4", "temperature in it is left out"),
    ("best_checkpoint", "sft", ["load_best_model_at_end: true"], "l4", "eval_strategy and save_strategy"),
    (
        "best_checkpoint",
        "sft",
        ["load_best_model_at_end: true", "dataset: gsm8k+math"],
        "l4",
        "metric_for_best_model: None: each part of a mixture has its own",
    ),
    (
        "best_checkpoint",
        "sft",
        ["load_best_model_at_end: true", "push_to_hub: true", "hub_strategy: checkpoint"],
        "l4",
        "may not have the best; write false",
    ),
    (
        "best_checkpoint",
        "sft",
        ["load_best_model_at_end: true", "eval_strategy: steps", "eval_steps: 30", "save_steps: 50"],
        "l4",
        "is no multiple of eval_steps",
    ),
]


@pytest.mark.parametrize(("rule", "stage", "lines", "hardware", "words"), BROKEN)
def test_what_a_rule_forbids_is_found_with_its_fix(
    rule: str, stage: str, lines: list[str], hardware: str, words: str, tmp_path: Path
) -> None:
    problems = found(tmp_path, stage, *lines, hardware=hardware)
    assert any(words in problem for problem in problems), problems


def test_every_rule_is_broken_in_a_test() -> None:
    assert {rule.__name__ for rule in RULES} == {broken[0] for broken in BROKEN}


def test_shaping_may_pay_where_the_deviation_does_not_enlarge_it(tmp_path: Path) -> None:
    lines = ["reward_funcs: [accuracy, steps]", "scale_rewards: none"]
    assert found(tmp_path, "rl", *lines) == []
    assert found(tmp_path, "rl", "algorithm: dapo") == []
    assert found(tmp_path, "rl", "algorithm: dr_grpo", lines[0]) == []


def test_packed_rows_are_fine_with_flash_attention_and_on_a_cpu(tmp_path: Path) -> None:
    for attention in ("auto", "flash_attention_2"):
        lines = ["packing: true", f"attn_implementation: {attention}"]
        assert found(tmp_path, "sft", *lines, hardware="a100") == []
    assert found(tmp_path, "sft", "packing: true", "attn_implementation: sdpa", hardware=None) == []


def test_what_fits_nearly_all_rows_is_long_enough(tmp_path: Path) -> None:
    assert found(tmp_path, "sft", "max_length: 351") == []
    assert found(tmp_path, "sft", "max_length: null") == []
    assert found(tmp_path, "rl", "max_completion_length: 87") == []
    assert found(tmp_path, "sft", "dataset: rows/of/mine.jsonl", "max_length: 64") == []
    assert found(tmp_path, "rl", "max_completion_length: 16", "dry_run: true") == []


def test_groups_and_inner_steps_are_found_by_the_classes(tmp_path: Path) -> None:
    assert "does not divide" in found(tmp_path, "rl", "num_generations: 3")[0]
    assert "would be GRPO" in found(tmp_path, "rl", "algorithm: gspo", "num_iterations: 1")[0]


def test_a_reward_that_does_not_exist_is_found(tmp_path: Path) -> None:
    problems = found(tmp_path, "rl", "reward_funcs: [acuracy]", "reward_weights: [1, 2]")
    assert len(problems) == 2
    assert "unknown reward in reward_funcs 'acuracy'; choose from accuracy, format," in problems[0]
    assert "2 weights for 1 rewards" in problems[1]


def test_all_mistakes_of_a_file_come_at_once(tmp_path: Path) -> None:
    lines = ["learning_rate: 3", "top_k: 20", "max_stepz: 5", "fp16: yes please", "num_generations: 5"]
    problems = "\n".join(found(tmp_path, "rl", *lines))
    for words in ("learning_rate: 3.0", "top_k: 20", "did you mean max_steps?", "fp16", "num_generations: 5"):
        assert words in problems
    assert str(tmp_path / "recipe.yaml") in problems


# what a recipe asks for -> the sentence where the package is missing
ASKED = [
    ({"use_peft": True}, "peft", "peft is not installed; pip install -e '.[qlora]', or leave it out"),
    ({"load_in_4bit": True}, "bitsandbytes", "bitsandbytes is not installed; pip install -e '.[qlora]'"),
    ({"optim": "adamw_8bit"}, "bitsandbytes", "bitsandbytes is not installed"),
    ({"attn_implementation": "flash_attention_2"}, "flash_attn", "pip install --no-build-isolation -e '.[fl"),
    ({"backend": "unsloth"}, "unsloth", "unsloth is not installed; pip install -e '.[unsloth]'"),
    ({"use_vllm": True}, "vllm", "vllm is not installed; pip install -e '.[vllm]'"),
    ({"report_to": ["wandb"]}, "wandb", "wandb is not installed; pip install -e '.[wandb]'"),
]
NOTHING = {
    "use_peft": False, "load_in_4bit": False, "optim": "adamw_torch_fused", "attn_implementation": "sdpa",
    "backend": "auto", "use_vllm": False, "report_to": [],
}  # fmt: skip


@pytest.mark.parametrize(("asked", "package", "sentence"), ASKED)
def test_a_package_is_asked_for_where_it_is_needed_and_missing(
    asked: dict, package: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kernels", None)
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not installed
    [(key, words)] = missing_packages({**NOTHING, **asked})
    assert [key] == list(asked)
    assert sentence in words
    monkeypatch.setitem(sys.modules, package, sys.modules["pytest"])  # as if it were
    assert list(missing_packages({**NOTHING, **asked})) == []
    assert list(missing_packages(NOTHING)) == []


def check(*words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "scripts" / "check.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_script_checks_what_is_shipped_and_tries_changes(tmp_path: Path) -> None:
    shipped = check("configs")
    assert shipped.returncode == 0, shipped.stdout
    assert "recipes checked, no mistakes" in shipped.stdout
    path = tmp_path / "sft_t4.yaml"
    path.write_text(SFT)
    assert check(str(path), "--hardware", "l4").stdout == "1 recipe checked, no mistakes\n"
    changed = run_recipe("scripts/check.py", path, "--learning_rate", 5, code=1)
    assert "dtype: bfloat16: NVIDIA T4" in changed
    assert "learning_rate: 5.0" in changed


def test_a_run_with_a_mistake_does_not_start(tmp_path: Path) -> None:
    flags = [*CPU, "--model_name_or_path", "runs/there/is/none", "--output_dir", tmp_path / "run"]
    output = run_recipe("recipes/grpo.py", *flags, "--top_k", 20, code=1)
    assert output.strip().endswith(
        "error: top_k: 20: TRL's log-probabilities leave it out of account; write 0"
    )
    assert not (tmp_path / "run").exists()


@pytest.mark.skipif(find_spec("vllm") is not None, reason="needs a machine without vLLM")
def test_a_run_without_its_package_ends_before_anything_is_loaded(tmp_path: Path) -> None:
    flags = [*CPU, "--model_name_or_path", "runs/there/is/none", "--output_dir", tmp_path / "run"]
    output = run_recipe("recipes/grpo.py", *flags, "--use_vllm", "true", code=1)
    assert "error: use_vllm: True: vllm is not installed; pip install -e '.[vllm]'" in output
    assert "Traceback" not in output
    assert not (tmp_path / "run").exists()
