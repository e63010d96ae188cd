"""Completions that are decoded together, from their prompts to their last tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from transformers.cache_utils import Cache

from tinyreason.generation.cache import GrowingLayer, Part, together
from tinyreason.hashing import text_hash
from tinyreason.models import positions

if TYPE_CHECKING:
    from transformers import PreTrainedModel

LEAVE_TOGETHER = 8  # rows of a batch move once an eighth of them has ended: to move them copies the cache

Place = tuple[int, int]  # index of a prompt, number of the sample


@dataclass(frozen=True)
class Decoding:
    """Greedy at temperature 0, else sampling from the whole distribution: the one that rollouts are drawn
    from. `samples` completions a prompt, of at most `max_new_tokens` tokens each.
    """

    max_new_tokens: int
    temperature: float = 0.0
    samples: int = 1
    seed: int = 0


def seed_of(decoding: Decoding, number: int, ids: list[int]) -> int:
    """What a sample of a prompt is drawn by: the same whatever else is sampled."""
    return int(text_hash(f"{decoding.seed} {number} {ids}"), 16) % 2**63


class Batch:
    """The completions that are decoded together: `places` says which one each row is.

    `state` has of each row: `last`, the token it wrote last; `tokens`, all of them, with a column to spare;
    `counts` and `limits`, how many there are and may be; `done`; `uniforms`, what it samples by. A row that
    has ended writes on until the rows move; what it writes is cut off. `part` is the cache of the rows.
    """

    def __init__(
        self, model: "PreTrainedModel", ids: list[list[int]], decoding: Decoding, ends: Sequence[int]
    ) -> None:
        self.model, self.ids, self.decoding = model, ids, decoding
        self.ends = torch.tensor(ends, device=model.device)
        self.context = positions(model.config) or 2**31
        self.places: list[Place] = []
        self.state: dict[str, Tensor] = {}
        self.part: Part | None = None
        # what all prompts begin with is read once; each of them keeps a last token to go on from
        pairs = zip(min(ids, default=[]), max(ids, default=[]), strict=False)
        shared = [first for first, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
        self.shared = shared[: min(map(len, ids), default=1) - 1]
        self.prefix = Cache(layer_class_to_replicate=GrowingLayer)
        if self.shared:
            self._read(*self._padded([self.shared]), self.ends.new_ones(1, 0), self.prefix)

    @torch.inference_mode()
    def move(self, joining: list[Place]) -> None:
        """Leaves the rows that have ended behind, and puts one for each of `joining` beside the others."""
        parts = [self.part] if self.places else []
        if joining:
            part, state = self._begin(joining)
            parts.append(part)
            self.state = {
                name: torch.cat([self.state.get(name, new[:0]), new]) for name, new in state.items()
            }
            self.places = self.places + joining
        layers, mask = together(parts)
        self.part = Part(layers, mask, torch.arange(len(self.places), device=mask.device))

    def _begin(self, joining: list[Place]) -> tuple[Part, dict[str, Tensor]]:
        """Reads the prompts, each once, and writes the first token of every completion."""
        prompts = list(dict.fromkeys(index for index, _ in joining))
        count, shared = len(prompts), len(self.shared)
        layers = [
            GrowingLayer().hold(
                *(held.expand(count, -1, -1, -1) for held in (layer.keys, layer.values)), shared
            )
            for layer in self.prefix.layers
        ]
        cache = Cache(layers=layers) if layers else Cache(layer_class_to_replicate=GrowingLayer)
        rests = [self.ids[index][shared:] for index in prompts]
        logits, mask = self._read(*self._padded(rests), self.ends.new_ones(count, shared), cache)
        rows = torch.tensor([prompts.index(index) for index, _ in joining], device=mask.device)
        state = self._new_state(joining)
        self._write(state, logits[rows])
        return Part(cache.layers, mask, rows), state

    @torch.inference_mode()
    def run(self) -> list[tuple[Place, list[int]]]:
        """Decodes until an eighth of the rows has ended; what those have written."""
        state, mask = self.state, self.part.mask
        cache = Cache(layers=self.part.layers)
        enough = max(1, len(self.places) // LEAVE_TOGETHER)
        while int(state["done"].sum()) < enough:
            last = state["last"][:, None]
            logits, mask = self._read(last, torch.ones_like(last), mask, cache)
            self._write(state, logits)
        done = state["done"].tolist()
        written = zip(self.places, state["tokens"].tolist(), state["limits"].tolist(), done, strict=True)
        ended = [(place, tokens[:limit]) for place, tokens, limit, gone in written if gone]
        going_on = (~state["done"]).nonzero().flatten()
        self.places = [place for place, gone in zip(self.places, done, strict=True) if not gone]
        self.state = {name: values[going_on] for name, values in state.items()}
        self.part = Part(cache.layers, mask, going_on)
        return ended

    def _padded(self, rows: list[list[int]]) -> tuple[Tensor, Tensor]:
        """The tokens (B, T), padded at the left, and which of them are the row's own."""
        longest = max(map(len, rows))
        tokens = [[0] * (longest - len(row)) + row for row in rows]
        own = [[0] * (longest - len(row)) + [1] * len(row) for row in rows]
        return self.ends.new_tensor(tokens), self.ends.new_tensor(own)

    @torch.inference_mode()
    def _read(self, tokens: Tensor, own: Tensor, before: Tensor, cache: Cache) -> tuple[Tensor, Tensor]:
        """The logits (B, V) after the last of `tokens` (B, T), and the mask over the cache that now holds
        them too; `own` is theirs, `before` that of what it held.
        """
        mask = torch.cat([before, own], dim=1)
        output = self.model(
            input_ids=tokens,
            attention_mask=mask,
            # a row that has ended may go on beyond the model's positions
            position_ids=(mask.cumsum(dim=1) - 1).clamp(0, self.context - 1)[:, -tokens.shape[1] :],
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return output.logits[:, -1].float(), mask

    def _new_state(self, joining: list[Place]) -> dict[str, Tensor]:
        most = self.decoding.max_new_tokens
        limits = [max(1, min(most, self.context - len(self.ids[index]))) for index, _ in joining]
        counts = self.ends.new_zeros(len(joining))
        return {
            "last": counts.clone(),
            "tokens": self.ends.new_zeros(len(joining), most + 1),
            "counts": counts,
            "limits": self.ends.new_tensor(limits),
            "done": counts.bool(),
            "uniforms": self._uniforms(joining).to(self.ends.device),
        }

    def _uniforms(self, joining: list[Place]) -> Tensor:
        """What each row samples its tokens by: numbers in [0, 1), the same whatever else is sampled."""
        if not self.decoding.temperature:
            return torch.empty(len(joining), 0)
        drawn = []
        for index, number in joining:
            generator = torch.Generator().manual_seed(seed_of(self.decoding, number, self.ids[index]))
            drawn.append(torch.rand(self.decoding.max_new_tokens + 1, generator=generator))
        return torch.stack(drawn)

    def _write(self, state: dict[str, Tensor], logits: Tensor) -> None:
        """Chooses a token for every row."""
        column = state["counts"].clamp(max=self.decoding.max_new_tokens)[:, None]
        if self.decoding.temperature:
            heights = (logits / self.decoding.temperature).softmax(dim=1).cumsum(dim=1)
            aims = state["uniforms"].gather(1, column) * heights[:, -1:]
            # right=True: a token of probability 0 is never met
            tokens = torch.searchsorted(heights, aims, right=True)[:, 0].clamp(max=logits.shape[1] - 1)
        else:
            tokens = logits.argmax(dim=1)
        state["last"] = tokens
        state["tokens"].scatter_(1, column, tokens[:, None])
        state["counts"] += 1
        state["done"] |= torch.isin(tokens, self.ends) | (state["counts"] >= state["limits"])
