import subprocess
import sys
import time
from fractions import Fraction

import pytest

from tinyreason.answers import answers_match, extract_answer, grader_counts, is_correct, read_gold

NOTATIONS = [
    r"\boxed{%s}", r"\boxed {%s}", r"\fbox{%s}", r"$\boxed{%s}$.", "**Final Answer:** %s",
    "**Final Answer**: %s", "Final Answer: %s", "#### %s", "The answer is %s.", "The answer is **%s**.",
    "The answer is $%s$.", "<answer>%s</answer>",
]  # fmt: skip

TURNS = [  # turn, its marked answer, reason
    ("<think>\n2+2\n</think>\n\\boxed{4}", "4", "the trained format"),
    ("<think>\nso \\boxed{7}", None, "a block that never ends has no answer"),
    ("<think>\\boxed{7}</think> done", None, "a box in the reasoning does not count"),
    ("<think>#### 7</think>\n#### 8", "8", "nor does another mark in it"),
    ("<think>a</think> b </think> \\boxed{3}", "3", "after the last end"),
    ("<think>a</think> \\boxed{1} <think> b", None, "a second block left open"),
    ("first \\boxed{1}, \\boxed{2}", "1, 2", "boxes joined by a comma are one list"),
    ("\\boxed{-2} \\quad \\text{and} \\quad \\boxed{1}", "-2, 1", "boxes joined by and"),
    ("\\boxed{1}. No: \\boxed{2}", "2", "the last box"),
    ("\\boxed{1} and \\boxed{2", None, "breaks off inside its last box"),
    ("The answer is 7. \\boxed{7", None, "breaks off, whatever else is marked"),
    ("The answer is 7, not \\boxed{8}", "8", "a box outranks other marks"),
    ("\\boxed{9}\nThe answer is 8.", "9", "before and after"),
    ("\\boxed{7}. I was told to use \\boxed{}.", "7", "an empty box is a mention"),
    ("\\boxed{\\frac{1}{\\sqrt{2}}}", "\\frac{1}{\\sqrt{2}}", "nested braces"),
    ("\\boxed{\\{1,2\\}}", "\\{1,2\\}", "escaped braces"),
    ("\\boxed{\\boxed{5}}", "\\boxed{5}", "the outermost box"),
    ("#### 5\nThe answer is 6.", "6", "among other marks the last"),
    ("#### 5\nSo the answer is", "5", "a mark without a value is not complete"),
    ("<answer>5</answer>", "5", "tags"),
    ("<answer>5", None, "tags cut off"),
    ("**Final Answer:**\n\\[ 72 \\]", "72", "the value on the next line"),
    ("Final Answer: The final answer is $3.50$. I hope it is correct.", "3.50", "a mark within a mark"),
    ("The answer is 72 because 2*36 = 72.", "72", "an explanation behind it"),
    ("\\boxed{6}<|im_end|>\n<|im_start|>user\n\\boxed{7}", "6", "the turn ends at its end marker"),
    ("x = 72", None, "nothing marked"),
    ("first \\boxed{24} then \\boxed{72}", "72", "the last box"),
    ("so $\\boxed 72$", "72", "a box without braces"),
    ("\\boxed{72}, and \\boxed 7", "72, 7", "with and without"),
    ("answer: .5", ".5", "a decimal point is no full stop"),
    ("The answer is $\\frac{1}{6}$ or about 16.7%.", "\\frac{1}{6}", "an approximation behind it"),
    ('It says "put your final answer within \\boxed{7}". \\boxed{8}', "8", "the prompt's box first"),
    ('\\boxed{8}, as in "the final answer is \\boxed{7}".', "8", "and last"),
    ("Put your final answer in \\boxed{7}.", None, "the prompt alone"),
    ("\\boxed{your answer}\nThe answer is 5.", "5", "a placeholder is no box"),
    ('"\\boxed{7}"', "7", "quotation marks as dressing"),
]

EQUAL = [  # gold, answer, reason
    ("7", "therefore 7", "a word before it"), ("A", "option A", "same"), ("B", "choice (B)", "same"),
    ("7", r"\text{The answer is } 7", "a sentence in a box"), ("7", "Answer: 7", "same"),
    ("42", "`42`", "code marks"), ("42", '"42"', "quotation marks"), ("7", r"\underline{7}", "underlined"),
    ("7", "~7~", "hard spaces"),
    ("72", "72.", "full stop"), ("72", "72.0", "trailing zero"), ("72", "$72", "currency"),
    ("72", r"\$72", "escaped"), ("72", "72 clips", "unit"), ("72", r"72\text{ clips}", "unit in text"),
    ("5", "5.00 dollars", "both"), ("11", "eleven", "words"), ("5", "5 centimeters", "unit"),
    ("3.50", "3.5", "trailing zero in the gold"), ("1/2", "0.50", "fraction in the gold"),
    ("2", "2 of 100", "what it is part of"), ("72", "x=72", "a name"), ("72", "**72**", "bold"),
    ("1000", "1e3", "scientific"), ("7", "07", "leading zero"), ("18", "$18 per day", "rate"),
    ("(1,2)", "(1, 2)", "spacing"), ("(1,2)", r"\left(1,2\right)", "sized brackets"),
    ("50", r"50^\circ", "degrees"),
    ("1000", "1,000", "thousands"), ("1,000", "1000.0", "trailing zero"),
    ("10000", r"10\,000", "thin space"), ("1{,}000{,}000", "1000000", "braced commas"),
    ("1000", "1 000", "spaces in threes"), ("-5", "\u22125", "unicode minus"),
    ("-5", "-$5", "sign before currency"), ("5", "+5", "plus sign"), ("0.5", r"\dfrac{1}{2}", "fraction"),
    ("1/2", r"\frac12", "fraction without braces"), ("0.5", ".5", "no zero"),
    ("-\\frac{1}{2}", "\\frac{-1}{2}", "sign inside"), ("3.5", r"3\frac12", "mixed number"),
    ("3.5", "3½", "½"), ("7/2", "3 1/2", "mixed with a slash"), ("0.00001", "1e-5", "scientific"),
    ("0.00001", "10^{-5}", "power of ten"), ("17000", r"1.7 \times 10^4", "times a power of ten"),
    ("1/3", r"0.\overline{3}", "repeating"), ("50%", "50", "percent as a unit"),
    ("50%", "1/2", "percent as hundredths"), (r"50\%", "0.5", "same"),
    ("50", "50%", "percent for a bare gold"), ("0.5", r"50\%", "same, hundredths"),
    ("28", "28 percent", "in words"), ("21", "twenty-one", "words"), ("12", "a dozen", "words"),
    ("0", "zero", "words"), ("-5", "negative five", "words"),
    ("1234567", "one million two hundred thirty-four thousand five hundred and sixty-seven", "words"),
    ("7200000000", "7.2 billion", "magnitude"), ("72", "x = 72", "a name"),
    ("72", "24 \\times 3 = 72", "a chain"), ("72", "72 (not 24)", "a note"),
    ("72", "\uff17\uff12", "full width"),
    ("123", "١٢٣", "Arabic-Indic digits"),
    ("18", "18 eggs", "unit"), ("18", r"\$18.00", "currency"),
    ("18", r"18\text{ dollars per day}", "unit in text"),
    ("5.4 \\text{ cents}", "5.4", "unit in the gold only"),
    ("7 cm", "7 centimeters", "one unit, two names"), ("90", "90°", "degrees"),
    ("13 \\text{ m}", "13 m", "text or not"), ("700", r"700 \mathrm{~nm}", "roman unit"),
    ("1" * 5000, "1" * 5000 + ".0", "longer than int() reads"), ("2,1", "1 and 2", "an unordered list"),
    ("1,3,5", "n = 1, 3, 5", "a named list"), ("100,200", "100, 200", "a list that looks like thousands"),
    ("\\pm 3", "3, -3", "plus or minus"), ("\\{1,2\\}", "\\{2,1\\}", "set"),
    ("(p,q)=(3,2)", "(3,2)", "named tuple"),
    ("\\left(\\frac12, 3\\right)", "(0.5, 3)", "tuple elements are numbers"), ("(B)", "B", "choice"),
    ("B", "(B) a parabola", "choice with its text"), ("odd", r"\text{Odd.}", "words"),
    ("4:30 \\text{ p.m.}", r"\text{4:30 p.m.}", "time"),
    ("10^{10^{10}}", "10^{10^{10}}", "same text, never evaluated"), ("k = 1", "1", "the gold's name"),
    ("1/2", "one half", "fraction in words"), ("3/4", "three quarters", "same"),
    ("2.5", "two and a half", "mixed number in words"), ("-3", "minus 3", "sign in words"),
    ("3", "3rd", "ordinal"), ("30", r"30^\circ C", "temperature"), ("x^2", "x**2", "as in code"),
    ("12:30", "12:30 p.m.", "time"), ("3:00 PM", "3 pm", "time"),
    (r"\emptyset", r"\varnothing", "empty set"), (r"\mathbb{R}", r"(-\infty,\infty)", "all numbers"),
    (r"\mathbb{R}", "all real numbers", "in words"), ("no solution", "No solutions.", "plural"),
    ("x=3,y=4", "(3,4)", "a point"), ("(3,4)", "x=3, y=4", "a point"), ("AB", r"\overline{AB}", "segment"),
    ("204_5", "204_{5}", "base"), ("\\infty", "∞", "infinity"),
]  # fmt: skip

DIFFERENT = [  # gold, answer, reason
    ("D", "D or E", "fishing"), ("D", "(D) or (E)", "fishing"), ("D", "(D) and 5", "fishing"),
    ("D", "D, E", "fishing"), ("D", "D: E", "fishing"), ("A", "(A)(B)", "fishing"),
    ("A", "A. B. C.", "fishing"),
    ("A", "option B", "choice"), ("7", "therefore 8", "number"),
    ("3.5", "3.9", "a tenth"),
    ("72", "72\n\nWait, actually 24", "a second thought"), ("30", "5 6", "two numbers, no product"),
    ("72", "7 2", "two numbers"), ("12", "1,2", "a list"), ("1000", "1,00", "wrong grouping"),
    ("5", "-5", "sign"), ("50", "0.5", "hundredths of a gold without percent"),
    ("1.5", r"3\frac{1}{2}", "mixed, not a product"), ("1/3", "0.333333", "exact"),
    ("7 m", "7 cm", "units differ"), ("5 m^2", "5 m^3", "powers of units differ"),
    ("204_5", "204_6", "bases differ"), ("5", "5x", "a variable is no unit"),
    ("5", r"5\pi", "nor is a constant"), ("2m", "2", "an expression, not two metres"),
    ("5", "5 or 6", "fishing"), ("5", "4, 5, 6", "fishing"), ("1", "1 and 36", "partial list"),
    ("1,2", "1", "partial gold"), ("3", "\\pm 3", "two values"), ("5", "5/0", "no value"),
    ("5", "nan", "no value"), ("1", "inf", "no value"), ("1", "one third", "a fraction"),
    ("5", "5 is not the answer", "prose"), ("45", "45 minutes and 30 seconds", "two quantities"),
    ("1e1000000000", "1e1000000001", "huge exponents are text"),
    ("1" * 5000, "1" * 4999 + "2", "last of many digits"), ("(2,5)", "\\{2,5\\}", "tuple and set"),
    ("[0,1)", "[0,1]", "interval ends"), ("(1,2)", "(2,1)", "order"), ("x=5", "y=5", "names"),
    ("5", "x<5", "relation"), ("2", "\\{1, 2, 3, ...\\}", "a set that goes on"), ("odd", "even", "words"),
    ("B", "C", "choice"), ("7:32", "7:31", "ratio"), ("7", "", "nothing"), ("", "7", "no gold"),
    ("", "", "nothing matches nothing"), ("2x+3y=6", "6", "half of an equation"),
]  # fmt: skip

SYMBOLIC = [  # gold, answer, verdict, reason
    ("\\frac{1}{200!}", "\\frac{1}{201!}", False, "next to nothing"),
    ("\\frac{1}{200!}", "\\frac{2}{2 \\cdot 200!}", True, "next to nothing"),
    ("0", "\\sqrt{2} \\cdot \\sqrt{3} - \\sqrt{6}", True, "nothing"),
    ("x \\in [1,2]", "y \\in [1,2]", False, "another variable"),
    ("12\\pi", "A = 12\\pi \\text{ cm}^2", True, "square unit"), ("3:4", "3 \\text{ to } 4", True, "ratio"),
    ("2^{100}", "2^{100}+1", False, "large numbers"), ("2^{100}", "4^{50}", True, "large numbers"),
    ("10^{15}\\sqrt{8}", "2 \\cdot 10^{15}\\sqrt{2}", True, "large values"),
    ("3\\sqrt{13}", "\\sqrt{117}", True, "radicals"), ("3\\sqrt{13}", "3", False, "half a gold"),
    ("6+9i", "9i+6", True, "complex"), (r"2\pi", "2*pi", True, "as in code"),
    ("2\\sqrt{5}", "2*sqrt(5)", True, "as in code"), ("2\\sqrt{5}", "2*sqrt(6)", False, "as in code"),
    ("\\frac{1}{2+2i}", "\\frac{1-i}{4}", True, "i is the imaginary unit"),
    ("0.3", "0.1+0.2", True, "decimals are exact"),
    ("\\frac{1}{m}t", "v(t) = \\frac{t}{m}", True, "m is no metre"), ("x+1", "x+2", False, "expressions"),
    ("|x|", "x", False, "negative points too"), ("\\tan^2(y)+1", "\\sec^2(y)", True, "identity"),
    ("2x+4y-3=0", "y=-\\frac{1}{2}x+\\frac{3}{4}", True, "line"),
    ("2x+3y=6", "0=0", False, "an equation that says nothing"), ("x=5", "x=x", False, "same"),
    ("x \\le 5", "x<5", False, "strictness"), ("k<-5", "(-\\infty,-5)", True, "inequality and interval"),
    ("(0,9) \\cup (9,36)", "(0,36) \\setminus \\{9\\}", True, "sets"),
    ("12\\pi", "12π inches", True, "unit"),
    ("\\begin{pmatrix}1\\\\2\\end{pmatrix}", "\\begin{bmatrix}1\\\\2\\end{bmatrix}", True, "matrix"),
    ("\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}", "\\begin{pmatrix} 1 & 2 \\end{pmatrix}", False, "column"),
]  # fmt: skip


@pytest.mark.parametrize(("turn", "answer", "reason"), TURNS)
def test_the_marked_answer_is_the_last_complete_one_after_the_reasoning(turn, answer, reason):
    assert extract_answer(turn) == answer, reason


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("gold", ["72", "-3", "1,072", "2.5"])
def test_every_notation_is_graded_after_reasoning_and_without_it(notation, gold):
    wrong = str(Fraction(gold.replace(",", "")) + 1)
    for prefix in ("", "<think>\n40 + 32\n</think>\n"):
        assert is_correct(prefix + notation % gold, gold)
        assert not is_correct(prefix + notation % wrong, gold)
    assert not is_correct("<think>\n" + notation % gold, gold)


@pytest.mark.parametrize(("gold", "answer", "reason"), EQUAL)
def test_equal_answers_match_without_computer_algebra(gold, answer, reason):
    before = grader_counts()
    assert answers_match(gold=gold, answer=answer), reason
    assert grader_counts() == before


@pytest.mark.parametrize(("gold", "answer", "reason"), DIFFERENT)
def test_different_answers_do_not_match(gold, answer, reason):
    assert not answers_match(gold=gold, answer=answer), reason


@pytest.mark.parametrize(("gold", "answer", "verdict", "reason"), SYMBOLIC)
def test_symbolic_answers_are_compared_by_value(gold, answer, verdict, reason):
    assert answers_match(gold=gold, answer=answer) == verdict, reason


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("so 28 + 2 = 30.\nA: 30", "30"),
        ("I think it's (D).", "D"),
        ("Thus $x <= 2$ is it.", "x \\leq 2"),
        ("It is $1,000.99", "1000.99"),
        ("The total is 1,000", "1000"),
        ("The area is 12\\pi.", "12\\pi"),
        ("Option (A) is correct.", "A"),
        ("forty-two", "42"),
        ("No.", "no"),
    ],
)
def test_an_unmarked_answer_counts_in_the_flexible_score_only(text, gold):
    assert is_correct(text, gold, marked_only=False)
    assert not is_correct(text, gold)
    assert not is_correct("<think>" + text, gold, marked_only=False)
    assert not is_correct(text + " \\boxed{", gold, marked_only=False)
    assert not is_correct(text + " \\boxed{99}", gold, marked_only=False)


@pytest.mark.parametrize(
    ("gold", "readable"),
    [
        ("72", True),
        ("3\\sqrt{13}", True),
        ("", False),
        (" ", False),
        ("\\frac{1}{2", False),
        ("because " * 51, False),
        ("\\boxed{7", False),
    ],
)
def test_a_gold_is_readable_if_an_answer_could_equal_it(gold, readable):
    assert (read_gold(gold) is not None) == readable


@pytest.mark.parametrize("value", [None, 7, 7.5, ["7"], b"7", float("nan")])
def test_what_is_not_text_is_never_correct_and_never_raises(value):
    assert not is_correct("\\boxed{7}", value)
    assert not is_correct(value, "7")
    assert not answers_match(gold="7", answer=value)
    assert extract_answer(value) is None
    assert read_gold(value) is None


@pytest.mark.parametrize(
    "gold", ["\\boxed{7}", "$\\boxed{7}$.", "#### 7", "The answer is 7.", "3 + 4 = 7 apples\n#### 7", "$7$"]
)
def test_a_gold_may_come_marked_or_as_a_whole_solution(gold):
    assert is_correct("\\boxed{7.0}", gold)
    assert not is_correct("\\boxed{8}", gold)
    assert not is_correct("\\boxed{3}", gold)


HOSTILE = {
    "digits": "\\boxed{" + "1" * 10**6 + "}",
    "braces": "{" * 10**6,
    "open boxes": "\\boxed{" * 150_000,
    "closed boxes": "\\boxed{8}" * 110_000,
    "answer is": "answer is " * 100_000,
    "final answers": "final answer: " * 70_000,
    "spaces": "The answer is" + " " * 10**6 + "8",
    "dollars": "$" * 10**6,
    "brackets": "\\[" * 500_000,
    "tags": "<answer>" * 120_000,
    "numbers": "1,000 " * 160_000,
    "backslashes": "\\" * 10**6,
    "list": "\\boxed{" + "1," * 8_000 + "1}",
    "parentheses": "\\boxed{" + "(" * 8_000 + "1" + ")" * 8_000 + "}",
    "tuples": "\\boxed{" + ",".join(["(" + ",".join("1" * 20) + ")"] * 64) + "}",
    "words": "\\boxed{" + "one " * 4_000 + "}",
    "millions": "\\boxed{7" + " million" * 1_900 + "}",
    "gap": "\\boxed{1" + " " * 16_000 + "x}",
    "units": "\\boxed{1 " + "m^2" * 5_000 + "}",
    "halves": "\\boxed{" + "½" * 16_000 + "}",
    "nested text": "\\boxed{" + "\\text{" * 2_000 + "1" + "}" * 2_002,
    "equations": "\\boxed{" + "x=" * 8_000 + "1}",
    "surrogate": "\\boxed{\ud800}",
    "null": "\\boxed{\0}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("gold", ["7", "7, 9"])
def test_a_megabyte_of_anything_gets_a_verdict_in_well_under_a_second(text, gold):
    symbolic_worker_is_running = answers_match(gold="x+1", answer="1+x")
    assert symbolic_worker_is_running
    started = time.perf_counter()
    assert not is_correct(text, gold)
    assert not is_correct(text, gold, marked_only=False)
    assert time.perf_counter() - started < 0.8


def test_importing_the_grader_and_grading_numbers_loads_nothing_heavy():
    script = (
        "import sys; from tinyreason.answers import is_correct\n"
        "assert is_correct('<think>a</think>#### 1,072', '1072')\n"
        "print([name for name in ('torch', 'transformers', 'sympy', 'math_verify') if name in sys.modules])"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"
