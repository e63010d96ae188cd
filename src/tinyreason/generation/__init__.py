"""How completions come about: batched for evaluation, streamed for chat."""

from tinyreason.generation.batch import Decoding
from tinyreason.generation.decoding import Completion, generate, streaming_config

__all__ = ["Completion", "Decoding", "generate", "streaming_config"]
