"""How completions come about: batched for evaluation, by our own decoding or vLLM, streamed for chat."""

from tinyreason.generation.batch import Decoding
from tinyreason.generation.decoding import Completion, generate, streaming_config
from tinyreason.generation.with_vllm import VLLM

__all__ = ["VLLM", "Completion", "Decoding", "generate", "streaming_config"]
