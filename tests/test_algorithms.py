"""Every algorithm against its equations, worked out one token at a time in double precision.

The reference runs each completion alone, without padding, and derives the gradient by hand: the factor on
every token's log-probability, which is then carried back to the parameters.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch
from replay import CASES, CUT, LIMIT, QUESTIONS, generation, make_trainer

from tinyreason import chatml

STD = 1e-4  # what TRL adds to a standard deviation, and we to ours


@dataclass
class Sample:
    """One completion as the reference sees it: its place, reward and log-probabilities, token by token."""

    group: int
    right: bool
    truncated: bool
    logps: list[float]  # of the policy that is trained
    old: list[float]  # of the policy that sampled
    reward: float = 0.0
    advantage: float = 0.0
    values: list[float] = field(default_factory=list)
    old_values: list[float] = field(default_factory=list)

    def ratio(self, t: int) -> float:
        return math.exp(self.logps[t] - self.old[t])

    def __len__(self) -> int:
        return len(self.logps)


Loss = tuple[float, list[list[float]]]  # and its derivative by every sample's log-probabilities


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def deviation(numbers: list[float]) -> float:
    centre = mean(numbers)
    return math.sqrt(sum((number - centre) ** 2 for number in numbers) / (len(numbers) - 1))


def groups_of(samples: list[Sample]) -> list[list[Sample]]:
    return [[sample for sample in samples if sample.group == group] for group in (0, 1)]


def standardised(samples: list[Sample]) -> None:
    for group in groups_of(samples):
        rewards = [sample.reward for sample in group]
        for sample in group:
            sample.advantage = (sample.reward - mean(rewards)) / (deviation(rewards) + STD)


def centred(samples: list[Sample]) -> None:
    for group in groups_of(samples):
        for sample in group:
            sample.advantage = sample.reward - mean([other.reward for other in group])


def clipped(ratio: float, advantage: float, low: float, high: float) -> tuple[float, float]:
    """-min(r A, clip(r) A) and its derivative by the log-ratio."""
    bounded = min(max(ratio, 1 - low), 1 + high)
    if ratio * advantage <= bounded * advantage:
        return -ratio * advantage, -ratio * advantage
    return -bounded * advantage, 0.0


def token_loss(samples: list[Sample], weight: Callable, low: float = 0.2, high: float = 0.2) -> Loss:
    """Sum over all tokens of weight(sample) times the clipped loss."""
    total, derivatives = 0.0, []
    for sample in samples:
        row = []
        for t in range(len(sample)):
            loss, slope = clipped(sample.ratio(t), sample.advantage, low, high)
            total += weight(sample) * loss
            row.append(weight(sample) * slope)
        derivatives.append(row)
    return total, derivatives


def grpo(samples: list[Sample], beta: float = 0.0) -> Loss:
    standardised(samples)
    total, derivatives = token_loss(samples, lambda sample: 1 / len(sample) / len(samples))
    for sample, row in zip(samples, derivatives, strict=True):
        for t in range(len(sample)):  # the policy that sampled is the one that training started from
            gap = sample.old[t] - sample.logps[t]
            total += beta * (math.exp(gap) - gap - 1) / len(sample) / len(samples)
            row[t] += beta * (1 - math.exp(gap)) / len(sample) / len(samples)
    return total, derivatives


def dr_grpo(samples: list[Sample]) -> Loss:
    centred(samples)
    return token_loss(samples, lambda sample: 1 / LIMIT / len(samples))


def dr_grpo_group_mean(samples: list[Sample]) -> Loss:
    centred(samples)
    means = [mean([len(sample) for sample in group]) for group in groups_of(samples)]
    return token_loss(samples, lambda sample: 1 / means[sample.group] / len(samples))


def gspo(samples: list[Sample]) -> Loss:
    standardised(samples)
    total, derivatives = 0.0, []
    for sample in samples:
        ratio = math.exp(mean([new - old for new, old in zip(sample.logps, sample.old, strict=True)]))
        loss, slope = clipped(ratio, sample.advantage, 3e-4, 4e-4)
        total += loss / len(samples)
        derivatives.append([slope / len(sample) / len(samples)] * len(sample))
    return total, derivatives


def dapo(samples: list[Sample]) -> Loss:
    cache = LIMIT // 5
    for sample in samples:
        late = len(sample) - (LIMIT - cache)
        sample.reward -= min(1.0, late / cache) if late > 0 else 0.0
    standardised(samples)
    tokens = sum(len(sample) for sample in samples if not sample.truncated)
    return token_loss(samples, lambda sample: 0.0 if sample.truncated else 1 / tokens, high=0.28)


def shaped_by_length(samples: list[Sample], reward: Callable, wrong: float) -> list[float]:
    """Sets the rewards, `reward(z)` for a right answer; returns each group's pass rate."""
    rates = []
    for group in groups_of(samples):
        lengths = [len(sample) for sample in group if sample.right]
        spread = deviation(lengths) if len(lengths) > 1 else 0.0
        for sample in group:
            z = (len(sample) - mean(lengths)) / (spread + STD) if sample.right else 0.0
            sample.reward = reward(z) if sample.right else wrong
        rates.append(len(lengths) / len(group))
    return rates


def lead(samples: list[Sample]) -> Loss:
    rates = shaped_by_length(samples, lambda z: math.exp(-0.1 * abs(z)), wrong=0.0)
    standardised(samples)
    for sample in samples:
        sample.advantage *= 2 - rates[sample.group]
    return token_loss(samples, lambda sample: 1 / len(sample) / len(samples))


def lead_paper(samples: list[Sample]) -> Loss:
    rates = shaped_by_length(samples, lambda z: math.exp(-0.05 * z), wrong=-1.0)
    standardised(samples)
    for sample in samples:
        rate = rates[sample.group] if sample.advantage > 0 else 1 - rates[sample.group]
        sample.advantage *= 0.4 + (1.5 - 0.4) / (1 + math.exp(10 * (rate - 0.75)))
    return token_loss(samples, lambda sample: 1 / len(sample) / len(samples))


def rloo(samples: list[Sample]) -> Loss:
    for group in groups_of(samples):
        for sample in group:
            others = [other.reward for other in group if other is not sample]
            sample.advantage = sample.reward - mean(others)
    total, derivatives = 0.0, []
    for sample in samples:
        ratio = math.exp(sum(sample.logps) - sum(sample.old))
        loss, slope = clipped(ratio, sample.advantage, 0.2, 0.2)
        total += loss / len(samples)
        derivatives.append([slope / len(samples)] * len(sample))
    return total, derivatives


def cispo(samples: list[Sample]) -> Loss:
    standardised(samples)
    tokens = sum(len(sample) for sample in samples)
    total, derivatives = 0.0, []
    for sample in samples:
        factors = [-min(sample.ratio(t), 5.0) * sample.advantage / tokens for t in range(len(sample))]
        total += sum(factor * logp for factor, logp in zip(factors, sample.logps, strict=True))
        derivatives.append(factors)
    return total, derivatives


# name, settings beyond the class defaults, reference
ALGORITHMS = [
    ("grpo", {}, grpo),
    ("grpo", {"beta": 0.04}, lambda samples: grpo(samples, beta=0.04)),
    ("dr_grpo", {}, dr_grpo),
    ("dr_grpo", {"length_norm": "group_mean"}, dr_grpo_group_mean),
    ("gspo", {}, gspo),
    ("dapo", {"max_resample_rounds": 0}, dapo),
    ("grpo_lead", {}, lead),
    ("grpo_lead", {"variant": "paper"}, lead_paper),
    ("rloo", {}, rloo),
    ("cispo", {}, cispo),
]


def alone(model: Any, prompt: list[int], completion: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probabilities and hidden states before each completion token, of one sequence without padding."""
    output = model(input_ids=torch.tensor([prompt + completion]), output_hidden_states=True)
    start = len(prompt) - 1
    logps = output.logits[0, start:-1].double().log_softmax(dim=-1)
    chosen = logps.gather(1, torch.tensor(completion).unsqueeze(1)).squeeze(1)
    return chosen, output.hidden_states[-1][0, start:-1]


def perturb(model: Any) -> None:
    """Another policy, whose ratios leave the clip range on both sides."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator, dtype=parameter.dtype)
            parameter.add_(0.2 * parameter.std() * noise if parameter.dim() > 1 else 0.0)


def ppo(
    samples: list[Sample], cliprange_value: float = math.inf, gamma: float = 0.99, lam: float = 0.95
) -> Loss:
    """The value loss is half the squared error; its derivative by each value is left in `values`."""
    tokens = sum(len(sample) for sample in samples)
    raw: list[list[float]] = []
    for sample in samples:
        values = [*sample.old_values, 0.0]
        rewards = [0.0] * (len(sample) - 1) + [sample.reward]
        deltas = [rewards[t] + gamma * values[t + 1] - values[t] for t in range(len(sample))]
        raw.append(
            [
                sum((gamma * lam) ** (k - t) * deltas[k] for k in range(t, len(sample)))
                for t in range(len(sample))
            ]
        )
    flat = [advantage for row in raw for advantage in row]
    total, derivatives = 0.0, []
    for sample, row in zip(samples, raw, strict=True):
        slopes = []
        for t, advantage in enumerate(row):
            white = (advantage - mean(flat)) / (deviation(flat) + STD)
            loss, slope = clipped(sample.ratio(t), white, 0.2, 0.2)
            total += loss / tokens
            slopes.append(slope / tokens)
            goal, old, value = advantage + sample.old_values[t], sample.old_values[t], sample.values[t]
            near = min(max(value, old - cliprange_value), old + cliprange_value)
            is_clipped = (near - goal) ** 2 > (value - goal) ** 2
            total += 0.5 * ((near if is_clipped else value) - goal) ** 2 / tokens
            sample.values[t] = 0.0 if is_clipped else (value - goal) / tokens
        derivatives.append(slopes)
    return total, derivatives


def samples_of(trainer: Any, case: list) -> list[tuple[Sample, list[int], list[int]]]:
    """Every completion of the case with its prompt and its own tokens; `logps` come later."""
    tokenizer, found = trainer.processing_class, []
    for group, (question, (texts, right)) in enumerate(zip(QUESTIONS, case, strict=False)):
        prompt = tokenizer(chatml.render_prompt(question))["input_ids"]
        for text, correct in zip(texts, right, strict=True):
            completion = tokenizer(text)["input_ids"]
            with torch.no_grad():
                old, _ = alone(trainer.model, prompt, completion)
            sample = Sample(group, bool(correct), text == CUT, [], old.tolist(), reward=float(correct))
            found.append((sample, prompt, completion))
    return found


def gradients(model: Any) -> dict[str, torch.Tensor]:
    found = {name: parameter.grad for name, parameter in model.named_parameters()}
    return {name: torch.zeros(()) if grad is None else grad.clone() for name, grad in found.items()}


def loss_of_trainer(trainer: Any) -> tuple[float, dict[str, torch.Tensor]]:
    """Samples (replays) with the policy as it is, perturbs it, and takes the loss of the whole batch."""
    trainer.current_gradient_accumulation_steps = 1
    trainer.model.train()
    inputs = trainer._prepare_inputs(generation(trainer))
    perturb(trainer.model)
    loss = trainer.compute_loss(trainer.model, inputs)
    trainer.model.zero_grad()
    loss.backward()
    return loss.item(), gradients(trainer.model)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("name", "settings", "reference"), ALGORITHMS)
def test_loss_and_gradient_are_those_of_the_equations(
    name: str, settings: dict, reference: Callable, case: str, model_folder: Path, tmp_path: Path
) -> None:
    trainer = make_trainer(name, CASES[case], model_folder, tmp_path, num_iterations=2, **settings)
    sampled = samples_of(trainer, CASES[case])
    loss, found = loss_of_trainer(trainer)

    trainer.model.zero_grad()
    logps = [alone(trainer.model, prompt, completion)[0] for _, prompt, completion in sampled]
    samples = [sample for sample, _, _ in sampled]
    for sample, row in zip(samples, logps, strict=True):
        sample.logps = row.tolist()
    expected, slopes = reference(samples)
    sum((row * torch.tensor(slope)).sum() for row, slope in zip(logps, slopes, strict=True)).backward()

    assert abs(loss - expected) < 1e-6
    wanted = gradients(trainer.model)
    assert max(grad.abs().max().item() for grad in wanted.values()) > 1e-3 or case == "all right, all wrong"
    for parameter, grad in wanted.items():
        assert torch.allclose(found[parameter], grad, atol=1e-6, rtol=0), parameter


def test_the_cases_leave_the_clip_range_on_both_sides(model_folder: Path, tmp_path: Path) -> None:
    case = CASES["one right, half right"]
    trainer = make_trainer("grpo", case, model_folder, tmp_path, num_iterations=2)
    sampled = samples_of(trainer, case)
    perturb(trainer.model)
    samples = [sample for sample, _, _ in sampled]
    for sample, prompt, completion in sampled:
        sample.logps = alone(trainer.model, prompt, completion)[0].tolist()
    standardised(samples)
    ratios = [(sample.advantage, sample.ratio(t)) for sample in samples for t in range(len(sample))]
    assert any(ratio > 1.28 and advantage > 0 for advantage, ratio in ratios)
    assert any(ratio < 0.8 and advantage < 0 for advantage, ratio in ratios)
    assert any(ratio < 0.8 and advantage > 0 for advantage, ratio in ratios)
    assert len({len(sample) for sample in samples}) > 2


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("settings", [{}, {"cliprange_value": 0.01}, {"gamma": 0.9, "lam": 0.8}])
def test_ppo_is_its_equations_for_policy_values_and_head(
    settings: dict, case: str, model_folder: Path, tmp_path: Path
) -> None:
    trainer = make_trainer("ppo", CASES[case], model_folder, tmp_path, num_iterations=2, **settings)
    head = trainer.value_head
    with torch.no_grad():
        head.weight.copy_(torch.linspace(-0.3, 0.4, head.weight.numel()).view_as(head.weight))
        head.bias.fill_(0.2)

    def values_of(hidden: torch.Tensor) -> torch.Tensor:
        return (hidden * head.weight.double()).sum(dim=1) + head.bias.double()

    sampled = samples_of(trainer, CASES[case])
    for sample, prompt, completion in sampled:
        with torch.no_grad():
            sample.old_values = values_of(alone(trainer.model, prompt, completion)[1]).tolist()
    loss, found = loss_of_trainer(trainer)
    found_head = gradients(head)

    trainer.model.zero_grad()
    head.zero_grad()
    runs = [alone(trainer.model, prompt, completion) for _, prompt, completion in sampled]
    values = [values_of(hidden) for _, hidden in runs]
    samples = [sample for sample, _, _ in sampled]
    for sample, (logps, _), row in zip(samples, runs, values, strict=True):
        sample.logps, sample.values = logps.tolist(), row.tolist()
    expected, slopes = ppo(samples, **settings)
    terms = [(logps * torch.tensor(slope)).sum() for (logps, _), slope in zip(runs, slopes, strict=True)]
    terms += [(row * torch.tensor(s.values)).sum() for row, s in zip(values, samples, strict=True)]
    sum(terms).backward()

    assert abs(loss - expected) < 1e-6
    for parameter, grad in (gradients(trainer.model) | gradients(head)).items():
        assert torch.allclose((found | found_head)[parameter], grad, atol=1e-6, rtol=0), parameter
    assert gradients(head)["weight"].abs().max() > 1e-3
