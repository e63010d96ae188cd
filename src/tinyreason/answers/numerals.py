"""Numbers in every usual notation, exactly: `fractions.Fraction`, never a float.

A percent sign, a unit or a currency stays beside the value, because whether it matters depends on the gold
answer. What is not one number, such as "7 2", "1,2" or "5x", is None.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from tinyreason.answers.latex import FUNCTION_WORDS, canonical
from tinyreason.answers.words import MAGNITUDES, fraction_from_words

LARGEST_EXPONENT = 5_000
DIGITS_AT_ONCE = 4_000  # int() of a longer string is refused, and quadratic

SHORT_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,6}|\d{1,18})(?:\.\d{1,18})?")

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?:[ ]\d{3})+(?![\d/])|\d+)"
DECIMAL = rf"(?:{DIGITS}(?:\.\d+|\.(?![\d.]))?|\.\d+)"
INTEGER = r"[+-]?\s*\d{1,9}"


def _latex_fraction(above: str, below: str) -> str:
    """`\frac{1}{2}`, `\frac12`: each argument in a group of its name, or of its name and `_digit`."""
    arguments = [
        rf"(?:\{{\s*(?P<{name}>[+-]?\s*{DECIMAL})\s*\}}|(?P<{name}_digit>\d))" for name in (above, below)
    ]
    return r"\\frac\s*" + r"\s*".join(arguments)


def _power_of_ten(name: str) -> str:
    return rf"10\s*\^\s*(?:\{{\s*(?P<{name}>{INTEGER})\s*\}}|(?P<{name}_bare>{INTEGER}))"


NUMBER = re.compile(
    rf"""(?P<sign>[+-]?)\s*(?:
      (?P<repeating>\d*\.\d*)\\(?:overline|bar)\s*\{{\s*(?P<period>\d+)\s*\}}
    | (?P<whole>\d+)\s*{_latex_fraction("part", "parts")}
    | (?P<mixed>\d+)\s+(?P<slash_part>\d+)\s*/\s*(?P<slash_parts>\d+)
    | {_latex_fraction("above", "below")}
    | (?P<dividend>{DECIMAL})\s*/\s*(?P<divisor>[+-]?{DECIMAL})
    | (?P<mantissa>{DECIMAL})\s*
      (?:[eE](?P<exponent>[+-]?\d{{1,9}})(?![\w.])|(?:\\times|\\cdot|[x*])\s*{_power_of_ten("power")})
    | {_power_of_ten("lone_power")}
    | (?P<decimal>{DECIMAL})
    )""",
    re.VERBOSE,
)
PERCENT = re.compile(
    r"\s*(?:%|percent\b|percentage\b|pct\b|per\s?cent\b)(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
DEGREE = re.compile(
    r"\s*(?:\^\s*\{?\s*\\circ\s*\}?|\\degree(?![A-Za-z])|degrees?\b)\s*(?P<rest>.*)", re.DOTALL
)
BASE = re.compile(r"\s*_\s*\{?\s*(\d{1,2}|[a-z]{3,8})\s*\}?")
WORDS = re.compile(r"[A-Za-z][A-Za-z'-]*")
UNIT = re.compile(r"(?P<space>\s*)(?P<unit>[A-Za-zµ](?:[A-Za-zµ'.,\s/_-]|\^\s*\{?\s*-?\d\s*\}?)*)")
NOTE = re.compile(r"\s\((?=[^()]*[A-Za-z]{2})[^()]{1,200}\)$")
PART_OF = re.compile(r"^([+-]?\d[\d,]*)\s+of\s+(?:the\s+)?\d[\d,]*(?:\s+[A-Za-z]+){0,2}$")  # 2 of 100 is 2
MINUS = re.compile(r"^(?:minus|negative)\s+(?=[\d.\\])", re.IGNORECASE)
HEDGE = re.compile(r"(?:\\approx|=|about|approximately|approx\.?|exactly|only|around|roughly)(?![A-Za-z])\s*")
CURRENCY = re.compile(r"\\\$|\b(?:USD|EUR|GBP|Rs\.?)(?![A-Za-z])|\\(?:pounds|euro|yen)(?![A-Za-z])")

TEMPERATURES = ("C", "F")
UNITS_WITHOUT_SPACE = """
    st nd rd th
    m g s h l L N J W V K T mm cm km dm nm pm um kg mg ml mL dL cL hr hrs min mins sec secs ms ns ft in yd mi
    lb lbs oz mph kph kmh km/h m/s am pm AM PM Hz kHz MHz GHz eV keV MeV kJ kW kWh MW kV mV mA kPa Pa atm mol
    rad deg cents dollars hours days minutes seconds miles feet inches
"""
GLUED_UNITS = frozenset(UNITS_WITHOUT_SPACE.split())
WORDS_OF_NO_UNIT = """
    and or not to of half halves third thirds quarter quarters fourth fourths fifth fifths if is
"""
NOT_UNITS = frozenset(WORDS_OF_NO_UNIT.split()) | FUNCTION_WORDS
ALIASES = {
    "dollar": "$", "usd": "$", "buck": "$", "degree": "°", "deg": "°", "second": "s", "sec": "s",
    "minute": "min", "hour": "h", "hr": "h", "inch": "in", "inche": "in", "foot": "ft", "feet": "ft",
    "yard": "yd", "mile": "mi", "meter": "m", "metre": "m", "centimeter": "cm", "centimetre": "cm",
    "millimeter": "mm", "millimetre": "mm", "kilometer": "km", "kilometre": "km", "gram": "g",
    "kilogram": "kg", "milligram": "mg", "pound": "lb", "ounce": "oz", "liter": "l", "litre": "l",
    "milliliter": "ml",
}  # fmt: skip


@dataclass(frozen=True)
class Quantity:
    """`unit` is canonical and "" where none was written; `percent` values are the figure before the sign."""

    value: Fraction
    percent: bool = False
    unit: str = ""


def same_short_numbers(gold: str, answer: str) -> bool | None:
    """The verdict on two plain numbers of usual length, the common case; None for anything else."""
    if not SHORT_NUMBER.fullmatch(gold) or not SHORT_NUMBER.fullmatch(answer):
        return None
    gold, answer = gold.replace(",", ""), answer.replace(",", "")
    if "." not in gold and "." not in answer:
        return int(gold) == int(answer)
    gold_whole, _, gold_part = gold.partition(".")
    whole, _, part = answer.partition(".")
    # both as integers of the same power of ten
    return int(gold_whole + gold_part) * 10 ** len(part) == int(whole + part) * 10 ** len(gold_part)


def read_quantity(text: str) -> Quantity | None:
    """The one number that plain text states (see `latex.plain`), or None."""
    if SHORT_NUMBER.fullmatch(text):
        return Quantity(_decimal(text))
    currency = CURRENCY.search(text)
    if currency:
        text = CURRENCY.sub(" ", text, count=1).strip()
    text = HEDGE.sub("", text, count=1) if HEDGE.match(text) else text
    text = PART_OF.sub(r"\1", NOTE.sub("", text).strip())
    text = re.sub(r"^([+-])\s+", r"\1", MINUS.sub("-", text))
    found = _read_digits(text) or _read_words(text)
    if found is None:
        return None
    quantity = _with_tail(*found)
    if quantity is not None and currency and not quantity.unit:
        return Quantity(quantity.value, quantity.percent, "$")
    return quantity


def same_quantity(gold: Quantity, answer: Quantity) -> bool:
    """Exact equality under the policy for percent signs and units.

    Gold "50%" accepts 50, 50%, 0.5 and 1/2; gold "50" and gold "0.5" both accept "50%"; gold "50" does not
    accept 0.5.
    A unit that both state must be the same; a unit that only one states is ignored.
    """
    if gold.unit and answer.unit and gold.unit != answer.unit:
        return False
    if gold.percent == answer.percent:
        return gold.value == answer.value
    if gold.percent:
        return answer.value in (gold.value, gold.value / 100) and not answer.unit
    return gold.value in (answer.value, answer.value / 100) and not gold.unit


def integer(digits: str) -> int:
    """`int` without its limit of 4,300 digits."""
    value = 0
    for start in range(0, len(digits), DIGITS_AT_ONCE):
        chunk = digits[start : start + DIGITS_AT_ONCE]
        value = value * 10 ** len(chunk) + int(chunk)
    return value


def _decimal(text: str) -> Fraction:
    text = text.replace(",", "").replace(" ", "")
    sign = -1 if text.startswith("-") else 1
    whole, _, fractional = text.lstrip("+-").partition(".")
    return sign * Fraction(integer((whole + fractional) or "0"), 10 ** len(fractional))


def _read_digits(text: str) -> tuple[Fraction, str] | None:
    match = NUMBER.match(text)
    if match is None:
        return None
    value = _value(match)
    if value is None:
        return None
    return (-value if match["sign"] == "-" else value), text[match.end() :]


def _value(match: re.Match[str]) -> Fraction | None:
    group = match.groupdict()
    if group["decimal"] is not None:
        return _decimal(group["decimal"])
    if group["repeating"] is not None:
        return _repeating(group["repeating"], group["period"])
    if group["mixed"] is not None:
        return _mixed(group["mixed"], _ratio(group["slash_part"], group["slash_parts"]))
    if group["whole"] is not None:
        part = _ratio(group["part"] or group["part_digit"], group["parts"] or group["parts_digit"])
        return _mixed(group["whole"], part)
    if group["dividend"] is not None:
        return _ratio(group["dividend"], group["divisor"])
    if group["mantissa"] is not None:
        power = group["exponent"] or group["power"] or group["power_bare"]
        return _scientific(_decimal(group["mantissa"]), power)
    if lone_power := group["lone_power"] or group["lone_power_bare"]:
        return _scientific(Fraction(1), lone_power)
    return _ratio(group["above"] or group["above_digit"], group["below"] or group["below_digit"])


def _ratio(above: str, below: str) -> Fraction | None:
    divisor = _decimal(below)
    return _decimal(above) / divisor if divisor else None


def _mixed(whole: str, part: Fraction | None) -> Fraction | None:
    """3 1/2 is a mixed number; what has no proper fraction behind the whole,
    such as 3 7/2, is a product or a slip.
    """
    return integer(whole) + part if part is not None and 0 < part < 1 else None


def _repeating(decimal: str, period: str) -> Fraction:
    places = len(decimal.partition(".")[2])
    return _decimal(decimal) + Fraction(integer(period), (10 ** len(period) - 1) * 10**places)


def _scientific(mantissa: Fraction, exponent: str) -> Fraction | None:
    power = int(exponent.replace(" ", ""))
    return mantissa * Fraction(10) ** power if abs(power) <= LARGEST_EXPONENT else None


def _read_words(text: str) -> tuple[Fraction, str] | None:
    head = text[:200].lower()
    if not head[:1].isalpha():
        return None
    matches = list(WORDS.finditer(head.replace("-", " ")))
    if not matches or matches[0].start():
        return None  # letters of another alphabet
    words = [match[0] for match in matches]
    sign = -1 if words[0] in ("minus", "negative") else 1
    skipped = int(sign == -1)
    found = fraction_from_words(words[skipped:])
    if found is None:
        return None
    value, used = found
    return sign * value, text[matches[skipped + used - 1].end() :]


def _with_tail(value: Fraction, tail: str) -> Quantity | None:
    """The quantity with what follows the number; None where that is neither percent nor unit,
    so not one number.
    """
    if not tail.strip():
        return Quantity(value)
    if match := PERCENT.fullmatch(tail):
        return Quantity(value, percent=True) if _read_unit(match["rest"]) is not None else None
    if match := BASE.fullmatch(tail):
        return Quantity(value, unit=f"base {match[1]}")
    if match := DEGREE.fullmatch(tail):
        if match["rest"] in TEMPERATURES:
            return Quantity(value, unit="°" + match["rest"])
        return None if _read_unit(match["rest"]) is None else Quantity(value, unit="°")
    magnitude = WORDS.match(tail.lstrip())
    if magnitude and magnitude[0].lower() in MAGNITUDES:
        value *= MAGNITUDES[magnitude[0].lower()]
        tail = tail.lstrip()[magnitude.end() :]
    unit = _read_unit(tail)
    return None if unit is None else Quantity(value, unit=unit)


def _read_unit(tail: str) -> str | None:
    """The canonical unit, "" for none, None for what is no unit: a variable, a function, more numbers."""
    if not tail.strip():
        return ""
    match = UNIT.fullmatch(tail[:200]) if len(tail) <= 200 else None
    if match is None:
        return None
    unit = match["unit"].strip()
    words = [word.lower() for word in WORDS.findall(unit)]
    if NOT_UNITS.intersection(words) - {"of", "to"} or words[0] in NOT_UNITS:
        return None
    base = re.split(r"[\^/\s]", unit, maxsplit=1)[0]
    if (not match["space"] or len(base) == 1) and base not in GLUED_UNITS and unit not in GLUED_UNITS:
        return None
    return _canonical_unit(unit)


def _canonical_unit(unit: str) -> str:
    unit = canonical(unit).strip(" .,")
    singular = unit.lower()[:-1] if len(unit) > 3 and unit.endswith("s") else unit.lower()
    return ALIASES.get(singular, singular if len(unit) > 2 else unit)
