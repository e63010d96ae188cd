"""Trains a byte-level BPE tokenizer for a model from scratch.

It is a Qwen2 tokenizer with a vocabulary of its own: same pre-tokenisation, so numbers are single digits and
`AutoTokenizer` reloads it unchanged (for a qwen2 or qwen3 model it rebuilds the pre-tokeniser from the class
and ignores the file's).
"""

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tinyreason import chatml

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

THINK_TOKENS = ["<think>", "</think>"]


def train_tokenizer(
    texts: Iterable[str], vocab_size: int, answer_format: chatml.AnswerFormat = "boxed"
) -> "PreTrainedTokenizerBase":
    """A tokenizer of at most `vocab_size` tokens, all bytes, chat specials and think tags included.

    `<think>` and `</think>` are tokens but not special ones: they survive `skip_special_tokens=True`.
    """
    from transformers import Qwen2Tokenizer

    blank = Qwen2Tokenizer(
        eos_token=chatml.END,
        pad_token=chatml.PAD,
        unk_token=chatml.PAD,
        additional_special_tokens=[chatml.START],
    )
    tokenizer = blank.train_new_from_iterator(texts, vocab_size - len(THINK_TOKENS), show_progress=False)
    tokenizer.add_tokens(THINK_TOKENS, special_tokens=False)
    tokenizer.chat_template = chatml.chat_template(answer_format)
    return tokenizer


def fingerprint(tokenizer: "PreTrainedTokenizerBase") -> str:
    """16 hex digits that tokenizers of the same tokens and the same merges share."""
    whole = json.loads(tokenizer.backend_tokenizer.to_str())
    parts = [whole[name] for name in ("normalizer", "pre_tokenizer", "model", "added_tokens")]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
