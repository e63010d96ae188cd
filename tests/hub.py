"""As much of the Hugging Face Hub as models, Spaces and streamed datasets need: its client creates
repositories in it, uploads, large files by Git LFS, lists and downloads, over HTTP. One branch a repository,
whose commits are numbered.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import parse_qs, unquote, urlsplit

REPO = r"(?:datasets/|spaces/)?[^/]+/[^/]+"


class Hub:
    """`repositories` maps an id, datasets/USER/NAME for a dataset and spaces/USER/NAME for a Space, to its
    files; `history` a commit to the files as they were. `served` counts the bytes of files that were sent,
    `received` lists the large ones that came, by hash; `broken` are those that fail on their way. `damage` is
    done to every large file that is stored.
    """

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.commits: list[str] = []
        self.history: dict[str, dict[str, bytes]] = {}
        self.lock = Lock()
        self.url = ""
        self.served = 0
        self.private: set[str] = set()
        self.large: dict[str, bytes] = {}
        self.received: list[str] = []
        self.broken: set[str] = set()
        self.damage = False

    def add(self, repo: str, folder: Path) -> None:
        """A folder as a repository."""
        files = {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
        self.repositories[repo] = files

    @property
    def commit(self) -> str:
        return f"{len(self.commits):040x}"

    def environment(self, cache: Path) -> dict[str, str]:
        """What makes a process take this for the Hub."""
        return {
            "HF_ENDPOINT": self.url, "HF_HOME": str(cache), "HF_HUB_OFFLINE": "0", "HF_TOKEN": "hf_test",
            "HF_HUB_DISABLE_XET": "1", "NO_PROXY": "*",
        }  # fmt: skip


@contextmanager
def serving() -> Iterator[Hub]:
    """A Hub of one's own at `url`."""
    hub = Hub()
    handler = type("Handler", (HubHandler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


class HubHandler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/api/whoami-v2":
            self.reply({"name": "tester", "type": "user", "orgs": []})
        elif found := re.fullmatch(rf"/api/(?:models/)?({REPO})(/revision/[^/]+)?", path):
            self.about(found[1])
        elif found := re.fullmatch(rf"/api/(?:models/)?({REPO})/tree/[^/]+/?(.*)", path):
            self.tree(found[1], found[2])
        elif found := re.fullmatch(rf"/({REPO})/resolve/[^/]+/(.+)", path):
            self.content(found[1], found[2])
        else:
            self.missing("EntryNotFound")

    def do_POST(self) -> None:
        path = unquote(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if path == "/api/repos/create":
            asked = json.loads(body)
            kind = "spaces/" if asked.get("type") == "space" else ""
            repo = f"{kind}{asked.get('organization') or 'tester'}/{asked['name']}"
            new = repo not in self.hub.repositories
            self.hub.repositories.setdefault(repo, {})
            if new and (asked.get("private") or asked.get("visibility") == "private"):
                self.hub.private.add(repo)
            self.reply({"url": f"{self.hub.url}/{repo}", "id": repo}, status=200 if new else 409)
        elif path.endswith(("/preupload/main", "/validate-yaml")) or path == "/api/validate-yaml":
            files = json.loads(body).get("files", [])
            modes = [
                {"path": f["path"], "uploadMode": upload_mode(f["path"]), "shouldIgnore": False}
                for f in files
            ]
            self.reply({"files": modes, "errors": [], "warnings": []})
        elif path.endswith(".git/info/lfs/objects/batch"):
            self.reply({"transfer": "basic", "objects": [self.place(o) for o in json.loads(body)["objects"]]})
        elif found := re.fullmatch(r"/api/(datasets/[^/]+/[^/]+)/paths-info/[^/]+", path):
            asked = parse_qs(body.decode())["paths"]
            files = self.hub.repositories.get(found[1], {})
            self.reply([entry_of(name, files[name]) for name in asked if name in files])
        elif found := re.fullmatch(rf"/api/(?:models/)?({REPO})/commit/main", path):
            self.take_commit(found[1], [json.loads(line) for line in body.splitlines()])
        else:
            self.missing("EntryNotFound")

    def place(self, wanted: dict) -> dict:
        """Where a large file goes; nowhere, where it is there."""
        href = f"{self.hub.url}/large/{wanted['oid']}"
        new = wanted["oid"] not in self.hub.large
        return {**wanted, **({"actions": {"upload": {"href": href}}} if new else {})}

    def do_PUT(self) -> None:
        name = self.path.rsplit("/", 1)[1]
        content = self.rfile.read(int(self.headers["Content-Length"]))
        # a file that was written anew while it was sent is another one than was announced
        if name in self.hub.broken or hashlib.sha256(content).hexdigest() != name:
            return self.send(400, b"{}", {})
        self.hub.received.append(name)
        self.hub.large[name] = content[:-1] if self.hub.damage else content
        return self.send(200, b"", {})

    def take_commit(self, repo: str, operations: list[dict]) -> None:
        with self.hub.lock:
            files = self.hub.repositories[repo]
            for operation in operations:
                value = operation["value"]
                if operation["key"] == "header":
                    summary = value["summary"]
                elif operation["key"] == "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                elif operation["key"] == "lfsFile":
                    files[value["path"]] = self.hub.large[value["oid"]]
                elif operation["key"] == "deletedFile":
                    files.pop(value["path"], None)
            self.hub.commits.append(summary)
            self.hub.history[summary] = dict(files)
        url = f"{self.hub.url}/{repo}/commit/{self.hub.commit}"
        self.reply({"success": True, "commitUrl": url, "commitOid": self.hub.commit})

    def about(self, repo: str) -> None:
        if repo not in self.hub.repositories:
            return self.missing("RepoNotFound")
        siblings = [{"rfilename": name} for name in sorted(self.hub.repositories[repo])]
        more = {"siblings": siblings}
        return self.reply({"id": repo, "sha": self.hub.commit, "private": repo in self.hub.private, **more})

    def tree(self, repo: str, folder: str) -> None:
        files = self.hub.repositories.get(repo)
        if files is None:
            return self.missing("RepoNotFound")
        inside = [name for name in sorted(files) if not folder or name.startswith(f"{folder}/")]
        folders = sorted({str(Path(name).parent) for name in inside} - {".", folder})
        entries = [{"type": "directory", "path": name, "oid": f"{1:040x}"} for name in folders]
        if "recursive=true" not in urlsplit(self.path).query:
            inside = [name for name in inside if "/" not in name.removeprefix(f"{folder}/")]
        return self.reply([*entries, *(entry_of(name, files[name]) for name in inside)])

    def content(self, repo: str, name: str) -> None:
        files = self.hub.repositories.get(repo)
        if files is None:
            return self.missing("RepoNotFound")
        if name not in files:
            return self.missing("EntryNotFound")
        whole = files[name]
        headers = {"ETag": f'"{hash(whole) & 0xFFFFFFFF:08x}"', "Accept-Ranges": "bytes"}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not wanted:
            return self.send(200, whole, headers)
        first, last = int(wanted[1]), min(int(wanted[2] or len(whole)), len(whole) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(whole)}"
        return self.send(206, whole[first : last + 1], headers)

    def missing(self, code: str) -> None:
        self.send(404, b"{}", {"X-Error-Code": code})

    def reply(self, content: object, *, status: int = 200) -> None:
        self.send(status, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "X-Repo-Commit": self.hub.commit}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.hub.served += len(body)
            self.wfile.write(body)


def upload_mode(name: str) -> str:
    return "lfs" if name.endswith((".safetensors", ".pt")) else "regular"


def entry_of(name: str, content: bytes) -> dict:
    git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    entry = {"type": "file", "path": name, "size": len(content), "oid": git}
    if upload_mode(name) == "lfs":
        sha = hashlib.sha256(content).hexdigest()
        entry["lfs"] = {"oid": sha, "size": len(content), "pointerSize": 134}
    return entry
