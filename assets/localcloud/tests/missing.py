"""What a DIALECT.md says does not run, and why."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType


def missing(service: ModuleType) -> list[tuple[str, str]]:
    """The statements of the table below "What does not run" in a service's DIALECT.md, each with its reason."""
    text = (Path(str(service.__file__)).parent / "DIALECT.md").read_text()
    table = text.split("## What does not run", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `(.+)` \| (.*) \|$", table, re.MULTILINE)
