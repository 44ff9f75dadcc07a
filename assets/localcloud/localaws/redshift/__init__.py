"""Redshift's control plane: clusters that are PostgreSQL servers, in AWS's states, with groups and snapshots."""

from __future__ import annotations

import asyncio

from localaws import inside
from localaws.contract import Headers, Response, Settings
from localaws.query_protocol import QueryProtocol
from localaws.redshift import store
from localaws.redshift.operations import HANDLED
from localaws.redshift.store import get_state, restore_state

__all__ = ["HANDLED", "get_state", "handle_request", "restore_state", "start", "stop"]

_protocol = QueryProtocol("redshift")


async def handle_request(
    method: str, path: str, headers: Headers, body: bytes, query_params: dict[str, list[str]]
) -> Response:
    """Answer one request."""

    def answer() -> Response:
        with store.lock:
            return _protocol.answer(HANDLED, body, query_params)

    return await asyncio.to_thread(answer)


async def start(settings: Settings) -> None:
    """Start the engines of the clusters that ran."""
    from localaws.redshift.running import fleet

    inside.bind()
    await asyncio.to_thread(fleet.begin, settings)


async def stop() -> None:
    """Stop the engines."""
    from localaws.redshift.running import fleet

    await asyncio.to_thread(fleet.end)
