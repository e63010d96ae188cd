"""Sums of terms c x^p e^(rx) ln(x)^k sin(fx) or cos(fx), which differentiation turns into such sums again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tinyreason.synthetic.notation import Number, code, number, over, power, times, total


@dataclass(frozen=True)
class Term:
    """`rate` is r, `logs` is k; `trig` is "sin", "cos" or "" for neither."""

    coefficient: Number
    power: Number = 0
    rate: int = 0
    logs: int = 0
    trig: str = ""
    frequency: int = 0

    @property
    def latex(self) -> str:
        body = power("x", max(self.power, 0))
        body += f"e^{{{times(self.rate, 'x')}}}" if self.rate else ""
        body += power("\\ln(x)", self.logs) if self.logs < 2 else f"\\ln^{{{self.logs}}}(x)"
        body += f"\\{self.trig}({times(self.frequency, 'x')})" if self.trig else ""
        if self.power < 0:
            return over(self.coefficient, body, power("x", -self.power))
        return times(self.coefficient, body)

    @property
    def code(self) -> str:
        """As sympy code."""
        factors = [code(self.coefficient)]
        factors += [f"x**{code(self.power)}"] if self.power not in (0, 1) else ["x"] * int(self.power)
        factors += [f"exp({self.rate}*x)"] if self.rate else []
        factors += ["log(x)"] * self.logs
        factors += [f"{self.trig}({self.frequency}*x)"] if self.trig else []
        return "*".join(factors)

    def times(self, factor: Number) -> "Term":
        return replace(self, coefficient=self.coefficient * factor)


Sum = Sequence[Term]


def polynomial(*coefficients: Number) -> list[Term]:
    """From the highest power down: 3, 0, -2 is 3x^2 - 2."""
    degree = len(coefficients) - 1
    return [Term(c, degree - place) for place, c in enumerate(coefficients) if c]


def latex(terms: Sum) -> str:
    return total(*(term.latex for term in terms))


def source(terms: Sum) -> str:
    """The sum as sympy code."""
    return " + ".join(term.code for term in terms) or "0"


def collected(terms: Iterable[Term]) -> list[Term]:
    """Like terms added up, in the order in which they first occur, without those that vanish."""
    sums: dict[Term, Number] = {}
    for term in terms:
        kind = replace(term, coefficient=1)
        sums[kind] = sums.get(kind, 0) + term.coefficient
    return [replace(kind, coefficient=value) for kind, value in sums.items() if value]


def derivative(terms: Sum) -> list[Term]:
    return collected(part for term in terms for part in _derivative(term))


def _derivative(term: Term) -> Iterable[Term]:
    """The product rule, a summand for every factor that depends on x."""
    if term.power:
        yield replace(term, coefficient=term.coefficient * term.power, power=term.power - 1)
    if term.rate:
        yield term.times(term.rate)
    if term.logs:
        yield replace(
            term, coefficient=term.coefficient * term.logs, power=term.power - 1, logs=term.logs - 1
        )
    if term.trig == "sin":
        yield replace(term, coefficient=term.coefficient * term.frequency, trig="cos")
    if term.trig == "cos":
        yield replace(term, coefficient=-term.coefficient * term.frequency, trig="sin")


def antiderivative(terms: Sum) -> list[Term]:
    """Without a constant; of terms that hold a power of x, an exponential or a sine alone."""
    return [_antiderivative(term) for term in terms]


def _antiderivative(term: Term) -> Term:
    coefficient = Fraction(term.coefficient)
    if term.rate:
        return replace(term, coefficient=coefficient / term.rate)
    if term.trig == "sin":
        return replace(term, coefficient=-coefficient / term.frequency, trig="cos")
    if term.trig == "cos":
        return replace(term, coefficient=coefficient / term.frequency, trig="sin")
    if term.power == -1:
        return Term(term.coefficient, logs=1)
    return Term(coefficient / (term.power + 1), term.power + 1)


def value(terms: Sum, x: Number) -> Fraction:
    """Of a sum of whole powers of x."""
    return sum((Fraction(term.coefficient) * Fraction(x) ** int(term.power) for term in terms), Fraction())


def value_written(terms: Sum, x: Number) -> str:
    """The powers with the number put in for x, products written out: 3 \\cdot 2^{2}-5 \\cdot 2+1."""
    shown = number(x) if x >= 0 and Fraction(x).denominator == 1 else f"({number(x)})"
    parts = []
    for term in terms:
        body = power(shown, term.power) if term.power != 1 else shown
        factor = times(term.coefficient, "") if abs(term.coefficient) != 1 or not body else ""
        sign = "-" if term.coefficient == -1 and body else ""
        parts.append(sign + " \\cdot ".join(part for part in (factor, body) if part))
    return total(*parts)
