"""What the two `others` have in common: the code in Markdown that others wrote, and the report of what ran."""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable, Iterator


def blocks(text: str) -> Iterator[str]:
    """The code blocks of a Markdown text."""
    yield from re.findall(r"^ *```[a-z]*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)


def report(results: Iterable[tuple[str, str, str, str]]) -> None:
    """Print each failure under its message, and how many statements had each outcome.

    A result is a file's name, a statement, its outcome (`runs`, `fails` or why it was left out) and the message.
    """
    counts: collections.Counter[str] = collections.Counter()
    failures: dict[str, list[str]] = collections.defaultdict(list)
    for file, statement, outcome, message in results:
        counts[outcome] += 1
        if outcome == "fails":
            failures[message].append(f"{file}: {' '.join(statement.split())}")
    for message, found in sorted(failures.items(), key=lambda one: -len(one[1])):
        print(f"\n{len(found)}  {message}")
        for one in found:
            print(f"     {one[:300]}")
    print(f"\n{dict(counts)}")
