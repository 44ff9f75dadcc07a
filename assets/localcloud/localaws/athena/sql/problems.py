"""Why a query fails, in Athena's words."""

from __future__ import annotations


class QueryFailed(Exception):
    """The query ends FAILED with this as its reason; `kind` is 1 for the system's faults, 2 for the user's."""

    def __init__(self, reason: str, error_type: int = 1006, kind: int = 2) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error_type = error_type
        self.kind = kind


class Mismatched(Exception):
    """Not Athena's SQL: the request itself is refused."""


def unsupported(what: str) -> QueryFailed:
    """A statement that Athena knows and this local AWS does not."""
    return QueryFailed(f"NOT_SUPPORTED: {what} is not supported by the local Athena")
