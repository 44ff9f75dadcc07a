"""Faults on purpose, for tests: rules that delay, throttle, fail, cut the connection, answer stale or shuffle.

A rule is JSON: `service` and `operation` are patterns with `*`; `match` is text the body must contain; `skip` calls
pass first, then `times` are struck (0: for ever), each with `probability`. What happens is any of

- `delay`: seconds before anything else
- `error`: `{"code", "message", "status"}` instead of the effect
- `reset`: `before` or `after` the effect, the connection is cut without an answer
- `stale`: a read is answered as it was the last time (with `error`, where there was none)
- `shuffle`: the lists of the answer in another order
- `run_state`: a Glue run (operation `JobRun`, `match` is its job) ends in that state
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
import random
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from localaws.contract import AwsError, Response

_MOST_REMEMBERED = 2000


@dataclass
class Rule:
    """One fault."""

    service: str = "*"
    operation: str = "*"
    match: str = ""
    skip: int = 0
    times: int = 0
    probability: float = 1.0
    delay: float = 0.0
    error: dict[str, Any] | None = None
    reset: str = ""
    stale: bool = False
    shuffle: bool = False
    run_state: str = ""
    seen: int = field(default=0)
    fired: int = field(default=0)

    def strikes(self, service: str, operation: str, body: str, dice: random.Random) -> bool:
        """Whether this rule strikes a call; counts it."""
        if not fnmatch.fnmatchcase(service, self.service) or not fnmatch.fnmatchcase(operation, self.operation):
            return False
        if self.match and self.match not in body:
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.times and self.fired >= self.times):
            return False
        if self.probability < 1 and dice.random() >= self.probability:
            return False
        self.fired += 1
        return True


class Reset(Exception):
    """The connection is to be cut."""


_rules: list[Rule] = []
_dice = random.Random(0)
_guard = threading.Lock()
_remembered: dict[str, Response] = {}


def read(text: str) -> list[Rule]:
    """The rules in a JSON text: a list, or an object with `rules` and a `seed` for what is left to chance."""
    given = json.loads(text)
    if isinstance(given, dict):
        _dice.seed(given.get("seed", 0))
        given = given.get("rules", [])
    names = {name for name in Rule.__dataclass_fields__ if name not in ("seen", "fired")}
    for one in given:
        if unknown := set(one) - names:
            raise ValueError(
                f"a fault rule has no {', '.join(sorted(unknown))}; it may have {', '.join(sorted(names))}"
            )
    return [Rule(**one) for one in given]


def use(rules: list[Rule]) -> None:
    """Use these rules from now on, in place of all others."""
    with _guard:
        _rules[:] = rules
        _remembered.clear()


def load(file: Path | None) -> None:
    """Use the rules of a file, given at start."""
    if file is not None:
        use(read(file.read_text()))


def listed() -> list[dict[str, Any]]:
    """The rules in use and how often each struck."""
    with _guard:
        return [asdict(rule) for rule in _rules]


def struck(service: str, operation: str, body: bytes) -> list[Rule]:
    """The rules that strike a call."""
    if not _rules:
        return []
    text = body[:65536].decode("utf-8", "replace") if isinstance(body, bytes) else ""
    with _guard:
        return [rule for rule in _rules if not rule.run_state and rule.strikes(service, operation, text, _dice)]


def run_state(job: str) -> tuple[str, str] | None:
    """The state a rule wants a run of this job to end in."""
    with _guard:
        for rule in _rules:
            if rule.run_state and rule.strikes("glue", "JobRun", job, _dice):
                return rule.run_state, "A fault rule of the local AWS ended this run."
    return None


async def before(rules: list[Rule], question: str, write: Callable[[AwsError], Response]) -> Response | None:
    """What the rules do before a call has its effect: an answer in its place, or None. Raises Reset.

    `write` makes an error's answer in the protocol of the service.
    """
    for rule in rules:
        if rule.delay:
            await asyncio.sleep(rule.delay)
        if rule.reset == "before":
            raise Reset
        if rule.stale and (old := _remembered.get(question)) is not None:
            return old
        if rule.error:
            code = str(rule.error.get("code", "InternalFailure"))
            message = str(rule.error.get("message", "A fault rule of the local AWS."))
            return write(AwsError(code, message, int(rule.error.get("status", 400))))
    return None


def after(rules: list[Rule], question: str, response: Response) -> Response:
    """What the rules do after the effect: another order, or no answer at all. Raises Reset."""
    if _rules and any(rule.stale for rule in _rules):
        if len(_remembered) > _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[question] = response
    if any(rule.reset == "after" for rule in rules):
        raise Reset
    if any(rule.shuffle for rule in rules):
        return shuffled(response)
    return response


def shuffled(response: Response) -> Response:
    """An answer whose lists are in another order."""
    status, headers, body = response
    headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    if body[:1] in (b"{", b"["):
        return status, headers, json.dumps(_shuffled_json(json.loads(body))).encode()
    if body[:1] == b"<":
        root = ElementTree.fromstring(body)
        for element in root.iter():
            if len(element) > 1 and len({child.tag for child in element}) == 1:
                children = list(element)
                _dice.shuffle(children)
                element[:] = children
        return status, headers, ElementTree.tostring(root)
    return response


def _shuffled_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shuffled_json(one) for name, one in value.items()}
    if isinstance(value, list):
        items = [_shuffled_json(one) for one in value]
        _dice.shuffle(items)
        return items
    return value
