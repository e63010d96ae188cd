"""Publishes a run on the Hugging Face Hub: weights, tokenizer, recipe, record, evaluations and a model card
that is written from these alone.

python scripts/push_to_hub.py runs/demo/grpo --repo ann/demo --dry_run
python scripts/push_to_hub.py runs/demo/grpo --repo ann/demo --space

Private unless `--private false`. A run that was not evaluated is refused, and one whose files hold what looks
like a secret. Checkpoints, optimizer states, rollouts and hidden files stay here, and so do absolute paths.
The same command goes on after an interruption: what has arrived is not sent again.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tinyreason.config import parse, positional
from tinyreason.hub import (
    HubError,
    check_repo,
    files_of,
    model_card,
    read_publication,
    refuse_secrets,
    size,
    space_files,
    upload,
)
from tinyreason.report import ReportError
from tinyreason.run import plain_errors, send_no_telemetry


@dataclass
class PushArguments:
    """Which run, and where to."""

    run: str = field(metadata={"help": "Run folder, or one that scripts/merge.py wrote."})
    repo: str = field(metadata={"help": "Repository on the Hub: your account, a slash, a name."})
    private: bool = field(default=True, metadata={"help": "false: for all to see."})
    space: bool = field(default=False, metadata={"help": "Also a Space of that name, to talk to the model."})
    licence: str | None = field(
        default=None, metadata={"help": "The Hub's name of it, for a base whose licence is not known here."}
    )
    allow_unevaluated: bool = field(
        default=False, metadata={"help": "Publish a run without an evaluation; the card says so."}
    )
    dry_run: bool = field(default=False, metadata={"help": "Write the card, list the files, send nothing."})


def main() -> None:
    """Card, files, upload."""
    (args,) = parse([PushArguments], positional("run"), description=__doc__)
    send_no_telemetry()
    check_repo(args.repo)
    folder = Path(args.run)
    found = read_publication(folder, args.licence)
    if not found.results and not args.allow_unevaluated:
        raise HubError(
            f"{folder}: was not evaluated; python recipes/evaluate.py --model {folder}, or give "
            "--allow_unevaluated"
        )
    card = model_card(found, args.repo)
    (folder / "README.md").write_text(card, encoding="utf-8")
    refuse_secrets("README.md", card)
    files = {**files_of(folder), "README.md": card.encode()}
    space = space_files(args.repo, found.licence, adapter=found.is_adapter) if args.space else {}
    if args.dry_run:
        print(card)
        show(args.repo, files)
        if space:
            show(f"spaces/{args.repo}", space)
        print("nothing was sent")
        return
    from huggingface_hub import HfApi

    print(upload(HfApi(), args.repo, files, kind="model", private=args.private))
    if space:
        print(upload(HfApi(), args.repo, space, kind="space", private=args.private))
        if args.private:
            print(
                "the Space needs a secret HF_TOKEN that may read the model: settings, variables and secrets"
            )


def show(repo: str, files: Mapping[str, bytes | Path]) -> None:
    """The files with their sizes."""
    print(f"{repo}: {len(files)} files")
    for name, content in files.items():
        print(f"{size(content):>14,}  {name}")


if __name__ == "__main__":
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError

    with plain_errors(resumable=True):
        try:
            main()
        except (HubError, ReportError) as error:
            sys.exit(f"error: {error}")
        except LocalTokenNotFoundError:
            sys.exit("error: no token of the Hub is here; `hf auth login`, with one that may write")
        except (HfHubHTTPError, OSError, RuntimeError) as error:
            sys.exit(f"error: {' '.join(str(error).split())}; the same command goes on where it stopped")
