"""Attention of single new tokens without copies: query heads that share keys and values are rows of one
query. The sdpa of Transformers repeats the cache for every head, at every step.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

if TYPE_CHECKING:
    from transformers import PreTrainedModel

NAME = "sdpa_shared"


def shared_sdpa(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **kwargs: object,
) -> tuple[Tensor, None]:
    """Of `query` (B, heads, 1, size) over `key` and `value` (B, shared heads, T, size): (B, 1, heads, size).
    More tokens at once are Transformers' own sdpa.
    """
    rows, heads, tokens, size = query.shape
    if tokens != 1 or attention_mask is None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **kwargs)
    folded = query.reshape(rows, key.shape[1], heads // key.shape[1], size)
    output = scaled_dot_product_attention(folded, key, value, attn_mask=attention_mask, scale=scaling)
    return output.reshape(rows, 1, heads, value.shape[-1]), None


AttentionInterface.register(NAME, shared_sdpa)
AttentionMaskInterface.register(NAME, sdpa_mask)


@contextmanager
def sharing_keys(model: "PreTrainedModel") -> Iterator[None]:
    """In it, a model that attends by sdpa attends so."""
    before = model.config._attn_implementation
    if before != "sdpa":
        yield
        return
    model.set_attn_implementation(NAME)
    try:
        yield
    finally:
        model.set_attn_implementation(before)
