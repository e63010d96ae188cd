"""The cache of a batch whose rows come and go, on the hooks of Transformers' own."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import pad
from transformers.cache_utils import DynamicLayer

ROOM = 128  # tokens that a cache grows by


class GrowingLayer(DynamicLayer):
    """Keys and values (B, heads, tokens, size) with room for more behind them: a step writes its own token
    and copies no other.
    """

    def hold(self, keys: Tensor, values: Tensor, length: int) -> "GrowingLayer":
        """The first `length` tokens of these; the others are room."""
        self.lazy_initialization(keys, values)
        self._room = (keys, values)
        self.keys, self.values = keys[:, :, :length], values[:, :, :length]
        return self

    def update(self, key_states: Tensor, value_states: Tensor, *args, **kwargs) -> tuple[Tensor, Tensor]:
        """Those held, with the new ones behind them."""
        if not self.is_initialized:
            self.hold(key_states[:, :, :0], value_states[:, :, :0], 0)
        length = self.keys.shape[2]
        total = length + key_states.shape[2]
        if self._room[0].shape[2] < total:
            self._room = tuple(_longer(held, total + ROOM) for held in (self.keys, self.values))
        for room, states in zip(self._room, (key_states, value_states), strict=True):
            room[:, :, length:total] = states
        self.keys, self.values = (room[:, :, :total] for room in self._room)
        return self.keys, self.values


def _longer(held: Tensor, length: int) -> Tensor:
    rows, heads, tokens, size = held.shape
    room = held.new_empty(rows, heads, length, size)
    room[:, :, :tokens] = held
    return room


class Part(NamedTuple):
    """Some `rows` (N,) of a cache, and the mask (B, L) over it: which of its columns are a row's own."""

    layers: Sequence[GrowingLayer]
    mask: Tensor
    rows: Tensor

    def columns(self, length: int) -> tuple[Tensor, Tensor]:
        """Where the columns of each row come from when its own stand at the right, in their order, and the
        mask over them then: (N, length) both.
        """
        mask, order = self.mask[self.rows].sort(dim=1, stable=True)
        missing = max(0, length - mask.shape[1])
        return pad(order, (missing, 0))[:, -length:], pad(mask, (missing, 0))[:, -length:]


def together(parts: Sequence[Part]) -> tuple[list[GrowingLayer], Tensor]:
    """The layers and the mask of a cache that holds the rows of all parts, and no column that none needs."""
    length = max(int(part.mask[part.rows].sum(dim=1).max()) for part in parts)
    columns, masks = zip(*(part.columns(length) for part in parts), strict=True)
    sources = [part.rows[:, None] for part in parts]

    def moved(held: Sequence[Tensor]) -> Tensor:
        """(B, heads, length + ROOM, size); rows and columns of (B, tokens, heads, size) are found at once."""
        chosen = [
            part.transpose(1, 2)[rows, places].transpose(1, 2)
            for part, rows, places in zip(held, sources, columns, strict=True)
        ]
        room = chosen[0].new_empty(
            sum(map(len, chosen)), chosen[0].shape[1], length + ROOM, chosen[0].shape[3]
        )
        torch.cat(chosen, out=room[:, :, :length])
        return room

    layers = [
        GrowingLayer().hold(
            moved([layer.keys for layer in same]), moved([layer.values for layer in same]), length
        )
        for same in zip(*(part.layers for part in parts), strict=True)
    ]
    return layers, torch.cat(masks)
