"""The Transformers Trainer for pretraining: its defaults, how new weights are drawn, and how fast it is."""

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from transformers import Trainer, TrainingArguments, default_data_collator

from tinyreason.hardware import this_card

if TYPE_CHECKING:
    from transformers import PreTrainedModel

RESIDUAL = {"o_proj", "down_proj"}  # the layers that write into the residual stream


@dataclass
class PretrainingConfig(TrainingArguments):
    """AdamW with beta 0.9 and 0.95, weight decay 0.1 on matrices, clipping at 1, a warmup and a cosine down
    to a tenth, as GPT-3 was trained (Brown et al. 2020, arXiv 2005.14165, appendix B).
    """

    learning_rate: float = 3e-4
    adam_beta2: float = 0.95
    weight_decay: float = 0.1
    lr_scheduler_type: str = "cosine_with_min_lr"
    lr_scheduler_kwargs: dict[str, Any] | str | None = field(default_factory=lambda: {"min_lr_rate": 0.1})
    train_sampling_strategy: str = "sequential"  # the rows come mixed
    include_num_input_tokens_seen: str | bool = "all"
    ddp_find_unused_parameters: bool | None = False


class PretrainingTrainer(Trainer):
    """Logs `tokens_per_second` of all processes together, without the time of evaluations and checkpoints
    and without the steps up to the first log, which compile; and on a card whose peak is known the `mfu`, the
    share of it that the model's arithmetic takes (Chowdhery et al. 2022, arXiv 2204.02311, appendix B).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # the one for a tokenizer adds a mask of ones, and then Transformers makes none from the positions
        super().__init__(*args, data_collator=default_data_collator, **kwargs)
        card = None if self.args.use_cpu else this_card()
        self.peak = card.peak_tflops * 1e12 * self.args.world_size if card and card.peak_tflops else None
        self.flops = flops_per_token(self.model, len(self.train_dataset[0]["input_ids"]))
        self.clock, self.tokens_then, self.aside = None, 0, 0.0

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None) -> Any:
        """The model's own, in which the balance of the experts is the mean over micro-batches and processes,
        as the tokens' part is. The Trainer would add it up. An evaluation is of the tokens alone.
        """
        loss, outputs = super().compute_loss(model, inputs, True, num_items_in_batch)
        balance = outputs.get("aux_loss")
        if balance is not None:
            counted, wanted = 1.0, 0.0  # how often it is in the loss, and how often it should be
            if num_items_in_batch is not None and self.args.average_tokens_across_devices:
                counted = self.accelerator.num_processes
            if model.training:
                wanted = 1 / self.current_gradient_accumulation_steps
            loss = loss - self.model.config.router_aux_loss_coef * balance * (counted - wanted)
        return (loss, outputs) if return_outputs else loss

    def _track_num_input_tokens(self, inputs) -> None:
        """All rows have one length, so nobody has to ask the card, nor the other processes."""
        self.state.num_input_tokens_seen += inputs["input_ids"].numel() * self.accelerator.num_processes

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        if "loss" in logs:
            now, tokens = time.perf_counter(), self.state.num_input_tokens_seen
            if self.clock is not None:
                rate = (tokens - self.tokens_then) / (now - self.clock - self.aside)
                logs["tokens_per_second"] = round(rate, 1)
                if self.peak is not None:
                    logs["mfu"] = rate * self.flops / self.peak
            self.clock, self.tokens_then, self.aside = now, tokens, 0.0
        super().log(logs, start_time)

    def _maybe_log_save_evaluate(self, *args: Any, **kwargs: Any) -> None:
        """What this takes beside the log is not training; what the card has still to do is."""
        if torch.cuda.is_available() and (self.control.should_evaluate or self.control.should_save):
            torch.cuda.synchronize()
        before = time.perf_counter()
        super()._maybe_log_save_evaluate(*args, **kwargs)
        logged = self.clock is not None and self.clock > before
        self.aside += time.perf_counter() - (self.clock if logged else before)


def flops_per_token(model: "PreTrainedModel", length: int) -> float:
    """Floating-point operations of a forward and a backward pass: 6 for each parameter that multiplies, which
    are all but an untied input embedding and the experts that are not chosen, and 12 x layers x width x
    length for attention, as if no mask saved any.
    """
    config = model.config
    counts = {name: parameter.numel() for name, parameter in model.named_parameters()}
    total = float(sum(counts.values()))
    if not config.tie_word_embeddings:
        total -= model.get_input_embeddings().weight.numel()
    experts = sum(count for name, count in counts.items() if ".experts." in name)
    if experts:
        total -= experts * (1 - config.num_experts_per_tok / config.num_experts)
    head = config.to_dict().get("head_dim") or config.hidden_size // config.num_attention_heads
    width = config.num_attention_heads * head
    return 6 * total + 12 * config.num_hidden_layers * width * length


def scale_residual_projections(model: "PreTrainedModel", *, seed: int) -> None:
    """Draws what writes into the residual stream anew, with a deviation smaller by the square root of twice
    the number of layers: so its variance does not grow with depth (Radford et al. 2019, section 2.3).
    """
    generator = torch.Generator().manual_seed(seed)
    deviation = model.config.initializer_range / math.sqrt(2 * model.config.num_hidden_layers)
    for name, parameter in model.named_parameters():
        if RESIDUAL & set(name.split(".")):
            with torch.no_grad():
                parameter.copy_(torch.empty_like(parameter).normal_(0, deviation, generator=generator))
