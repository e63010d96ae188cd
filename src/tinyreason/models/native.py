"""A model as its makers prompt it: its own chat template and its own ends of a turn."""

from typing import TYPE_CHECKING

from tinyreason import chatml
from tinyreason.models.folders import check_folder, model_file, tokenizer_of

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def native_tokenizer(name: str, revision: str | None = None) -> "PreTrainedTokenizerBase | None":
    """The tokenizer as it was published; None where it has no chat template, or ours."""
    from transformers import AutoTokenizer

    check_folder(name)
    source, revision = tokenizer_of(name, revision)
    tokenizer = AutoTokenizer.from_pretrained(source, revision=revision)
    own = tokenizer.chat_template is not None and chatml.MARK not in tokenizer.chat_template
    return tokenizer if own else None


def native_ends(name: str, tokenizer: "PreTrainedTokenizerBase", revision: str | None = None) -> list[int]:
    """The tokens that end a turn: the tokenizer's, and those of the published generation config."""
    from transformers import GenerationConfig

    ends = {tokenizer.eos_token_id}
    if model_file(name, "generation_config.json", revision) is not None:
        listed = GenerationConfig.from_pretrained(name, revision=revision).eos_token_id
        ends |= set(listed if isinstance(listed, list) else [listed])
    return sorted(ends - {None})
