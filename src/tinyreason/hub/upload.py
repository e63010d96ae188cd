"""Files to a repository, so that an upload that was cut off goes on, and none is believed without a look.

The weights go first, a commit a file, then the rest, and the card last: a repository with a card is whole.
What is there with the right hash is not sent again.
"""

import hashlib
import io
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

from tinyreason.hub.facts import HubError
from tinyreason.hub.files import MODEL, RECORD, Content

if TYPE_CHECKING:
    from huggingface_hub import HfApi, RepoFile

Kind = Literal["model", "space"]
CARD = "README.md"


def check_repo(repo: str) -> None:
    """Raises HubError where a repository is not named as USER/NAME, or by that placeholder itself."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    if repo.count("/") != 1 or repo.split("/")[0].lower() in ("user", "your-account"):
        raise HubError(f"repo: {repo} is no name of a repository; give your account, a slash, a name")
    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        raise HubError(f"repo: {repo} is no name of a repository; {error}") from error


def upload(
    api: "HfApi", repo: str, files: Mapping[str, Content], *, kind: Kind, private: bool, say: Callable = print
) -> str:
    """Makes the repository where there is none, removes what an earlier upload has left of a model and its
    record, sends what is missing, and compares what is there then.

    Returns its address. Raises HubError where it is public and should not be, or something did not arrive.
    """
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    sdk = "gradio" if kind == "space" else None
    url = api.create_repo(repo, repo_type=kind, private=private, exist_ok=True, space_sdk=sdk)
    is_private = api.repo_info(repo, repo_type=kind).private
    if is_private and not private:
        say(f"{repo}: is there already, private, and stays so; its settings on the Hub make it public")
    if private and not is_private:
        raise HubError(f"{repo}: is there already, for all to see; make it private, or give --private false")
    there = remote(api, repo, kind)
    missing = [name for name, content in files.items() if not same(there.get(name), content)]
    older = [name for name in there if name not in files and written_by(kind, name)]
    if kind == "model" and CARD in there and (older or set(missing) - {CARD}):
        older.append(CARD)  # until all that it speaks of is there
        missing = list(dict.fromkeys([*missing, CARD]))
    if older:
        say(f"removing {', '.join(older)}, of an earlier upload")
        operations = [CommitOperationDelete(name) for name in older]
        api.create_commit(repo, operations, commit_message="Remove what is out of date", repo_type=kind)
    say(f"{repo}: {len(files) - len(missing)} of {len(files)} files are there")
    weights = [name for name in missing if name.endswith(".safetensors")]
    small = [name for name in missing if name not in weights and name != CARD]
    for names in [*([name] for name in weights), small, [CARD] if CARD in missing else []]:
        if names:
            say(f"sending {', '.join(names)}")
            operations = [CommitOperationAdd(name, files[name]) for name in names]
            message = f"Add {names[0]}" if len(names) == 1 else f"Add {len(names)} files"
            api.create_commit(repo, operations, commit_message=message, repo_type=kind)
    there = remote(api, repo, kind)
    wrong = [name for name, content in files.items() if not same(there.get(name), content)]
    if wrong:
        raise HubError(f"{repo}: {', '.join(wrong)} did not arrive as sent; the same command sends it again")
    others = sorted(there.keys() - files.keys() - {".gitattributes"})
    if others:
        say(f"{repo}: also holds {', '.join(others)}, which are not of this run")
    return str(url)


def written_by(kind: Kind, name: str) -> bool:
    """Whether a file of a repository is of those that an upload writes; a run's checkpoints are not."""
    if kind == "space":
        return name.startswith("tinyreason/")
    return any(PurePath(f"/{name}").match(f"/{pattern}") for pattern in MODEL + RECORD)


def remote(api: "HfApi", repo: str, kind: Kind) -> "dict[str, RepoFile]":
    """Every file of the repository."""
    from huggingface_hub import RepoFile

    entries = api.list_repo_tree(repo, recursive=True, repo_type=kind)
    return {entry.path: entry for entry in entries if isinstance(entry, RepoFile)}


def same(there: "RepoFile | None", content: Content) -> bool:
    """Whether a file of the repository is this one: a large one by SHA-256, another as git's blob."""
    if there is None or there.size != size(content):
        return False
    if there.lfs is not None:
        return there.lfs.sha256 == digest(content, hashlib.sha256())
    return there.blob_id == digest(content, hashlib.sha1(b"blob %d\0" % size(content)))


def size(content: Content) -> int:
    """In bytes."""
    return content.stat().st_size if isinstance(content, Path) else len(content)


def digest(content: Content, begun: "hashlib._Hash") -> str:
    """The hash, in hex digits, with what it began with."""
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        return hashlib.file_digest(file, lambda: begun).hexdigest()
