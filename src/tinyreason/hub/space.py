"""A Space on the Hub in which a published model answers: the page of scripts/web.py, with this package."""

import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import tinyreason
from tinyreason.hub.facts import HubError
from tinyreason.hub.files import Content

APP = '''"""The page of {model}, as `python scripts/web.py --model {model}` shows it."""

from tinyreason.web import Settings, launch, page

demo = page(Settings(model="{model}"))

if __name__ == "__main__":
    launch(demo)
'''
HEAD = """---
title: {title}
sdk: gradio
sdk_version: {gradio}
app_file: app.py
python_version: "3.11"
license: {licence}
models: [{model}]
---

Ask [{model}](https://huggingface.co/{model}) a question, talk to it, or give the right answer to see the
verdict.
"""


def space_files(model: str, licence: str, *, adapter: bool) -> dict[str, Content]:
    """Path in the Space -> content: the entry, what it needs in the versions that are installed here, and the
    package itself. Raises HubError without Gradio, whose version the Space must name.
    """
    package = Path(tinyreason.__file__).parent
    code = [path for path in sorted(package.rglob("*")) if path.suffix in {".py", ".css", ".js"}]
    found: dict[str, Content] = {f"tinyreason/{path.relative_to(package).as_posix()}": path for path in code}
    try:
        gradio = version("gradio")
    except PackageNotFoundError as error:
        raise HubError("space: needs gradio; pip install -e '.[web]'") from error
    names = requirements("qlora" if adapter else None)
    pinned = "".join(f"{name}=={version(name).split('+')[0]}\n" for name in names)
    head = HEAD.format(title=model.split("/")[1], gradio=gradio, licence=licence, model=model)
    texts = {"app.py": APP.format(model=model), "requirements.txt": pinned, "README.md": head}
    return found | {name: text.encode() for name, text in texts.items()}


def requirements(extra: str | None) -> list[str]:
    """The packages that this one needs, with those of an extra."""
    wanted = re.compile(rf'extra == "{extra}"')
    return [
        re.match(r"[\w.-]+", line)[0]
        for line in requires("tinyreason") or []
        if "extra ==" not in line or wanted.search(line)
    ]
