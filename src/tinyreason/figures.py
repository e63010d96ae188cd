"""Figures as people read them, the same on every page and in the terminal."""


def format_percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def format_points(difference: float) -> str:
    """A difference of two shares in percentage points, with its sign."""
    return f"{100 * difference:+.1f}"


def format_p(p_value: float) -> str:
    """Four decimals where those say something, a power of ten below; 0 can only be underflow."""
    if p_value == 0:
        return "below 1e-300"
    return f"{p_value:.4f}" if p_value >= 0.001 else f"{p_value:.1e}"


def format_seconds(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def format_count(count: int) -> str:
    """1,234 below a million, 1.23 million from there."""
    return f"{count / 1e6:.2f} million" if count >= 1_000_000 else f"{count:,}"
