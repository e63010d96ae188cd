"""The page's style and its script, and the policy that lets the page do nothing else."""

import base64
import hashlib
from importlib.resources import files

CSS = files("tinyreason.report").joinpath("page.css").read_text(encoding="utf-8")
SCRIPT = files("tinyreason.report").joinpath("browser.js").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'"
