"""The grader beside Math-Verify on the same turns: verdicts, turns per second, latency.

python benchmarks/grader.py --data_dir DIR [--max_rows 1000] [--output docs/results/grader-benchmark.json]

Every row of DIR/gsm8k/test.jsonl and DIR/math/test.jsonl gives two turns: its own solution with its own
answer as the gold, which is right, and with the next row's, which is wrong. GSM8K's answers are marked in the
four notations in turn, MATH's stay in their boxes with their LaTeX written a little differently. One process;
the graders take blocks of turns one after the other. Math-Verify gets the gold in `$..$`, its best form, and
keeps its own time limits.

Where DIR/graders/cases_sample.jsonl is there (text, gold, label, and `kind: equivalence` where the text is a
bare answer), both grade those too, once. Nothing has to be marked in them, so the grader's flexible score is
the one to compare.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from itertools import cycle, pairwise
from pathlib import Path

from math_verify import parse as parse_answer
from math_verify import verify
from tqdm import tqdm

from tinyreason import chatml
from tinyreason.answers import answers_match, extract_answer, grader_counts, is_correct
from tinyreason.config import ConfigError, parse
from tinyreason.data import load_split
from tinyreason.run import code_commit


@dataclass
class BenchmarkArguments:
    """What is graded and where the figures go."""

    data_dir: str = field(metadata={"help": "Folder with gsm8k/test.jsonl and math/test.jsonl."})
    max_rows: int = field(default=1000, metadata={"help": "Rows of each set."})
    output: str | None = field(default=None, metadata={"help": "JSON file for the figures."})


@dataclass(frozen=True)
class Turn:
    """An assistant turn, the gold answer, and whether it is right."""

    text: str
    gold: str
    right: bool


def math_verify(turn: str, gold: str) -> bool:
    return verify(parse_answer(f"${gold}$"), parse_answer(turn))


NOTATIONS = ("\\boxed{%s}", "**Final Answer:** %s", "#### %s", "The answer is %s.")
BLOCK = 500  # turns
GRADERS: dict[str, Callable[[str, str], bool]] = {"tinyreason": is_correct, "math_verify": math_verify}


def gsm8k_turns(arguments: BenchmarkArguments) -> Iterator[Turn]:
    rows = load_split("gsm8k", "test", data_dir=Path(arguments.data_dir)).rows[: arguments.max_rows + 1]
    for notation, (row, following) in zip(cycle(NOTATIONS), pairwise(rows), strict=False):
        text = f"<think>\n{row['reasoning']}{chatml.CLOSE}{notation % row['answer']}"
        yield Turn(text, row["answer"], True)
        if row["answer"].replace(",", "") != following["answer"].replace(",", ""):
            yield Turn(text, following["answer"], False)


def math_turns(arguments: BenchmarkArguments) -> Iterator[Turn]:
    path = Path(arguments.data_dir) / "math" / "test.jsonl"
    solutions = [json.loads(line)["solution"] for line in path.read_text().splitlines()]
    for solution, following in pairwise(solutions[: arguments.max_rows + 1]):
        own, other = extract_answer(solution), extract_answer(following)
        yield Turn(solution.replace(own, rewritten(own)), own, True)
        if own != other:
            yield Turn(solution, other, False)


def rewritten(answer: str) -> str:
    """The same value in other LaTeX: spaces, sizes and fractions."""
    for plain, other in (
        ("\\frac{", "\\dfrac{"),
        (",", ",\\ "),
        ("+", " + "),
        ("(", "\\left("),
        (")", "\\right)"),
    ):
        answer = answer.replace(plain, other)
    return answer


def labelled(path: Path) -> dict[str, dict[str, float]]:
    """Accuracy of the graders on labelled cases."""
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    verdicts: dict[str, list[bool]] = {"tinyreason flexible": [], "tinyreason strict": [], "math_verify": []}
    for case in tqdm(cases, unit="case"):
        text, gold = case["text"], case["gold"]
        if case["kind"] == "equivalence":
            given = [answers_match(gold=gold, answer=text)] * 2 + [math_verify(f"\\boxed{{{text}}}", gold)]
        else:
            given = [is_correct(text, gold, marked_only=False), is_correct(text, gold)]
            given.append(math_verify(text, gold))
        for verdict, found in zip(given, verdicts.values(), strict=True):
            found.append(verdict)
    return {name: labelled_figures(cases, found) for name, found in verdicts.items()}


def labelled_figures(cases: list[dict], verdicts: list[bool]) -> dict[str, float]:
    pairs = [(case["label"], verdict) for case, verdict in zip(cases, verdicts, strict=True)]
    return {
        "cases": len(pairs),
        "accuracy": round(statistics.mean(label == verdict for label, verdict in pairs), 4),
        "false_negatives": sum(label and not verdict for label, verdict in pairs),
        "false_positives": sum(verdict and not label for label, verdict in pairs),
    }


def measure(turns: list[Turn]) -> dict[str, dict[str, float]]:
    """Figures of every grader; a block of turns is graded by all of them before the next block."""
    seconds: dict[str, list[float]] = {name: [] for name in GRADERS}
    wrong: dict[str, list[Turn]] = {name: [] for name in GRADERS}
    for start in tqdm(range(0, len(turns), BLOCK), unit="block"):
        for name, grader in GRADERS.items():
            for turn in turns[start : start + BLOCK]:
                started = time.perf_counter()
                verdict = grader(turn.text, turn.gold)
                seconds[name].append(time.perf_counter() - started)
                if verdict != turn.right:
                    wrong[name].append(turn)
    return {name: figures(seconds[name], wrong[name]) for name in GRADERS}


def figures(seconds: list[float], wrong: list[Turn]) -> dict[str, float]:
    return {
        "turns": len(seconds),
        "false_negatives": sum(turn.right for turn in wrong),
        "false_positives": sum(not turn.right for turn in wrong),
        "per_second": round(len(seconds) / sum(seconds), 1),
        "median_ms": round(1000 * statistics.median(seconds), 4),
        "p99_ms": round(1000 * statistics.quantiles(seconds, n=100)[98], 3),
        "worst_ms": round(1000 * max(seconds), 1),
    }


def main() -> None:
    (arguments,) = parse([BenchmarkArguments], description=__doc__)
    for grader in GRADERS.values():
        grader("\\boxed{x+1}", "1+x")  # imports and the worker's start are not what is measured
    result: dict[str, object] = {"commit": code_commit(), "max_rows": arguments.max_rows}
    result["versions"] = {name: version(name) for name in ("math-verify", "sympy")}
    for name, turns in {"gsm8k": gsm8k_turns(arguments), "math": math_turns(arguments)}.items():
        measured = measure(list(turns))
        ratio = measured["tinyreason"]["per_second"] / measured["math_verify"]["per_second"]
        result[name] = {**measured, "rate_ratio": round(ratio, 1)}
        print(f"{name}: {ratio:.0f} times the rate of Math-Verify")
        for grader, found in measured.items():
            print(f"  {grader:12}", "  ".join(f"{key} {value:,}" for key, value in found.items()))
    path = Path(arguments.data_dir) / "graders" / "cases_sample.jsonl"
    if path.is_file():
        result["labelled"] = labelled(path)
        print(json.dumps(result["labelled"], indent=1))
    result["grader_counts"] = asdict(grader_counts())
    if arguments.output is not None:
        Path(arguments.output).parent.mkdir(parents=True, exist_ok=True)
        Path(arguments.output).write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    try:
        main()
    except (ConfigError, OSError) as error:
        sys.exit(f"error: {error}")
