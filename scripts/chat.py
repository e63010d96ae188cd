"""Ask a model questions in the terminal: the reasoning as it is written, then the answer the grader reads.

python scripts/chat.py --model runs/demo/grpo
"""

from dataclasses import dataclass, field

from transformers import TextStreamer

from tinyreason import answers, chatml
from tinyreason.config import parse
from tinyreason.generation import streaming_config
from tinyreason.models import as_trained, load_model, load_tokenizer
from tinyreason.run import plain_errors, send_no_telemetry, trained_answer_format


@dataclass
class ChatArguments:
    """Which model, and how it decodes."""

    model: str = field(metadata={"help": "Hub id, local folder or run folder."})
    temperature: float = field(default=0.0, metadata={"help": "0 is greedy."})
    max_completion_length: int = field(default=512, metadata={"help": "Most tokens an answer."})
    dtype: str = field(default="float32", metadata={"help": "float32, bfloat16 or float16."})


def main() -> None:
    """Reads questions line by line until an empty one."""
    (args,) = parse([ChatArguments], description=__doc__)
    send_no_telemetry()
    answer_format = trained_answer_format(args.model)
    model_args = as_trained(args.model, args.dtype)
    tokenizer = load_tokenizer(model_args, answer_format)
    model = load_model(model_args, tokenizer, seed=0).eval()
    config = streaming_config(
        tokenizer, max_new_tokens=args.max_completion_length, temperature=args.temperature
    )
    streamer = TextStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
    while question := read_question():
        prompt = tokenizer(
            chatml.render_prompt(question, answer_format), add_special_tokens=False, return_tensors="pt"
        )
        output = model.generate(**prompt.to(model.device), generation_config=config, streamer=streamer)
        completion = tokenizer.decode(output[0, prompt["input_ids"].shape[1] :], skip_special_tokens=True)
        print(f"answer: {answers.extract_answer(chatml.assistant_turn(completion))}")


def read_question() -> str:
    """One line from the terminal or a pipe, "" at its end."""
    try:
        return input("question> ").strip()
    except EOFError:
        return ""


if __name__ == "__main__":
    with plain_errors():
        main()
