"""Trains a byte-level BPE tokenizer on the rendered training solutions of a dataset.

python recipes/tokenizer.py --config configs/tiny/tokenizer_cpu.yaml
"""

from dataclasses import dataclass, field

from tinyreason import chatml
from tinyreason.config import RECIPE, RecipeArguments, parse, write_recipe
from tinyreason.data import load_split
from tinyreason.run import plain_errors
from tinyreason.tokenizer import train_tokenizer


@dataclass
class TokenizerArguments:
    """What is trained and where it goes."""

    output_dir: str = field(metadata={"help": "Folder for the tokenizer."})
    vocab_size: int = field(default=768, metadata={"help": "Most tokens, bytes and chat tokens included."})


def main() -> None:
    """Reads the training split, trains, saves."""
    recipe, training = parse([RecipeArguments, TokenizerArguments], description=__doc__)
    split = load_split(
        recipe.dataset,
        "train",
        data_dir=recipe.data_dir,
        revision=recipe.dataset_revision,
        seed=recipe.dataset_seed,
    )
    texts = [
        chatml.render_prompt(row["question"], recipe.answer_format)
        + chatml.render_target(row["reasoning"], row["answer"], recipe.answer_format)
        for row in split.rows[: recipe.max_rows]
    ]
    tokenizer = train_tokenizer(texts, training.vocab_size, recipe.answer_format)
    tokenizer.save_pretrained(training.output_dir)
    write_recipe(f"{training.output_dir}/{RECIPE}", recipe, training)
    print(f"{len(tokenizer)} tokens from {len(texts)} texts: {training.output_dir}")


if __name__ == "__main__":
    with plain_errors():
        main()
