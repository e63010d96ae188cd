"""The same decoding by vLLM, where it is installed: faster on a GPU. Its sums have another order,
so that some completions differ from ours.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tinyreason.config import ConfigError, ModelArguments
from tinyreason.generation.batch import Decoding, seed_of
from tinyreason.generation.decoding import Completion
from tinyreason.models import adapter_config, check_folder, context_length

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

TOGETHER = 512  # completions that vLLM is given at once: what came before is kept if it is interrupted


class VLLM:
    """A model that vLLM has loaded. Called with prompts and a decoding it yields what `generate` does."""

    def __init__(
        self, model_args: ModelArguments, tokenizer: "PreTrainedTokenizerBase", ends: Sequence[int]
    ) -> None:
        """Raises ConfigError where vLLM is not installed, or the model is an adapter."""
        try:
            from vllm import LLM
        except ImportError:
            raise ConfigError("use_vllm: vLLM is not installed; pip install -e '.[vllm]'") from None
        name, revision = model_args.model_name_or_path, model_args.model_revision
        check_folder(name)
        if adapter_config(name, revision):
            raise ConfigError(f"use_vllm: {name} is an adapter; leave use_vllm out, or merge it first")
        self.tokenizer = tokenizer
        self.ends = list(ends) or [tokenizer.eos_token_id]
        self.context = context_length(model_args) or 2**31
        self.model = LLM(
            model=name, revision=revision, dtype=model_args.dtype, skip_tokenizer_init=True, seed=0
        )

    def __call__(self, prompts: Sequence[str], decoding: Decoding) -> Iterator[tuple[int, int, Completion]]:
        """(index of its prompt, number of the sample, completion)."""
        ids = self.tokenizer(list(prompts), add_special_tokens=False)["input_ids"]
        places = [(index, number) for index in range(len(ids)) for number in range(decoding.samples)]
        for first in range(0, len(places), TOGETHER):
            some = places[first : first + TOGETHER]
            outputs = self.model.generate(
                [{"prompt_token_ids": ids[index]} for index, _ in some],
                [self._sampling(ids[index], number, decoding) for index, number in some],
                use_tqdm=False,
            )
            for (index, number), output in zip(some, outputs, strict=True):
                yield index, number, self._completion(output.outputs[0])

    def _sampling(self, ids: list[int], number: int, decoding: Decoding):
        from vllm import SamplingParams

        return SamplingParams(
            temperature=decoding.temperature,
            top_p=1.0,
            top_k=0,
            min_p=0.0,
            repetition_penalty=1.0,
            seed=seed_of(decoding, number, ids) if decoding.temperature else None,
            max_tokens=max(1, min(decoding.max_new_tokens, self.context - len(ids))),
            ignore_eos=True,  # `ends` say it alone
            stop_token_ids=self.ends,
            detokenize=False,
        )

    def _completion(self, output) -> Completion:
        tokens = list(output.token_ids)
        truncated = output.finish_reason == "length"
        unseen_end = not truncated and (not tokens or tokens[-1] not in self.ends)  # it may be left out
        text = self.tokenizer.decode(tokens, skip_special_tokens=True)
        return Completion(text, len(tokens) + unseen_end, truncated)
