"""Turns the sources of a pretraining corpus into token files: cleaned, each text once, none from a test set.

python recipes/corpus.py --config configs/tiny/corpus_cpu.yaml

The same command goes on after an interruption, and adds a source of texts that is new in the recipe.
"""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tinyreason.config import RECIPE, CorpusArguments, ModelArguments, parse, write_recipe
from tinyreason.corpus import Corpus, build_source, describe, read_seen
from tinyreason.data import load_split
from tinyreason.models import load_tokenizer
from tinyreason.run import plain_errors, send_no_telemetry


@dataclass
class BuildArguments:
    """By which tokenizer, without whose words, and where to."""

    tokenizer_name_or_path: str = field(metadata={"help": "Folder or Hub id of the tokenizer."})
    output_dir: str = field(metadata={"help": "Folder for the corpus: one folder a source in it."})
    decontaminate: list[str] = field(
        default_factory=lambda: ["gsm8k", "math"],
        metadata={"help": "Datasets whose test questions no document may share 13 words in a row with."},
    )
    save_tokens: int = field(default=2**24, metadata={"help": "Tokens after which a source is saved."})


def main() -> None:
    """One source after the other; a text that an earlier one has is left out of a later one."""
    arguments, build = parse([CorpusArguments, BuildArguments], description=__doc__)
    send_no_telemetry()
    tokenizer = ModelArguments(model_name_or_path=build.tokenizer_name_or_path)
    folder = Path(build.output_dir)
    folder.mkdir(parents=True, exist_ok=True)
    load = partial(load_split, data_dir=arguments.data_dir, seed=arguments.dataset_seed)
    tests = {f"{name}/test": load(name, "test") for name in build.decontaminate}
    validation = {
        source.dataset: load(source.dataset, "validation", revision=source.revision)
        for source in arguments.sources.values()
        if source.dataset is not None
    }
    held_out = {name: [row["question"] for row in split.rows] for name, split in (tests | validation).items()}
    corpus = Corpus(
        arguments,
        load_tokenizer(tokenizer, arguments.answer_format),
        held_out=held_out,
        seen=read_seen(folder, arguments.sources),
        save_tokens=build.save_tokens,
    )
    write_recipe(folder / RECIPE, arguments, build)
    for name, source in arguments.sources.items():
        print(describe(name, build_source(corpus, source, folder / name)), flush=True)
    print(f"{len(arguments.sources)} sources: {folder}")


if __name__ == "__main__":
    with plain_errors(resumable=True):
        main()
