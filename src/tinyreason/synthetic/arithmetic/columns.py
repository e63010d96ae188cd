"""The four operations as they are worked on paper, one equation a line, so that a line needs small sums only:
columns with their carry or borrow, partial products, and the digits of a long division.
"""

from collections.abc import Callable

from tinyreason.synthetic.notation import signed


def added(left: int, right: int) -> list[str]:
    """487+256 as 7+6=13, 8+5+1=14, 4+2+1=7, 487+256=743: columns from the right, a carry as +1."""
    last = f"{left}+{right}={left + right}"
    if left < 100 and right < 100 and min(left, right) < 10:
        return [last]
    lines, carry, upper, lower = [], 0, left, right
    while (upper and lower) or carry:
        digits = [upper % 10] if upper else []
        digits += [lower % 10] if lower else []
        digits += [1] if carry else []
        if len(digits) > 1:
            lines.append(f"{'+'.join(map(str, digits))}={sum(digits)}")
        carry, upper, lower = sum(digits) // 10, upper // 10, lower // 10
    return [*lines, last]


def subtracted(left: int, right: int) -> list[str]:
    """523-287 as 13-7=6, 12-1-8=3, 5-1-2=2, 523-287=236, a borrow as -1; the left is not the smaller."""
    last = f"{left}-{right}={left - right}"
    if left < 100 and right < 10:
        return [last]
    lines, borrow, upper, lower = [], 0, left, right
    while lower or borrow:
        taken = [1] if borrow else []
        taken += [lower % 10] if lower else []
        digit = upper % 10
        borrow = int(digit < sum(taken))
        digit += 10 * borrow
        lines.append(f"{'-'.join(map(str, (digit, *taken)))}={digit - sum(taken)}")
        upper, lower = upper // 10, lower // 10
    return [*lines, last]


def multiplied(left: int, right: int) -> list[str]:
    """347*26 as 347*6, then 347*2 and 347*20, each by the places of 347, then their sum."""
    last = f"{left}*{right}={left * right}"
    if left * right == 0 or len(_places(left)) == len(_places(right)) == 1:
        return [last]
    lines = _partial_products(max(left, right), min(left, right))
    return lines if lines and lines[-1] == last else [*lines, last]


def divided(number: int, divisor: int) -> list[str]:
    """Long division: 1596/7 as 15-2*7=1, 10*1+9=19, 19-2*7=5, 10*5+6=56, 56-8*7=0, 1596/7=228; with a
    remainder the last line is 228*7+3=1599.
    """
    lines = _division_digits(number, divisor) if number >= 10 * divisor else []
    quotient, rest = divmod(number, divisor)
    last = f"{quotient}*{divisor}+{rest}={number}" if rest else f"{number}/{divisor}={quotient}"
    return [*lines, last]


WORKED: dict[str, Callable[[int, int], list[str]]] = {
    "+": added,
    "-": subtracted,
    "*": multiplied,
    "/": divided,
}
APPLY: dict[str, Callable[[int, int], int]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left // right,
}


def worked(left: int, operator: str, right: int) -> list[str]:
    """The lines of one operation; where a sign or an order of the numbers needs thought, that comes first."""
    if left >= 0 and right >= 0 and (operator != "-" or left >= right):
        return WORKED[operator](left, right)
    whole = f"{left}{operator}{signed(right)}={APPLY[operator](left, right)}"
    magnitudes = abs(left), abs(right)
    if operator in "*/":
        return [*WORKED[operator](*magnitudes), whole]
    same_direction = (left < 0) == ((right < 0) != (operator == "-"))
    if same_direction:
        return [*added(*magnitudes), whole]
    return [*subtracted(max(magnitudes), min(magnitudes)), whole]


def _places(number: int) -> list[int]:
    """347 as 300, 40, 7; zeros left out."""
    text = str(number)
    return [
        int(digit) * 10 ** (len(text) - place) for place, digit in enumerate(text, start=1) if digit != "0"
    ]


def _times_digit(left: int, digit: int) -> list[str]:
    places = _places(left)
    if digit == 1:
        return []
    lines = [f"{place}*{digit}={place * digit}" for place in places]
    total = places[0] * digit
    for place in places[1:]:
        lines.append(f"{total}+{place * digit}={total + place * digit}")
        total += place * digit
    return [*lines, f"{left}*{digit}={total}"] if len(places) > 1 else lines


def _partial_products(left: int, right: int) -> list[str]:
    lines: list[str] = []
    total = 0
    for place in reversed(_places(right)):
        lines += _times_digit(left, int(str(place)[0]))
        if place > 9:
            lines.append(f"{left}*{place}={left * place}")
        lines += added(total, left * place) if total else []
        total += left * place
    return lines


def _division_digits(number: int, divisor: int) -> list[str]:
    """Ends where nothing is left and only zeros follow, which the quotient gets as they are."""
    digits = str(number)
    length = next(n for n in range(1, len(digits) + 1) if int(digits[:n]) >= divisor)
    lines: list[str] = []
    rest = int(digits[:length])
    for place in range(length, len(digits) + 1):
        quotient, left_over = divmod(rest, divisor)
        lines.append(f"{rest}-{quotient}*{divisor}={left_over}")
        if not left_over and not int(digits[place:] or 0):
            break
        if place < len(digits):
            rest = 10 * left_over + int(digits[place])
            lines += [f"10*{left_over}+{digits[place]}={rest}"] if left_over else []
    return lines
