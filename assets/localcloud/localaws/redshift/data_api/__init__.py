"""Redshift's Data API: statements that run by themselves, and their typed results.

Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import asyncio

from localaws import inside
from localaws.contract import Headers, Response, Settings
from localaws.json_protocol import JsonProtocol
from localaws.redshift.data_api import statements
from localaws.redshift.data_api.operations import HANDLED
from localaws.redshift.data_api.statements import get_state, restore_state

__all__ = ["HANDLED", "get_state", "handle_request", "restore_state", "start", "stop"]

_protocol = JsonProtocol("redshift-data", "ValidationException")


async def handle_request(
    method: str, path: str, headers: Headers, body: bytes, query_params: dict[str, list[str]]
) -> Response:
    """Answer one request."""
    return await asyncio.to_thread(_protocol.answer, HANDLED, headers, body)


async def start(settings: Settings) -> None:
    """Settle the statements that ran when the server ended, and drop the results of yesterday."""
    inside.bind()
    statements.begin(settings)


async def stop() -> None:
    """Close all sessions."""
    from localaws.redshift.data_api import sessions

    await asyncio.to_thread(sessions.close_all)
