# ruff: noqa: RUF001 (odd characters are the point)
"""Ten minutes of random turns and golds: no exception, no call over the limit. `make proofs`."""

import os
import random
import time

import pytest

from tinyreason.answers import answers_match, explain, grade, is_correct

SECONDS = float(os.environ.get("FUZZ_SECONDS", "600"))
LIMIT = 1.0  # seconds for one pair
PIECE_LIST = r"""
\boxed{ \fbox{ \boxed \text{ \frac{ \dfrac \sqrt{ \sqrt[ \left( \right) \{ \} { } ( ) [ ] | \| ^ _ ^{ _{ +
- * / = < > \le \ge \ne \cdot \times \pm \mp \cup \cap \setminus \in \infty \pi \theta \circ \% \$ $ $$ \(
\) \[ \] \, \; \! \\ \ & ~ \begin{pmatrix} \end{pmatrix} \begin{cases} \end{cases} \sum_{k=1}^{n} \int_0^1
\prod \lim_{x\to0} \binom{n}{k} \log_2 \sin \cos x y z a b n k i e E 0 1 2 3 7 9 10 12 42 100 1000 1,000
0.5 .5 3.14 1e5 1e-5 10^9 10^{10} 9^{9^{9^9}} 1000000! ! % **Final Answer:** #### <answer> </answer>
<think> </think> answer is The Answer: therefore and or not nan inf None True one twenty hundred million
half dozen percent dollars cm m^2 kg/m^3 am p.m. (A) (B) B. : ; , . ... ' " ` ? @ # \ud ½ ² √ π ∞ ° − × ÷
≤ ∪ ∅ １２ ١٢ 中 é 😀 <|im_end|> <|im_start|> __import__('os') lambda: eval( \\ \t \n
"""
PIECES = PIECE_LIST.split()
SPECIAL = ["\n", " ", "\0", "\ud800", "\u200b", "\t", "\r", "", "\x1b", "\uffff"]


def text(source: random.Random, seeds: list[str]) -> str:
    """Pieces in any order, or a known text with pieces put in, cut out or repeated."""
    count = int(source.paretovariate(0.7))
    pieces = source.choices(PIECES + SPECIAL, k=min(count, 3000))
    made = source.choice(["", " "]).join(pieces)
    if source.random() < 0.5:
        base = source.choice(seeds)
        start, end = sorted(source.choices(range(len(base) + 1), k=2))
        made = base[:start] + made + base[source.choice([start, end]) :]
    if source.random() < 0.05:
        made = made[:200] * source.choice([10, 1000, 5000])
    return made


SEEDS = [
    "<think>\n6 * 7 = 42\n</think>\n\\boxed{42}",
    "\\boxed{\\frac{1}{2}}",
    "The answer is $(-\\infty, 3) \\cup [5, 9)$.",
    "**Final Answer:** 1,234.50 dollars",
    "\\boxed{\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}}",
    "\\boxed{x^2 + 2x + 1 = 0}",
    "#### -3\\frac{1}{2}",
    "\\boxed{\\{1, 2, 3\\}}",
    "\\boxed{\\sqrt[3]{2} + e^{i\\pi}}",
    "x \\le 5 \\text{ or } x > 7",
    "twenty-one and a half",
]


@pytest.mark.proof
@pytest.mark.parametrize("seed", [int(time.time())])
def test_no_input_raises_or_takes_longer_than_the_limit(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    source = random.Random(seed)
    assert answers_match(gold="x+1", answer="1+x")  # the worker has started
    end, calls, slowest = time.monotonic() + SECONDS, 0, (0.0, "", "")
    while time.monotonic() < end:
        turn, gold = text(source, SEEDS), text(source, SEEDS)
        if source.random() < 0.5:
            turn = "\\boxed{" + turn + "}"
        started = time.perf_counter()
        strict = is_correct(turn, gold)
        slowest = max(slowest, (time.perf_counter() - started, turn[:300], gold[:300]))
        assert strict in (True, False)
        if calls % 20 == 0:
            verdict = explain(turn, gold)
            assert grade([turn], [gold], marked_only=False) in ([verdict.correct], [None])
        calls += 1
    print(f"seed {seed}: {calls} pairs, the slowest {slowest}")
    # Math-Verify raises on some broken LaTeX; nothing of ours does
    assert [record for record in caplog.records if record.name == "tinyreason.answers.grading"] == []
    assert slowest[0] < LIMIT, slowest
    assert calls > 10 * SECONDS
