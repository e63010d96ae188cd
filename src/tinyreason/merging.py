"""An adapter and its base as one model that needs neither: written, and put beside what it was made from.

Two things go wrong elsewhere without a word: the adapter is merged into another base, or into weights that
round it away; or the end of a turn gets lost, and the model never stops. So the logits of the merged model
must be those of base and adapter and not those of the base, and what is read back from the disk, as anybody
would read it, must end its turns.
"""

import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tinyreason import chatml
from tinyreason.config import RECIPE, ConfigError, ModelArguments
from tinyreason.data import load_split
from tinyreason.hardware import device
from tinyreason.models import (
    MERGED_FROM,
    adapter_config,
    as_trained,
    check_folder,
    load_model,
    load_tokenizer,
    merge,
    merged_from,
    model_file,
    run_of,
    speaking_chatml,
    trained_with,
)
from tinyreason.monitors import CheckError
from tinyreason.run import MANIFEST, trained_answer_format, write_json

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Onto = Literal["trained", "original"]
PROBLEMS = 8
TAKEN = 0.25  # of what the adapter changes, by rounding: more, and the merged model is another one


@dataclass(frozen=True)
class Merged:
    """Logits over every token of PROBLEMS solved problems, as base with adapter has them: how far the merged
    model is from them at most, how far the base alone, and the share of tokens after which the merged model
    has another favourite.
    """

    difference: float
    base_difference: float
    changed: float


def merge_run(name: str, output: Path, *, onto: Onto = "trained", dtype: str | None = None) -> Merged:
    """Writes the whole model of an adapter into `output`: weights, tokenizer with chat template, generation
    config, and the run's recipe and run.json.

    Onto "trained" is into the base as it was in training, dequantised where it had four bits; "original" is
    into the weights as they were before. `dtype` None is that of the recipe. Raises ConfigError where there
    is nothing to merge or `output` is taken, CheckError where the result would be another model.
    """
    check_folder(name)
    config = adapter_config(name)
    if config is None:
        raise ConfigError(f"{name}: is no adapter, but a whole model already")
    if output.exists() and any(output.iterdir()):
        raise ConfigError(f"out: {output} is not empty; give another folder")
    if output.resolve() == (Path(name) / "merged").resolve():
        raise ConfigError(f"out: {output} is where merge_adapter writes; give another folder")
    model_args = as_trained(name, dtype or trained_with(name).get("dtype", ModelArguments.dtype))
    answer_format = trained_answer_format(name)
    tokenizer = load_tokenizer(model_args, answer_format)
    texts = [chatml.render_conversation(row, answer_format) for row in problems()]
    expected, without = adapter_logits(model_args, tokenizer, texts)
    four_bit = model_args.load_in_4bit and onto == "trained"
    model = speaking_chatml(merge(model_args, config, four_bit=four_bit), tokenizer).to(device())
    found = compare(logits(model, tokenizer, texts), expected, without)
    check(name, found, model_args.dtype, same_base=four_bit == model_args.load_in_4bit)
    beside = output.with_name(f".{output.name}.{os.getpid()}")  # whoever interrupts this leaves no half model
    model.save_pretrained(beside)
    tokenizer.save_pretrained(beside)
    for file in (RECIPE, MANIFEST):
        if path := model_file(run_of(name), file):
            shutil.copyfile(path, beside / file)
    origin = {"model": name, **merged_from(model_args, config, four_bit=four_bit)}
    write_json(beside / MERGED_FROM, {**origin, **asdict(found)})
    if output.exists():
        output.rmdir()
    beside.rename(output)
    return found


def check(name: str, found: Merged, dtype: str, *, same_base: bool) -> None:
    """Raises CheckError where the merged model is not what was trained, or no other than its base."""
    if found.base_difference == 0:
        raise CheckError(f"{name}: the adapter changes no logit of its base; nothing was written")
    if same_base and found.difference > TAKEN * found.base_difference:
        raise CheckError(
            f"{name}: the merged model differs by up to {found.difference:.3g} from base and adapter, which "
            f"differ by {found.base_difference:.3g} from the base; {dtype} rounds the adapter away: "
            "give --dtype float32"
        )


def problems() -> list[dict[str, Any]]:
    """Grade-school problems, as good as any for what is asked here."""
    return load_split("synthetic", "validation").rows[:PROBLEMS]


def adapter_logits(
    model_args: ModelArguments, tokenizer: "PreTrainedTokenizerBase", texts: list[str]
) -> "tuple[list[Tensor], list[Tensor]]":
    """Of every text, the logits of base with adapter, and of the base alone."""
    model = load_model(model_args, tokenizer, seed=0)
    expected = logits(model, tokenizer, texts)
    with model.disable_adapter():
        return expected, logits(model, tokenizer, texts)


def logits(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", texts: list[str]
) -> "list[Tensor]":
    """Of every text, in float32 on the CPU: (tokens, vocabulary)."""
    import torch

    model.eval()
    found = []
    with torch.inference_mode():
        for text in texts:
            ids = tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"]
            found.append(model(input_ids=ids.to(model.device)).logits[0].float().cpu())
    return found


def compare(merged: "list[Tensor]", expected: "list[Tensor]", base: "list[Tensor]") -> Merged:
    """What merging changed of the logits, beside what the adapter changes."""
    other = [(one.argmax(-1) != two.argmax(-1)).float() for one, two in zip(merged, expected, strict=True)]
    return Merged(
        largest_difference(merged, expected),
        largest_difference(base, expected),
        float(sum(each.sum() for each in other) / sum(each.numel() for each in other)),
    )


def largest_difference(ones: "list[Tensor]", others: "list[Tensor]") -> float:
    """Of any logit."""
    return max(float((one - other).abs().max()) for one, other in zip(ones, others, strict=True))


def unended(folder: Path, *, most: int) -> int:
    """How many of PROBLEMS questions a saved model goes on about for `most` tokens, when it is loaded and run
    by Transformers alone, with the template, the tokens and the settings that are in its folder.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(folder).to(device())
    asked = [[{"role": "user", "content": row["question"]}] for row in problems()]
    batch = tokenizer.apply_chat_template(
        asked, add_generation_prompt=True, padding=True, return_tensors="pt", return_dict=True
    )
    torch.manual_seed(0)  # its settings may sample
    output = model.generate(**batch.to(model.device), max_new_tokens=most)
    written = output[:, batch["input_ids"].shape[1] :]
    return int((written != tokenizer.eos_token_id).all(dim=1).sum())
