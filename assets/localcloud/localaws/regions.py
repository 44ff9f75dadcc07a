"""What a service knows, by region; saved as one JSON document."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from localaws.contract import caller

Record = dict[str, Any]
"""A resource with AWS's own field names; names that begin with `_` are ours and are not shown."""
Region = TypeVar("Region")
"""A dataclass of dictionaries: the resources of one region."""


class Regions(Generic[Region]):
    """The regions of one service."""

    def __init__(self, service: str, make: Callable[..., Region]) -> None:
        self.service = service
        self.lock = threading.RLock()
        self._make = make
        self._known: dict[str, Region] = {}

    def __getitem__(self, name: str) -> Region:
        return self._known[name]

    def items(self) -> list[tuple[str, Region]]:
        """Every region that was used, by name."""
        return list(self._known.items())

    def __iter__(self) -> Iterator[Region]:
        return iter(list(self._known.values()))

    def here(self) -> Region:
        """The region that the present request was signed for."""
        with self.lock:
            name = caller().region
            if name not in self._known:
                self._known[name] = self._make()
            return self._known[name]

    def arn(self, kind: str, name: str) -> str:
        """ARN of a resource of the present caller's account and region."""
        who = caller()
        return f"arn:aws:{self.service}:{who.region}:{who.account}:{kind}:{name}"

    def get_state(self) -> object:
        """Everything, JSON-able. Without the lock: a handler may hold it while it waits for the event loop."""
        return {name: {key: _copied(value) for key, value in vars(one).items()} for name, one in self.items()}

    def restore_state(self, state: Any) -> None:
        """Take up what `get_state` answered."""
        with self.lock:
            self._known = {name: self._make(**one) for name, one in state.items()}


def tags(given: list[Record] | None) -> list[Record]:
    """Tags as they are kept."""
    return [{"Key": one.get("Key", ""), "Value": one.get("Value", "")} for one in given or []]


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(one) for key, one in list(value.items())}
    return [_copied(one) for one in value] if isinstance(value, list) else value
