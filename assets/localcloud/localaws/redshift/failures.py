"""Why a statement failed."""

from __future__ import annotations


class StatementFailed(Exception):
    """What the client is told; begins with `ERROR: `."""


class LoadFailed(Exception):
    """A COPY or an UNLOAD failed; its text is the statement's error."""
