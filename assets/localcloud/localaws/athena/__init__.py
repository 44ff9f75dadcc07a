"""Athena: queries by DuckDB over the caller's own S3, tables from the Glue catalogue, results as AWS writes them."""

from __future__ import annotations

import asyncio

from localaws.athena import executions
from localaws.athena.operations import HANDLED
from localaws.athena.store import get_state, restore_state
from localaws.contract import Headers, Response, Settings
from localaws.json_protocol import JsonProtocol

__all__ = ["HANDLED", "get_state", "handle_request", "restore_state", "start", "stop"]

_protocol = JsonProtocol("athena", "InvalidRequestException")


async def handle_request(
    method: str, path: str, headers: Headers, body: bytes, query_params: dict[str, list[str]]
) -> Response:
    """Answer one request."""
    return await asyncio.to_thread(_protocol.answer, HANDLED, headers, body)


async def start(settings: Settings) -> None:
    """Begin to take queries."""
    executions.begin(settings)


async def stop() -> None:
    """Stop the queries that run."""
    await asyncio.to_thread(executions.end)
