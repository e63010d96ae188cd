# ruff: noqa: RUF001 (the tables are about look-alike characters)
"""One plain notation for the many ways to write the same mathematics: Unicode, LaTeX dressing, spacing.

Nothing here decides whether two answers are equal. Every function is linear in the length of its input.
"""

import re
import unicodedata

VULGAR_FRACTIONS = {
    chr(code): " " + unicodedata.normalize("NFKC", chr(code)).replace("\u2044", "/")
    for code in [0xBC, 0xBD, 0xBE, *range(0x2150, 0x215F)]
}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
SYMBOLS = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        **dict.fromkeys("\u2009\u202f\u2007", r"\,"),
        "×": r"\times ",
        "·": r"\cdot ",
        "⋅": r"\cdot ",
        "∙": r"\cdot ",
        "÷": "/",
        "⁄": "/",
        "∕": "/",
        "∞": r"\infty ",
        "√": r"\sqrt ",
        "°": r"^\circ ",
        "º": r"^\circ ",
        "±": r"\pm ",
        "∓": r"\mp ",
        "≤": r"\le ",
        "⩽": r"\le ",
        "≥": r"\ge ",
        "⩾": r"\ge ",
        "≠": r"\ne ",
        "≈": r"\approx ",
        "∈": r"\in ",
        "∪": r"\cup ",
        "∩": r"\cap ",
        "∖": r"\setminus ",
        "∅": r"\emptyset ",
        "→": r"\to ",
        "…": r"\ldots ",
        "⋯": r"\cdots ",
        "¢": " cents ",
        "’": "'",
        **dict.fromkeys("€£¥₹₩₽", r"\$"),
    }
)
GREEK_NAMES = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi
    psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega
"""
GREEK = {
    letter: "\\" + name + " "
    for letter, name in zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        GREEK_NAMES.split(),
        strict=True,
    )
}
GREEK_TABLE = str.maketrans({**GREEK, **VULGAR_FRACTIONS})

FUNCTION_NAMES = """
    sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp sqrt pi max min gcd lcm mod det
    dim ker deg inf sup lim binom frac infty
"""
FUNCTION_WORDS = frozenset(FUNCTION_NAMES.split())

WRAPPED_TEXT = re.compile(
    r"\\(?:text(?:bf|it|rm|sf|tt|normal|up)?|math(?:rm|bf|it|sf|tt|normal)|mbox|hbox|emph|underline|bm|boldsymbol)\s*\{([^{}]*)\}"
)
SPACING = re.compile(
    r"(?<!\\)\\(?:[;:\s]|(?:q?quad|hspace\s*\{[^{}]*\}|displaystyle|textstyle|limits)(?![A-Za-z]))|~"
)
DRESSING = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?)(?![A-Za-z])\.?|(?<!\\)\\[()\[\]]")
POWER = re.compile(r"(?<=[\w)}])\*\*(?=[\w({\\-])")  # x**2; what is left of the stars is bold
PRODUCT = re.compile(r"(?<=[\w)}])\s*\*\s*(?=[\w({\\])")
SEGMENT = re.compile(r"\\overline\s*\{\s*([A-Z]{2})\s*\}")
BARE_ROOT = re.compile(r"(?<![\\A-Za-z])sqrt\s*\(([^()]*)\)")
BARE_NAME = re.compile(
    r"(?<![\\A-Za-z])(pi(?![A-Za-z])|(?:arc)?(?:sin|cos|tan)(?=\s*[(^])|(?:cot|sec|csc|ln|log|exp)(?=\s*[(^_]))"
)
THIN_SPACE_IN_NUMBER = re.compile(r"(?<=\d)(?:\\[,! ]|,\\!)\s?(?=\d{3}(?!\d))")
FRACTION_VARIANT = re.compile(r"\\[dtc]frac(?![A-Za-z])")
RELATION_VARIANTS = [("\\leqslant", "\\le"), ("\\geqslant", "\\ge"), ("\\leq", "\\le"), ("\\geq", "\\ge")]
RELATION_VARIANTS += [("\\neq", "\\ne"), ("<=", "\\le "), (">=", "\\ge "), ("\\lt", "<"), ("\\gt", ">")]
SPACES_BESIDE_NON_DIGITS = re.compile(r"(?<=\D)\s+|\s+(?=\D|$)")
QUOTES = ' \t\r\n`"“”'
BRACED_CHARACTER = re.compile(r"\{([A-Za-z0-9])\}")


def fold_unicode(text: str) -> str:
    """Full-width and other digits, dashes, vulgar fractions, Greek letters and signs, as ASCII and LaTeX."""
    if text.isascii():
        return text
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ]+", lambda match: "^{" + match[0].translate(SUPERSCRIPTS) + "}", text)
    text = re.sub("[₀₁₂₃₄₅₆₇₈₉]+", lambda match: "_{" + match[0].translate(SUBSCRIPTS) + "}", text)
    text = re.sub(r"√\s*(\d+|[A-Za-z])", r"\\sqrt{\1}", text)
    text = re.sub(r"√\s*\(([^()]*)\)", r"\\sqrt{\1}", text)
    # before NFKC, which would make "3½" into "31/2" and lose the degree sign's look-alikes
    text = text.translate(SYMBOLS).translate(GREEK_TABLE)
    text = unicodedata.normalize("NFKC", text).translate(SYMBOLS)
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(character, character)) if character.isdecimal() else character
        for character in text
    )


def plain(text: str) -> str:
    """The text without what never changes a value: math delimiters, `\\left`, text wrappers, a full stop.

    A currency sign stays as `\\$`; a thousands separator written `{,}` or `\\,` becomes a comma.
    """
    text = fold_unicode(text).strip(QUOTES).replace("{,}", ",").replace("~", " ")
    if "*" in text:
        text = text if text.startswith("**") else POWER.sub("^", text)
        text = PRODUCT.sub(r"\\cdot ", text.replace("**", ""))
    if "sqrt" in text:
        text = BARE_ROOT.sub(r"\\sqrt{\1}", text)
    text = BARE_NAME.sub(r"\\\1 ", text)
    if "\\" in text:
        text = THIN_SPACE_IN_NUMBER.sub(",", text)
        text = DRESSING.sub("", text.replace("\\!", "").replace("\\,", " "))
        text = FRACTION_VARIANT.sub(r"\\frac", text)
        for _ in range(3):  # \textbf{\text{..}}: three levels are more than anyone writes
            text = WRAPPED_TEXT.sub(r" \1 ", text)
        text = SEGMENT.sub(r"\1", SPACING.sub(" ", text))
        text = text.replace("\\%", "%").replace("\\lbrace", "\\{").replace("\\rbrace", "\\}")
    for variant, name in RELATION_VARIANTS:
        if variant in text:
            text = text.replace(variant, name)
    text = _without_math_dollars(text)
    return text.strip().rstrip(".").strip()


def _without_math_dollars(text: str) -> str:
    """`$x$` loses its delimiters; a lone `$` is money and becomes `\\$`."""
    if "$" not in text:
        return text
    bare = re.sub(r"\\\$", "", text)
    if bare.count("$") == 1:
        return re.sub(r"(?<!\\)\$", r"\\$", text)
    return re.sub(r"(?<!\\)\$", "", text)


def canonical(text: str) -> str:
    """A key under which different spellings of plain text meet; "7 2" keeps its space and is not "72"."""
    return BRACED_CHARACTER.sub(r"\1", SPACES_BESIDE_NON_DIGITS.sub("", text))


def split_top_level(text: str, separator: re.Pattern[str]) -> list[str]:
    """The parts of the text between matches of the separator that lie outside every bracket and brace."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(
        rf"\\[{{}}]|[{{}}()\[\]]|\\langle|\\rangle|(?P<separator>{separator.pattern})", text
    ):
        if match["separator"] is not None:
            if depth == 0:
                parts.append(text[start : match.start()])
                start = match.end()
        elif match[0] in ("\\{", "{", "(", "[", "\\langle"):
            depth += 1
        else:
            depth = max(0, depth - 1)
    parts.append(text[start:])
    return [part.strip() for part in parts]
