"""The rows that a model is pretrained on: windows of the sources' tokens, mixed by weight.

Row number i is always the same row, so a run that is resumed at a batch goes on at the very token. Documents
in one row do not see each other: positions start again where a document begins, from which Transformers makes
the mask, and no token is predicted from the document before it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy
import torch

from tinyreason import chatml
from tinyreason.config import ConfigError, MixtureArguments
from tinyreason.corpus import Tokens, read_index
from tinyreason.tokenizer import fingerprint

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

BLOCK = 10_000  # rows in which every source has its share, to one row
IGNORED = -100


class Rows(torch.utils.data.Dataset):
    """The rows of one source, in their order: what a validation loss is measured on."""

    def __init__(self, tokens: Tokens, end: int, count: int | None) -> None:
        self.tokens, self.end = tokens, end
        self.count = len(tokens) if count is None else min(count, len(tokens))

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, row: int) -> dict[str, torch.Tensor]:
        return as_inputs(self.tokens[row], self.end)


class MixedRows(torch.utils.data.Dataset):
    """`count` rows of several sources. `shares` sum to 1; a source that has fewer rows than it is asked for
    starts again, in another order.
    """

    def __init__(
        self, sources: Mapping[str, Tokens], shares: Mapping[str, float], *, end: int, count: int, seed: int
    ) -> None:
        names = sorted(sources)  # a mixture is the same in whatever order it is written
        self.sources, self.seeds = [sources[name] for name in names], [crc32(name.encode()) for name in names]
        self.end, self.count, self.seed = end, count, seed
        self.turns, self.ranks, self.each = interleaved([shares[name] for name in names])
        self.orders: dict[int, tuple[int, numpy.ndarray]] = {}  # of each source, with its epoch

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, row: int) -> dict[str, torch.Tensor]:
        block, place = divmod(row, BLOCK)
        source = int(self.turns[place])
        draw = block * int(self.each[source]) + int(self.ranks[place])
        epoch, position = divmod(draw, len(self.sources[source]))
        return as_inputs(self.sources[source][int(self._order(source, epoch)[position])], self.end)

    def _order(self, source: int, epoch: int) -> numpy.ndarray:
        if self.orders.get(source, (None, None))[0] != epoch:
            rng = numpy.random.default_rng([self.seed, self.seeds[source], epoch])
            self.orders[source] = (epoch, rng.permutation(len(self.sources[source])))
        return self.orders[source][1]


def interleaved(shares: list[float]) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """(turns, ranks, each) of a block: whose turn each row is, the how-manieth of that source it is, and how
    many rows each source has. Every beginning of the block, too, has the shares, to about one row.
    """
    exact = numpy.array(shares) * BLOCK
    each = numpy.floor(exact).astype(numpy.int64)
    for source in numpy.argsort(each - exact, kind="stable")[: BLOCK - each.sum()]:
        each[source] += 1
    places = numpy.concatenate([(numpy.arange(count) + 0.5) / count for count in each])
    order = numpy.argsort(places, kind="stable")
    turns = numpy.repeat(numpy.arange(len(each)), each)[order]
    ranks = numpy.concatenate([numpy.arange(count) for count in each])[order]
    return turns, ranks, each


def as_inputs(ids: numpy.ndarray, end: int) -> dict[str, torch.Tensor]:
    """input_ids, labels and position_ids of a row, each of shape (length,), int64."""
    places = numpy.arange(len(ids))
    begins = numpy.concatenate([[True], ids[:-1] == end])  # of a document, or of the rest of one
    positions = places - numpy.maximum.accumulate(numpy.where(begins, places, 0))
    columns = {"input_ids": ids, "labels": numpy.where(begins, IGNORED, ids), "position_ids": positions}
    return {name: torch.from_numpy(values) for name, values in columns.items()}


def load_rows(
    mixture: MixtureArguments, tokenizer: "PreTrainedTokenizerBase", *, count: int, seed: int
) -> tuple[MixedRows, dict[str, Rows], dict[str, dict]]:
    """(train, validation by source, what is read how often): `count` rows of the mixture."""
    end = tokenizer.convert_tokens_to_ids(chatml.PAD)
    folders = {name: Path(mixture.corpus) / name for name in mixture.mixture}
    indices = {name: read_index(folder) for name, folder in folders.items()}
    for name, index in indices.items():
        if index["made_with"]["tokenizer"] != fingerprint(tokenizer):
            raise ConfigError(f"tokenizer_name_or_path: {folders[name]} was made with another tokenizer")
    train = {name: Tokens(folder, "train", mixture.context_length) for name, folder in folders.items()}
    for name, tokens in train.items():
        if not len(tokens):
            raise ConfigError(f"mixture: {folders[name]} has less than one row of {mixture.context_length}")
    total = sum(mixture.mixture.values())
    shares = {name: weight / total for name, weight in mixture.mixture.items()}
    held_out = {
        name: Tokens(folder, "validation", mixture.context_length) for name, folder in folders.items()
    }
    validation = {
        name: Rows(tokens, end, mixture.max_validation_rows)
        for name, tokens in held_out.items()
        if len(tokens)
    }
    drawn = {
        name: {
            "share": share,
            "tokens_drawn": round(share * count * mixture.context_length),
            "epochs": share * count / len(train[name]),
            "validation_rows": len(validation.get(name, ())),
            **indices[name],
        }
        for name, share in shares.items()
    }
    return MixedRows(train, shares, end=end, count=count, seed=seed), validation, drawn


def describe_mixture(drawn: Mapping[str, Mapping]) -> str:
    """One line a source, such as: gsm8k: 10.0 %, 5,242,880 tokens, which reads its 1,234,567 4.2 times; 40
    validation rows.
    """
    return "\n".join(
        f"{name}: {100 * figures['share']:.1f} %, {figures['tokens_drawn']:,} tokens, which reads its "
        f"{figures['tokens']['train']:,} {figures['epochs']:.1f} times; {figures['validation_rows']} "
        "validation rows"
        for name, figures in drawn.items()
    )
