"""The model card. Every figure in it is read from run.json, recipe.yaml and eval/*.json; what they do not
hold is said to be unknown or left out, and a card with a gap in it is not written.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinyreason import __version__
from tinyreason.config import ModelArguments
from tinyreason.evaluation import paired_sentence, results_table
from tinyreason.figures import format_count, format_percent
from tinyreason.hub.facts import HubError, Publication
from tinyreason.hub.files import without_paths
from tinyreason.report import Group, Result, facts_rows, one_cell

if TYPE_CHECKING:
    from huggingface_hub import EvalResult, ModelCardData

PAPERS = {
    "grpo": "GRPO (Shao et al. 2024, arXiv 2402.03300)",
    "dr_grpo": "Dr. GRPO (Liu et al. 2025, arXiv 2503.20783)",
    "ppo": "PPO (Schulman et al. 2017, arXiv 1707.06347)",
    "gspo": "GSPO (Zheng et al. 2025, arXiv 2507.18071)",
    "dapo": "DAPO (Yu et al. 2025, arXiv 2503.14476)",
    "grpo_lead": "GRPO-LEAD (Zhang and Zuo 2025, arXiv 2504.09696)",
    "rloo": "RLOO (Ahmadian et al. 2024, arXiv 2402.14740)",
    "cispo": "CISPO (MiniMax 2025, arXiv 2506.13585)",
}
# what a card that was not finished has in it
GAP = re.compile(
    r"\b(?:TODO|TBD|FIXME|XXX|None|nan|(?i:lorem ipsum|user/name|your[-_ ](?:name|model|username)))\b"
    r"|(?i:\[more information needed)|\{\{|\}\}"
)
# as models/adapters.py has it
FOUR_BITS = """BitsAndBytesConfig(
    load_in_4bit=True,
    bnb_4bit_quant_type="nf4",
    bnb_4bit_use_double_quant=True,
    bnb_4bit_compute_dtype="{dtype}",
)"""


def model_card(found: Publication, repo: str) -> str:
    """README.md of the repository. Raises HubError where something in it would be a gap."""
    title = repo.split("/")[1]
    sections = [
        ("", f"# {title}\n\n{opening(found)}"),
        ("Results", "\n\n".join(results(found, title))),
        ("Use", usage(found, repo)),
        ("Training", training(found)),
        ("Data", data(found)),
        ("Limits", "\n".join(f"- {words}" for words in limits(found))),
        ("Licence and citation", citation(found, title, repo)),
    ]
    text = "\n\n".join(f"## {name}\n\n{content}" if name else content for name, content in sections)
    gap = GAP.search(text.replace(title, ""))
    if gap:
        line = text[: gap.start()].count("\n") + 1
        raise HubError(f"the card would say {gap[0]!r} in its line {line}; nothing is published with a gap")
    return without_paths(f"---\n{metadata(found, title)}\n---\n\n{text}\n")


def metadata(found: Publication, title: str) -> "ModelCardData":
    """The head of the card, with the model-index that the Hub reads scores from."""
    from huggingface_hub import ModelCardData

    relation = "adapter" if found.is_adapter else "finetune"
    based = {"base_model": found.base[0], "base_model_relation": relation} if found.base else {}
    return ModelCardData(
        language="en",
        license=found.licence,
        library_name="peft" if found.is_adapter else "transformers",
        pipeline_tag="text-generation",
        tags=["tinyreason", "mathematics", "reasoning", "trl", *map(str.lower, trained_by(found))],
        datasets=sorted({each.repo for each in found.data if each.repo}) or None,
        model_name=title,
        eval_results=[each for group, own in found.results for each in index_entries(group, own)] or None,
        **based,
    )


def index_entries(group: Group, own: Result) -> "Iterator[EvalResult]":
    """One result as the Hub's metrics: the greedy accuracy, and pass@k and maj@k where they were sampled."""
    from huggingface_hub import EvalResult

    summary = own.summary
    origin = summary.get("data", {})
    dataset = without_paths(summary["dataset"])
    low, high = summary["ci95"]
    told = {"n": summary["n"], "protocol": summary["protocol"], "seed": summary["seed"]}
    interval = f"95 % interval {low:.4f} to {high:.4f}, n = {summary['n']}, protocol {summary['protocol']}"
    name = f"accuracy, greedy, strict, {interval}"
    metrics = [("accuracy", summary["accuracy"], name, {"ci95": [low, high]})]
    if "sampled" in summary:
        sampled = summary["sampled"]
        heat = {"samples": sampled["k"], "temperature": summary["temperature"]}
        found = {f"pass@{k}": share for k, share in sampled["pass_at_k"].items()}
        found[f"maj@{sampled['k']}"] = sampled["maj_at_k"]
        metrics += [(kind, share, f"{kind}, {summary['protocol']}", heat) for kind, share in found.items()]
    for kind, value, name, more in metrics:
        yield EvalResult(
            task_type="text-generation",
            dataset_type=origin.get("repo_id", dataset),
            dataset_name=group.title,
            dataset_config=group.title,  # results that differ in it are kept apart
            dataset_split=summary["split"],
            dataset_revision=origin.get("commit"),
            metric_type=kind,
            metric_value=round(value, 4),
            metric_name=name,
            metric_args={**told, **more},
        )


def trained_by(found: Publication) -> list[str]:
    """Pretraining, SFT, the algorithm of RL, the first stage first."""
    return [stage.trained_by for stage in reversed(found.chain)]


def opening(found: Publication) -> str:
    """What it is, in two sentences."""
    size = format_count(found.parameters)
    kind = "A LoRA adapter" if found.is_adapter else "A language model"
    base = found.base[0] if found.base else None
    start = f" from [{base}](https://huggingface.co/{base})" if base else " from scratch"
    named = ", then ".join(PAPERS.get(step, step) for step in trained_by(found))
    merged = ""
    if found.is_adapter and found.run.recipe.get("load_in_4bit"):
        merged = " Its base had four bits (NF4) in training and evaluation; the code below loads it so."
    if found.merged:
        state = "dequantised four-bit weights" if found.merged["dequantized"] else "the weights"
        merged = f" The adapter is merged into {state} of its base, in {found.merged['dtype']}."
    return (
        f"{kind} ({size} parameters) that works on mathematical problems step by step, trained{start} by "
        f"{named}, with tinyreason {__version__}.{merged} It writes its reasoning, then `</think>`, then the "
        "answer."
    )


def results(found: Publication, title: str) -> Iterator[str]:
    """For every test set a table with the models it was compared with, and what the tests say."""
    if not found.results:
        yield "This model has not been evaluated. Nothing is known of what it can do."
    for group in found.groups:
        named = {result.label: title if found.is_own(result) else result.label for result in group.results}
        table = [{**result.summary, "model": one_cell(named[result.label])} for result in group.results]
        yield results_table(table)
        tests = [
            paired_sentence(
                named.get(each.label, each.label),
                {**each.test, "against": named.get(each.against, without_paths(each.against))},
            )
            for each in group.tests
        ]
        if tests:
            yield "\n".join(f"- {words}" for words in tests)
    if found.results:
        yield (
            "Accuracy is the share of problems whose marked answer is right, greedy, with Wilson's interval; "
            "*flexible* counts the last number where nothing is marked. Models are compared on the same "
            "problems by exact McNemar's test. `eval/` has the summaries."
        )


def usage(found: Publication, repo: str) -> str:
    """Code that runs as it is."""
    auto = "AutoPeftModelForCausalLM" if found.is_adapter else "AutoModelForCausalLM"
    imports, loaded = f"from transformers import {auto}, AutoTokenizer", f'"{repo}"'
    if found.is_adapter:
        imports = f"from peft import {auto}\nfrom transformers import AutoTokenizer"
    if found.is_adapter and found.run.recipe.get("load_in_4bit"):
        imports += ", BitsAndBytesConfig"
        dtype = found.run.recipe.get("dtype", ModelArguments.dtype)
        loaded += f", quantization_config={FOUR_BITS.format(dtype=dtype)}"
    return f"""```python
{imports}

tokenizer = AutoTokenizer.from_pretrained("{repo}")
model = {auto}.from_pretrained({loaded})
question = [{{"role": "user", "content": "Ann has 26 pens. Ann buys 15 more. How many pens does Ann have?"}}]
prompt = tokenizer.apply_chat_template(
    question, add_generation_prompt=True, return_dict=True, return_tensors="pt"
)
output = model.generate(
    **prompt,
    max_new_tokens=512,
    do_sample=False,
    repetition_penalty=1.0,
    eos_token_id=tokenizer.eos_token_id,
    pad_token_id=tokenizer.pad_token_id,
)
print(tokenizer.decode(output[0, prompt["input_ids"].shape[1] :], skip_special_tokens=True))
```

The chat template adds the system prompt of training and opens the reasoning; `<|im_end|>` ends the turn."""


def training(found: Publication) -> str:
    """What each stage took, as its run.json has it; the recipe runs again."""
    header = f"| | {' | '.join(one_cell(stage.label) for stage in found.chain)} |"
    facts = without_paths(facts_rows(found.chain, None))
    rows = [f"| {' | '.join(map(one_cell, row))} |" for row in facts]
    lines = [header, "|---|" + "---|" * len(found.chain), *rows]
    if found.base and found.base[1]:
        lines += ["", f"The base is {found.base[0]} at {found.base[1]}."]
    lines += ["", "`recipe.yaml` is the resolved recipe of the last stage, `run.json` its record."]
    return "\n".join(lines)


def data(found: Publication) -> str:
    """What it was trained on, and how much of the test sets was in there."""
    lines = ["| stage | dataset | from | rows | licence |", "|---|---|---|---|---|"]
    for each in found.data:
        cells = [each.stage, each.name, each.source, each.rows, each.licence]
        lines.append(f"| {' | '.join(map(one_cell, cells))} |")
    overlaps = [
        f"- {stage.label}: {words}"
        for stage in found.chain
        for words in overlap(without_paths(stage.manifest.get("contamination", {})))
    ]
    said = ["", "Test questions in the training data (13 words in a row):", "", *overlaps] if overlaps else []
    return "\n".join(lines + said)


def overlap(contamination: dict[str, Any]) -> Iterator[str]:
    """A sentence a test set."""
    for name, found in contamination.items():
        if "not_read" in found:
            yield f"{name} was not looked at"
        else:
            yield (
                f"{found['shared']:,} of the {found['questions']:,} questions of {name}, "
                f"{found['shared_but_for_numbers']:,} but for the numbers"
            )


def limits(found: Publication) -> Iterator[str]:
    """What follows from the figures, and what holds of every such model."""
    for _, own in found.results:
        summary, test = own.summary, own.summary.get("paired")
        name = f"{Path(summary['dataset']).name}/{summary['split']}"
        wrong, cut = format_percent(1 - summary["accuracy"]), format_percent(summary["truncated"])
        yield f"{name}: {wrong} of its answers are wrong or missing; {cut} are cut off."
        if test and test["verdict"] != "improved":
            other = without_paths(test["against"])
            yield f"{name}: against {other} {test['verdict']}; do not take it for an improvement."
    measured = {(own.summary["dataset"], own.summary["split"]) for _, own in found.results}
    if ("synthetic", "test") in measured and ("synthetic", "unseen") not in measured:
        yield "Synthetic problems have few wordings; what it makes of others was not measured."
    if measured:
        yield "It was measured on problems with one short answer; nothing else was looked at."
    yield "The reasoning may be wrong where the answer is right. Check what you rely on."
    base = f", and has no other safety training than {found.base[0]} has" if found.base else ""
    yield f"It was not trained to refuse anything{base}."


def citation(found: Publication, title: str, repo: str) -> str:
    """The licence, and how to cite."""
    key = re.sub(r"\W+", "-", title).strip("-").lower()
    commit = found.run.manifest["commit"]
    made = f"tinyreason {__version__}" + ("" if commit == "unknown" else f", commit {commit}")
    given = f", as that of {found.base[0]}" if found.base else ""
    return f"""The model's licence is {found.licence}{given}; those of the data are in the table above.

```bibtex
@misc{{{key},
  title = {{{title}}},
  howpublished = {{Hugging Face Hub, https://huggingface.co/{repo}}},
  note = {{Trained with {made}}}
}}
```"""
