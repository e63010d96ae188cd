"""Trains a byte-level BPE tokenizer on the training documents of some sources.

python recipes/tokenizer.py --config configs/tiny/tokenizer_cpu.yaml
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tinyreason.config import RECIPE, CorpusArguments, parse, write_recipe
from tinyreason.corpus import documents
from tinyreason.run import plain_errors, send_no_telemetry
from tinyreason.tokenizer import train_tokenizer


@dataclass
class TokenizerArguments:
    """What is trained and where it goes."""

    output_dir: str = field(metadata={"help": "Folder for the tokenizer."})
    vocab_size: int = field(default=768, metadata={"help": "Most tokens, bytes and chat tokens included."})


class Texts:
    """The training documents of all sources, counted as they are read."""

    def __init__(self, corpus: CorpusArguments) -> None:
        self.corpus, self.documents, self.bytes = corpus, 0, 0

    def __iter__(self) -> Iterator[str]:
        for source in self.corpus.sources.values():
            for document in documents(source, self.corpus)[0]:
                if document.split == "train":
                    self.documents += 1
                    self.bytes += len(document.text.encode("utf-8", "replace"))
                    yield document.text


def main() -> None:
    """Reads, trains, saves."""
    corpus, training = parse([CorpusArguments, TokenizerArguments], description=__doc__)
    send_no_telemetry()
    texts = Texts(corpus)
    tokenizer = train_tokenizer(texts, training.vocab_size, corpus.answer_format)
    tokenizer.save_pretrained(training.output_dir)
    write_recipe(f"{training.output_dir}/{RECIPE}", corpus, training)
    read = f"{texts.documents:,} documents, {texts.bytes:,} bytes"
    print(f"{len(tokenizer)} tokens from {read}: {training.output_dir}")


if __name__ == "__main__":
    with plain_errors():
        main()
