"""A run on the Hub: its card, from what the stages recorded and nothing else; the files that may leave this
machine; the upload, which goes on where it was cut off and looks at what arrived; a Space to talk to it.

`facts.py` reads, `licences.py` knows what others allow, `card.py` writes, `files.py` chooses and cleans,
`upload.py` sends, `space.py` makes the Space.
"""

from tinyreason.hub.card import model_card
from tinyreason.hub.facts import HubError, Publication, read_publication
from tinyreason.hub.files import files_of, refuse_secrets
from tinyreason.hub.space import space_files
from tinyreason.hub.upload import check_repo, size, upload

__all__ = [
    "HubError",
    "Publication",
    "check_repo",
    "files_of",
    "model_card",
    "read_publication",
    "refuse_secrets",
    "size",
    "space_files",
    "upload",
]
