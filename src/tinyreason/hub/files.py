"""The files of a run that may leave this machine: what a model and its record need, by name, no others.

Checkpoints, optimizer states, rollouts, completions and hidden files are not on the list. The record may name
folders of this machine: an absolute path becomes its last part. Whatever looks like a secret stops it all.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tinyreason.config import RECIPE
from tinyreason.hub.facts import HubError
from tinyreason.models import ADAPTER, MERGED_FROM
from tinyreason.run import MANIFEST, METRICS

Content = bytes | Path

MODEL = (
    *("*.safetensors", "*.safetensors.index.json", "config.json", "generation_config.json"),
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("vocab.json", "merges.txt", "chat_template.jinja"),
)
RECORD = (RECIPE, MANIFEST, METRICS, MERGED_FROM, ADAPTER, "eval/*.json")
NOT_RECORD = "*-against-*"  # which problems were fixed; their names may be those of folders here
TEXTS = (".json", ".jsonl", ".yaml", ".jinja", ".md")
LARGEST_TEXT = 2**20  # bytes; a vocabulary is larger, and has every word in it
SECRET = re.compile(
    r"(?<![A-Za-z])(?:hf_|gh[opsu]_|github_pat_|glpat-|sk-|xox[bp]-|AKIA)[A-Za-z0-9_-]{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|://[^/\s:@]+:[^/\s@]+@"
    r"|(?i:(?:api_?key|access_?key|hub_token|access_token|secret|password)[\"']?\s*[:=]\s*[\"']?"
    r"(?!null\b)[^\s\"',}]{8,})"
)


def files_of(folder: Path) -> dict[str, Content]:
    """Path in the repository -> a file of the run, or what stands for it. Raises HubError where one of them
    is a link, or holds what looks like a secret, naming file and line but not the secret.
    """
    found: dict[str, Content] = {path.name: path for path in listed(folder, MODEL)}
    for path in listed(folder, RECORD):
        found[path.relative_to(folder).as_posix()] = cleaned(path)
    for name, content in found.items():
        if isinstance(content, bytes):
            refuse_secrets(name, content.decode())
        elif content.suffix in TEXTS and content.stat().st_size <= LARGEST_TEXT:
            refuse_secrets(name, content.read_text(encoding="utf-8"))
    return found


def listed(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    """The files of these names. Raises HubError for a link: it may lead anywhere."""
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            if path.is_symlink() or path.parent.is_symlink():
                raise HubError(f"{path}: is a link; put the file itself there")
            if path.is_file() and not path.match(NOT_RECORD):
                yield path


def cleaned(path: Path) -> bytes:
    """A YAML or JSON file, or one of JSON lines, without absolute paths."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":  # its first line, a command with paths, is left out
        values = without_paths(yaml.safe_load(text))
        return yaml.safe_dump(values, sort_keys=False, default_flow_style=None, allow_unicode=True).encode()
    if path.suffix == ".jsonl":
        lines = [json.dumps(without_paths(json.loads(line))) for line in text.splitlines() if line]
        return ("\n".join(lines) + "\n").encode()
    return (json.dumps(without_paths(json.loads(text)), indent=2, ensure_ascii=False) + "\n").encode()


def without_paths(value: Any) -> Any:
    """The value with its absolute paths cut to their last parts, wherever in it they are."""
    if isinstance(value, dict):
        return {without_paths(key): without_paths(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_paths(each) for each in value]
    if not isinstance(value, str):
        return value
    if "+" in value and "\n" not in value:  # a mixture may be of files
        return "+".join(without_paths(part) for part in value.split("+"))
    value = value.removeprefix("file://")
    if value.startswith(("/", "~", "../")):
        return Path(value).name
    for folder in (Path.cwd(), Path.home()):
        value = value.replace(f"{folder}/", "")
    return re.sub(r"(?<![\w/.])(?:file://|~)?(?:/[\w.@+-]+){2,}/?", lambda path: Path(path[0]).name, value)


def refuse_secrets(name: str, text: str) -> None:
    """Raises HubError."""
    found = SECRET.search(text)
    if found:
        line = text[: found.start()].count("\n") + 1
        raise HubError(f"{name}, line {line}: looks like a secret; remove it from the run and revoke it")
