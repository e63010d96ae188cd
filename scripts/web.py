"""A web page of a model: ask it, talk to it, put it beside another, look through the rollouts of its run.

python scripts/web.py --model runs/demo/grpo
python scripts/web.py --model runs/demo/grpo --against runs/demo/sft

On this machine alone, at 127.0.0.1. `--share true` gives it an address on the internet, through Gradio, and
wants `--auth NAME:PASSWORD`. Needs `pip install -e '.[web]'`.
"""

from dataclasses import dataclass, field

from tinyreason.config import ConfigError, parse
from tinyreason.run import plain_errors, send_no_telemetry
from tinyreason.web import Settings, launch, page


@dataclass
class WebArguments:
    """Where the page is."""

    port: int = field(default=7860, metadata={"help": "On 127.0.0.1."})
    auth: str | None = field(default=None, metadata={"help": "NAME:PASSWORD that the page asks for."})
    share: bool = field(
        default=False, metadata={"help": "An address on the internet, for 1 week; only with auth."}
    )

    def __post_init__(self) -> None:
        name, colon, password = (self.auth or "").partition(":")
        if self.auth is not None and not (name and colon and password):
            raise ConfigError("auth: is not NAME:PASSWORD")
        if self.share and self.auth is None:
            raise ConfigError("share: anybody could use this machine; give --auth NAME:PASSWORD too")


def main() -> None:
    """Loads, then serves until Ctrl-C."""
    settings, args = parse([Settings, WebArguments], description=__doc__)
    send_no_telemetry()
    auth = tuple(args.auth.split(":", 1)) if args.auth else None
    try:
        launch(page(settings), server_name="127.0.0.1", server_port=args.port, share=args.share, auth=auth)
    except OSError as error:
        if "port" not in str(error):
            raise
        raise ConfigError(f"port: {args.port} is in use; give another --port") from error


if __name__ == "__main__":
    with plain_errors():
        main()
